"""An answer as a file to take along: Markdown, HTML, JSON or CSV, each with what `python -m rag verify` needs.

What stands in an article can neither run in a browser, nor be read as markup, nor as a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.schema import Answer, Citation
from rag.writing.reference import reference, safe_url

if TYPE_CHECKING:
    from jinja2 import Template

SOURCES = "## Sources"
# The places of a citation in Markdown and its fields in a CSV: the reader of exports knows them by these names.
PLACE = "Article `{id}`, characters {start}–{end}, SHA-256 {sha256}"
CITED = "number speaker role source direct quote title publication published url article_id start end sha256".split()
COLUMNS = ("question", "answered", "verdict", "judge", "sentence", *CITED, "reference")
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = re.compile(r"'?[=+\-@\t\r]")
ACTIVE = re.compile(r"[\\`*_{}\[\]<>#|~&!$]|^(?:[-+=]|\d+(?=[.)]))")


def as_markdown(question: str, answer: Answer) -> str:
    """The question, where there is one, as the title, the answer's text, and the numbered sources with their places."""
    is_list = sum(line.kind == "statement" for line in answer.sentences) > 1
    lines = [
        f"{'- ' if is_list and line.citation else ''}{_plain(line.text)}"
        f"{f' [{line.citation}]' if line.citation else ''}{'' if line.citation else chr(10)}"
        for line in answer.sentences
    ]
    sources = [f"{c.number}. {_plain(reference(c))}\n   {_place(c)}" for c in answer.citations]
    title = _plain(question)
    return "\n".join([*([f"# {title}", ""] if title else []), *lines, "", SOURCES, "", *(sources or ["None."]), ""])


def as_html(question: str, answer: Answer) -> str:
    """One page without style or script, its sentences and sources marked for programs."""
    sources = [(citation, reference(citation), safe_url(citation.url)) for citation in answer.citations]
    return _template().render(question=" ".join(question.split()), lines=answer.sentences, sources=sources)


def as_json(question: str, answer: Answer) -> str:
    """The whole answer with its question."""
    asked = {"question": question} if question.strip() else {}
    return json.dumps({**asked, **answer.to_dict()}, ensure_ascii=False, indent=2) + "\n"


def as_csv(question: str, answer: Answer) -> str:
    """A row for each sentence, with the citation that it tells."""
    cited = {citation.number: citation for citation in answer.citations}
    output = io.StringIO()
    rows = csv.writer(output)
    rows.writerow(COLUMNS)
    about = (question, str(answer.answered).lower(), answer.verdict or "", answer.judge)
    for line in answer.sentences:
        citation = cited.get(line.citation or 0)
        rows.writerow(map(_cell, (*about, line.text, *_fields(citation))))
    return output.getvalue()


FORMATS: dict[str, tuple[Callable[[str, Answer], str], str, str]] = {
    "markdown": (as_markdown, "text/markdown", "md"),
    "html": (as_html, "text/html", "html"),
    "json": (as_json, "application/json", "json"),
    "csv": (as_csv, "text/csv", "csv"),
}


def _plain(text: str) -> str:
    """One line in which Markdown sees nothing to do."""
    return ACTIVE.sub(lambda match: f"\\{match[0]}" if not match[0].isdigit() else f"{match[0]}\u2060", _line(text))


def _line(text: str) -> str:
    return " ".join(text.split())


def _place(citation: Citation) -> str:
    return PLACE.format(id=citation.article_id, start=citation.start, end=citation.end, sha256=citation.sha256)


def _fields(citation: Citation | None) -> list[str]:
    if citation is None:
        return [""] * (len(CITED) + 1)
    values = [*(getattr(citation, name) for name in CITED), reference(citation)]
    return ["" if value is None else str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _cell(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


@lru_cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    made = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("answer.html")
