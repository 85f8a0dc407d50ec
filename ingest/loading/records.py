"""Read an article that is a JSON object: our own fields, and those of the tools that newsrooms export from.

Known are ninjs (IPTC's JSON for news), the JSON of trafilatura and of newspaper4k, NewsAPI's and schema.org's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.corrections import is_correction
from ingest.loading.common import LoadError, Read
from ingest.loading.page import text_of_html
from rag.schema import Article

_KINDS = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
# The names of a field, the first that has something counts. Ours come first, and must be strings.
_TEXT = ("text", "articleBody", "body_text", "content", "body")
_MARKUP = ("body_html", "body_xhtml")
# Since version 2 ninjs has lists of bodies and headlines, each with its role.
_BODIES, _HEADLINES, _MAIN = "bodies", "headlines", ("main", "")
BODIES = (*_TEXT, *_MARKUP, _BODIES)
_AUTHOR = ("author", "authors", "byline", "by")
_OUTLET = ("publication", "publisher", "source-hostname", "sitename", "source", "provider")
_PUBLISHED = (
    *("published", "date", "published_at", "publish_date", "publishedAt", "datePublished", "pubDate"),
    *("firstcreated", "firstCreated"),
    *("versioncreated", "versionCreated"),
)
_UPDATED = (
    *("updated", "date_modified", "dateModified", "updated_at", "updatedAt", "modified", "versioncreated"),
    "versionCreated",
)
_LANGUAGE = ("language", "inLanguage", "lang", "meta_lang")
_NOTICE = ("notice", "correction")
# How ninjs says that an article is taken back.
_TAKEN_BACK = ("canceled", "cancelled", "withheld", "killed", "retracted")
# Under these a file has its articles where it is no list itself, as NewsAPI's answers.
_LISTS = ("articles", "items", "results", "documents")
_ADDRESS = re.compile(r"https?://")
_CUT = re.compile(r"(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*\Z")  # NewsAPI gives the first 200 characters.


def items(value: object) -> Iterator[object]:
    """The articles of a JSON file: the items of its list, of the list in its object, or the one that it is."""
    if isinstance(value, list):
        yield from value
        return
    if isinstance(value, dict) and not any(name in value for name in BODIES):
        listed = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
        if listed is not None:
            yield from listed
            return
    yield value


def read_record(value: object) -> Read:
    """Read one object. Raises LoadError when it has no text, or has something else where a string belongs."""
    if not isinstance(value, dict):
        raise LoadError(f"an article is a JSON object with `text`, not {_kind(value)}")
    text, warnings = _text(value)
    # trafilatura writes the address under "source".
    source = value["source"] if _is_address(value.get("source")) else None
    address = _field(value, "url", "link")
    given_id = value.get("id")
    is_number = isinstance(given_id, int) and not isinstance(given_id, bool)
    published, updated = _field(value, *_PUBLISHED), _loose(value, *_UPDATED)
    article = Article(
        id=str(given_id) if is_number else _field(value, "id", "guid") or "",
        text=text,
        title=_field(value, "title", "headline") or _main(value, _HEADLINES)[0],
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


def _text(value: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    for name in _TEXT:
        text = value.get(name)
        if isinstance(text, str) and (text.strip() or name == "text"):
            whole = _CUT.sub("", text)
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


def _main(record: Mapping[str, Any], name: str) -> tuple[str | None, str]:
    """Of a list of objects with a role, the value of the main one, and its type; the first where none is called so."""
    listed = [item for item in _listed(record.get(name)) if isinstance(item, dict)]
    given = [item for item in listed if isinstance(item.get("value"), str) and item["value"].strip()]
    if not given:
        return None, ""
    main = next((item for item in given if item.get("role", "") in _MAIN), given[0])
    return main["value"], str(main.get("contentType") or main.get("contenttype") or "")


def _field(record: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str):
            raise LoadError(f"`{name}` must be a string, not {_kind(value)}")
    return None


def _loose(record: Mapping[str, Any], *names: str) -> str | None:
    """The same for what is not worth a refusal: anything but a string is passed over."""
    return next((v for name in names if isinstance(v := record.get(name), str) and v.strip()), None)


def _notice(record: Mapping[str, Any]) -> str | None:
    """What the publisher says of the article: that it is taken back, or corrected; no other note to editors."""
    note, to_editors = _loose(record, *_NOTICE), _loose(record, "ednote", "edNote") or ""
    if _loose(record, "pubstatus", "pubStatus") in _TAKEN_BACK:
        return f"retracted {note or to_editors}".strip()
    return note or (to_editors if is_correction(to_editors) else None)


def _named(record: Mapping[str, Any], *names: str) -> str | None:
    """The same for what can be an object with a name, or several: {"id": null, "name": "The Post"}."""
    for name in names:
        value = record.get(name)
        each = [part.get("name") if isinstance(part, dict) else part for part in _listed(value)]
        strings = [part for part in each if isinstance(part, str) and part.strip()]
        if strings:
            return ", ".join(strings)
        if value is not None and not isinstance(value, str | dict | list):
            raise LoadError(f"`{name}` must be a string, not {_kind(value)}")
    return None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")
