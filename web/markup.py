"""The page's templates and its own files: Jinja2 with everything escaped, style and script as they are in `web/static`.

Everything from an article, a question or a model is hostile. A template shows exactly the characters that it is given,
or, through `inert`, characters in which Markdown sees nothing to do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rag.text import from_windows
from rag.writing.compose import display_date
from rag.writing.reference import safe_url

HERE = Path(__file__).resolve().parent

# Entities instead of backslashes: no Markdown rule, autolink or emphasis sees the character, whatever the dialect.
# The ASCII punctuation left out (, ' " ?) has no meaning in Markdown. A space after white space would indent or break.
_ACTIVE = re.compile(r"[!#-&(-+\--/:->@\[-`{-~\t\x0b\x0c]|(?:^|(?<=\s)) ")
_NEWLINE = re.compile(r"\r\n?|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


def render(template: str, **given: object) -> str:
    """Fill a template of `web/templates`; whatever is given is escaped."""
    return _environment().get_template(template).render(given)


@lru_cache
def static(name: str) -> str:
    """A file of `web/static` as text."""
    return (HERE / "static" / name).read_text(encoding="utf-8")


def inert(text: str) -> Markup:
    """Make any text inert in Markdown: one run of inline text that shows exactly its own characters."""
    marked = _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", visible(text))
    return Markup(_NEWLINE.sub("<br>", marked))


def visible(text: str) -> str:
    """Replace lone surrogates, which no page can carry, and the controls that stand for marks, which none shows."""
    return _SURROGATE.sub("\ufffd", from_windows(text))


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"inert": inert, "safe_url": safe_url, "day": display_date}
    return made
