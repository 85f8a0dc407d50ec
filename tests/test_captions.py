"""Captions: whose words they are, a paragraph a speaker, and nothing twice."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.common import LoadError
from ingest.loading.formats.captions import read_captions

VOICES = """WEBVTT
Kind: captions

STYLE
::cue { color: white }

NOTE made by hand

1
00:00:01.000 --> 00:00:03.000 align:start
<v Ana Torvik>The quay is <i>sound</i>.

00:00:03.100 --> 00:00:05.000
<v.loud Ana Torvik>Nobody &amp; nothing will sink.</v>

00:00:05.100 --> 00:00:07.000
<v Per Lund>Who says so?
<v Ana Torvik>I do.
"""


def text_of(captions: str) -> list[str]:
    [article] = read_captions(captions.encode()).articles
    return article.text.split("\n\n")


def srt(*cues: tuple[int, str]) -> str:
    return "\n\n".join(
        f"{number}\n00:00:{at:02},000 --> 00:00:{at + 1:02},900\n{shown}" for number, (at, shown) in enumerate(cues, 1)
    )


def test_voices_are_labels_and_one_voice_goes_on_over_its_captions() -> None:
    assert text_of(VOICES) == [
        "Ana Torvik: The quay is sound. Nobody & nothing will sink.",
        "Per Lund: Who says so?",
        "Ana Torvik: I do.",
    ]


def test_who_speaks_in_captions_is_found() -> None:
    turns = ["The quay is sound.", "Who says so?", "I do.", "And who pays?"]
    voices = [
        f"00:0{n}.000 --> 00:0{n}.900\n<v {'Per Lund' if n % 2 else 'Ana Torvik'}>{t}" for n, t in enumerate(turns)
    ]
    [article] = read_captions("\n\n".join(["WEBVTT", *voices]).encode()).articles
    assert [(q.speaker and q.speaker.name, q.text) for q in extract_quotes(article.text)] == [
        ("Ana Torvik", turns[0]),
        ("Per Lund", turns[1]),
        ("Ana Torvik", turns[2]),
        ("Per Lund", turns[3]),
    ]


def test_marks_of_change_and_labels_begin_a_paragraph() -> None:
    shown = srt(
        (1, ">> The quay is\nsound."),
        (3, ">> TORVIK: It is\nnew."),
        (5, "LUND: It is not."),
        (7, "- Why?\n- It leaks."),
    )
    assert text_of(shown) == [
        *(">> The quay is sound.", ">> TORVIK: It is new.", "LUND: It is not."),
        *("Why?", "It leaks."),
    ]


def test_marks_of_change_without_any_name_are_left_out() -> None:
    assert text_of(srt((1, ">> The quay is sound."), (3, ">> Since when?"))) == ["The quay is sound.", "Since when?"]


def test_between_two_turns_of_a_named_speaker_somebody_else_can_speak() -> None:
    shown = srt(
        (1, ">> The quay leaks."), (3, ">> SEN. LUND: I know.\nI saw it."), (5, ">> And?"), (7, ">> SEN. LUND: No.")
    )
    [article] = read_captions(shown.encode()).articles
    said = [(q.speaker and q.speaker.name, q.text) for q in extract_quotes(article.text) if q.kind == "direct"]
    assert said == [(None, "The quay leaks."), ("Lund", "I know. I saw it."), (None, "And?"), ("Lund", "No.")]


def test_of_two_marks_in_a_row_each_begins_the_words_of_somebody_whom_nobody_names() -> None:
    shown = srt(
        (1, ">> ANA TORVIK: The quay is shut.\nThis man saw it fall."),
        (3, ">>> It shook. I ran\nand left my hat."),
        (5, ">> So did I.\nHe says that the rail broke."),
        (7, ">> ANA TORVIK: The engineer says that nobody was hurt."),
        (9, ">> The mayor told us that it was safe."),
    )
    [article] = read_captions(shown.encode()).articles
    quotes = extract_quotes(article.text)
    assert [(q.speaker and q.speaker.name, q.text) for q in quotes if q.kind == "direct"] == [
        ("Ana Torvik", "The quay is shut. This man saw it fall."),
        (None, "It shook. I ran and left my hat."),
        (None, "So did I. He says that the rail broke."),
        ("Ana Torvik", "The engineer says that nobody was hurt."),
        (None, "The mayor told us that it was safe."),
    ]
    passed_on = {q.speaker.name: [span.text for span in q.channel] for q in quotes if q.kind != "direct" and q.speaker}
    # Who passes it on is a name or nobody, and "he" is nobody who talks.
    assert passed_on == {"He": [], "the engineer": ["ANA TORVIK"], "the mayor": []}


def test_rolling_captions_are_read_once() -> None:
    shown = srt((1, "the quay"), (2, "the quay\nis sound"), (3, "is sound\nthey say"), (4, "they say"))
    assert text_of(shown) == ["the quay is sound they say"]


def test_a_pause_ends_a_paragraph_but_no_sentence() -> None:
    assert text_of(srt((1, "It is sound."), (9, "It is"), (20, "new."))) == ["It is sound.", "It is new."]


def test_tags_of_both_kinds_are_left_out_and_other_brackets_stay() -> None:
    assert text_of(srt((1, r"{\an8}<b>It</b> is <font color=red>4 < 5</font> [applause]"))) == [
        "It is 4 < 5 [applause]"
    ]


def test_a_wrong_time_costs_its_caption_only() -> None:
    assert text_of(srt((1, "One.")) + "\n\n2\n00:00:xx,000 --> 00:00:04,000\nTwo.\n\n" + srt((3, "Three."))) == [
        "One. Three."
    ]


def test_a_file_without_captions_is_refused() -> None:
    with pytest.raises(LoadError, match="there are no captions in it"):
        read_captions(b"WEBVTT\n\nHello.")


def read(head: str, *shown: str) -> tuple[str | None, str]:
    cues = [f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{words}" for n, words in enumerate(shown, 1)]
    [article] = read_captions("\n\n".join([head, *cues]).encode()).articles
    return article.title, article.text


@pytest.mark.parametrize("head", ["WEBVTT - Lock inquiry: 2", "WEBVTT – Lock inquiry", "WEBVTT Lock inquiry"])
def test_what_stands_behind_the_name_of_the_format_is_the_title(head: str) -> None:
    assert read(head, "The lock leaks.")[0] == head.partition("Lock")[1] + head.partition("Lock")[2]


@pytest.mark.parametrize("head", ["WEBVTT", "WEBVTT Kind: captions; Language: en", "WEBVTT X-TIMESTAMP-MAP=MPEGTS:1"])
def test_fields_behind_the_name_of_the_format_are_no_title(head: str) -> None:
    assert read(head, "The lock leaks.")[0] is None


@pytest.mark.parametrize("credits", [("Made by Reel House",), ("Reel House", "2026")])
def test_who_made_the_captions_is_no_part_of_what_the_last_speaker_says(credits: tuple[str, ...]) -> None:
    _, text = read("WEBVTT", ">> ANN TARVE: Did it leak?", ">> PER LUND: It did.", "We saw it.", *credits)
    assert text.split("\n\n")[-1] == ">> PER LUND: It did. We saw it."


@pytest.mark.parametrize("last", ["and so we left", "We left it open", "The lock was open.", ">> PER LUND: Never"])
def test_the_last_words_of_a_speaker_stay(last: str) -> None:
    _, text = read("WEBVTT", ">> ANN TARVE: Did it leak?", ">> PER LUND: It did.", last)
    assert text.endswith(last)
