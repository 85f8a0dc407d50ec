"""The index, opened for reading: statements, passages and articles as they were at that moment.

Nothing is read as a whole. What a search needs stands in the tables, words and vectors that are derived of Chroma's
rows (`rag.index.derive`); what an answer shows is read from Chroma and held against its checksum.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import StaleError, StoreError
from rag.index import columns as tables
from rag.index import rows, words
from rag.index.amending import Amendment, is_amended, is_named, keys_of
from rag.index.chroma import COLLECTIONS as COLLECTIONS
from rag.index.chroma import Chroma
from rag.index.chroma import index_exists as index_exists
from rag.index.chroma import is_whole as is_whole
from rag.index.chroma import read_version as read_version
from rag.index.columns import BeingMadeError, Columns, Kind
from rag.index.derive import FILES, Errors, sum_of
from rag.index.locks import alone, is_being_written
from rag.index.notes import UNAMENDED, Amended, is_later_version
from rag.index.notices import takes_back
from rag.index.readonly import copied, is_read_only
from rag.index.renew import being_made, is_current, renew
from rag.index.rows import Entry, Vectors, statement
from rag.index.seal import article_sum, broken, noted
from rag.index.trouble import damage_of, torn, torn_vectors
from rag.index.vectors import VectorFile, named
from rag.index.words import Words, WordsError
from rag.schema import Article, Span, Statement

# A writer saves its vectors after each thousand of them, file by file: a reader that opens in between tries again.
OPENINGS = 100
PAUSE = 0.1
FAILURES = 2  # Until what is derived is made anew, and until that is given up.
COLLECTION: dict[Kind, str] = {"statements": "quotes", "passages": "passages"}  # by the name of what is derived of it
KEPT = 500  # Articles that are kept once read and held against their checksums.


class Store(Chroma):
    """One index, opened for reading with `open_store`. What it gives is the state of the index at that moment."""

    def __init__(self, path: Path, *, model: str, dimension: int, files: Path | None = None) -> None:
        """Open Chroma's collections and what is derived of them; one of `derive.Errors` where that is not there."""
        super().__init__(path, model=model, dimension=dimension, files=files)
        self.columns = Columns(self.files / tables.FOLDER)
        self.words = Words(self.files / words.FOLDER)
        if words.state_of(self.files / words.FOLDER) != self.columns.number("opstamp"):
            raise WordsError("the words are of another state")
        generation = self.columns.number("generation")
        self.quote_vectors, self.passage_vectors = (
            VectorFile(
                self.files / tables.FOLDER / named(name, generation),
                count=self.columns.number(key),
                dimension=dimension,
            )
            for name, key in FILES.items()
        )
        # All are closed with this object, too.
        parts = (self.columns.close, self.quote_vectors.close, self.passage_vectors.close)
        self.close: Any = weakref.finalize(self, _close, self.close, *parts)
        self._loaded: set[Kind] = set()
        self._read = lru_cache(maxsize=KEPT)(self._read_article)

    def check(self) -> None:
        """Compare what is derived with what the last run noted and how many rows Chroma has. Raises StoreError."""
        before = noted(self.path)
        articles, *expected, passages, quotes = self.columns.counts()
        held = self.counts()
        if [passages, quotes] != expected:
            self._miss("rows of what is derived are missing")
        names = zip(("articles", "passages", "statements"), held, (articles, passages, quotes), strict=True)
        is_known = before.get("open") is False and noted(self.path) == before
        for what, there, wanted in names:
            # What a run adds stands beside what is held, and what it could not end may stay there.
            if there < wanted and (is_known or what != "articles"):
                self._miss(f"{what} are missing")
        if is_known and before.get("records") != self.columns.meta.get("records"):
            self._miss("articles are missing")

    def check_extractor(self) -> None:
        """Raise StoreError where another version's extraction made the index and no run is bringing it up to date.

        While one is, its articles are whole, each as it was made before or is now.
        """
        if (found := self.extractor()) == rows.EXTRACTOR_VERSION or is_being_written(self.path):
            return
        if read_version(self.path) != self.version:  # a run has ended just now
            raise StaleError(f"The index in {self.path} was brought up to date just now: open it again.")
        raise StoreError(
            f"The index in {self.path} was built with extractor {found}, this program uses {rows.EXTRACTOR_VERSION}: "
            f"bring it up to date with `python -m ingest --index {self.path}`."
        )

    # ------------------------------------------------------------------ articles

    def article(self, article_id: str) -> Article:
        """The article as stored; StoreError when the index has none of that id."""
        found = self._read(article_id)
        if found is None:
            raise StoreError(f"The index in {self.path} has no article {article_id!r}.")
        return found

    def _read_article(self, article_id: str) -> Article | None:
        with self.deriving():
            found = self.columns.article(article_id)
        if found is None:
            return None
        _, article, seal = found
        if broken(seal, 0, article_sum(article)):
            self._miss(f"the article {article_id!r} is not what was written")
        return article

    def articles(self) -> Iterator[Article]:
        """Every article, read one by one, in the order of their ids."""
        with self.deriving():
            ids = self.columns.ids()
        for id in ids:
            article = self._read_article(id)
            if article is None:
                self._miss(f"the article {id!r} is missing")
            yield article

    def entries(self) -> dict[str, Entry]:
        """Every article's record, by id."""
        with self.deriving():
            return {entry.id: entry for entry in self.columns.entries()}

    def _later(self, article: Article) -> Article | None:
        """The latest version of an article that has a later one."""
        with self.deriving():
            id = self.columns.later_than(article.id)
        latest = self._read(id) if id else None
        return latest if latest and is_later_version(latest, article) else None

    def _amended(self, article: Article, later: Article | None) -> Amended:
        """What corrections in other articles than its versions say of an article."""
        with self.deriving():
            named = self.columns.amending(keys_of(article))
        found = []
        for id, place, key in named:
            other = self._read(id)
            if other and is_amended(article, other):
                said = " ".join(other.text[slice(*map(int, place.split(":")))].split())
                about = said.replace(article.title or "\n", "")
                day = str(other.published)[:10]
                found.append(Amendment(said, about, day, is_named(key, article), takes_back(other, said)))
        if not found and not (later and later.corrections):
            return UNAMENDED
        # The key of a whole headline or of an address comes last: it says more than those of a part and of a day.
        amendments = {amendment.words: amendment for amendment in sorted(found, key=lambda one: one.is_whole)}
        with self.deriving():
            return Amended(tuple(amendments.values()), tuple(self.columns.said_in(article.id)))

    # ------------------------------------------------------------------ statements and passages

    def statements(self, ids: Sequence[str]) -> list[Statement]:
        """The quotes of these ids with their articles, in the order given; unknown ids are left out."""
        found = self._checked("statements", ids)
        of_rows = [(id, *found[id]) for id in ids if id in found]
        read = {id: self.article(id) for id in dict.fromkeys(article for _, article, _, _ in of_rows)}
        later = {id: self._later(article) for id, article in read.items()}
        amended = {id: self._amended(article, later[id]) for id, article in read.items()}
        return [statement(id, meta, read[a], later[a], amended[a]) for id, a, _, meta in of_rows]

    def statement_ids(self, *, article: str | None = None, speakers: Iterable[str] | None = None) -> list[str]:
        """The ids of all statements, or of those in an article, or by these speakers, sorted."""
        with self.deriving():
            if article is not None:
                return sorted(self.columns.ids_in(article))
            if speakers is not None:
                return sorted(self.columns.ids_by(speakers))
            return sorted(id for (id,) in self.columns.select("SELECT id FROM statements", ()))

    def select(self, query: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a query to what is derived."""
        with self.deriving():
            return self.columns.select(query, values)

    def passages(self, ids: Sequence[str]) -> dict[str, Span]:
        """The passages of these ids as spans of their articles, by id; unknown ids are left out."""
        found = {}
        for id, (article, text, meta) in self._checked("passages", ids).items():
            start, end = int(meta["start"]), int(meta["end"])
            if self.article(article).text[start:end] != text:
                self._miss(f"passages of {article!r} are not what was written")
            found[id] = Span(start, end, text)
        return found

    def _checked(self, what: Kind, ids: Sequence[str]) -> dict[str, tuple[str, str, Mapping[str, Any]]]:
        """(article's id, text, metadata) of the rows of these ids that stand, held against their checksums."""
        self._load(what)
        with self.deriving():
            standing = self.columns.standing(what, ids)
        found = {}
        for id, text, meta in self._rows(self._collections[COLLECTION[what]], [*standing], "documents", "metadatas"):
            _, article, total = standing[id]
            if sum_of(id, text, meta) != total:
                self._miss(f"{what} of {article!r} are not what was written")
            found[id] = article, text, meta
        for id in standing.keys() - found.keys():
            self._miss(f"{what} of {standing[id][1]!r} are missing")
        return found

    def vectors(self, ids: Sequence[str], *, of: Kind = "statements") -> dict[str, Vectors]:
        """The vectors of these statements (or of="passages") by id, float32 (dimension,); unknown ids are left out."""
        self._load(of)
        found = self._rows(self._collections[COLLECTION[of]], ids, "embeddings")
        return {id: np.asarray(vector, dtype=np.float32) for id, vector in found}

    # ------------------------------------------------------------------ searching

    def search_quotes(self, vector: Vectors, k: int) -> list[str]:
        """Ids of the k quotes nearest to a vector (cosine)."""
        return self._search("statements", vector, k)

    def search_passages(self, vector: Vectors, k: int) -> list[str]:
        """Ids of the k passages nearest to a vector (cosine)."""
        return self._search("passages", vector, k)

    def _search(self, what: Kind, vector: Vectors, k: int) -> list[str]:
        """Ids of the k nearest rows that stand; more are asked for as long as others are in their way."""
        self._load(what)
        wanted = k
        while True:
            with self._reading():
                collection = self._collections[COLLECTION[what]]
                ids = collection.query(query_embeddings=vector[None, :], n_results=wanted, include=[])["ids"][0]
            with self.deriving():
                standing = self.columns.standing(what, ids)
            near = [id for id in ids if id in standing]
            if len(near) >= k or len(ids) < wanted:
                return near[:k]
            wanted *= 2

    def _load(self, what: Kind) -> None:
        """Have Chroma load its vectors, once, while nobody writes: it saves those that wait as it does so.

        Raises StaleError when a run has ended since the index was opened: they are those of another state.
        """
        if what in self._loaded:
            return
        with alone(self.files), self._reading():
            if read_version(self.path) != self.version:
                self._miss("its vectors are gone")
            self._collections[COLLECTION[what]].count()
        self._loaded.add(what)

    @contextmanager
    def deriving(self) -> Iterator[None]:
        """Say in one sentence what is wrong with what is derived, where it is read."""
        try:
            yield
        except Errors as error:
            self._miss(f"what is derived of it: {error}")


def _close(*parts: Callable[[], object]) -> None:
    for close in parts:
        close()


def open_store(path: Path, *, model: str, dimension: int, of_any_extractor: bool = False) -> Store:
    """Open an index for reading, as it is now; what is derived of it is made first where it is not there.

    Raises StoreError when there is none, another model or, unless that is of no matter, another version's extraction
    built it, or it is damaged, and says what to type.
    """
    for _ in range(OPENINGS):
        store = _open_whole(path, model=model, dimension=dimension)
        try:
            if not of_any_extractor:
                store.check_extractor()
        except StaleError:
            store.close()
        except StoreError:
            store.close()
            raise
        else:
            return store
    raise StoreError(written_too_fast(path))


def _open_whole(path: Path, *, model: str, dimension: int) -> Store:
    if is_read_only(path):
        return _open_copy(path, model=model, dimension=dimension)
    if not index_exists(path):
        raise StoreError(f"There is no index in {path}: make one with `python -m ingest seeds/ --index {path}`.")
    so_far, failures = "", 0
    for _ in range(OPENINGS):
        if is_current(path) or is_being_written(path) or not renew(path, model=model, dimension=dimension):
            so_far = being_made(path)
            try:
                if not so_far and (store := _opened(path, model=model, dimension=dimension)):
                    return store
            except BeingMadeError:
                pass
            except Errors as error:
                # A run may have ended in between. Where nobody writes, and it fails again, files look whole that are
                # not; to make them anew twice would not help.
                failures = 0 if is_being_written(path) else failures + 1
                if failures == FAILURES and not renew(path, model=model, dimension=dimension, anew=True):
                    failures = 0
                if failures == 2 * FAILURES:
                    raise StoreError(damage_of(path, f"what is derived of it cannot be read: {error}")) from error
        time.sleep(PAUSE)
    if so_far:
        raise StoreError(
            f"What a search needs of the index in {path} is being made anew, of {int(so_far):,} articles so far: "
            "try again in a minute."
        )
    raise StoreError(written_too_fast(path))


def written_too_fast(path: Path) -> str:
    """The sentence for an index that has changed whenever it was opened."""
    return f"The index in {path} is being written faster than it can be opened: try again in a minute."


def _opened(path: Path, *, model: str, dimension: int) -> Store | None:
    """The index, opened and looked at; None where a run has begun or ended just now. One of `derive.Errors`, too."""
    with alone(path):
        broken = torn(path)
        if not broken:
            with suppress(StaleError):
                store = Store(path, model=model, dimension=dimension)
                store.check()
                return store
    if broken and not is_being_written(path):
        raise StoreError(torn_vectors(path, broken))
    return None


def _open_copy(path: Path, *, model: str, dimension: int) -> Store:
    folder = copied(path)
    files = Path(folder.name)
    try:
        if broken := torn(files):
            raise StoreError(torn_vectors(path, broken))
        if not is_current(files):
            renew(files, model=model, dimension=dimension)
        store = Store(path, model=model, dimension=dimension, files=files)
        store.check()
    except StoreError:
        folder.cleanup()
        raise
    except Errors as error:
        folder.cleanup()
        raise StoreError(damage_of(path, f"what is derived of it cannot be read ({error})")) from error
    close = store.close

    def close_both() -> None:
        close()
        folder.cleanup()

    store.close = weakref.finalize(store, close_both)
    return store


def counted(path: Path) -> tuple[int, int]:
    """How many articles and statements an index has, by what is derived of it; StoreError where that is not there.

    Neither Chroma nor a model is loaded.
    """
    try:
        columns = Columns(path / tables.FOLDER)
        try:
            articles, _, statements, *_ = columns.counts()
        finally:
            columns.close()
    except Errors as error:
        raise StoreError(
            f"The index in {path} cannot be counted ({error}): run `python -m ingest --index {path}`."
        ) from error
    return articles, statements
