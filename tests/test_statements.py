"""What of an article's quotes the index holds, and in which pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import extract_quotes
from ingest.quoting.parts import is_title
from ingest.quoting.statements import statements
from rag.schema import Quote, QuoteKind, Span, Speaker


def made(text: str, *pieces: str, cue: str = "said", kind: QuoteKind = "direct", named: bool = True) -> Quote:
    """A quote of Ann Poole's with these pieces of a text as its content."""

    def span(piece: str) -> Span:
        return Span.of(text, text.index(piece), text.index(piece) + len(piece))

    speaker = Speaker("Ann Poole") if named else None
    return Quote(tuple(map(span, pieces)), (), (span(cue),), speaker, kind)


def cut(text: str, quote: Quote) -> list[tuple[list[str], str]]:
    """The pieces and the kind of each statement."""
    return [([span.text for span in found.content], found.kind) for found in statements(text, [quote])]


def test_a_sentence_that_a_cue_interrupts_is_one_statement() -> None:
    text = "“The bridge,” Ann Poole said, “is safe.”"
    assert cut(text, made(text, "“The bridge,”", "“is safe.”")) == [(["“The bridge,”", "“is safe.”"], "direct")]


def test_what_follows_the_end_of_a_sentence_is_a_statement_of_its_own() -> None:
    text = "“The bridge is safe,” Ann Poole said. “The road is not.”"
    quote = made(text, "“The bridge is safe,”", "“The road is not.”")
    assert cut(text, quote) == [(["“The bridge is safe,”"], "direct"), (["“The road is not.”"], "direct")]


def test_a_paraphrase_and_the_quotation_after_it_are_told_apart() -> None:
    text = "Ann Poole said the bridge is safe. “The road is not.”"
    quote = made(text, "the bridge is safe", "“The road is not.”", kind="mixed")
    assert cut(text, quote) == [(["the bridge is safe"], "indirect"), (["“The road is not.”"], "direct")]


def test_marks_within_a_paraphrase_leave_it_mixed() -> None:
    text = "Ann Poole said the bridge is “quite safe”. It was built to “last”."
    quote = made(text, "the bridge is “quite safe”", "It was built to “last”", kind="mixed")
    assert [kind for _, kind in cut(text, quote)] == ["mixed", "mixed"]


def test_what_a_source_did_not_say_is_left_out() -> None:
    text = "Ann Poole did not say the bridge is safe."
    assert cut(text, made(text, "the bridge is safe", cue="say", kind="indirect")) == []


def test_a_denial_is_kept_for_its_cue_is_shown() -> None:
    text = "Ann Poole denied that the bridge is safe."
    assert cut(text, made(text, "that the bridge is safe", cue="denied", kind="indirect")) != []


def test_a_paraphrase_of_nobody_is_left_out_and_a_quotation_is_not() -> None:
    text = "It is said the bridge is safe. “Quite safe.”"
    assert cut(text, made(text, "the bridge is safe", kind="indirect", named=False)) == []
    assert cut(text, made(text, "“Quite safe.”", named=False)) == [(["“Quite safe.”"], "direct")]


def test_what_somebody_would_say_is_left_out() -> None:
    text = "If the bridge were safe Ann Poole would say: “Cross it.”"
    assert cut(text, made(text, "“Cross it.”", cue="would say")) == []
    text = "Visitors may say: “Cross it.”"
    assert cut(text, made(text, "“Cross it.”", cue="may say")) == []


@pytest.mark.parametrize(
    ("text", "cue", "kind", "is_kept"),
    [
        ("Her smile seemed to say: “Who was late?”", "seemed to say", "direct", False),
        ("Her look on the stairs seems to ask “Who was late?”", "ask", "mixed", False),
        ("Ann Poole raised an eyebrow, as if to say: “Who was late?”", "say", "direct", False),
        ("“Who was late?” Ann Poole appeared to be saying.", "saying", "direct", False),
        ("“Who was late?” Ann Poole seemed happy to say.", "say", "direct", True),
        ("Ann Poole seemed to agree. “Who was late?” she said.", "seemed to agree", "direct", True),
        ("This seemed to hint at asking “Who was late?” by mail.", "seemed to hint", "mixed", True),
        ("Ann Poole seemed to be tired. She said: “Who was late?”", "said", "direct", True),
        ("“Who was late?” said Ann Poole, who seemed to be tired.", "said", "direct", True),
    ],
)
def test_what_a_look_seems_to_say_is_left_out(text: str, cue: str, kind: QuoteKind, *, is_kept: bool) -> None:
    assert bool(cut(text, made(text, "“Who was late?”", cue=cue, kind=kind))) is is_kept
    text = "Ann Poole seemed to say that the ferry was late."
    assert cut(text, made(text, "that the ferry was late", cue="say", kind="indirect"))


def test_words_that_say_nothing_by_themselves_are_left_out() -> None:
    text = "Ann Poole laughed when she heard that. Ann Poole said not."
    assert cut(text, made(text, "that", cue="laughed when", kind="indirect")) == []
    assert cut(text, made(text, "not", cue="said", kind="indirect")) != []


def test_what_nobody_says_and_names_works_and_things_is_no_statement() -> None:
    text = "Among them is a cup known as “Old Gull” and a first print of “The Man Who Sang to Eels.”"
    quote = made(text, text[text.index("“Old") :], cue="known as", kind="mixed", named=False)
    assert cut(text, quote) == []


@pytest.mark.parametrize(
    ("marked", "is_work"),
    [
        ("“Row Me Past The Point”", True),
        ("“We Are Not At Sea.”", True),
        ("“The Lamp Is Lit Again,”", True),
        ("“We are not at sea.”", False),
        ("“Not at Sea”", False),
        ("“Ann Lee, Bo Ek, Ida Hale.”", False),
        ("“Or Ek. Or Lo, Or Orsa.”", False),
        ("“WE ARE NOT AT SEA”", False),
    ],
)
def test_words_in_marks_with_no_small_letter_at_any_beginning_name_a_work(marked: str, is_work: bool) -> None:
    assert is_title(marked, [(0, len(marked))]) is is_work


def told(text: str) -> list[tuple[str | None, str]]:
    return [(q.speaker.name if q.speaker else None, q.text) for q in statements(text, extract_quotes(text))]


@pytest.mark.parametrize(
    "asked",
    [
        "We asked three readers about the new bridge.",
        "I asked my neighbours about the flood.",
        "We asked the mayor why the bridge was shut.",
    ],
)
def test_what_a_paper_asks_is_no_statement_of_its_own(asked: str) -> None:
    assert told(f"{asked} “It was rusty,” Per Ostby said.") == [("Per Ostby", "“It was rusty,”")]


@pytest.mark.parametrize(
    ("source", "cue", "content", "is_told"),
    [
        ("We", "asked", "the mayor to say why the bridge was shut", True),
        ("We", "asked for", "more time to think about the bridge", True),
        ("I", "wonder", "why the bridge was shut", True),
        ("We", "wonder today", "what was lost with the bridge", True),
        ("Ann Poole", "asked", "the mayor about the bridge", True),
        ("We", "have asked", "the mayor about the bridge", False),
        ("We", "asked", "all of them whether the bridge was shut", False),
    ],
)
def test_a_wish_a_doubt_and_what_others_ask_stay(source: str, cue: str, content: str, is_told: bool) -> None:
    text = f"{source} {cue} {content}."
    quote = made(text, content, cue=cue, kind="indirect")
    assert bool(cut(text, replace(quote, source=(Span.of(text, 0, len(source)),)))) is is_told
