"""Interviews whose questions only their type tells: bold or in italics as a whole, or set as headings."""

from __future__ import annotations

import html
from collections.abc import Callable
from io import BytesIO

import pytest

from ingest import extract_quotes
from ingest.loading.formats.markdown import read_markdown
from ingest.loading.formats.page import read_html, text_of_html
from ingest.loading.formats.word import read_docx
from ingest.text.turns import turns
from ingest.text.unlabelled import SET_APART

INTRO = "Ana Torvik has kept the quay at Grey Point for thirty years. She met us in the crane, above the fish market."
TALK = [
    ("You have seen every ship.", ["I have seen the bows of every ship. The rest of it is somebody else’s."]),
    ("The port wants the crane back.", ["It can come and look.", "My father oiled it, and I oil it now."]),
    ("And after that?", ["I have a dog and a boat."]),
]
ANSWERS = [" | ".join(answer) for _, answer in TALK]


def page(question: str, *, before: str = "") -> str:
    blocks = (question.format(asked) + "".join(f"<p>{line}</p>" for line in answer) for asked, answer in TALK)
    body = f"<html><body><article>{before}<p>{INTRO}</p>{''.join(blocks)}</article></body></html>"
    return read_html(body.encode()).articles[0].text


def markdown(question: str) -> str:
    blocks = ("\n\n".join([question.format(asked), *answer]) for asked, answer in TALK)
    return read_markdown("\n\n".join([INTRO, *blocks]).encode()).articles[0].text


def word(*, style: str | None = None, is_bold: bool = False) -> str:
    from docx import Document

    document = Document()
    document.add_paragraph(INTRO)
    for asked, answer in TALK:
        paragraph = document.add_paragraph(style=style)
        for piece in asked.partition(" ")[::2]:  # Word keeps a sentence in several runs.
            paragraph.add_run(piece if piece == asked.partition(" ")[2] else f"{piece} ").bold = is_bold or None
        for line in answer:
            document.add_paragraph(line)
    document.save(data := BytesIO())
    return read_docx(data.getvalue()).articles[0].text


def answers(text: str) -> list[tuple[str | None, str]]:
    found = [q for q in extract_quotes(text) if q.kind == "direct"]
    return [(q.speaker.name if q.speaker else None, " | ".join(s.text for s in q.content)) for q in found]


@pytest.mark.parametrize(
    "text",
    [
        page("<p><strong>{}</strong></p>"),
        page("<p><em>{}</em></p>"),
        page("<h3>{}</h3>"),
        page("<p><b>{}</b></p>", before="<p><b>A keeper speaks of ropes.</b></p>"),
        markdown("**{}**"),
        markdown("***{}***"),
        markdown("### {}"),
        word(is_bold=True),
        word(style="Heading 2"),
    ],
)
def test_what_type_sets_apart_is_a_question_and_what_stands_below_it_is_answered(text: str) -> None:
    assert answers(text) == [("Ana Torvik", said) for said in ANSWERS]


@pytest.mark.parametrize("between", ["<br>", " "])
def test_a_question_may_begin_the_paragraph_of_its_answer(between: str) -> None:
    asked = [f"<p><b>{question}?</b>{between}I {said}.</p>" for question, said in zip("ABC", "xyz", strict=True)]
    for number, question in enumerate(("Do you miss it", "Was it you", "And the dog")):
        asked[number] = asked[number].replace("<b>" + "ABC"[number], f"<b>{question}")
    text = text_of_html(f"<p>{INTRO}</p>{''.join(asked)}")
    assert answers(text) == [("Ana Torvik", "I x."), ("Ana Torvik", "I y."), ("Ana Torvik", "I z.")]


def test_headings_drawn_quotations_and_what_follows_the_interview_are_no_part_of_it() -> None:
    drawn = "<p><b>“I oil it now.”</b></p><p><b>Rust and rope</b></p>"
    body = "".join(f"<p><b>{asked}</b></p><p>{' '.join(said)}</p>{drawn}" for asked, said in TALK)
    text = text_of_html(f"<p>{INTRO}</p>{body}<p>Ana Torvik’s book is out in May.</p>")
    said = [answer for answer in answers(text) if not answer[1].startswith("“")]
    assert said == [("Ana Torvik", said.replace(" | ", " ")) for said in ANSWERS]


@pytest.mark.parametrize(
    "body",
    [
        # An explainer, a report with headings, and a column.
        "<h3>What is it?</h3><p>It is a tax.</p><h3>Who pays it?</h3><p>Owners do.</p><h3>And you?</h3><p>No.</p>",
        "<h3>The crane</h3><p>I saw it.</p><h3>The quay</h3><p>I saw it.</p><h3>The sea</h3><p>I saw it, too.</p>",
        "<p>I went.</p><h3>Why?</h3><p>I felt it.</p><h3>How?</h3><p>I ran.</p><h3>Where?</h3><p>I saw.</p>",
    ],
)
def test_headings_of_other_articles_ask_nobody(body: str) -> None:
    assert turns(text_of_html(f"<p>{INTRO}</p>{body}")) == []


def test_nothing_is_set_apart_where_nobody_asks() -> None:
    body = "".join(
        f"<p><b>{line}</b></p><p>{html.escape(INTRO)}</p>" for line in ("It rained.", "It froze.", "It went.")
    )
    assert SET_APART not in text_of_html(body)


def test_what_a_bare_pronoun_says_within_an_answer_is_its_owner_s_and_what_somebody_told_says_is_theirs() -> None:
    talk = [
        ("You have seen every ship.", "I have seen the bows. It goes: the tide is what we owe, and nobody has paid."),
        ("The port wants the crane.", "They say that it belongs to them. The engineer said the crane was sound."),
        ("And after that?", "By the time they had explained the error I had been given a coat."),
    ]
    blocks = "".join(f"<p><b>{asked}</b></p><p>{answer}</p>" for asked, answer in talk)
    text = text_of_html(f"<html><body><article><p>{INTRO}</p>{blocks}</article></body></html>")
    assert {q.speaker.name for q in extract_quotes(text) if q.speaker} <= {"Ana Torvik", "the port", "the engineer"}
    assert {q.speaker.name for q in extract_quotes(text) if q.speaker} >= {"Ana Torvik", "the engineer"}


GULLS, LAMP, TABLES = (
    "In the morning, badly. The gulls respect nobody.",
    "My sister has never lit it. The lamp stays.",
    "Tide tables.",
)
ASKED = ("When do you rest?", "Your sister says that the lamp should go. Should it?", "What do you read up there?")
NAMELESS = "The keeper lives alone but for a goat. She talked to us on the stairs of the light, and it was cold there."
NAMED = f"Mira Solane has kept the light for twenty years. {NAMELESS}"


def talk(question: str, title: str, intro: str) -> list[tuple[str | None, str]]:
    said = "".join(
        question.format(asked=asked, said=said) for asked, said in zip(ASKED, (GULLS, LAMP, TABLES), strict=True)
    )
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{intro}</p>{said}</article>"
    [article] = read_html(f"{page}</body></html>".encode()).articles
    found = [quote for quote in extract_quotes(article.text, title=article.title) if quote.kind == "direct"]
    return [(q.speaker.name if q.speaker else None, q.text) for q in found]


@pytest.mark.parametrize(
    ("title", "intro"), [("Five minutes on the stairs", NAMED), ("Five minutes with Mira Solane", NAMELESS)]
)
@pytest.mark.parametrize(
    "question",
    [
        "<p><b>{asked}</b><br>{said}</p>",
        "<p><strong>{asked}<br></strong>{said}</p>",
        "<p><em>{asked}</em></p><p>{said}</p>",
        "<h3>{asked}</h3><p>{said}</p>",
    ],
)
def test_short_answers_below_questions_to_you_are_whose_the_headline_or_the_introduction_names(
    question: str, title: str, intro: str
) -> None:
    assert talk(question, title, intro) == [("Mira Solane", said) for said in (GULLS, LAMP, TABLES)]


def test_an_explainer_that_asks_what_you_do_is_answered_by_nobody() -> None:
    body = "".join(f"<p><b>{asked}</b><br>Our council says that it is not known.</p>" for asked in ASKED)
    text = text_of_html(f"<p>{NAMED}</p>{body}")
    assert SET_APART in text
    assert turns(text) == []


def test_a_break_that_ends_what_is_bold_is_a_break() -> None:
    body = f"<p>{NAMED}</p><p><b>The light is old.<br></b>Nobody knows how old it is.</p><p>{NAMED}</p>"
    [article] = read_html(f"<html><body><article>{body}</article></body></html>".encode()).articles
    assert "The light is old.\nNobody knows" in article.text


TWO = [("Ana Torvik", TALK[0]), ("Bo Ek", TALK[1]), ("Ana Torvik", TALK[2])]
BOTH = "Ana Torvik and Bo Ek have kept the quay at Grey Point for thirty years. They met us in the crane."
LAST = "Thank you both for the coffee."


@pytest.mark.parametrize("question", ["<p><i>{}</i></p>", "<p><strong>{}</strong></p>", "<h3>{}</h3>"])
@pytest.mark.parametrize("shown", [str, lambda name: name.split()[0]])
def test_of_two_who_are_labelled_each_has_the_answers_below_the_questions(
    question: str, shown: Callable[[str], str]
) -> None:
    blocks = (
        f"{question.format(asked)}<p><b>{shown(name)}:</b> {'</p><p>'.join(answer)}</p>"
        for name, (asked, answer) in TWO
    )
    body = f"<article><p>{BOTH}</p>{''.join(blocks)}{question.format(LAST)}</article>"
    found = answers(read_html(f"<html><body>{body}</body></html>".encode()).articles[0].text)
    by_one = " | ".join(words for name, words in found if name == "Ana Torvik")
    assert by_one == f"{ANSWERS[0]} | {ANSWERS[2]}"
    assert [words for name, words in found if name == "Bo Ek"] == [ANSWERS[1]]
    assert {name for name, _ in found} == {"Ana Torvik", "Bo Ek"}


def test_fields_below_headings_that_ask_are_no_answers() -> None:
    heads = ["Is it open?", "Is it far?", "Is it dear?"]
    lines = (f"<h3>{head}</h3><p>Way in: by the quay, where we left our bus.</p>" for head in heads)
    text = read_html(f"<html><body><article><p>{INTRO}</p>{''.join(lines)}</article></body></html>".encode())
    assert answers(text.articles[0].text) == []


def test_what_a_headline_speaks_of_leaves_plain_questions_an_interview() -> None:
    lines = ["Ana Torvik founded Harbour Light in 2019. We met her at Harbour Light, by the quay."]
    lines += ["How did you begin?", "I had a lamp. Harbour Light was my father’s idea."]
    lines += ["Who comes to it?", "We have sailors. I know them all."]
    lines += ["What is next?", "I will paint it, and we will open a school."]
    text = "\n\n".join(["Torvik likes to talk, and Torvik has time.", *lines])
    assert turns(text, title="“Harbour Light is for all, and Harbour Light stays”")
