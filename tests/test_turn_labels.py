"""Names on lines of their own: which of them label who speaks, and which do not."""

from __future__ import annotations

from ingest.turns import turns


def test_the_credits_of_pictures_are_no_speakers() -> None:
    told = "The board met again, and we were there. It was a long day at the weir, and nobody left before the evening."
    credits = ["Greta Lowe (River Pictures)", "Noel Quarry (River Pictures)", "Greta Lowe (River Pictures)"]
    assert turns("\n\n".join(part for credit in credits for part in (credit, told, told, told, told))) == []


def test_a_name_below_a_quotation_is_its_signature_and_no_label() -> None:
    signed = ["“It is shut.”", "Greta Lowe (keeper)", "We asked others, too.", "“I fish.”", "Noel Quarry (angler)"]
    assert turns("\n\n".join([*signed, "We went on.", *signed])) == []
