"""Read a field map: a small YAML file that says which fields of somebody's records are our fields.

    articles: response.docs        # where the list of the records is, if not at the top
    text: [body.plain, content]    # one field, or several, the first of which that has something counts
    title: headline.main           # a point leads into an object, or, as a number, into a list

In: the file. Out: a map that gives a record our names beside its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ConfigError

FIELDS = (
    *("text", "html", "id", "title", "author", "publication", "published", "updated", "url", "language", "story"),
    "notice",
)
_LIST = "articles"
# What a record calls the text where it is marked up.
_NAMES = {"html": "body_html"}

Paths = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Where each of our fields stands in a record, and where the list of the records stands in a file."""

    places: Mapping[str, Paths]
    listed: Paths = ()

    def records(self, value: object) -> object:
        """The list of records in what a file holds, or all of it."""
        found = _first(value, self.listed)
        return value if found is None else found

    def named(self, record: object) -> object:
        """A record with our names beside its own; what is no object stays as it is."""
        if not isinstance(record, Mapping):
            return record
        found = {_NAMES.get(name, name): _first(record, paths) for name, paths in self.places.items()}
        kept = {} if {"text", "html"}.isdisjoint(self.places) else {"text": None}
        return {**record, **kept, **{name: value for name, value in found.items() if value is not None}}


def read_fields(path: str | Path) -> FieldMap:
    """Read a field map. Raises ConfigError that says what is wrong in it."""
    import yaml  # type: ignore[import-untyped]

    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The field map {path} cannot be opened: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"The field map {path} is not valid YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(given, dict) or not given:
        raise ConfigError(f"The field map {path} has no lines such as `text: content.body`.")
    unknown = [str(name) for name in given if name not in (*FIELDS, _LIST)]
    if unknown:
        raise ConfigError(
            f"The field map {path} has {unknown[0]!r}, which is no field of an article: use {', '.join(FIELDS)}, "
            f"or {_LIST} for where the list is."
        )
    places = {str(name): _paths(path, str(name), value) for name, value in given.items()}
    return FieldMap({name: paths for name, paths in places.items() if name != _LIST}, places.get(_LIST, ()))


def _paths(path: str | Path, name: str, value: object) -> Paths:
    each = value if isinstance(value, list) else [value]
    named = [place for place in each if isinstance(place, str) and place]
    if not each or len(named) < len(each):
        raise ConfigError(
            f"In the field map {path}, {name!r} must be the name of a field, or a list of names, not {value!r}."
        )
    return tuple(tuple(place.split(".")) for place in named)


def _first(value: object, paths: Paths) -> object:
    """What stands at the first of the places that has something."""
    return next((found for path in paths if (found := _at(value, path)) not in (None, "")), None)


def _at(value: object, path: tuple[str, ...]) -> object:
    for number, name in enumerate(path):
        if isinstance(value, Mapping):
            # A name may hold points itself, as in "dc.title".
            rest = ".".join(path[number:])
            if rest in value:
                return value[rest]
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
