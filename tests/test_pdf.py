"""PDF as a person reads it: paragraphs, without what stands on every page, whole over the end of a page."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.loading.common import LoadError
from ingest.loading.lines import Line, paragraphs, without_running
from ingest.loading.pdf import read_pdf
from rag.schema import Article

FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
LEFT, TOP, LEADING = 60, 780, 16


def make_pdf(*pages: list[str], password: str | None = None, **info: str) -> bytes:
    """Make a PDF with the lines of each page one below the other; "@30 text" is drawn at that height instead."""
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
        drawn.append(f"BT /F 11 Tf {LEFT + 12 * text.startswith('  ')} {at} Td ({text.strip()}) Tj ET")
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
        ("in the Anglo-", "Saxon town", "in the Anglo- Saxon town"),
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


def test_a_pdf_without_text_is_a_failure() -> None:
    assert refusal(make_pdf([])) == "the PDF has no text, only images; run text recognition (OCR) on it first"


def test_a_pdf_with_a_password_is_a_failure() -> None:
    assert refusal(make_pdf(["Secret."], password="x")) == "the PDF has a password; save a copy without one"


def test_a_pdf_encrypted_with_an_empty_password_opens() -> None:
    assert read_pdf(make_pdf(["Not secret."], password="")).articles[0].text == "Not secret."
