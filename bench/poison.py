"""Files that ask too much of whoever reads them, and files broken by chance."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import common  # noqa: F401 - it makes the product importable

from ingest.loading.loaders import SUFFIXES

WORDS = b"The mayor said no to it all and left the town. "


def poison() -> dict[str, Callable[[], bytes]]:
    """Every kind of file that takes gigabytes or hours of a careless reader, by its name."""
    cell = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    return {
        "paragraphs.docx": lambda: word("<w:p/>" * 12_000_000),
        "span.docx": lambda: word(cell),
        "deep.docx": lambda: word("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000),
        "lists.json": lambda: b"[" + b"[]," * 16_000_000 + b"[]]",
        "lists.jsonl": lambda: b"[" + b"[]," * 16_000_000 + b"[]]",
        "deep.json": lambda: b"[" * 1_000_000,
        "objects.jsonl": lambda: b"{}\n" * 1_000_000,
        "line2.txt": lambda: WORDS * 42_000,
        "line20.txt": lambda: WORDS * 420_000,
        "blank.txt": lambda: b"\n" * 40_000_000,
        "nested.html": lambda: b"<div>" * 1_000_000 + b"x",
        "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % number for number in range(300_000)) + b">x",
        "paragraphs.html": lambda: b"<html><body><article>" + b"<p>a b c</p>" * 3_000_000,
        "quotes.md": lambda: b">" * 100_000 + b"x",
        "brackets.md": lambda: b"[" * 200_000,
        "operators.pdf": lambda: pdf(b"BT /F1 12 Tf " + b"(a) Tj 0 1 Td " * 2_000_000 + b"ET"),
        "pages.pdf": lambda: pdf(b"BT /F1 12 Tf (He said so.) Tj ET" * 200, pages=3000),
        "blank.pdf": lambda: pdf(b" " * 300_000_000),
        "captions.vtt": lambda: b"WEBVTT\n\n" + b"00:00.000 --> 00:01.000\na\n\n" * 300_000,
    }


def word(body: str) -> bytes:
    """A Word document with this XML in its body."""
    import docx

    empty, written = io.BytesIO(), io.BytesIO()
    docx.Document().save(empty)
    with zipfile.ZipFile(empty) as parts, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1)
            out.writestr(name, content)
    return written.getvalue()


def pdf(stream: bytes, pages: int = 1) -> bytes:
    """A PDF whose pages all show one stream."""
    content = zlib.compress(stream)
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources " + font + b">>"
    kids = " ".join(f"{4 + number} 0 R" for number in range(pages)).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count " + str(pages).encode() + b">>",
        b"<</Length " + str(len(content)).encode() + b"/Filter/FlateDecode>>stream\n" + content + b"\nendstream",
        *[page] * pages,
    ]
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, value in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj".encode() + value + b"endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places).encode()
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(written)}\n%%EOF".encode()
    return bytes(written) + head + table + tail


def broken(data: bytes, chance: random.Random) -> bytes:
    """A file with noise in it, a piece gone, doubled or moved, its end cut off, or a few of these."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed) + 1)
        piece = changed[start : start + chance.choice((1, 4, 64, 1024))]
        match chance.randrange(6):
            case 0:
                changed[start : start + len(piece)] = chance.randbytes(len(piece))
            case 1:
                del changed[start : start + len(piece)]
            case 2:
                changed[start:start] = piece * chance.choice((1, 10, 200))
            case 3:
                del changed[start:]
            case 4:
                changed[start:start] = chance.choice(
                    (b"\0", b"\xff\xfe", b"<" * 500, b"[" * 500, b"\x1b[2J", b"\xed\xa0\x80")
                )
            case _:
                at = chance.randrange(len(changed) + 1)
                changed[at:at] = piece
    return bytes(changed)


def broken_files(seeds: Path, folder: Path, many: int, chance: random.Random) -> list[Path]:
    """Write so many broken copies of sample articles, of every format in turn."""
    by_format: dict[str, list[Path]] = {}
    for path in sorted(seeds.rglob("*")):
        if path.suffix in SUFFIXES and not path.name.startswith("README"):
            by_format.setdefault(path.suffix, []).append(path)
    formats = sorted(by_format)
    written = []
    for number in range(many):
        suffix = formats[number % len(formats)]
        path = folder / f"broken{number:04}{suffix}"
        path.write_bytes(broken(chance.choice(by_format[suffix]).read_bytes(), chance))
        written.append(path)
    return written
