"""Word documents and PDFs as newsrooms have them: who says what, in the words that a person sees on the page."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.quoting.statements import statements
from tests.test_pdf import make_pdf
from tests.test_word import deleted, inserted, made, run

Told = list[tuple[str, str]]
LOW = run("The reservoir at Tarn Hollow is low.")
REFERENCE = '<w:r><w:footnoteReference w:id="3"/></w:r>'
NOTE = f'<w:footnote w:id="3"><w:p>{run("Sixty-two by the board’s own table.")}</w:p></w:footnote>'
COMMENT = '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
HIDDEN = '<w:r><w:rPr><w:vanish{}/></w:rPr><w:t xml:space="preserve">very </w:t></w:r>'
ITEM = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
LUNDE = " said Petra Lunde, an engineer."


def told(path: Path, data: bytes) -> Told:
    """(speaker, words) of each statement of a file."""
    path.write_bytes(data)
    loaded = load(path)
    assert not loaded.failures
    found = [q for a in loaded.articles for q in statements(a.text, extract_quotes(a.text, a.title))]
    return [(q.speaker.name if q.speaker else "", " ".join(q.text.split())) for q in found]


def moved(tag: str, text: str) -> str:
    return f'<w:{tag} w:id="7" w:author="Desk">{run(text)}</w:{tag}>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc><w:p>{run(cell)}</w:p></w:tc>' for cell in cells)}</w:tr>"


@pytest.mark.parametrize(
    ("paragraphs", "notes", "expected"),
    [
        pytest.param(
            [
                run("“We have water for sixty days,")
                + REFERENCE
                + run(" not one more,” Ines Halvard, a director, said.")
            ],
            NOTE,
            ("Ines Halvard", "“We have water for sixty days, not one more,”"),
            id="the mark of a note within a quotation is no word of it",
        ),
        pytest.param(
            [run("“Nobody ") + COMMENT.format(run("drank")) + run(" from it,” Corin Maddock, a farmer, said.")],
            "",
            ("Corin Maddock", "“Nobody drank from it,”"),
            id="commented words stay",
        ),
        pytest.param(
            [moved("moveFrom", f"“They are old,”{LUNDE}"), run("A day."), moved("moveTo", f"“They are old,”{LUNDE}")],
            "",
            ("Petra Lunde", "“They are old,”"),
            id="moved words are said once",
        ),
        pytest.param(
            [run("“It will be dry,” said ") + deleted("Hugo Vint") + inserted("Talia Renn") + run(", the keeper.")],
            "",
            ("Talia Renn", "“It will be dry,”"),
            id="a tracked change of the speaker counts",
        ),
        pytest.param(
            [run("“It will ") + inserted("not ") + run("be ") + deleted("wet") + inserted("dry") + run(f",”{LUNDE}")],
            "",
            ("Petra Lunde", "“It will not be dry,”"),
            id="an inserted not is said",
        ),
        pytest.param(
            [
                run("What the two said of it:"),
                f"<w:tbl>{row('Who', 'Words')}{row('Yusra Nadim', '“Leave it.”')}</w:tbl>",
            ],
            "",
            ("Yusra Nadim", "“Leave it.”"),
            id="a row of a table is somebody’s",
        ),
        pytest.param(
            [
                f'<w:smartTag w:uri="u" w:element="Name">{run("Emeka Dorsey")}</w:smartTag>'
                + run(" said: “I sell ice.”")
            ],
            "",
            ("Emeka Dorsey", "“I sell ice.”"),
            id="a name in a smart tag is a name",
        ),
        pytest.param(
            [run("What they told us:"), ITEM + run("Hugo Vint, angler: “The perch are gone.”")],
            "",
            ("Hugo Vint", "“The perch are gone.”"),
            id="an item of a list is somebody’s",
        ),
        pytest.param(
            [run("“The pumps are ") + HIDDEN.format("") + run(f"old,”{LUNDE}")],
            "",
            ("Petra Lunde", "“The pumps are old,”"),
            id="hidden words are not seen",
        ),
        pytest.param(
            [run("“The pumps are ") + HIDDEN.format(' w:val="0"') + run(f"old,”{LUNDE}")],
            "",
            ("Petra Lunde", "“The pumps are very old,”"),
            id="words that are not hidden any more are seen",
        ),
        pytest.param(
            [
                run("“A well")
                + "<w:r><w:noBreakHyphen/></w:r>"
                + run("known fault")
                + "<w:r><w:softHyphen/></w:r>"
                + run(f"line,”{LUNDE}")
            ],
            "",
            ("Petra Lunde", "“A well-known faultline,”"),
            id="hyphens that do not break stay and soft ones go",
        ),
    ],
)
def test_a_word_document_is_quoted_as_its_page_shows_it(
    tmp_path: Path, paragraphs: list[str], notes: str, expected: tuple[str, str]
) -> None:
    found = told(tmp_path / "a.docx", made(LOW, *paragraphs, notes=notes))
    assert found.count(expected) == 1
    assert not [who for who, words in found if words != expected[1] and who == expected[0]]


COLUMNS = [
    "The reservoir at Tarn Hollow is low | has never been as low in forty",
    "and the board has shut two of its | years. “I have looked at that wall",
    "four gates, it said on Monday, be- | every morning since I was a girl,",
    "cause the pumps draw mud. Nobody | and I have never seen the founda-",
    "in the valley can remember that it | tions,” said Talia Renn, the keep-",
]
SHORT = [
    "er of the dam. “If you ask me who | ask the people who sold the water",
    "is to blame, I will tell you to go and | of this valley for twenty years.”",
]
HEAD = "@815 THE TARN HOLLOW MERCURY"


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param(
            [[HEAD, "@30 12", *COLUMNS], [HEAD, "@30 13", *SHORT]],
            [
                (
                    "Talia Renn",
                    "“I have looked at that wall every morning since I was a girl, and I have never seen the "
                    "foundations,”",
                ),
                (
                    "Talia Renn",
                    "“If you ask me who is to blame, I will tell you to go and ask the people who sold the "
                    "water of this valley for twenty years.”",
                ),
            ],
            id="a last page of two rows has the columns of the page before",
        ),
        pytest.param(
            [
                ["@800 PUBLIC INQUIRY", "@30 Page 44", "MR. BELLAMY: Were you there?", "", "MS. RENN: I was. I rang"],
                [
                    "@800 PUBLIC INQUIRY",
                    "@30 Page 45",
                    "the board.",
                    "",
                    "MR. BELLAMY: And then?",
                    "",
                    "MS. RENN: I left.",
                ],
            ],
            [("Renn", "I was. I rang the board."), ("Renn", "I left.")],
            id="a turn of a transcript goes on over the page",
        ),
        pytest.param(
            [
                [
                    "The reservoir is low. “We want a long-",
                    "term plan and no two-",
                    f"year patch,”{LUNDE} The long-term plan",
                    "is not written.",
                ]
            ],
            [("Petra Lunde", "“We want a long-term plan and no two-year patch,”")],
            id="compounds keep their hyphens",
        ),
        pytest.param(
            [
                [
                    "@815 The Mercury  12 May",
                    "“I have looked at that wall",
                    "every morning, and never seen the foot of",
                ],
                ["@815 The Mercury  12 May", "it. My father never saw it, and he kept", "the dam for thirty years, in"],
                ["@815 The Mercury  12 May", "all the dry summers,” Talia Renn said."],
            ],
            [
                (
                    "Talia Renn",
                    "“I have looked at that wall every morning, and never seen the foot of it. My father never "
                    "saw it, and he kept the dam for thirty years, in all the dry summers,”",
                )
            ],
            id="a quotation goes on over three pages",
        ),
    ],
)
def test_a_pdf_is_quoted_as_its_page_is_read(tmp_path: Path, pages: list[list[str]], expected: Told) -> None:
    found = told(tmp_path / "a.pdf", make_pdf(*pages))
    assert [statement for statement in found if statement in expected] == expected


def test_the_files_of_an_archive_may_be_in_any_encoding(tmp_path: Path) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("één/a.txt", f"It is low.\n\n“We had no choice,”{LUNDE}".encode("utf-16"))
        archive.writestr("b.txt", "It is low.\n\n“Ration it now,” said Corin Maddock, a farmer.".encode("cp1252"))
    found = told(tmp_path / "a.zip", out.getvalue())
    assert ("Petra Lunde", "“We had no choice,”") in found
    assert ("Corin Maddock", "“Ration it now,”") in found
