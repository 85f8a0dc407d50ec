"""Check an exported answer again, against an index: every quote at its offsets, every speaker, every number.

An answer goes in as it was exported, a `Report` that names every difference comes out. Words are
compared with their typography folded (`rag.text.fold`) and never by similarity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, TypeGuard

from rag.config import Settings
from rag.index.store import Store, open_store
from rag.models.embeddings import load_embeddings
from rag.people.by_hand import read_by_hand
from rag.people.directory import Directory
from rag.people.register import Register
from rag.schema import Answer, Article, Citation, Hit, Sentence
from rag.text import fold
from rag.verification.outcome import Outcomes
from rag.verification.prose import Difference, Prose, apart, known_names, shown
from rag.writing.citations import cite
from rag.writing.compose import written
from rag.writing.reference import reference

# What a citation says of its words besides where they stand. What an export leaves out is not compared.
FIELDS = (
    "role",
    "source",
    "title",
    "publication",
    "published",
    "url",
    "direct",
    "context",
    "context_start",
    "spans",
    "cue",
    "is_subject",
    "cues",
    "notes",
    "mode",
    "speaker_kind",
    "channel",
)
Export = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and all that differs. `quoted` and `markers` count what stands in the answer's text.

    `unchecked` says what cannot be checked by an index: a judgement, or what only the question tells.
    """

    citations: int
    quoted: int
    markers: int
    differences: tuple[Difference, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """True when nothing differs."""
        return not self.differences

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON types."""
        return {"verified": self.verified, **asdict(self)}


class Records:
    """What an index holds, as far as checking needs it. It reads an article once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ids = frozenset(store.entries())
        self._read: dict[str, tuple[Article, tuple[Citation, ...]]] = {}
        speakers = [name for (name,) in store.select("SELECT DISTINCT speaker FROM statements", ())]
        self.names = known_names(speakers)
        self.labels = frozenset(fold(name).text for name in speakers)

    @cached_property
    def people(self) -> Directory:
        """Who speaks in the index, as questions find them; ConfigError when what was decided by hand cannot be read."""
        return Directory(Register(self._store.select), by_hand=read_by_hand(self._store.path))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all articles."""
        return tuple(sorted(self._ids))

    def article(self, article_id: str) -> tuple[Article, tuple[Citation, ...]] | None:
        """An article with everything that is said in it, or None when the index has none of that id."""
        if article_id not in self._ids:
            return None
        if article_id not in self._read:
            statements = self._store.statements(self._store.statement_ids(article=article_id))
            said = tuple(citation for statement in statements for citation in cite([Hit(statement, 0.0)]))
            self._read[article_id] = self._store.article(article_id), said
        return self._read[article_id]

    def with_hash(self, sha256: object) -> str | None:
        """The id of the article with this SHA-256."""
        return next((id for id in self.ids if (found := self.article(id)) and found[0].sha256 == sha256), None)


def open_records(index: str | Path | None = None) -> Records:
    """Open an index to check answers against; None reads OTR_INDEX, then falls back to `index/`.

    Raises StoreError when there is no such index.
    """
    embeddings = load_embeddings()
    path = Settings.load(index=index).index.resolve()
    return Records(open_store(path, model=embeddings.name, dimension=embeddings.dimension))


def verify(answer: Answer | Export, index: str | Path | None = None, *, records: Records | None = None) -> Report:
    """Check an answer against an index and name every difference; a changed word, name or offset is one.

    Args:
        answer: What `ask` returned, or its exported form; nothing in it is trusted.
        index: Folder of the index; None reads OTR_INDEX, then falls back to `index/`.
        records: An index opened before, instead of `index`.

    Raises StoreError when there is no such index. An answer never raises.
    """
    records = records or open_records(index)
    export: Export = answer.to_dict() if isinstance(answer, Answer) else answer
    differences: list[Difference] = []
    cited: dict[int, Citation | None] = {}
    partly: set[int] = set()
    items = _items(export, "citations")
    for position, item in enumerate(items, start=1):
        number = item.get("number", position) if isinstance(item, Mapping) else position
        if not _is_integer(number) or number in cited:
            wrong = f"Citation {position} has the number {shown(number)}, which is not its own."
            differences.append(Difference(None, "number", wrong))
            continue
        citation, found = _check(item, number, records)
        others = [_check(other, number, records) for other in _items(item, "also")]
        differences += chain(found, *(wrong for _, wrong in others))
        if not (isinstance(item, Mapping) and "also" in item):
            partly.add(number)
        cited[number] = citation and replace(citation, also=tuple(other for other, _ in others if other))
    differences += _line_differences(export)
    prose = Prose(_text(export), cited, records.names, partly)
    beside = [note for citation in cited.values() if citation for note in citation.notes]
    outcomes = Outcomes(export, prose.opening, lambda: records.people, records.labels, beside)
    differences += chain(prose.differences, outcomes.differences)
    return Report(len(items), prose.quoted, prose.markers, tuple(differences), tuple(outcomes.unchecked))


def _text(export: Export) -> str:
    """An answer's text: as given, or made of its sentences where they alone are given."""
    text = export.get("text")
    return text if isinstance(text, str) else written(_sentences(export))


def _sentences(export: Export) -> list[Sentence]:
    lines = [item for item in _items(export, "sentences") if isinstance(item, Mapping)]
    return [Sentence(str(i.get("text")), i.get("kind", "statement"), i.get("citation")) for i in lines]


def _line_differences(export: Export) -> Iterator[Difference]:
    """Whether the sentences that an export has as data are those that its text has."""
    lines = _sentences(export)
    text = export.get("text")
    if not lines or not isinstance(text, str):
        return
    given = written(lines)
    if fold(given).text != fold(text).text:
        one, other = apart(given, text)
        yield Difference(None, "sentences", f"The sentences say {one}, where the text says {other}.")


def _check(given: object, number: int, records: Records) -> tuple[Citation | None, list[Difference]]:
    """One citation as the index has it, None when the index has no such statement, and what differs."""
    given = given if isinstance(given, Mapping) else {}
    article_id, start, end = given.get("article_id"), given.get("start"), given.get("end")
    if not isinstance(article_id, str) or not _is_integer(start) or not _is_integer(end):
        return None, [_difference(number, "place", "has no article_id, start and end that say where its words stand")]
    found = records.article(article_id)
    if found is None:
        same = records.with_hash(given["sha256"]) if "sha256" in given else None
        hint = f"; the article with its SHA-256 is {shown(same)} there" if same else ""
        lacking = f"stands in the article {shown(article_id)}, which the index does not have{hint}"
        return None, [_difference(number, "article_id", lacking)]
    article, said = found
    size = len(article.text)
    if not 0 <= start < end <= size:
        outside = f"stands at characters {start} to {end}, and the article {shown(article_id)} has {size}"
        return None, [_difference(number, "place", outside)]
    differences = list(_text_differences(given, number, article, (start, end)))
    candidates = [_at(citation, article, (start, end), given) for citation in said if _covers(citation, start, end)]
    if not candidates:
        nobody = (
            f"stands at characters {start} to {end}, where the index has no statement, so nobody is known to say it"
        )
        return None, [*differences, _difference(number, "speaker", nobody)]
    compared = [(replace(c, number=number), list(_field_differences(given, number, c))) for c in candidates]
    citation, wrong = min(compared, key=lambda pair: len(pair[1]))
    return citation, differences + wrong


def _text_differences(given: Export, number: int, article: Article, place: tuple[int, int]) -> Iterator[Difference]:
    """What is wrong with the hash and the words of a citation, by the article's text alone."""
    start, end = place
    sha256 = given.get("sha256", article.sha256)
    if sha256 != article.sha256:
        other = f"is of a text with the SHA-256 {shown(sha256)}; the article {shown(article.id)} has {article.sha256}"
        yield _difference(number, "sha256", other)
    quote = given.get("quote", article.text[start:end])
    if not isinstance(quote, str):
        yield _difference(number, "quote", f"has the quote {shown(quote)}, which is no text")
        return
    wanted = fold(quote).text
    if wanted == fold(article.text[start:end]).text:
        return
    folded = fold(article.text)
    one, other = apart(quote, article.text[start:end])
    elsewhere = folded.text.find(wanted) if wanted else -1
    hint = ""
    if elsewhere >= 0:
        hint = "; the words given stand at characters {} to {}".format(
            *folded.source(elsewhere, elsewhere + len(wanted))
        )
    yield _difference(number, "quote", f"quotes {one}; at characters {start} to {end} the article has {other}{hint}")


def _covers(citation: Citation, start: int, end: int) -> bool:
    """True when one piece of the statement holds these characters."""
    return any(left <= start and end <= right for left, right in citation.spans)


def _at(citation: Citation, article: Article, place: tuple[int, int], given: Export) -> Citation:
    """The statement as a citation of this place, with the pieces that were given where they are the statement's own."""
    start, end = place
    spans = given.get("spans")
    pairs = [tuple(pair) for pair in spans if isinstance(pair, Sequence)] if isinstance(spans, Sequence) else []
    whole = citation.spans if place in citation.spans else (place,)
    own = tuple(
        (left, right)
        for left, right in (pair for pair in pairs if len(pair) == 2)
        if _is_integer(left) and _is_integer(right) and left < right and _covers(citation, left, right)
    )
    kept = own if own and len(own) == len(pairs) and place in own else whole
    return replace(citation, start=start, end=end, quote=article.text[start:end], spans=kept)


def _field_differences(given: Export, number: int, citation: Citation) -> Iterator[Difference]:
    """What else a citation says that the index says otherwise; what an export leaves out is not compared."""
    if "speaker" in given and not _same(given["speaker"], citation.speaker):
        whose = shown(citation.speaker) if citation.speaker else "nobody by name"
        yield _difference(
            number, "speaker", f"gives its words to {shown(given['speaker'])}; in the index it is {whose}"
        )
    if "reference" in given and not _same(given["reference"], reference(citation)):
        one, other = _both(given["reference"], reference(citation))
        yield _difference(number, "reference", f"is listed as {one}; by the index it is {other}")
    for field in FIELDS:
        if field in given and not _same(given[field], getattr(citation, field)):
            one, other = _both(given[field], getattr(citation, field))
            yield _difference(number, field, f"has the {field} {one}; the index has {other}")


def _both(given: object, expected: object) -> tuple[str, str]:
    if isinstance(given, str) and isinstance(expected, str):
        return apart(given, expected)
    return shown(given), shown(expected)


def _items(given: object, key: str) -> Sequence[object]:
    found = given.get(key) if isinstance(given, Mapping) else None
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _same(given: object, expected: object) -> bool:
    """Equal as JSON has it, texts with their typography folded."""
    if isinstance(given, str) and isinstance(expected, str):
        return fold(given).text == fold(expected).text
    if isinstance(given, Sequence) and isinstance(expected, Sequence):
        return len(given) == len(expected) and all(map(_same, given, expected))
    return type(given) is type(expected) and given == expected


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _difference(number: int, what: str, claim: str) -> Difference:
    return Difference(number, what, f"Citation [{number}] {claim}.")
