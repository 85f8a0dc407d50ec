"""Through whom or what a statement came, from the text to the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes, ingest
from rag import ask
from rag.schema import Quote


def found(text: str) -> list[Quote]:
    return extract_quotes(text)


def told(text: str) -> list[tuple[str, str]]:
    """(speaker, channel) of each quote."""
    return [(q.speaker.name if q.speaker else "", " ".join(s.text for s in q.channel)) for q in found(text)]


@pytest.mark.parametrize(
    ("text", "speaker", "channel"),
    [
        ("“The weir will go,” Greta Holm said, according to a court report.", "Greta Holm", "a court report"),
        ("According to a rescue log, pilot Tom Dale said that the engine had stopped.", "Tom Dale", "a rescue log"),
        ("The Tarn Gazette reported that Greta Holm had said the weir would go.", "Greta Holm", "The Tarn Gazette"),
        ("“It was the cold,” Tom Dale was quoted by his widow as saying.", "Tom Dale", "his widow"),
        ("“It was the cold,” Kestwire quoted Tom Dale as saying.", "Tom Dale", "Kestwire"),
        ("“It was the cold,” Tom Dale was quoted as saying by Kestwire.", "Tom Dale", "Kestwire"),
        ("The weir would go, the minister, Greta Holm, was quoted by Kestwire as saying.", "Greta Holm", "Kestwire"),
        ("“We will fight on,” Greta Holm said through her solicitor.", "Greta Holm", "her solicitor"),
        ("“The weir will go,” Greta Holm wrote in a post on X on Monday.", "Greta Holm", "a post on X"),
        ("Greta Holm said in an emailed statement that the weir would go.", "Greta Holm", "an emailed statement"),
        ("Greta Holm, in a letter to the court, said that the weir would go.", "Greta Holm", "a letter to the court"),
    ],
)
def test_who_speaks_and_what_it_came_through_are_told_apart(text: str, speaker: str, channel: str) -> None:
    assert (speaker, channel) in told(text)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        (
            "“We film every bolt,” the head of the crew, Captain Ines Holgaard, was quoted as saying by the news "
            "site Fjordblad.",
            "the news site Fjordblad",
        ),
        ("The pilot, Ines Holgaard, left.\n\n“We film every bolt,” she was quoted as saying by the Fjordblad.", ""),
        (
            "“We film every bolt,” the former mayor of the town, Ines Holgaard, was quoted by the weekly Fjordblad as "
            "saying.",
            "the weekly Fjordblad",
        ),
        (
            "The bridge was shut on Friday.\n\n“We film every bolt,” the head of the crew, Captain Ines Holgaard, was "
            "reported as saying by the news site Fjordblad.",
            "the news site Fjordblad",
        ),
        (
            "“We film every bolt,” the head of the crew, Captain Ines Holgaard, said, the daily Fjordblad reported.",
            "the daily Fjordblad",
        ),
    ],
)
def test_a_quotation_ends_at_its_mark_where_its_speaker_and_a_paper_stand_behind_it(text: str, channel: str) -> None:
    [quote] = found(text)
    assert (quote.kind, quote.text) == ("direct", "“We film every bolt,”")
    assert told(text) == [("Ines Holgaard", channel)]


def test_whoever_the_tagger_has_for_the_one_quoted_is_no_channel() -> None:
    text = "“Nobody asked,” an engineer who had left the firm was quoted as saying by the weekly Fjordblad."
    assert told(text) == [("an engineer", "")]


def test_a_paper_that_is_told_is_the_channel() -> None:
    text = "Greta Holm told the Tarn Valley Gazette that the weir would go. The Tarn Valley Gazette printed it."
    assert told(text)[0] == ("Greta Holm", "Tarn Valley Gazette")


@pytest.mark.parametrize(
    "text",
    [
        "Greta Holm said that she had told the board twice.",
        "Greta Holm told reporters that the weir would go.",
        "Greta Holm said on Monday that Tom Dale wanted the weir to go.",
        "“The weir will go,” Greta Holm said in Tarn.",
    ],
)
def test_words_that_are_said_to_the_writer_have_no_channel(text: str) -> None:
    assert all(speaker == "Greta Holm" and not channel for speaker, channel in told(text))


def test_what_is_passed_on_keeps_the_speakers_own_words_and_verb() -> None:
    text = "Minister Greta Holm said the weir would go in May, according to the Tarn Gazette."
    (quote,) = found(text)
    assert (quote.text, [s.text for s in quote.cue]) == ("the weir would go in May", ["said"])
    assert all(text[s.start : s.end] == s.text for s in (*quote.content, *quote.source, *quote.channel))


def test_an_answer_shows_the_channel_and_a_question_about_it_finds_the_statement(tmp_path: Path) -> None:
    (tmp_path / "weir.txt").write_text(
        "The mill stays. “The weir will go in May,” Greta Holm said, according to a court report.\n",
        encoding="utf-8",
    )
    ingest([tmp_path / "weir.txt"], index=tmp_path / "index")
    for question in ("What did Greta Holm say about the weir?", "What does the court report say about the weir?"):
        answer = ask(question, index=tmp_path / "index")
        cited = {citation.speaker: citation for citation in answer.citations}
        assert answer.answered
        assert cited["Greta Holm"].channel == "a court report"
        assert "through a court report" in answer.text
        assert answer.to_dict()["citations"][0]["speaker_kind"] == "person"
