"""A newcomer's path, timed: clone, install, open the page, read a cited answer, add an own PDF and ask about it.

Run it where nothing of the program is installed yet. `--python PATH` leaves the installing out and uses what has it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from common import ROOT, Row, report
from load import Person, page_of

QUESTION = "What did Mayor Solvane say about the second tug?"
SAID = "The mill bridge at Orrin closes on Monday,"
PDF_TEXT = [f'"{SAID}" Greta Aldous said.', "She is the warden of the bridge, and has been so for nine years."]
PDF_QUESTION = "What did Greta Aldous say about the mill bridge?"


def pdf_of(lines: list[str]) -> bytes:
    """A PDF of one page with these lines, which must be plain ASCII."""
    shown = "".join(f"({line}) Tj T* " for line in (line.replace("(", "").replace(")", "") for line in lines))
    content = f"BT /F1 11 Tf 14 TL 60 760 Td {shown}ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(parts) + 1, table, end)


async def asked(url: str, question: str) -> str:
    """Ask as the page does; the text of the answer, which cites something."""
    async with client_of(url) as client:
        person = Person(client, "newcomer")
        await person.open()
        met = await person.ask(question)
        if met.error:
            raise SystemExit(met.error)
        answer = person.memory["turns"][-1]["answer"]
        if not answer["citations"]:
            raise SystemExit(f"{question} is not answered: {answer['text']}")
        return str(answer["text"])


async def added(url: str, file: Path) -> str:
    """Add a file as the page does; what it says."""
    async with client_of(url) as client:
        sent = await client.post("/gradio_api/upload", files={"files": (file.name, file.read_bytes())})
        [place] = sent.json()
        held = {"path": place, "orig_name": file.name, "meta": {"_type": "gradio.FileData"}}
        person = Person(client, "newcomer")
        return await person.press("otr-add-button", [[held], None, ""])


def client_of(url: str) -> Any:
    """A client of the page that is served at an address, which no proxy stands between."""
    import httpx

    return httpx.AsyncClient(base_url=url, timeout=300, trust_env=False)


def walk(home: Path, python: str | None) -> Row:
    """Walk the path in an empty folder; seconds from the beginning at each step."""
    began = time.monotonic()
    steps: Row = {}

    def done(step: str) -> None:
        steps[step] = round(time.monotonic() - began, 1)

    place = home / "on-the-record"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
    done("cloned")
    if python is None:
        subprocess.run(["make", "-s", "install"], cwd=place, check=True, stdout=sys.stderr)
        python = str(place / ".venv/bin/python")
    done("installed")
    with page_of(home / "index", python=python, root=place) as (url, _):
        done("the page is there")
        print(asyncio.run(asked(url, QUESTION)), file=sys.stderr)
        done("first cited answer")
        pdf = home / "bridge.pdf"
        pdf.write_bytes(pdf_of(PDF_TEXT))
        print(asyncio.run(added(url, pdf)), file=sys.stderr)
        done("own PDF added")
        if SAID not in asyncio.run(asked(url, PDF_QUESTION)):
            raise SystemExit("what the PDF says is not in the answer")
        done("own PDF answered from")
    return {"seconds_from_the_beginning": steps}


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--python", help="a Python that has all that is needed: leaves the installing out")
    args = parser.parse_args(argv)
    # The page runs in another folder; a link to Python stays one, or it would be another environment.
    python = args.python and shutil.which(args.python)
    if args.python and not python:
        parser.error(f"{args.python} is no Python that can be run: name one, such as .venv/bin/python")
    with tempfile.TemporaryDirectory() as home:
        report(walk(Path(home), python and os.path.abspath(python)), as_json=args.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
