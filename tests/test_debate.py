"""Debates in Akoma Ntoso: each speech is its speaker's, whom the file names; what nobody says is nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.common import LoadError
from ingest.loading.formats.wire import read_wire
from ingest.loading.loaders import load
from ingest.quoting.statements import statements
from rag.schema import Article

META = (
    '<meta><identification source="#c"><FRBRWork><FRBRthis value="/qu/debate/2026-02-05/main"/>'
    '<FRBRalias value="Weirs" name="short"/><FRBRdate date="2026-02-05" name="sitting"/><FRBRauthor href="#diet"/>'
    '</FRBRWork><FRBRExpression><FRBRlanguage language="eng"/></FRBRExpression></identification><references>'
    '<TLCOrganization eId="diet" href="/o/diet" showAs="Diet of Quarn"/><TLCRole eId="mw" showAs="Minister for Weirs"/>'
    '<TLCPerson eId="farr" href="/o/farr" showAs="Odile Farr"/><TLCPerson eId="renn" showAs="Renn, Noel"/>'
    '<TLCPerson eId="chair" showAs="The Chair"/></references></meta>'
)
TITLE = "<preface><p><docTitle>Weirs Bill</docTitle></p><docDate date='2026-02-06'>6 February</docDate></preface>"
SHUT, CHAIR = "The weir is shut.", 'by="#chair"'


def debate(body: str, head: str = META) -> str:
    section = f"<debateBody><debateSection>{body}</debateSection></debateBody>"
    return f'<akomaNtoso xmlns="urn:akn"><debate name="record">{head}{section}</debate></akomaNtoso>'


def speech(words: str = f"<p>{SHUT}</p>", who: str = "", about: str = 'by="#farr"', kind: str = "speech") -> str:
    return f"<{kind} {about}>{f'<from>{who}</from>' if who else ''}{words}</{kind}>"


def only(markup: str) -> Article:
    [article] = read_wire(markup.encode()).articles
    return article


def said(markup: str) -> list[tuple[str | None, str]]:
    text = only(markup).text
    quotes = statements(text, extract_quotes(text, language="en"))
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in quotes]


def test_a_debate_has_its_day_its_title_and_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sitting.xml"
    path.write_text(debate(speech(), META + TITLE), encoding="utf-8")
    [article] = load(path).articles
    assert (article.title, article.published, article.publication, article.language) == (
        "Weirs Bill",
        "2026-02-06",
        "Diet of Quarn",
        "en",
    )
    assert article.id == "/qu/debate/2026-02-05/main"
    untitled = only(debate(speech()))
    assert (untitled.title, untitled.published) == ("Weirs", "2026-02-05")
    assert only(debate(f"<heading>Second <b>reading</b></heading>{speech()}", "")).title == "Second reading"


@pytest.mark.parametrize(
    ("who", "about", "shown"),
    [
        ("Odile Farr (Quarn):", 'by="#farr"', "Odile Farr (Quarn)"),
        ("Mrs Farr", 'by="#farr"', "Odile Farr"),
        ("", 'by="#farr" as="#mw"', "Odile Farr (Minister for Weirs)"),
        ("The Minister", 'by="/o/farr"', "Odile Farr (The Minister)"),
        ("The Minister for Weirs (Odile Farr)", 'by="#farr"', "The Minister for Weirs (Odile Farr)"),
        ("Mr Renn", 'by="#renn"', "Noel Renn"),
        ("An Honourable Member. —", 'by="#nobody"', "An Honourable Member"),
    ],
)
def test_a_speech_is_of_whom_the_file_names(who: str, about: str, shown: str) -> None:
    assert only(debate(speech(who=who, about=about))).text.strip() == f"{shown}: {SHUT}"


@pytest.mark.parametrize(("first", "second"), [("speech", "speech"), ("question", "answer")])
def test_two_short_speeches_are_turns_whatever_they_say(first: str, second: str) -> None:
    body = speech(kind=first) + speech("<p>It is open.</p><p>It leaks.</p>", "Mr Renn", 'by="#renn"', second)
    assert said(debate(body)) == [
        ("Odile Farr", SHUT),
        ("Noel Renn", "It is open."),
        ("Noel Renn", "It leaks."),
    ]


@pytest.mark.parametrize(
    "apart",
    [
        "<scene>Members rose: all of them.</scene>",
        "<narrative>The sitting was held up by a bell.</narrative>",
        "<heading>Weirs: the second reading</heading>",
        "<summary>Weirs were spoken of.</summary>",
        "<p><remark>(Interruption)</remark></p>",
    ],
)
def test_what_happens_in_the_chamber_is_nobodys_words(apart: str) -> None:
    body = f"{speech(f'<p>{SHUT}</p>{apart}<p>It leaks.</p>')}{apart}{speech(about=CHAIR)}"
    assert [words for _, words in said(debate(body))] == [SHUT, "It leaks.", SHUT]


def test_a_speech_without_anybody_to_give_it_is_nobodys() -> None:
    assert said(debate(speech(about="") + speech("<p>It leaks.</p>"))) == [("Odile Farr", "It leaks.")]


def test_a_speech_is_whole_though_another_breaks_into_it_and_it_names_its_speaker() -> None:
    rest = "<p>I, Odile Farr, say so.</p><ul><li>It leaks.</li><li><p>It creaks.</p></li></ul>"
    body = speech(f"<p>One.</p>{speech('<p>Order!</p>', about=CHAIR)}{rest}")
    lines = only(debate(body)).text.split("\n\n")
    assert [line.strip() for line in lines] == [
        "Odile Farr: One.",
        "The Chair: Order!",
        "Odile Farr: I, Odile Farr, say so.",
        "It leaks.",
        "It creaks.",
    ]
    own = [words for name, words in said(debate(body)) if name == "Odile Farr"]
    assert own == ["One.", "I, Odile Farr, say so.", "It leaks.", "It creaks."]


def test_marks_in_attributes_are_shown_and_notes_are_not() -> None:
    words = (
        '<p>He wrote<authorialNote><p>On 4 May.</p></authorialNote> <quotedText startQuote="“" endQuote="”">No'
        "</quotedText>,<eol/>and <!-- x -->left<recordedTime time='T10:00'/> <remark>Laughter</remark>.</p>"
    )
    assert only(debate(speech(words))).text.strip() == "Odile Farr: He wrote “No”, and left [Laughter]."


def test_another_document_of_a_parliament_is_refused_with_what_can_be_read() -> None:
    with pytest.raises(LoadError, match=r"no news item .* <akomaNtoso>; .* debates in Akoma Ntoso"):
        read_wire(b"<akomaNtoso><act><body><p>Section 1.</p></body></act></akomaNtoso>")
