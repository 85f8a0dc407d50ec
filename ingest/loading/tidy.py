"""Bring what a file says of an article into the form that the schema promises: one line, a day, a web address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from ingest.loading.byline import behind_by
from ingest.loading.common import LoadError
from rag.schema import Article
from rag.text import whole

# A book of 500 pages. `ingest.pipeline` has the limit on what is read for quotes.
MAX_TEXT_CHARS = 1_000_000
# Titles, names and outlets longer than this are not what they say they are; nor are such addresses.
MAX_FIELD_CHARS = 500
MAX_URL_CHARS = 2000

# "9 de marzo de 2026", "9. März 2026": a month in words is one day in whatever language has that word.
ELSEWHERE = ("en", "es", "fr", "de", "it", "pt")
_ELSEWHERE_DAY = re.compile(r"\d{1,2}(?:\.|er)? (?:de )?[^\W\d_]{3,10}\.? (?:de )?\d{4}")

# The codes of three letters (ISO 639-2) of languages that have one of two.
_SHORT_CODES = dict(
    pair.split(":")
    for pair in "eng:en spa:es fra:fr fre:fr deu:de ger:de ita:it por:pt nld:nl dut:nl swe:sv dan:da nor:no pol:pl "
    "rus:ru ukr:uk ara:ar zho:zh chi:zh jpn:ja kor:ko tur:tr ell:el gre:el ces:cs cze:cs hun:hu fin:fi heb:he".split()
)

_BLANK_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def tidy(article: Article, path: Path) -> Article:
    """Check the text and bring the metadata into the form that the schema promises."""
    if not article.text.strip():
        raise LoadError("there is no text in it")
    if len(article.text) > MAX_TEXT_CHARS:
        raise LoadError(f"the article has {len(article.text):,} characters; the limit is {MAX_TEXT_CHARS:,}: split it")
    author = _one_line(article.author) or ""
    return replace(
        article,
        id=whole(article.id),
        text=whole(article.text),
        title=_one_line(article.title),
        author=behind_by(author) or author or None,
        publication=_one_line(article.publication),
        published=iso_date(article.published),
        updated=_iso_time(article.updated),
        language=_language(article.language),
        story=_one_line(article.story),
        notice=_one_line(article.notice),
        url=_web_address(article.url),
        path=str(path),
    )


def _one_line(value: str | None) -> str | None:
    return _BLANK_OR_CONTROL.sub(" ", whole(value or "")).strip()[:MAX_FIELD_CHARS].rstrip() or None


def iso_date(value: str | None) -> str | None:
    """Return the day as YYYY-MM-DD, as written; None when it is incomplete, relative or can be read in two ways."""
    written = _one_line(value)
    if written is None or len(written) > 60:
        return None
    try:
        return datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        return _only_reading(written)


def _iso_time(value: str | None) -> str | None:
    """The same with the time of the day, where it is given: versions follow each other within hours."""
    written = _one_line(value)
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return iso_date(written)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()[:19]


@lru_cache(maxsize=4096)  # an archive has many articles of a day
def _only_reading(written: str) -> str | None:
    import dateparser

    languages = ELSEWHERE if _ELSEWHERE_DAY.fullmatch(written) else ("en",)
    strict = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    for language in languages:
        readings = (
            dateparser.parse(written, languages=[language], settings={**strict, "DATE_ORDER": order})
            for order in ("DMY", "MDY", "YMD")
        )
        days = {reading.date().isoformat() for reading in readings if reading is not None}
        if days:  # "04 Mar 2026" is a day in March, though "mar" is Tuesday in French.
            return days.pop() if len(days) == 1 else None
    return None


def _language(value: str | None) -> str | None:
    """The code of a language: "en" of "en-GB" and of "en_US"."""
    code = re.split(r"[-_]", _one_line(value) or "")[0].lower()
    return _SHORT_CODES.get(code, code) if re.fullmatch(r"[a-z]{2,3}", code) else None


def _web_address(value: str | None) -> str | None:
    address = whole(value or "").strip()
    if len(address) > MAX_URL_CHARS or _BLANK_OR_CONTROL.search(address):
        return None
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return address if is_web else None
