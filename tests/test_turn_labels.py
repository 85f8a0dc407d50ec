"""Names on lines of their own: which of them label who speaks, and which do not."""

from __future__ import annotations

from ingest.text.turns import turns


def test_the_credits_of_pictures_are_no_speakers() -> None:
    told = "The board met again, and we were there. It was a long day at the weir, and nobody left before the evening."
    credits = ["Greta Lowe (River Pictures)", "Noel Quarry (River Pictures)", "Greta Lowe (River Pictures)"]
    assert turns("\n\n".join(part for credit in credits for part in (credit, told, told, told, told))) == []


def test_a_name_below_a_quotation_is_its_signature_and_no_label() -> None:
    signed = ["“It is shut.”", "Greta Lowe (keeper)", "We asked others, too.", "“I fish.”", "Noel Quarry (angler)"]
    assert turns("\n\n".join([*signed, "We went on.", *signed])) == []


def test_a_heading_alone_on_its_line_labels_nobody_without_an_office() -> None:
    tips = ["LOWE: I fish below it. Do you?", "TIPS OF THE WEEK:", "Bait | Boats | Banks", "QUARRY: We fish above it."]
    said = [text for turn in turns("\n\n".join([*tips, *tips])) for text in (turn.label,)]
    assert len(said) == 4
    named = [
        "PRIYA ASKHAM, HOST:",
        "The weir is shut. I was there.",
        "LOWE: I shut it. Did you see?",
        "QUARRY: We did.",
    ]
    found = turns("\n\n".join([*named, "LOWE: I know."]))
    assert [turn.label for turn in found][:1] == [(0, len("PRIYA ASKHAM"))]
