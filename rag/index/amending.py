"""By what a correction in an article of its own names the article that it is about: the headline, or outlet and day.

In: an article. Out: keys that a correction gives, and those under which an article is looked for. Nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.months import MONTH, MONTHS
from rag.schema import Article
from rag.text import quotations, terms

HEADLINE, DAY = "headline", "day"
LEAST = 3  # Stems of a headline that is no other article's.
# "Correction: Council shuts quay", with nothing behind it that ends a sentence.
HEADED = re.compile(r"[^:\n]{3,40}[:—–] *([^\n]+)")
DATE = re.compile(rf"\b(?:(\d\d?)(?:st|nd|rd|th)? (?:of )?({MONTH})\b|({MONTH})\.? (\d\d?)\b)", re.I)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction that stands in another article: its words, these without the headline, its day, its key."""

    words: str
    about: str
    when: str
    is_of_headline: bool


def keys_given(article: Article) -> Iterator[tuple[str, str]]:
    """(key, place) for each correction of an article and each other article that it may be about."""
    headed = {place: _headed(article.text[slice(*place)]) for place in article.corrected_at}
    above = [headline for headline in (*headed.values(), _headed(article.title or "")) if headline]
    for place, own in headed.items():
        if own:
            continue
        words = article.text[slice(*place)]
        keys = [
            *map(_headline_key, (*above, *quotations(words))),
            *(_day_key(article, day) for day in _days(words, article)),
        ]
        yield from ((key, f"{place[0]}:{place[1]}") for key in dict.fromkeys(keys) if key)


def keys_of(article: Article) -> list[str]:
    """The keys under which a correction of an article is found: its headline, parts of that, outlet and day.

    A part is its beginning or its end: a correction may have the headline as another page of the paper had it.
    """
    stems = terms(article.title or "")
    parts = [
        *(stems[:end] for end in range(LEAST, len(stems))),
        *(stems[start:] for start in range(len(stems) - LEAST + 1)),
    ]
    keys = (*map(_key, parts), _day_key(article, article.published or ""))
    return [key for key in keys if key]


def is_of_headline(key: str, article: Article) -> bool:
    """True for the key of an article's whole headline."""
    return key == _headline_key(article.title or "")


def is_amended(article: Article, other: Article) -> bool:
    """True where the correction in `other` can be of an article: not before it, and of the same outlet if both say."""
    outlets = {(one.publication or "").casefold() for one in (article, other)} - {""}
    is_after = bool(article.published and other.published) and str(other.published) >= str(article.published)
    return article.id != other.id and is_after and len(outlets) < 2


def _headed(words: str) -> str:
    found = HEADED.fullmatch(words.strip())
    return found[1] if found and words.split()[0].lower().startswith("correction") and words[-1] not in ".!?" else ""


def _headline_key(headline: str) -> str:
    return _key(terms(headline))


def _key(stems: Sequence[str]) -> str:
    return f"{HEADLINE} {' '.join(stems)}" if len(stems) >= LEAST else ""


def _day_key(article: Article, day: str) -> str:
    return f"{DAY} {day[:10]} {article.publication.casefold()}" if article.publication and day else ""


def _days(words: str, article: Article) -> Iterator[str]:
    """The days that a correction names, each the last of its name up to the correction's own."""
    try:
        until = date.fromisoformat((article.published or "")[:10])
    except ValueError:
        return
    for match in DATE.finditer(words):
        number, month = int(match[1] or match[4]), MONTHS[(match[2] or match[3]).lower()]
        for year in (until.year, until.year - 1):
            try:
                day = date(year, month, number)
            except ValueError:
                continue
            if day <= until:
                yield day.isoformat()
                break
