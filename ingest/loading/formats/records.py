"""Read an article that is a JSON object: our own fields, and those of the tools that newsrooms export from.

Known are ninjs (IPTC's JSON for news), the JSON of trafilatura and of newspaper4k, NewsAPI's, Diffbot's,
schema.org's and that of WordPress; what networks and feeds export is known elsewhere (`ingest.loading.formats.posts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from ingest.loading.common import LoadError, Read
from ingest.loading.formats.page import text_of_html
from ingest.loading.formats.posts import posts_of
from ingest.text.corrections import is_correction
from rag.schema import Article

_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
# The names of a field, the first that has something counts. Ours come first, and must be strings.
_TEXT = ("text", "articlebody", "bodytext", "content", "body", "maintext", "fulltext", "articletext", "contenttext")
_MARKUP = ("bodyhtml", "bodyxhtml", "contenthtml")
# Since version 2 ninjs has lists of bodies and headlines, each with its role.
_BODIES, _HEADLINES, _MAIN = "bodies", "headlines", ("main", "")
_BODY_NAMES = frozenset((*_TEXT, *_MARKUP, _BODIES))
_AUTHOR = ("author", "authors", "byline", "by", "authorname", "journalist", "journalists", "creator", "user", "bylines")
_OUTLET = (
    *("publication", "publisher", "sourcehostname", "sitename", "source", "provider", "outlet", "mediaoutlet"),
    *(
        "sourcename",
        "medianame",
        "publicationname",
        "newspaper",
        "sourcedomain",
        "copyrightholder",
        "metasitename",
        "infosources",
    ),
)
_PUBLISHED = (
    *("published", "date", "publishedat", "publishdate", "datepublished", "datepublish", "pubdate"),
    *("publicationdate", "webpublicationdate", "firstcreated", "versioncreated"),
    *("createdat", "createdutc"),
)
# Of the page that a crawler was led on to before the one that it was sent to.
_ADDRESSES = ("url", "link", "weburl", "canonicalurl", "permalink", "resolvedpageurl", "pageurl")
_UPDATED = ("updated", "datemodified", "datemodify", "updatedat", "modified", "versioncreated", "editedat")
_LANGUAGE = ("language", "inlanguage", "lang", "metalang", "humanlanguage")
_NOTICE = ("notice", "correction")
# How ninjs says that an article is taken back.
_TAKEN_BACK = ("canceled", "cancelled", "withheld", "killed", "retracted")
# Under these a file has its articles where it is no list itself, as NewsAPI's answers.
_LISTS = ("articles", "items", "results", "documents")
_PIECES = ("utterances", "segments")
_DEPTH = 3  # So many objects within each other are looked through for such a list.
_ADDRESS = re.compile(r"https?://")
# What an object that stands for a name or a headline has it under.
_INNER = ("name", "title", "value", "main", "original")
_RENDERED = "rendered"  # WordPress gives a title and a text as an object that has the HTML of it under this name.
_TWEETED = "%a %b %d %H:%M:%S %z %Y"  # As networks write a moment: "Wed Mar 04 10:00:00 +0000 2026".
_SECONDS = range(10**8, 10**11)  # A moment as programs count it, from 1973 on; more than that are milliseconds.
# A text that begins with a paragraph of HTML is HTML; our own field is as it is given.
_TAGGED = re.compile(r"\s*<(?:p|div|h[1-6]|article|section|blockquote|figure|ul|ol|br)[\s/>]", re.I)
_CUT = re.compile(r"(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*\Z")  # NewsAPI gives the first 200 characters.


def items(value: object, *, mapped: bool = False) -> Iterator[object]:
    """The articles of a JSON file: the items of its list, of a list somewhere in its object, or the one that it is.

    `mapped`: a field map names the fields as they stand there.
    """
    if (posts := value if isinstance(value, list) else None if mapped else posts_of(value)) is not None:
        yield from posts
        return
    if isinstance(value, dict) and not has_body(value):
        listed = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
        listed = _articles_within(value) if listed is None else listed
        if listed is not None:
            yield from listed
            return
    yield value


def has_body(names: Iterable[str]) -> bool:
    """True where one of the names of some fields is that of a text."""
    return not _BODY_NAMES.isdisjoint(map(_plain, names))


def is_speech(names: Iterable[str]) -> bool:
    """True for the columns of a table whose rows are pieces of one recording, as programs that hear speech write it."""
    plain = set(map(_plain, names))
    return plain >= {"start", "end", "text"} and plain <= {"start", "end", "text", "speaker", "id"}


def _articles_within(value: Mapping[str, Any]) -> list[Any] | None:
    """The first list, a few objects deep, whose items have a text, as answers of archives have it."""
    level: list[Mapping[str, Any]] = [value]
    for _ in range(_DEPTH):
        inner = [one for record in level for one in record.values()]
        for one in inner:
            if isinstance(one, list) and one and isinstance(one[0], dict) and has_body(_opened(one[0])):
                return one
        level = [one for one in inner if isinstance(one, dict)]
    return None


class _Fields(dict[str, Any]):
    """A record by the plain names of its fields; `given` has these names as the record writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, str] = {}


def _rendered(value: object) -> str | None:
    markup = value.get(_RENDERED) if isinstance(value, dict) else None
    return markup if isinstance(markup, str) else None


def _opened(record: Mapping[str, Any]) -> _Fields:
    """A record by the plain names of its fields, with those of the object in it that has the text, if it has none.

    A name that is ours letter for letter counts before one that only comes to the same: "text" before "Text".
    """
    within = [] if has_body(record) else [one for one in record.values() if isinstance(one, dict) and has_body(one)]
    whole = {**record, **within[0]} if within else record
    found = _Fields()
    for name, value in whole.items():
        plain = _plain(name)
        if (rendered := _rendered(value)) is not None:
            plain, value = (_MARKUP[0], rendered) if plain in _TEXT else (plain, text_of_html(rendered))
        if name == plain or found.get(plain) is None:
            found[plain], found.given[plain] = value, name
    if any(_rendered(value) is not None for value in whole.values()):
        found.update(_of_the_site(found))
    return found


def _of_the_site(record: Mapping[str, Any]) -> dict[str, Any]:
    """Who wrote a post of WordPress, and where: a number alone is known to the site, which adds names if asked to.

    What makes the page's head for search engines has them, too.
    """
    added, head = (one if isinstance(one := record.get(name), dict) else {} for name in ("embedded", "yoastheadjson"))
    told = {"publication": record.get("publication") or head.get("og_site_name")}
    if not isinstance(record.get("author"), int):
        return told
    people = _listed(added.get("author"))
    named = [one for one in people if isinstance(one, dict) and isinstance(_name(one), str)]
    return {**told, "author": named or head.get("author")}


def _plain(name: str) -> str:
    """A field's name in small letters alone: "Full Text", "full_text" and "fullText" are one."""
    return "".join(filter(str.isalnum, name)).lower()


def read_record(value: object) -> Read:
    """Read one object. Raises LoadError when it has no text, or has something else where a string belongs."""
    if not isinstance(value, dict):
        raise LoadError(f"an article is a JSON object with `text`, not {_kind(value)}")
    value = _opened(value)
    text, warnings = _text(value)
    # trafilatura writes the address under "source".
    source = value["source"] if _is_address(value.get("source")) else None
    address = _field(value, *_ADDRESSES) or _about(value) or _addressed(value)
    given_id = value.get("id")
    is_number = isinstance(given_id, int) and not isinstance(given_id, bool)
    value.update({name: _moment(value[name]) for name in (*_PUBLISHED, *_UPDATED) if name in value})
    published, updated = _field(value, *_PUBLISHED), _loose(value, *_UPDATED)
    article = Article(
        id=str(given_id) if is_number else _field(value, "id", "guid") or "",
        text=text,
        title=_loose(value, "title")
        or _titled(value)
        or _field(value, "title", "headline", "webtitle")
        or _main(value, _HEADLINES)[0],
        author=_named(value, *_AUTHOR),
        publication=_named(value, *(name for name in _OUTLET if name != "source" or not source)),
        published=published,
        url=address or source,
        updated=updated if updated != published or str(value.get("version", 1)) != "1" else None,
        language=_loose(value, *_LANGUAGE),
        story=_loose(value, "story", "uri"),
        notice=_notice(value),
    )
    return Read((article,), warnings)


def _spoken(value: Mapping[str, Any]) -> str:
    """What programs that write down speech have beside the text: who says each piece of it; a paragraph a speaker.

    Where nobody is named and there is no text beside the pieces, they are it.
    """
    listed: list[Any] = next((value[name] for name in _PIECES if isinstance(value.get(name), list)), [])
    pieces = [(one.get("speaker"), one.get("text")) for one in listed if isinstance(one, dict)]
    if "text" not in value and not any(who for who, _ in pieces):
        return " ".join(said.strip() for _, said in pieces if isinstance(said, str))
    if not pieces or not all(isinstance(who, str) and who and isinstance(said, str) for who, said in pieces):
        return ""
    runs = [(who, " ".join(str(said).strip() for _, said in run)) for who, run in groupby(pieces, itemgetter(0))]
    return "\n\n".join(f"{who}: {said}" for who, said in runs) if len(runs) > 1 else ""


def _text(value: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    if spoken := _spoken(value):
        return spoken, ()
    for name in _TEXT:
        text = value.get(name)
        if isinstance(text, list) and text and all(isinstance(part, str) for part in text):
            text = "\n\n".join(text)
        if isinstance(text, str) and (text.strip() or name == "text"):
            if name != "text" and _TAGGED.match(text):
                return text_of_html(text), ()
            whole = _CUT.sub("", text) if "[+" in text else text
            return whole, () if whole == text else (f"`{name}` is cut off: the rest of the article is not in the file",)
    for name in _MARKUP:
        if isinstance(value.get(name), str):
            return text_of_html(value[name]), ()
    body, kind = _main(value, _BODIES)
    if body:
        return (text_of_html(body) if "html" in kind else body), ()
    if "text" in value:
        raise LoadError(f"`text` must be a string, not {_kind(value['text'])}")
    raise LoadError("`text` is missing")


def _moment(value: object) -> object:
    """A moment that programs count in seconds or milliseconds, or networks write, as a date; anything else as it is."""
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.strptime(value, _TWEETED).isoformat()
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    seconds = int(value) if int(value) in _SECONDS else int(value) // 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds in _SECONDS else value


def _about(record: Mapping[str, Any]) -> str | None:
    """The address of the page that schema.org says an article is the main thing of."""
    page = record.get("mainentityofpage")
    address = page.get("@id") if isinstance(page, dict) else page
    return address if isinstance(address, str) and _ADDRESS.match(address) else None


def _titled(record: Mapping[str, Any]) -> str | None:
    """The headline that is an object with several of them."""
    headline = record.get("headline")
    name = _name(headline) if isinstance(headline, dict) else None
    return name if isinstance(name, str) else None


def _addressed(record: Mapping[str, Any]) -> str | None:
    """The address under the only name that ends as ours do, such as "Document URL"; none of a writer or an outlet."""
    others = {other + address for other in (*_AUTHOR, *_OUTLET) for address in _ADDRESSES}
    found = {name for name, value in record.items() if name.endswith(_ADDRESSES) and _is_address(value)}
    names = [*found - others]
    return record[names[0]] if len(names) == 1 else None


def _main(record: Mapping[str, Any], name: str) -> tuple[str | None, str]:
    """Of a list of objects with a role, the value of the main one, and its type; the first where none is called so."""
    listed = [item for item in _listed(record.get(name)) if isinstance(item, dict)]
    given = [item for item in listed if isinstance(item.get("value"), str) and item["value"].strip()]
    if not given:
        return None, ""
    main = next((item for item in given if item.get("role", "") in _MAIN), given[0])
    return main["value"], str(main.get("contentType") or main.get("contenttype") or "")


def _field(record: _Fields, *names: str) -> str | None:
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str):
            raise LoadError(f"`{record.given[name]}` must be a string, not {_kind(value)}")
    return None


def _loose(record: Mapping[str, Any], *names: str) -> str | None:
    """The same for what is not worth a refusal: anything but a string is passed over."""
    return next((v for name in names if isinstance(v := record.get(name), str) and v.strip()), None)


def _notice(record: Mapping[str, Any]) -> str | None:
    """What the publisher says of the article: that it is taken back, or corrected; no other note to editors."""
    note, to_editors = _loose(record, *_NOTICE), _loose(record, "ednote") or ""
    if _loose(record, "pubstatus") in _TAKEN_BACK:
        return f"retracted {note or to_editors}".strip()
    return note or (to_editors if is_correction(to_editors) else None)


def _named(record: _Fields, *names: str) -> str | None:
    """The same for what can be an object with a name, or several: {"id": null, "name": "The Post"}."""
    for name in names:
        value = record.get(name)
        each = [_name(part) if isinstance(part, dict) else part for part in _listed(value)]
        strings = [part for part in each if isinstance(part, str) and part.strip()]
        if strings:
            return ", ".join(strings)
        if value is not None and not isinstance(value, str | dict | list):
            raise LoadError(f"`{record.given[name]}` must be a string, not {_kind(value)}")
    return None


def _name(part: Mapping[str, Any]) -> object:
    return next((part[key] for key in _INNER if part.get(key)), None)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")
