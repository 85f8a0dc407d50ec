"""Wrong encodings: mended where that is certain, told where it is not; every other text stays as it was given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.common import decode
from ingest.loading.loaders import LEFT, load
from ingest.loading.mojibake import mended, unescaped, unmixed
from rag.text import from_windows

WORDS = "“It leaks,” Zoë Torvik said — it’s the café’s…"


def read_as(text: str, encoding: str) -> str:
    return text.encode().decode(encoding, "replace")


@pytest.mark.parametrize(
    "broken",
    [
        read_as(WORDS, "cp1252"),
        read_as(WORDS, "latin-1"),
        read_as(read_as(WORDS, "latin-1"), "latin-1"),
        read_as(WORDS, "mac-roman"),
        WORDS.encode("cp1252").decode("latin-1"),
        f"{WORDS[:9]}{WORDS[9:].encode('cp1252').decode('latin-1')}",
        read_as(WORDS, "cp1252").replace("â€\ufffd", "â€"),
    ],
)
def test_a_line_read_in_a_wrong_encoding_is_mended_and_told(broken: str) -> None:
    text, [note] = mended(f"{broken}\nIt rained.")
    assert text == f"{WORDS}\nIt rained."
    assert note.startswith("the text was in a wrong encoding and is mended in 1 line, as “")


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "naïve façade, Łódź, Škoda",
        "JOSÉ, São Paulo",
        "5 € – „nein“",
        "ASCII",
        "Привет, 東京",
        "©2026 Ångström ½",
    ],
)
def test_right_text_is_left_letter_for_letter(text: str) -> None:
    assert mended(text) == (text, ())


def test_what_cannot_be_mended_is_told_and_left() -> None:
    broken = read_as("The Łódź quay", "cp1252").replace("\ufffd", "")
    text, notes = mended(broken)
    assert (text, len(notes)) == (broken, 1)
    assert notes[0].startswith("the text seems to be in a wrong encoding in 1 line and is left so")


def test_lost_letters_are_counted() -> None:
    assert mended("Zo\ufffd left. Zo\ufffd came.")[1] == (
        "characters of the text are lost and shown as \ufffd (2): save it again from its source",
    )


def test_lines_of_two_encodings_are_all_read_and_the_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("“One,” Zoë said.\n".encode() + "“Two,” Zoë said.\n".encode("cp1252") + b"It rained.\n")
    loaded = load(file)
    assert loaded.articles[0].text == "“One,” Zoë said.\n“Two,” Zoë said.\nIt rained.\n"
    assert [w.text for w in loaded.warnings] == [
        "1 of its lines are not in UTF-8 like the others; they were read as windows-1252"
    ]


def test_a_line_with_both_encodings_is_not_guessed_at() -> None:
    data = "“One,” Zoë said.\n“Two,” ".encode() + b"Zo\xeb said.\n"
    assert unmixed(data) == (data, 0)


@pytest.mark.parametrize(
    "text",
    [
        "El alcalde dijo: «No habrá más dinero para el año que viene».",
        "Bürgermeisterin Übel sagte: „Das Schloß bleibt zu“.",
        "It costs £5 — that’s a lot.",
        "She said: ‘I will not go.’",
    ],
)
def test_windows_western_text_keeps_its_letters_and_the_guess_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(text.encode("cp1252"))
    loaded = load(file)
    assert loaded.articles[0].text == text
    assert [w.text.split(":")[0] for w in loaded.warnings] == ["the file is not in UTF-8; it was read as windows-1252"]


def test_other_alphabets_are_left_to_the_detector() -> None:
    text = "Мэр сказала, что причал останется закрытым до конца месяца, и никто не знает почему. " * 3
    assert decode(text.encode("cp1251")) == text


def test_utf8_and_utf16_are_sure_and_not_told(tmp_path: Path) -> None:
    for name, encoding in (("a.txt", "utf-8"), ("b.txt", "utf-16")):
        (tmp_path / name).write_bytes(WORDS.encode(encoding))
        assert load(tmp_path / name).warnings == ()


def test_a_title_is_mended_like_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"# {read_as('Zoë’s lock', 'cp1252')}\n\nIt leaks.", encoding="utf-8")
    assert load(file).articles[0].title == "Zoë’s lock"


def test_a_line_of_json_is_left_as_given_and_told(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    broken = read_as("It leaks, Zoë’s lock.", "cp1252")
    file.write_text(json.dumps({"text": broken, "title": read_as("Zoë’s lock", "cp1252")}), encoding="utf-8")
    loaded = load(file)
    assert (loaded.articles[0].text, loaded.articles[0].title) == (broken, "Zoë’s lock")
    assert [warning.text for warning in loaded.warnings] == [LEFT]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("&#147;It leaks,&#148; said Mar&iacute;a.", "“It leaks,” said María."),
        ("&amp;ldquo;It isn&amp;rsquo;t,&amp;rdquo; said Mar&amp;iacute;a.", "“It isn’t,” said María."),
        ("&amp;amp;ldquo;No,&amp;amp;rdquo; she said.", "“No,” she said."),
        ("&ldquoIt isn&rsquot,&rdquo said Mar&iacutea&#8212of Tarn.", "“It isn’t,” said María—of Tarn."),
        ("&#147It leaks,&#148 she said.", "“It leaks,” she said."),
    ],
)
def test_marks_of_html_are_read_however_often_they_were_escaped(written: str, meant: str) -> None:
    text, [note] = unescaped(written)
    assert text == meant
    assert note.startswith("marks of HTML in it are read as what they stand for")


@pytest.mark.parametrize(
    "text", ["R&D at AT&T", "Marks&notes, Ash&Thorn; real&image", "a.example/?a=1&section=2&copy=3", "Room &#12, &#5"]
)
def test_what_only_looks_like_a_mark_of_html_is_left(text: str) -> None:
    assert unescaped(text) == (text, ())


def test_who_wrote_an_article_is_mended_like_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(read_as("Quay stays low\nBy Zoë Halberg\n\n“It leaks,” Zoë Moe said.\n", "cp1252"))
    [article] = load(tmp_path / "a.txt").articles
    assert article.author == "Zoë Halberg"


CONTROLS = "“We saw the lid … and it’s gone,” said Bo Ek, the sexton’s son. “Mr. Šik’s bell – gone.”".encode(
    "cp1252"
).decode("latin-1")
TOLD = [("“We saw the lid … and it’s gone,” “Mr. Šik’s bell – gone.”", "Bo Ek")]


def told(text: str) -> list[tuple[str, str]]:
    return [(from_windows(q.text), q.speaker.name) for q in extract_quotes(text) if q.speaker and q.kind == "direct"]


def test_controls_that_stand_for_marks_are_read_as_these_in_a_line_that_is_stored_as_given(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": CONTROLS, "title": "The lid\x92s gone"}) + "\n")
    [article] = load(tmp_path / "a.jsonl").articles
    assert (article.text, article.title) == (CONTROLS, "The lid’s gone")
    assert told(article.text) == TOLD
    assert all(span.text == CONTROLS[span.start : span.end] for q in extract_quotes(CONTROLS) for span in q.content)


def test_in_other_formats_they_are_mended_beside_marks_that_are_right(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{CONTROLS} “Oh,” said Ana Łosk.\n", encoding="utf-8")
    loaded = load(tmp_path / "a.txt")
    assert loaded.articles[0].text.startswith(from_windows(CONTROLS))
    assert [warning.text[:38] for warning in loaded.warnings] == ["the text was in a wrong encoding and i"]


def test_the_control_that_ends_lines_is_no_mark_between_letters() -> None:
    assert from_windows("It leaks.\x85It rains.\x85\n") == "It leaks.\x85It rains.\x85\n"
    assert from_windows("It \x85 leaks\x85 \x93\x85no\x85\x94") == "It … leaks… “…no…”"


@pytest.mark.parametrize("text", ["RaÃ\x83Âºl came.", "â\x80\x9cIt leaks.â\x80\x9d", "JosÃ\x89"])
def test_half_of_a_letter_in_a_wrong_encoding_is_no_mark_of_windows(text: str) -> None:
    assert from_windows(text) == text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\"It leaks,\" said Ana Torvik. (\"Again.\")", '"It leaks," said Ana Torvik. ("Again.")'),
        (r"\'It isn\'t mine,\' said Bo.", "'It isn't mine,' said Bo."),
        (r"\“It leaks,\” said Bo.", "“It leaks,” said Bo."),
        (r"Quay leaks\n\n\"It leaks,\" she said.\r\n\"So do I.\"", 'Quay leaks\n\n"It leaks," she said.\n"So do I."'),
        (r'\"It leaks,\" said Bo, 5" taller, of C:\new\logs.', r'"It leaks," said Bo, 5" taller, of C:\new\logs.'),
    ],
)
def test_a_backslash_before_a_mark_is_no_part_of_the_text(tmp_path: Path, written: str, meant: str) -> None:
    (tmp_path / "a.txt").write_text(written, encoding="utf-8")
    loaded = load(tmp_path / "a.txt")
    assert [article.text for article in loaded.articles] == [meant]
    assert [warning.text[:48] for warning in loaded.warnings] == ["the backslashes that a program put before its qu"]


@pytest.mark.parametrize(
    "text",
    [
        r'"Look in C:\tarn\new\" said Bo. "Or in \\tarn\quay\"',
        r'"It prints \" and stops," said Bo. "Nobody knows why."',
        r"The folder is D:\quay\'Ana' and nobody's.",
    ],
)
def test_backslashes_of_paths_and_of_programs_stay(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    loaded = load(tmp_path / "a.txt")
    assert ([article.text for article in loaded.articles], loaded.warnings) == ([text], ())


def test_a_title_and_a_line_of_json_with_backslashes(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": r"\"It leaks,\" said Bo.", "title": r"\"It leaks\""}))
    loaded = load(tmp_path / "a.jsonl")
    assert [(article.text, article.title) for article in loaded.articles] == [(r"\"It leaks,\" said Bo.", '"It leaks"')]
    assert [warning.text for warning in loaded.warnings] == [LEFT]
