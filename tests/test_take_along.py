"""An answer taken along: every form shows the same numbers, passes verification, and a changed word does not."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rag.judging.decision import Decision
from rag.judging.prompts import NOTE
from rag.schema import Answer, Article, Citation, Query
from rag.understanding.parties import identify
from rag.verification.verify import Records, verify
from rag.writing.compose import opening, sentences_of, written
from rag.writing.exports import parse_answers
from rag.writing.formats import FORMATS
from tests.fakes import hit, quote, read_index, record, reported, span, write_index
from web.conversation import Turn, kept, remembered
from web.render import answer_markdown, sources_html

GATE = Article(
    "gate-1",
    "“The gate is shut,” Ida Hale joked. Ida Hale has denied that the gate leaks. “It [2] costs 1. *much*,” said "
    "Poole.\n\n"
    "“=SUM(A1) <b>is</b> | ours & <script>x</script>,” Karl Poole said. Two clerks feared that it falls.",
    title="# Gate [1] shut | “now”",
    publication="The *Post*",
    published="2026-03-05",
    url="https://post.example/a?b=1&c=2",
)
MILL = Article(
    "mill `2", "“The mill — all of it — is sold…” + “We\nleave it,” Ann said.", title="=cmd()", url="javascript:x"
)
# As a question may have them.
PHRASES = ("Ida Hale", "Poole", "Karl Pole", "*Una* [2] #Quist", "the mayor")
DECISIONS = (
    ("said_what", Decision(True, None, ())),
    ("did_say", Decision(True, None, ())),
    ("did_say", Decision(True, "yes", ())),
    ("did_say", Decision(True, "no", (), "opposite")),
    ("did_say", Decision(True, "no", (), "another")),
    ("change", Decision(True, None, ())),
    ("compare", Decision(True, None, (), silent=("Poole", "the mayor"))),
)
NOT_ANSWERED = Decision(False, None, ())
AWAY = NOTE.format(name="llama *3* [1]")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    index = tmp_path_factory.mktemp("index")
    joked = replace(quote(GATE, "“The gate is shut,”", by="Ida Hale", role="mayor"), cue=(span(GATE.text, "joked"),))
    write_index(
        index,
        record(
            GATE,
            joked,
            reported(GATE, "Ida Hale | has denied | that the gate leaks", by="Ida Hale", role="mayor"),
            quote(GATE, "“It [2] costs 1. *much*,”", by="Poole"),
            quote(GATE, "“=SUM(A1) <b>is</b> | ours & <script>x</script>,”", by="Karl Poole", role="+a 'diver'"),
            reported(GATE, "Two clerks | feared | that it falls"),
        ),
        record(MILL, quote(MILL, "“The mill — all of it — is sold…”", "“We\nleave it,”", by="Ann")),
    )
    return Records(read_index(index))


def everything(records: Records) -> list[Citation]:
    return [citation for id in records.ids if (found := records.article(id)) for citation in found[1]]


def made(records: Records, seed: int) -> Answer:
    """An answer of some of the statements, in some order, under some opening."""
    chance = random.Random(seed)
    chosen = chance.sample(everything(records), chance.randint(0, 5))
    citations = tuple(replace(citation, number=number) for number, citation in enumerate(chosen, 1))
    kind, decision = chance.choice(DECISIONS) if citations and chance.random() < 0.8 else ("list", NOT_ANSWERED)
    if not decision.answered:
        decision = replace(decision, hits=(hit(1.0),) if citations else ())
    parties = tuple(identify(p, records.people) for p in chance.sample(PHRASES, chance.randint(0, 3)))
    query = Query("?", "?", kind, parties)  # type: ignore[arg-type]
    note = chance.choice(("", "", AWAY))
    lines = sentences_of(opening(query, decision, note, by_model=not note and chance.random() < 0.3), citations)
    return Answer(written(lines), decision.answered, decision.verdict, citations, "embedded", lines, note)


def told(export: dict[str, object]) -> list[object]:
    """The numbers of an export's citations."""
    citations = export["citations"]
    assert isinstance(citations, list)
    return [citation["number"] for citation in citations]


@pytest.mark.parametrize("form", FORMATS)
def test_a_hundred_answers_in_every_form_pass_verification(records: Records, form: str) -> None:
    for seed in range(100):
        answer = made(records, seed)
        file = FORMATS[form][0](f"Who said “it” {seed}?\n#1", answer)
        (export,) = parse_answers(file.encode(), "file")
        report = verify(export, records=records)
        assert report.differences == (), (seed, form, file)
        assert report.citations == len(answer.citations)


def test_marker_list_export_api_and_page_after_reload_agree_in_a_hundred_answers(records: Records) -> None:
    articles = {id: found[0] for id in records.ids if (found := records.article(id))}
    for seed in range(100):
        answer = made(records, seed)
        numbers = [citation.number for citation in answer.citations]
        (back,) = remembered(json.loads(json.dumps(kept([Turn(7, "Who?", answer)]))))
        assert back.answer == answer
        page = sources_html("Who?", answer, 7, articles)
        assert page == sources_html("Who?", back.answer, 7, articles)
        assert answer_markdown(answer, 7) == answer_markdown(back.answer, 7)
        markers = [int(n) for n in re.findall(r'href="#t7c(\d+)"', answer_markdown(answer, 7))]
        listed = [int(n) for n in re.findall(r'<li id="t7c(\d+)" class="otr-card"', page)]
        panel = json.loads(html.unescape(re.findall(r'data-export="([^"]*)"', page)[0]))
        exports = [parse_answers(write("Who?", answer).encode(), "file")[0] for write, *_ in FORMATS.values()]
        api = json.loads(json.dumps(answer.to_dict()))
        assert [markers, listed, *map(told, [*exports, panel, api])] == [numbers] * 8
        for citation, source in zip(answer.citations, exports[0]["citations"], strict=True):  # type: ignore[call-overload]
            assert (source["article_id"], source["start"], source["end"]) == (
                citation.article_id,
                citation.start,
                citation.end,
            )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("before", "after"), [("shut", "open"), ("Ida Hale", "Eda Hale"), ("joked", "said"), ("2026", "2025")]
)
def test_a_word_that_is_changed_in_a_file_is_found(records: Records, form: str, before: str, after: str) -> None:
    joked = next(citation for citation in everything(records) if "shut" in citation.quote)
    lines = sentences_of("", (joked,))
    file = FORMATS[form][0]("Who?", Answer(written(lines), True, None, (joked,), "", lines))
    assert before in file
    (export,) = parse_answers(file.replace(before, after).encode(), "file")
    assert not verify(export, records=records).verified


def test_sentences_as_data_that_differ_from_the_text_are_named(records: Records) -> None:
    answer = made(records, 4).to_dict()
    assert answer["citations"]
    answer["sentences"][-1]["text"] += " no"
    (difference,) = verify(json.loads(json.dumps(answer)), records=records).differences
    assert difference.message.startswith("The sentences say ")


def test_nothing_in_a_spreadsheet_is_a_formula_and_nothing_in_a_page_is_markup(records: Records) -> None:
    citations = tuple(replace(c, number=n) for n, c in enumerate(everything(records), 1))
    lines = sentences_of("=1+1", citations)
    answer = Answer(written(lines), True, None, citations, "", lines)
    for row in csv.reader(io.StringIO(FORMATS["csv"][0]("@x", answer))):
        assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]
    page = FORMATS["html"][0]("<i>x</i>", answer)
    assert not re.search(r"<(script|i|b)[ >]", page)
    assert re.findall(r'href="(https?:[^"]*)"', page) == ["https://post.example/a?b=1&amp;c=2"] * 5
    assert "javascript:" not in page
    markdown = FORMATS["markdown"][0]("# <b>", answer)
    assert not re.search(r"(?<!\\)<|(?<!\\)\*|^\s*=", markdown, re.MULTILINE)


def test_a_file_of_the_command_line_s_own_is_still_read(tmp_path: Path) -> None:
    (export,) = parse_answers(b"Ida said: x [1]\n[1] gate-1:0-18 # Gate", "file")
    assert export["citations"] == [{"number": 1, "article_id": "gate-1", "start": 0, "end": 18}]
