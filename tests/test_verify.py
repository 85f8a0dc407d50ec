"""An exported answer is checked again: whatever differs from the index is named, typography is not a difference."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StoreError
from rag.schema import Answer, Article
from rag.text import fold
from rag.verification import verify
from rag.verification.verify import Records
from rag.writing.compose import sentence, text_of
from rag.writing.exports import parse_answers
from tests.fakes import FakeEmbeddings, quote, read_index, record, reported, span, write_index

Export = dict[str, Any]

DAM = Article(
    "dam",
    "“The dam will hold — for 12 years,” mayor Ida Hale said. “It is not,” she added, “a toy.”\n\n"
    "Karl Poole, a diver, warned that the office’s gate would fail by 2030. Wilma Hale said nothing.\n\n"
    "Wilma Hale feared that the gate might stand. “Dull,” he said. Two clerks denied that it leaks.",
    title="Dam holds",
    publication="The Post",
    published="2026-03-05",
)
MILL = Article("mill", "“The mill is sold,” Karl Poole said.")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    index = tmp_path_factory.mktemp("index")
    split = quote(DAM, "that the office’s gate would fail by 2030", by="Karl Poole", role="a diver", kind="indirect")
    warned = replace(split, cue=(span(DAM.text, "warned"),))
    feared = reported(DAM, "Wilma Hale | feared | that the gate might stand", by="Wilma Hale", role="her sister")
    write_index(
        index,
        record(
            DAM,
            quote(DAM, "“The dam will hold — for 12 years,”", by="Ida Hale", role="mayor"),
            quote(DAM, "“It is not,”", "“a toy.”", by="Ida Hale", role="mayor"),
            warned,
            quote(DAM, "nothing", by="Wilma Hale", kind="indirect"),
            feared,
            quote(DAM, "“Dull,”", by="he"),
            reported(DAM, "Two clerks | denied | that it leaks"),
        ),
        record(MILL, quote(MILL, "“The mill is sold,”", by="Karl Poole")),
    )
    return Records(read_index(index))


def exported(records: Records, *starts: str, article: Article = DAM) -> Export:
    """An answer that cites the statements of an article that begin with these words, as JSON has it."""
    found = records.article(article.id)
    assert found
    chosen = [c for start in starts for c in found[1] if c.quote.startswith(start)]
    assert len(chosen) == len(starts)
    citations = tuple(replace(c, number=number) for number, c in enumerate(chosen, start=1))
    answer = Answer(text_of("", citations), True, None, citations)
    loaded: Export = json.loads(json.dumps(answer.to_dict()))
    return loaded


def messages(answer: Export, records: Records) -> list[str]:
    return [difference.message for difference in verify.verify(answer, records=records).differences]


def test_an_untouched_answer_is_verified_and_counted(records: Records) -> None:
    answer = exported(records, "“The dam", "“It is", "that the office")
    report = verify.verify(answer, records=records)
    assert (report.verified, report.citations, report.markers, report.quoted) == (True, 3, 3, 3)
    assert report.to_dict() == {
        "verified": True,
        "citations": 3,
        "quoted": 3,
        "markers": 3,
        "differences": (),
        "unchecked": (),
    }


def test_an_answer_of_one_speaker_stands_under_a_heading_with_the_name(records: Records) -> None:
    answer = exported(records, "“The dam", "“It is")
    assert answer["text"].startswith("Ida Hale, mayor:\n- “The dam")
    assert messages(answer, records) == []
    answer["text"] = answer["text"].replace("Ida Hale", "Wilma Hale")
    assert messages(answer, records) == [
        *(f"The text does not say whose words [{n}] are; in the index they are those of “Ida Hale”." for n in (1, 2)),
        "This sentence is not one that an answer begins with: “Wilma Hale, mayor:”.",
    ]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "quote",
            "“The dam will not hold — for 12 years,”",
            'Citation [1] quotes “"The dam will not hold-for 12 years,"”; '
            'at characters 0 to 35 the article has “"The dam will hold-for 12 years,"”.',
        ),
        (
            "quote",
            "“It is not,”",
            'Citation [1] quotes “"It is not,"”; at characters 0 to 35 the article has '
            '“"The dam will hold-for 12 years,"”; the words given stand at characters 57 to 69.',
        ),
        ("quote", 7, "Citation [1] has the quote 7, which is no text."),
        ("speaker", "Wilma Hale", "Citation [1] gives its words to “Wilma Hale”; in the index it is “Ida Hale”."),
        ("speaker", None, "Citation [1] gives its words to None; in the index it is “Ida Hale”."),
        ("role", "driver", "Citation [1] has the role “driver”; the index has “mayor”."),
        ("channel", "a leak", "Citation [1] has the channel “a leak”; the index has None."),
        ("speaker_kind", "body", "Citation [1] has the speaker_kind “body”; the index has “person”."),
        ("role", None, "Citation [1] has the role None; the index has “mayor”."),
        ("publication", "The Pest", "Citation [1] has the publication “The Pest”; the index has “The Post”."),
        ("published", "2026-03-06", "Citation [1] has the published “2026-03-06”; the index has “2026-03-05”."),
        ("direct", False, "Citation [1] has the direct False; the index has True."),
        ("context_start", 1, "Citation [1] has the context_start 1; the index has 0."),
        ("is_subject", True, "Citation [1] has the is_subject True; the index has False."),
        ("spans", [[0, 36]], "Citation [1] has the spans [[0, 36]]; the index has ((0, 35),)."),
        (
            "sha256",
            "0" * 64,
            f"Citation [1] is of a text with the SHA-256 “{'0' * 64}”; the article “dam” has {DAM.sha256}.",
        ),
        ("end", 999, f"Citation [1] stands at characters 0 to 999, and the article “dam” has {len(DAM.text)}."),
        ("start", True, "Citation [1] has no article_id, start and end that say where its words stand."),
        ("number", "1", "Citation 1 has the number “1”, which is not its own."),
    ],
)
def test_a_changed_field_is_named(records: Records, field: str, value: object, message: str) -> None:
    answer = exported(records, "“The dam")
    answer["citations"][0][field] = value
    assert messages(answer, records)[0] == message


def test_a_citation_of_what_nobody_says_is_named(records: Records) -> None:
    answer = exported(records, "“The dam")
    start = DAM.text.index("mayor")
    answer["citations"][0] |= {"start": start, "end": start + 5, "quote": "mayor"}
    assert messages(answer, records)[0] == (
        f"Citation [1] stands at characters {start} to {start + 5}, where the index has no statement, "
        "so nobody is known to say it."
    )


def test_a_part_of_a_statement_may_be_cited(records: Records) -> None:
    start = DAM.text.index("The dam")
    answer = {
        "text": "Ida Hale said: “The dam will hold” [1]",
        "citations": [{"article_id": "dam", "start": start, "end": start + 17}],
    }
    assert messages(answer, records) == []


def test_an_article_that_is_not_there_is_named_with_its_other_id(records: Records) -> None:
    answer = exported(records, "“The dam")
    answer["citations"][0]["article_id"] = "damn"
    assert messages(answer, records)[0] == (
        "Citation [1] stands in the article “damn”, which the index does not have; "
        "the article with its SHA-256 is “dam” there."
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "will hold",
            "will not hold",
            "The text does not give the words of [1] as they stand: “The dam will not hold-for 12 years,” "
            "for “The dam will hold-for 12 years,”.",
        ),
        ("12", "13", "The text does not give the words of [1] as they stand: “The dam will hold-for 13 years,” for "),
        ("[1]", "[2]", "The text points at [2], which is no citation of the answer."),
        ("Ida Hale", "Wilma Hale", "The text gives the words of [1] to “Wilma Hale”; in the index they are those of "),
        ("Ida Hale", "She", "The text does not say whose words [1] are; in the index they are those of “Ida Hale”."),
        ("years,”", "years,” and “a gift to us all”", "The text quotes “a gift to us all”, which does not stand in "),
    ],
)
def test_a_changed_text_is_named(records: Records, old: str, new: str, message: str) -> None:
    answer = exported(records, "“The dam")
    answer["text"] = answer["text"].replace(old, new)
    assert any(found.startswith(message) for found in messages(answer, records))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("warned", "denied"),
        ("warned", "never warned"),
        ("would", "will"),
        ("would", "would not"),
        ("2030", "2030 perhaps"),
        ("the office’s", "yesterday the office’s"),
        ("2030", "2031"),
        ("Karl Poole", "Ida Hale"),
    ],
)
def test_a_changed_paraphrase_is_not_verified(records: Records, old: str, new: str) -> None:
    answer = exported(records, "that the office")
    assert messages(answer, records) == []
    answer["text"] = answer["text"].replace(old, new)
    assert messages(answer, records)


FORMS = ("“The dam", "“It is", "that the office", "nothing", "that the gate might", "“Dull", "that it leaks")


@pytest.mark.parametrize("start", FORMS)
def test_every_sentence_that_the_program_writes_is_accepted(records: Records, start: str) -> None:
    answer = exported(records, start)
    assert messages(answer, records) == []
    [found] = [c for c in records.article("dam")[1] if c.quote.startswith(start)]  # type: ignore[index]
    for role in (True, False):
        assert messages(answer | {"text": sentence(found, role=role)}, records) == []


@pytest.mark.parametrize("starts", [FORMS, FORMS[:2], ("nothing", "that the gate might"), ("that it leaks", "“Dull")])
@pytest.mark.parametrize(
    ("head", "verdict"),
    [("", None), ("Yes.", "yes"), ("No. In these articles it is not Karl Poole who says so, but:", "no")],
)
def test_a_whole_answer_that_the_program_writes_is_accepted(
    records: Records, starts: tuple[str, ...], head: str, verdict: str | None
) -> None:
    answer = exported(records, *starts)
    told: dict[str, Any] = {"text": f"{head}\n\n{answer['text']}", "sentences": [], "verdict": verdict}
    assert messages(answer | told, records) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("feared", "said"),
        ("feared", "denied"),
        ("feared", "never feared"),
        ("feared", "has feared"),
        ("feared that", "feared: that"),
        ("feared that", "feared"),
        ("might", "would"),
        ("stand", "stand for long"),
        ("her sister", "his sister"),
        (", her sister,", " wrongly"),
        ("Wilma Hale", "Ida Hale"),
        ("Wilma Hale", "Wilma"),
        ("Wilma Hale, her sister, feared", "It is feared"),
        ("The Post", "The Pest"),
        ("5 March", "6 March"),
        ("2026)", "2026; also in: The Mail)"),
        ("[1]", "[1] [1]"),
        ("[1]", "[1] as she knew"),
    ],
)
def test_every_change_of_a_paraphrase_with_its_verb_is_named(records: Records, old: str, new: str) -> None:
    answer = exported(records, "that the gate might")
    assert answer["text"] == "Wilma Hale, her sister, feared that the gate might stand (The Post, 5 March 2026) [1]"
    assert old in answer["text"]
    assert messages(answer | {"text": answer["text"].replace(old, new)}, records)


def test_a_change_that_no_other_check_names_is_shown_beside_the_program_s_words(records: Records) -> None:
    answer = exported(records, "that the gate might")
    answer["text"] = answer["text"].replace("feared", "never feared")
    assert messages(answer, records) == [
        "The text does not tell [1] as the index has it: “Wilma Hale, her sister, never feared that the gate might "
        "stand (The Post, 5 March 2026) [1]” for “Wilma Hale, her sister, feared that the gate might stand "
        "(The Post, 5 March 2026) [1]”."
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("denied", "said"),
        ("Two clerks", "Three clerks"),
        (", not named in the article,", ""),
        ("Two clerks, not named in the article,", "Karl Poole"),
    ],
)
def test_every_change_of_what_somebody_unnamed_said_is_named(records: Records, old: str, new: str) -> None:
    answer = exported(records, "that it leaks")
    assert answer["text"].startswith("Two clerks, not named in the article, denied that it leaks (")
    assert messages(answer | {"text": answer["text"].replace(old, new)}, records)


@pytest.mark.parametrize(
    "heading", ["Ida Hale, liar:", "Not Ida Hale, mayor:", "Ida Hale, mayor, denies:", "Mayor:", "Ida Hale, mayor"]
)
def test_a_changed_heading_is_named(records: Records, heading: str) -> None:
    answer = exported(records, "“The dam", "“It is")
    assert len(messages(answer | {"text": answer["text"].replace("Ida Hale, mayor:", heading)}, records)) == 3


WORD = st.text(st.sampled_from("abcdefgh"), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FORMS), st.data())
def test_no_word_can_be_put_in_left_out_or_changed(records: Records, start: str, data: st.DataObject) -> None:
    answer = exported(records, start)
    said = answer["text"].split(" ")
    place = data.draw(st.integers(0, len(said) - 1))
    word = data.draw(WORD)
    changed = data.draw(st.sampled_from(["put in", "left out", "changed"]))
    made = [*said[:place], *([word] if changed != "left out" else []), *said[place + (changed != "put in") :]]
    text = " ".join(made)
    unmarked = not re.search(r"\[1\]", text)
    [found] = [c for c in records.article("dam")[1] if c.quote.startswith(start)]  # type: ignore[index]
    if unmarked or fold(text).text in {fold(sentence(found, role=role)).text for role in (True, False)}:
        return
    assert messages(answer | {"text": text}, records), text


def test_words_quoted_above_the_statements_must_stand_in_one(records: Records) -> None:
    answer = exported(records, "“The dam")
    answer["text"] = f"Yes, “the dam is a toy”:\n\n{answer['text']}"
    assert messages(answer, records)[0] == (
        "The text quotes “the dam is a toy”, which does not stand in the words that it cites."
    )


def test_markers_and_marks_inside_copied_words_are_the_article_s(tmp_path: Path) -> None:
    odd = Article("odd", "“See [7] and “nobody” at all,” Ida Hale said.")
    write_index(tmp_path, record(odd, quote(odd, "“See [7] and “nobody” at all,”", by="Ida Hale")))
    records = Records(read_index(tmp_path))
    assert messages(exported(records, "“See", article=odd), records) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("“", "``"),
        ("“", "«"),
        ("”", '"'),
        ("’", "'"),
        (" — ", "--"),
        ("—", "–"),
        (" ", "\u00a0"),
        ("ffi", "ﬃ"),
        ("dam", "d\u00adam"),
        ("It is not,” … “a toy", "It is not,” ... “a toy"),
    ],
)
def test_other_typography_is_no_difference(records: Records, old: str, new: str) -> None:
    answer = exported(records, "“The dam", "“It is", "that the office")
    answer["text"] = answer["text"].replace(old, new)
    for citation in answer["citations"]:
        citation |= {field: citation[field].replace(old, new) for field in ("quote", "context", "speaker")}
    assert messages(answer, records) == []


def test_the_same_statement_in_other_articles_is_checked_too(records: Records) -> None:
    answer = exported(records, "“The dam")
    answer["citations"][0]["also"] = [{"article_id": "mill", "start": 0, "end": 19, "speaker": "Ida Hale"}]
    assert messages(answer, records) == ["Citation [1] gives its words to “Ida Hale”; in the index it is “Karl Poole”."]


def test_an_answer_object_is_checked_like_its_export(records: Records) -> None:
    found = records.article("mill")
    assert found
    answer = Answer(text_of("", found[1][:1]), True, None, found[1])
    assert verify.verify(answer, records=records).verified


def test_an_index_that_is_missing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "load_embeddings", FakeEmbeddings)
    with pytest.raises(StoreError, match="There is no index in"):
        verify.verify({"citations": []}, tmp_path / "none")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=8), SCALARS, max_size=2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_in_an_answer_raises(records: Records, data: st.DataObject) -> None:
    answer = exported(records, "“The dam", "that the office")
    citation = answer["citations"][0]
    for field in data.draw(st.lists(st.sampled_from(sorted(citation)), max_size=3)):
        citation[field] = data.draw(JSON)
    answer |= data.draw(st.fixed_dictionaries({}, optional={"text": JSON, "citations": JSON, "verdict": JSON}))
    report = verify.verify(answer, records=records)
    assert json.dumps(report.to_dict())


PLAIN = "Ida Hale, mayor, said: “The dam will hold — for 12 years,” [1]\n[1] dam:0-35 Dam holds\n"
AS_JSON = '{"text": "t", "citations": []}'


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (AS_JSON, 1),
        (f"[{AS_JSON}, {AS_JSON}]", 2),
        (f"{AS_JSON}\n\n{AS_JSON}\n", 2),
        ("\ufeff" + AS_JSON, 1),
        (PLAIN, 1),
    ],
)
def test_every_form_of_an_export_is_read(data: str, count: int) -> None:
    assert len(parse_answers(data.encode("utf-8"), "file")) == count
    assert len(parse_answers(data.removeprefix("\ufeff").encode("utf-16"), "file")) == count


def test_a_plain_answer_is_checked_by_its_list_of_sources(records: Records) -> None:
    def read(text: str) -> Export:
        return dict(parse_answers(text.encode(), "file")[0])

    assert read(PLAIN)["citations"] == [{"number": 1, "article_id": "dam", "start": 0, "end": 35}]
    assert messages(read(PLAIN), records) == []
    assert messages(read(PLAIN.replace("12", "13")), records)
    assert messages(read(PLAIN.replace("Ida", "Wilma")), records)
    assert messages(read(PLAIN.replace("[1] dam:0-35 Dam holds\n", "")), records) == [
        "The text points at [1], which is no citation of the answer.",
        "The text quotes “The dam will hold-for 12 years,”, which does not stand in the words that it cites.",
    ]
