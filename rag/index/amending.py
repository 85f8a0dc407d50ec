"""By what a correction in an article of its own names the article that it is about: headline, address, outlet and day.

In: an article. Out: keys that a correction gives, and those under which an article is looked for. Nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from rag.index.notices import first_headline, headline_in, is_notice
from rag.months import MONTH, MONTHS
from rag.schema import Article
from rag.text import quotations, terms

HEADLINE, DAY, STORY = "headline", "day", "story"
Pair = tuple[int, int]
LEAST = 3  # Stems of a headline that is no other article's.
# "Correction: Council shuts quay", with nothing behind it that ends a sentence.
HEADED = re.compile(r"[^:\n]{3,40}[:—–] *([^\n]+)")
DATE = re.compile(rf"\b(?:(\d\d?)(?:st|nd|rd|th)? (?:of )?({MONTH})\b|({MONTH})\.? (\d\d?)\b)", re.I)
ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>“”\"]+", re.I)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction that stands in another article: its words, these without the headline, its day, how it is meant.

    `is_whole` where it has all of the headline, or the address, of the article; `takes_back` where it retracts that.
    """

    words: str
    about: str
    when: str
    is_whole: bool
    takes_back: bool = False


def story_of(article: Article) -> str | None:
    """What versions of one article have in common: an agency's own number of the story, else their address."""
    return article.story or _address(article.url)


def keys_given(article: Article) -> Iterator[tuple[str, str]]:
    """(key, place) for each correction of an article and each other article that it may be about.

    A notice with one correction may name the article anywhere, by its address, too, or stand at that itself. Only a
    correction of one paragraph says by the days that it names of which article it is.
    """
    title = article.title or ""
    headed = {place: _headed(article.text[slice(*place)]) for place in article.corrected_at}
    places = [place for place, own in headed.items() if not own]
    above = [*map(_headline_key, (*headed.values(), _headed(title)))]
    if any(_is_resent(article, place) for place in places):
        above.append(_headline_key(first_headline(title)))
    if is_notice(article):
        above += map(_headline_key, (headline_in(title), first_headline(headline_in(title))))
        about = f"{title} {article.text}" if len(places) == 1 else title
        above += map(_headline_key, quotations(about))
        above += [_story_key(address) for address in (story_of(article), *_addresses(about))]
    for place in places:
        words = article.text[slice(*place)]
        keys = [*above, *map(_headline_key, quotations(words))]
        if "\n" not in words:
            keys += [_day_key(article, day) for day in _days(words, article)]
        yield from ((key, f"{place[0]}:{place[1]}") for key in dict.fromkeys(keys) if key)


def keys_of(article: Article) -> list[str]:
    """The keys under which a correction of an article is found: its headline, parts of that, address, outlet and day.

    A part is its beginning or its end: a correction may have the headline as another page of the paper had it.
    """
    titles = [terms(title) for title in _headlines(article)]
    parts = [
        *(stems[:end] for stems in titles for end in range(LEAST, len(stems))),
        *(stems[start:] for stems in titles for start in range(len(stems) - LEAST + 1)),
    ]
    addresses = (_story_key(story) for story in dict.fromkeys((story_of(article), _address(article.url))))
    return [key for key in (*map(_key, parts), *addresses, _day_key(article, article.published or "")) if key]


def is_named(key: str, article: Article) -> bool:
    """True for the key of an article's whole headline, or of its address."""
    return key in map(_headline_key, _headlines(article)) or key.startswith(STORY)


def is_amended(article: Article, other: Article) -> bool:
    """True where the correction in `other` can be of an article: not before it, and of the same outlet if both say."""
    outlets = {(one.publication or "").casefold() for one in (article, other)} - {""}
    is_after = bool(article.published and other.published) and str(other.published) >= str(article.published)
    return article.id != other.id and is_after and len(outlets) < 2


def _headlines(article: Article) -> list[str]:
    """Its headline, and that without the words with which an agency heads what it sends again."""
    title = article.title or ""
    return [*dict.fromkeys((title, first_headline(title)))]


def _is_resent(article: Article, place: Pair) -> bool:
    """True for what an agency sends again: its headline says so, or what it corrects stands in brackets above all."""
    title, above = article.title or "", article.text[: place[0]].strip()
    return first_headline(title) != title or (article.text[place[0]] == "(" and above in ("", title))


def _headed(words: str) -> str:
    found = HEADED.fullmatch(words.strip())
    return found[1] if found and words.split()[0].lower().startswith("correction") and words[-1] not in ".!?" else ""


def _headline_key(headline: str) -> str:
    return _key(terms(headline))


def _key(stems: Sequence[str]) -> str:
    return f"{HEADLINE} {' '.join(stems)}" if len(stems) >= LEAST else ""


def _story_key(story: str | None) -> str:
    return f"{STORY} {story}" if story else ""


def _addresses(text: str) -> Iterator[str | None]:
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?)]’”'")
        yield _address(address if "//" in address else f"https://{address}")


def _address(url: str | None) -> str | None:
    """What the addresses of one page have in common: no scheme, query or fragment. None for a front page."""
    parts = urlsplit(url or "")
    path = parts.path.rstrip("/")
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" if path else None


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
