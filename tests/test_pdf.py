"""PDF as a person reads it: paragraphs, without what stands on every page, whole over the end of a page."""

from __future__ import annotations

from io import BytesIO
from itertools import zip_longest

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.loading.common import LoadError
from ingest.loading.formats.columns import Piece, in_columns
from ingest.loading.formats.lines import Line, paragraphs, without_running
from ingest.loading.formats.pdf import read_pdf
from rag.schema import Article

FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
LEFT, TOP, LEADING = 60, 780, 16


def make_pdf(*pages: list[str], password: str | None = None, **info: str) -> bytes:
    """Make a PDF with the lines of each page one below the other; "@30 text" is drawn at that height instead,
    and a line "one | other" in two columns."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in FONT.items()})
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F"): font})}
        )
        content = DecodedStreamObject()
        content.set_data("\n".join(_drawn(lines)).encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{key}": value for key, value in info.items()})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(lines: list[str]) -> list[str]:
    drawn, y = [], TOP
    for line in lines:
        at, text = (int(line[1:].split()[0]), line.split(" ", 1)[1]) if line.startswith("@") else (y, line)
        y = at - LEADING if at == y else y
        for x, part in zip((LEFT + 12 * text.startswith("  "), LEFT + 250), text.split(" | "), strict=False):
            drawn.append(f"BT /F 11 Tf {x} {at} Td ({part.strip()}) Tj ET")
    return drawn


def text_of(*pages: list[str]) -> list[str]:
    [article] = read_pdf(make_pdf(*pages)).articles
    return article.text.split("\n\n")


def refusal(data: bytes) -> str:
    with pytest.raises(LoadError) as raised:
        read_pdf(data)
    return str(raised.value)


def test_pdf_lines_are_joined_into_paragraphs() -> None:
    lines = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every ves-",
        "sel that pays, and that nobody would be turned away from it at night or",
        "at dawn.",
        "The pilots said no.",
        "",
        "A harbour-wide strike was called for Friday by the union of the pilots,",
        "which has 40 members.",
        "1",
    ]
    data = make_pdf(lines, Title="Quay", Author="Ann", CreationDate="D:20260714233000Z")
    paragraphs = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every vessel that pays, and that nobody would be "
        "turned away from it at night or at dawn.",
        "The pilots said no.",
        "A harbour-wide strike was called for Friday by the union of the pilots, which has 40 members.",
    ]
    assert read_pdf(data).articles == (
        Article(id="", text="\n\n".join(paragraphs), title="Quay", author="Ann", published="2026-07-14"),
    )


BEFORE = [
    "The pilots will not take ships past the wreck until it is lit, they said, and",
    "the port has no other pilots. “I have been at sea for thirty years and I will",
]
AFTER = [
    "not take four hundred people past a wreck in the dark,” said Ana Torvik, who",
    "leads them.",
]
WHOLE = (
    "The pilots will not take ships past the wreck until it is lit, they said, and the port has no other pilots. “I "
    "have been at sea for thirty years and I will not take four hundred people past a wreck in the dark,” said Ana "
    "Torvik, who leads them."
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["@815 The Halvick Post", "@30 Home 6"], ["@815 The Halvick Post", "@30 Home 7"]),
        (["@30 Page 1 of 2", "@815 3/5/26, 10:02 Halvick"], ["@30 Page 2 of 2", "@815 3/5/26, 10:02 Halvick"]),
        (["@815 1", "@800 Harbour"], ["@815 2", "@800 Harbour"]),
        ([], []),
    ],
)
@pytest.mark.parametrize("drawn_last", [False, True])
def test_a_quotation_stays_whole_over_the_end_of_a_page(first: list[str], second: list[str], drawn_last: bool) -> None:
    pages = [[*body, *edge] if drawn_last else [*edge, *body] for edge, body in ((first, BEFORE), (second, AFTER))]
    assert text_of(*pages) == [WHOLE]


def test_what_repeats_inside_a_page_or_at_another_place_stays() -> None:
    quoted = ["“No.”", *[f"Line {n} of the report, which is long enough to be full." for n in "abcdefg"]]
    assert [
        line.text for page in without_running([_page(quoted), _page(["Another page.", *quoted])]) for line in page
    ] == [
        *quoted,
        "Another page.",
        *quoted,
    ]


def _page(lines: list[str]) -> list[Line]:
    return [Line(text, LEFT, TOP - LEADING * number) for number, text in enumerate(lines)]


def test_a_heading_on_a_new_page_is_no_part_of_the_paragraph_before() -> None:
    full = "The pilots and the port have not met since the wreck was found in the channel."
    other = "Nobody has said whose wreck it is."
    assert text_of([full] * 3, ["Next steps", "", other]) == [" ".join([full] * 3), "Next steps", other]


def test_white_space_and_indents_part_paragraphs_but_a_picture_does_not_part_a_sentence() -> None:
    full = "The pilots and the port have not met since the wreck was found in the channel."
    open_line = "The pilots and the port have not met since the wreck was found by the divers who"
    assert text_of([full, full, full, "", full]) == [f"{full} {full} {full}", full]
    assert text_of([full, "  " + full, full, full, full]) == [full, f"{full} {full} {full} {full}"]
    assert text_of(
        [full, full, open_line, "", "", "had been sent there to look for something else, the port said on Friday."]
    ) == [f"{full} {full} {open_line} had been sent there to look for something else, the port said on Friday."]


def test_where_most_paragraphs_are_one_line_the_gaps_below_them_part_them() -> None:
    one, other = (
        ("The pilots wait for the tide on the quay and for the", "wind to turn."),
        ("Nobody will say how long that may be, said the boy", ""),
    )
    y, page = TOP, list[Line]()
    for number in range(20):
        for text in filter(None, other if number % 3 else one):
            page.append(Line(text, LEFT, y))
            y -= 12
        y -= 8
    assert len([*paragraphs([page])]) == 20


def test_an_item_set_in_below_its_bullet_is_one_paragraph() -> None:
    lines = ["• The pilots and the port have not met since the wreck was found in the", "  channel.", "It is lit."]
    assert text_of(lines) == [
        "• The pilots and the port have not met since the wreck was found in the channel.",
        "It is lit.",
    ]


def test_items_of_a_list_are_paragraphs() -> None:
    item = "• The pilots and the port have not met since the wreck was found in the channel"
    assert text_of([item, item]) == [item, item]


@pytest.mark.parametrize(
    ("cut", "following", "joined"),
    [
        ("a new gov-", "ernment is", "a new government is"),
        ("a well-", "known pilot", "a well-known pilot"),
        ("the harbour-", "wide strike", "the harbour-wide strike"),
        ("the vice-", "president", "the vice-president"),
        ("an unbe-", "lievable cost", "an unbelievable cost"),
        ("in the Anglo-", "Saxon town", "in the Anglo-Saxon town"),
        ("the tow\u00ad", "path", "the towpath"),
        ("the quay –", "it is new", "the quay – it is new"),
    ],
)
def test_a_word_cut_at_the_end_of_a_line_is_joined_and_a_compound_keeps_its_hyphen(
    cut: str, following: str, joined: str
) -> None:
    wide = f"{'x' * 60} {cut}"
    assert [*paragraphs([_page([wide, following])])] == [f"{'x' * 60} {joined}"]


def test_the_document_s_own_spelling_tells_how_to_join() -> None:
    lines = ["The towpath, the new tow-", "path, was dug.", "A sea-wall, said the sea-", "wall’s owner, is dear."]
    [article] = [" ".join(paragraphs([_page(lines)]))]
    assert article == "The towpath, the new towpath, was dug. A sea-wall, said the sea-wall’s owner, is dear."


def test_ligatures_are_letters_and_nothing_else_changes() -> None:
    assert [*paragraphs([_page(["The o\ufb03ce \ufb01led it at 2² ½ past…"])])] == ["The office filed it at 2² ½ past…"]


@pytest.mark.parametrize(
    "pages",
    [
        [["The lock has a new gate.", "“It is made of the", "Continued on page 4"], ["LOCK, from page 1", "{}"]],
        [["The lock has a new gate.", "“It is made of the {}", "Continued on page 4"]],
        [["LOCK, from page 1", "The lock has a new gate.", "“It is made of the {}"]],
    ],
)
def test_a_line_that_leads_to_another_page_costs_no_text(pages: list[list[str]]) -> None:
    """Whole over two pages, and of a file that has one half of an article only."""
    lines = [[line.format("oak,” said Bram Tewes.") for line in page] for page in pages]
    assert " ".join(text_of(*lines)) == "The lock has a new gate. “It is made of the oak,” said Bram Tewes."


def test_a_pdf_without_text_is_a_failure() -> None:
    assert refusal(make_pdf([])) == "the PDF has no text, only images; run text recognition (OCR) on it first"


def test_a_pdf_with_a_password_is_a_failure() -> None:
    assert refusal(make_pdf(["Secret."], password="x")) == "the PDF has a password; save a copy without one"


def test_a_pdf_encrypted_with_an_empty_password_opens() -> None:
    assert read_pdf(make_pdf(["Not secret."], password="")).articles[0].text == "Not secret."


LEFT_COLUMN = [
    "The lock at Holm will be shut for",
    "the rest of the month while divers",
    "look at its foot, the port said.",
    "“I have walked the lock twice and I",
    "will not raise it,” Ana Torvik, its",
    "keeper, told them. “Nobody asked me",
]
RIGHT_COLUMN = [
    "what it is, and no one will.”",
    "Per Lund, a pilot, said that the port",
    "had known of it since May, and that",
    "nobody would wait for the port to find",
    "out what all of them had known.",
]
READ = [
    "The lock at Holm will be shut for the rest of the month while divers look at its foot, the port said.",
    "“I have walked the lock twice and I will not raise it,” Ana Torvik, its keeper, told them. “Nobody asked me what "
    "it is, and no one will.”",
]


def piece(text: str, x: float, y: float) -> Piece:
    return Piece(text, x, y, 10)


def rows(left: list[str], right: list[str]) -> list[list[Piece]]:
    """Rows drawn across both columns, one below the other."""
    both = zip_longest(left, right)
    return [
        [piece(text, x, 700 - 14 * n) for text, x in ((one, 60), (other, 310)) if text]
        for n, (one, other) in enumerate(both)
    ]


def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other() -> None:
    lines = in_columns(rows(LEFT_COLUMN, RIGHT_COLUMN))
    assert [line.text for line in lines] == LEFT_COLUMN + RIGHT_COLUMN
    assert list(paragraphs([lines]))[:2] == READ


def test_a_line_across_the_columns_parts_what_is_above_and_below() -> None:
    across = [piece("A line that goes over both of the columns, as a headline in the middle of a page does", 60, 500)]
    lines = in_columns([*rows(LEFT_COLUMN, RIGHT_COLUMN), across, *rows(LEFT_COLUMN[::-1], RIGHT_COLUMN[::-1])])
    texts = [line.text for line in lines]
    assert texts[:11] == LEFT_COLUMN + RIGHT_COLUMN
    assert texts[11:] == [across[0].text, *LEFT_COLUMN[::-1], *RIGHT_COLUMN[::-1]]


def test_three_columns_are_read_one_after_the_other() -> None:
    wide = [
        [*row, piece(f"{text[:20]} in the third", 510, row[0].y)]
        for row, text in zip(rows(LEFT_COLUMN, LEFT_COLUMN), RIGHT_COLUMN, strict=False)
    ]
    assert [line.text for line in in_columns(wide)] == [
        *LEFT_COLUMN[:5],
        *LEFT_COLUMN[:5],
        *(f"{text[:20]} in the third" for text in RIGHT_COLUMN),
    ]


def test_a_table_and_a_line_in_pieces_stay_as_they_are_drawn() -> None:
    table = rows(["Harbour", "Lock", "Quay", "Mole", "Pier"], ["12.50", "8.00", "3.20", "1.00", "0.90"])
    split = [[piece("The lock at Holm will be shut", 60, y), piece("for the rest of it", 205, y)] for y in (9, 8, 7, 6)]
    assert next(line.text for line in in_columns(table)) == "Harbour12.50"
    assert [line.text for line in in_columns(split)] == ["The lock at Holm will be shutfor the rest of it"] * 4


def test_a_pdf_with_columns_is_read_by_columns() -> None:
    across = [f"{one} | {other}" for one, other in zip_longest(LEFT_COLUMN, RIGHT_COLUMN, fillvalue="")]
    assert text_of(across)[:2] == READ


@pytest.mark.parametrize(
    ("odd", "even"), [("6 | The Halvick Post", "Harbour | 7"), ("The Halvick Post  12", "13  Pilots on strike")]
)
@pytest.mark.parametrize("height", [30, 815])
def test_a_line_at_the_edge_that_counts_the_pages_is_no_text_whatever_else_it_says(
    odd: str, even: str, height: int
) -> None:
    odd, even = odd.replace(" | ", " / "), even.replace(" | ", " / ")
    assert text_of([f"@{height} {odd}", *BEFORE], [f"@{height} {even}", *AFTER]) == [WHOLE]


def test_a_number_that_does_not_count_the_pages_stays() -> None:
    first, second = ["The pilots’ last strike was in 1998", ""], ["Before that they struck in 1961", ""]
    assert "strike was in 1998" in " ".join(text_of(first, second))


def test_each_speaker_of_a_printed_transcript_has_a_paragraph() -> None:
    lines = [
        "MR. LUND: The crane has to go before the ice comes, or it will go with the ice.",
        "MS. TORVIK: Who pays for it?",
        "MR. LUND: The one who bought it without asking, and we all know who that may",
        "be.",
        "MS. TORVIK: Nobody knows it.",
    ]
    assert text_of(lines) == [*lines[:2], f"{lines[2]} be.", lines[4]]


def test_a_colon_in_a_sentence_begins_no_paragraph() -> None:
    lines = ["The pilots want three things from the port, and they want them before Friday’s", "Tide: light and pay."]
    assert text_of(lines) == [" ".join(lines)]


def test_where_a_document_cuts_words_a_second_half_that_often_ends_words_is_joined() -> None:
    lines = ["The engi-", "neer saw the over-", "loaded crane and the well-", "known crack."]
    assert " ".join(paragraphs([_page(lines)])) == "The engineer saw the overloaded crane and the well-known crack."


def test_the_halves_of_a_place_and_its_compound_keep_their_hyphen() -> None:
    lines = ["Halvick has a new firm, and the Halvick-", "based firm has a crane."]
    assert " ".join(paragraphs([_page(lines)])) == "Halvick has a new firm, and the Halvick-based firm has a crane."


def _sized(*lines: tuple[str, float]) -> list[Line]:
    return [Line(text, LEFT, TOP - LEADING * number, size) for number, (text, size) in enumerate(lines)]


SPOKEN = (
    ("“The tower will be taken down in June, and it will be taken down stone by stone so", 11.0),
    ("that the swifts can leave,” said Ana Torvik.", 11.0),
)


def test_large_words_in_the_middle_of_a_sentence_are_the_page_s_and_come_last() -> None:
    whole = " ".join(text for text, _ in SPOKEN)
    pulled = ("“I never liked it”", 17.0)
    assert [*paragraphs([_sized(SPOKEN[0], pulled, SPOKEN[1])])] == [whole, "“I never liked it”"]
    assert [*paragraphs([[Line(*pulled[:1], LEFT, 500, 17.0), *_sized(*SPOKEN)]])] == [whole, "“I never liked it”"]
    assert [*paragraphs([_sized(SPOKEN[0], pulled), _sized(SPOKEN[1])])] == [whole, "“I never liked it”"]


def test_a_large_quotation_that_the_text_has_is_left_out() -> None:
    assert [*paragraphs([_sized(SPOKEN[0], ("“stone by stone”", 17.0), SPOKEN[1])])] == [
        " ".join(text for text, _ in SPOKEN)
    ]


def test_a_headline_below_a_line_of_small_print_stays_in_its_place() -> None:
    page = _sized(("ANALYSIS", 11.0), ("Tower to go", 22.0), *SPOKEN)
    assert [*paragraphs([page])][:2] == ["ANALYSIS", "Tower to go"]


def test_the_raised_number_of_a_note_is_no_part_of_a_sentence() -> None:
    row = [Piece("in four countries.", 60, 500, 11), Piece("1", 150, 504, 7), Piece(" Nobody came.", 154, 500, 11)]
    note = [Piece("1", 60, 100, 8), Piece(" The firm names none.", 66, 100, 8)]
    assert [line.text for line in in_columns([row, note])] == [
        "in four countries. Nobody came.",
        "1 The firm names none.",
    ]


@pytest.mark.parametrize(
    "row",
    [
        [Piece("CO", 60, 500, 10), Piece("2", 75, 497, 6), Piece(" emissions fell.", 79, 500, 10)],
        [Piece("a yard of 40 m", 60, 500, 10), Piece("2", 130, 504, 6), Piece(" for boats", 134, 500, 10)],
        [Piece("about 10", 60, 500, 10), Piece("6", 100, 504, 6), Piece(" herring", 104, 500, 10)],
        [
            Piece("T", 60, 480, 40),
            Piece("he quay cost ", 85, 500, 10),
            Piece("400", 150, 500, 10),
            Piece(" crowns", 166, 500, 10),
        ],
        [Piece("Halvick ", 60, 500, 10), Piece("1958", 105, 504, 6), Piece(" and after", 118, 500, 10)],
    ],
    ids=["lowered", "a unit's power", "a number's power", "beside a large first letter", "a number by itself"],
)
def test_a_number_that_leads_to_no_note_stays_in_the_text(row: list[Piece]) -> None:
    assert in_columns([row])[0].text == "".join(piece.text for piece in row)


def test_a_quotation_goes_on_over_the_notes_at_the_foot_of_a_page() -> None:
    first = _sized(("“We shut the weir on Sunday because the", 11.0), ("miller had put his whole", 11.0))
    note = [Line("1 Abel Thorn, of the old", LEFT, 60, 8.0), Line("mill at Dunmoor.", LEFT, 50, 8.0)]
    second = _sized(("arm into the sill,” said Greta Lowe, its", 11.0), ("keeper, on the bank of it.", 11.0))
    whole = (
        "“We shut the weir on Sunday because the miller had put his whole arm into the sill,” said Greta Lowe, its "
        "keeper, on the bank of it."
    )
    assert [*paragraphs([[*first, *note], second])] == [whole, "1 Abel Thorn, of the old mill at Dunmoor."]


def test_small_print_without_a_number_stays_where_it_is() -> None:
    lines = _sized(("The weir was shut.", 11.0), ("Picture: River Wire", 8.0), ("It is low.", 11.0))
    assert " ".join(paragraphs([lines])) == "The weir was shut. Picture: River Wire It is low."
