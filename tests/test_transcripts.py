"""Transcripts of conversations and hearings: whose the paragraphs below a label are, and what is read out in a turn."""

from __future__ import annotations

from ingest import extract_quotes
from ingest.text.turns import turns

CONVERSATION = """Episode 9: The man who counts the eels

Dagny Holt: You sit on a weir all night with a lamp. Why?

Oskar Fenn: Eels do not move by day. The lamp is for the thermos.

I dropped it into the river once. It is still lit, for all I know.

The night watch brings me another each spring.

Dagny Holt: Are there fewer?

Oskar Fenn: A tenth of what there were. My father stopped counting.

He had reached twelve thousand in one night, and fell asleep.

Dagny Holt: What would help?

Oskar Fenn: Holes in weirs. It's the cheapest idea that I have."""


def told(text: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said."""
    found = extract_quotes(text)
    return [(q.speaker.name if q.speaker else None, " | ".join(span.text for span in q.content)) for q in found]


def test_paragraphs_without_a_label_are_the_answer_s_where_one_asks_and_the_other_answers() -> None:
    [fenn] = [words for name, words in told(CONVERSATION) if words.startswith("Eels")]
    assert fenn.split(" | ") == [
        "Eels do not move by day. The lamp is for the thermos.",
        "I dropped it into the river once. It is still lit, for all I know.",
        "The night watch brings me another each spring.",
    ]
    assert ("Oskar Fenn", "Holes in weirs. It's the cheapest idea that I have.") in told(CONVERSATION)


def test_names_before_colons_among_other_paragraphs_are_no_turns_where_nobody_is_asked() -> None:
    assert turns(CONVERSATION.replace("?", ".").replace("Why.", "Why?")) == []
