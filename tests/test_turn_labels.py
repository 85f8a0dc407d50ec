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


CALL = [
    "Weir Mills third-quarter call",
    "Greta Lowe - Chief Executive",
    "Operator",
    "Welcome to the call of Weir Mills.",
    "Greta Lowe",
    "We ground less rye. I am sorry for it.",
    "Questions and Answers",
    "Noel Quarry",
    "Will you shut the upper mill?",
    "Greta Lowe",
    "We will not.",
    "Operator",
    "That was the last question.",
]


def test_names_alone_on_their_lines_label_who_speaks_where_two_come_again() -> None:
    text = "\n".join(CALL)
    found = [
        (text[slice(*turn.label)], text[slice(*turn.area)].partition("\n")[2]) for turn in turns(text) if turn.label
    ]
    assert ("Greta Lowe", "We ground less rye. I am sorry for it.") in found
    assert ("Greta Lowe", "We will not.") in found
    assert ("Noel Quarry", "Will you shut the upper mill?") in found


def test_headings_of_which_one_comes_again_are_no_names() -> None:
    told = "We went down to the weir, and I saw the gate."
    parts = ["The Weir", told, "The Gate", told, told, "The Mill", told, "The Gate", told]
    assert turns("\n\n".join(parts)) == []


def test_who_takes_part_by_a_list_needs_to_speak_only_once() -> None:
    listed = ["Greta Lowe - Chief Executive", "Noel Quarry - Weir Bank"]
    spoken = ["Greta Lowe", "We ground less rye. I am sorry.", "Noel Quarry", "How much less?"]
    assert len(turns("\n".join(["Weir Mills call", *listed, *spoken]))) == len(listed)
    assert turns("\n".join(["Weir Mills call", *spoken])) == []
