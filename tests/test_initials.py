"""The large first letter of a printed article, which stands beside several lines, is the first letter of its word."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.loading.formats.initials import with_initials
from ingest.loading.formats.lines import Line
from ingest.loading.formats.pdf import read_pdf
from tests.test_pdf import FONT

Drawn = tuple[int, int, int, str]  # Size, place from the left and from the bottom, text.

BEHIND = [
    (11, 60, 716, "of the old quay. Ana Torvik had painted them on a Sunday in April,"),
    (11, 60, 700, "and the port has never asked her why the one at the end is blue."),
    (11, 60, 684, "It will stay."),
]


def text_of(*drawn: Drawn) -> str:
    writer = PdfWriter()
    font = DictionaryObject({NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in FONT.items()})
    page = writer.add_blank_page(595, 842)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    content = DecodedStreamObject()
    lines = (f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET" for size, x, y, text in drawn)
    content.set_data("\n".join(lines).encode("cp1252"))
    page[NameObject("/Contents")] = writer._add_object(content)
    out = BytesIO()
    writer.write(out)
    return read_pdf(out.getvalue()).articles[0].text


def begun(*drawn: Drawn) -> str:
    """How the first paragraph begins that such letters and lines make with those behind them."""
    first, *rest = text_of(*drawn, *BEHIND).split("\n\n")
    assert rest == []
    return first.split(" of the old quay.")[0]


@pytest.mark.parametrize(
    ("letter", "beside", "read"),
    [
        ("T", "he pilots came back at", "The pilots came back at"),
        ("“T", "he pilots came back. At", "“The pilots came back. At"),
        ("T", "HE PILOTS came back at", "THE PILOTS came back at"),
        ("A", "mong the pilots was", "Among the pilots was"),
        ("A", "long the river stood", "Along the river stood"),
        ("A", "pilot came back. At", "A pilot came back. At"),
        ("A", "Tarn pilot came with", "A Tarn pilot came with"),
        ("I", "n the end there were", "In the end there were"),
        ("I", "’m one of the pilots", "I’m one of the pilots"),
        ("“I", "saw all of the pilots", "“I saw all of the pilots"),
        ("A", "na came back. Most of", "Ana came back. Most of"),
    ],
)
@pytest.mark.parametrize("is_last", [False, True])
def test_a_large_first_letter_stands_at_the_head_of_its_word(
    letter: str, beside: str, read: str, is_last: bool
) -> None:
    beside_it = [
        (11, 90 + 10 * len(letter), 748, beside),
        (11, 90 + 10 * len(letter), 732, "the two posts. Two stood at the end"),
    ]
    initial = (36, 60, 732, letter)
    drawn = [*beside_it, initial] if is_last else [initial, *beside_it]
    assert begun(*drawn) == f"{read} the two posts. Two stood at the end"


def test_a_mark_in_small_letters_before_it_is_kept() -> None:
    drawn = [
        (11, 52, 748, "“"),
        (36, 60, 732, "T"),
        (11, 90, 748, "he pilots,” he said,"),
        (11, 90, 732, "“are at the end"),
    ]
    assert begun(*drawn) == "“The pilots,” he said, “are at the end"


def test_a_capital_on_a_line_of_its_own_stays_there() -> None:
    index = [Line("T", 60, 700, 24.0), Line("Tarn, 14", 60, 676, 11.0), Line("U", 60, 640, 24.0)]
    assert with_initials([index]) == [index]


@pytest.mark.parametrize(
    "beside",
    [Line("Tarn, 14", 90, 700, 11.0), Line("he pilots", 300, 700, 11.0), Line("he pilots", 90, 700, 20.0)],
    ids=["begins anew", "stands far off", "is as large"],
)
def test_what_does_not_go_on_from_it_stays_apart(beside: Line) -> None:
    lines = [Line("T", 60, 700, 24.0), beside]
    assert with_initials([lines]) == [lines]
