"""Write the index: each article whole or not at all, torn vectors made anew, what readers may hold deleted last."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import StoreError
from rag.index import rows
from rag.index.chroma import WRITE_BATCH, Chroma
from rag.index.derive import Deriver, Errors, Made, discard, token_of
from rag.index.locks import alone
from rag.index.renew import catch_up, told
from rag.index.rows import Entry, Record, Rows, article_of, kept_path, rows_of
from rag.index.seal import are_missing, article_sum, broken, noted, noted_roots, row_sum
from rag.index.server import STATE
from rag.index.trouble import chroma_errors
from rag.schema import Article

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

# An article's id with a fingerprint that its record has no longer.
Superseded = tuple[str, str]


class Writer(Chroma):
    """One index, opened for writing with `open_writer`; `look` finds out what was lost or altered since the last run.

    `findings` say what that is, `lost` are the articles whose rows have to be made anew, and `spoiled` those whose
    text is lost as well. `thorough` reads every row for it; otherwise rows are counted. `salvaged` is what is left of
    an index in whose place this one was made.
    """

    def __init__(self, path: Path, *, model: str, dimension: int, thorough: bool = False) -> None:
        super().__init__(path, model=model, dimension=dimension, create=True)
        self.findings: list[str] = []
        self.salvaged: dict[str, Article] = {}
        self._superseded: set[Superseded] = set()
        self._is_thorough = thorough
        if thorough:
            # Nobody can tell what has become of it but by making it again.
            discard(path)
        try:
            with self._deriving():
                self._derived = Deriver(path, dimension)
        except StoreError:
            self.close()
            raise

    def look(self) -> None:
        """Find out what was lost or altered, and derive what Chroma has otherwise than what is derived.

        That can take long; others can open the index meanwhile.
        """
        try:
            with self._deriving():
                self._look_at(self.path, thorough=self._is_thorough)
        except BaseException:
            self.close_all()
            raise

    def _look_at(self, path: Path, *, thorough: bool) -> None:
        self._token = token_of(path)
        is_in_step = self._is_in_step()
        if is_in_step:
            self._derived.make_words()
        else:
            self.load()
        self._live = self._derived.entries() if is_in_step else {}
        self.spoiled = frozenset() if is_in_step else frozenset(self._read_records())
        if are_missing(noted(path), self.fingerprints()):
            self.findings.append("articles are missing: those whose files are there are made anew")
            # The record of what was indexed can be gone with them.
            self.remember_roots(noted_roots(path))
        self.lost = self.spoiled | (self._compare_rows() if thorough else self._compare_counts())
        if not is_in_step:
            # Chroma notes what a call gives it before it makes it rows: what a kill left so, the loading has made rows.
            self._token = token_of(path)
            whole = (entry for id, entry in self._live.items() if id not in self.lost)
            if wrong := catch_up(self, self._derived, whole):
                self.findings.extend(wrong.values())
                self.lost |= wrong.keys()
            with alone(path):
                self._derived.commit(self._token)

    def _is_in_step(self) -> bool:
        """True when what is derived stands for all records, by what the last run noted: they need not be read."""
        before = noted(self.path)
        return (
            bool(self._token)
            and self._derived.token == self._token
            and before.get("open") is False
            and before.get("records") == self._derived.records
            and self.counts()[0] == self._derived.articles
        )

    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of every article, by id."""
        return {id: entry.fingerprint for id, entry in self._live.items()}

    def entries(self) -> dict[str, Entry]:
        """Every article's record as it is now, by id."""
        return dict(self._live)

    def stored(self, article_id: str) -> Article:
        """An article of the index as it is now."""
        [(id, text, meta)] = self._rows(self._articles, [article_id], "documents", "metadatas")
        return article_of(id, text, meta)

    def write(self, records: Sequence[Record]) -> None:
        """Put articles into the index, each in place of what the index has under its id.

        All of them together: a call to Chroma takes 22 ms, whatever it carries.
        """
        if not records:
            return
        made = [*map(rows_of, records)]
        articles, passages, quotes = (Rows.join(parts) for parts in zip(*made, strict=True))
        with self._deriving(), alone(self.path), chroma_errors(self.path):
            self._clear(record for record in records if record.article.id in self.lost)
            self._add(self._passages, passages)
            self._add(self._quotes, quotes)
            self._tell_of_change()
            # From here on, whoever opens the index sees these articles.
            self._articles.upsert(
                ids=articles.ids,
                documents=articles.texts,
                metadatas=articles.metadatas,
                embeddings=articles.vectors,
            )
            for collection in self._collections.values():
                collection.count()  # By then, Chroma has saved what is to be saved.
            self._token = token_of(self.path)
            for record, (own, its_passages, its_quotes) in zip(records, made, strict=True):
                [meta] = own.metadatas
                self._derived.put(Made(record.article.id, record.article.text, meta, its_passages, its_quotes))
            if self._derived.is_due():
                self._derived.commit(self._token)
        for id, meta in zip(articles.ids, articles.metadatas, strict=True):
            self._supersede(id)
            self._live[id] = Entry.of(id, meta)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Take articles and all that was made from them out of the index."""
        known = [id for id in article_ids if id in self._live]
        for begin in range(0, len(known), WRITE_BATCH):
            with self._deriving(), alone(self.path), chroma_errors(self.path):
                self._tell_of_change()
                self._articles.delete(ids=known[begin : begin + WRITE_BATCH])
                self._token = token_of(self.path)
                for id in known[begin : begin + WRITE_BATCH]:
                    self._derived.remove(id)
                self._derived.commit(self._token)
        for id in known:
            self._supersede(id)
            del self._live[id]

    def move(self, article_id: str, path: str) -> None:
        """Note that an unchanged article now comes from another file."""
        with self._deriving(), alone(self.path), chroma_errors(self.path):
            self._tell_of_change()
            self._articles.update(ids=[article_id], metadatas=[{"path": kept_path(path)}])
            self._token = token_of(self.path)
            self._derived.move(article_id, kept_path(path))

    def finish(self) -> None:
        """Make what was derived seen by whoever opens the index from now on."""
        with self._deriving():
            self._derived.reclaim()
            with alone(self.path):
                self._derived.commit(self._token)

    def close_all(self) -> None:
        """Let go of the index; what was derived and is not yet seen is derived again at the next opening."""
        self._derived.close()
        self.close()

    @contextmanager
    def _deriving(self) -> Iterator[None]:
        """Say in one sentence what goes wrong with what is derived."""
        try:
            yield
        except (*Errors, OSError) as error:
            raise told(self.path, error) from error

    def note_extractor(self) -> None:
        """Note that all articles are as this program makes them: from then on the index can be opened."""
        if self.extractor() != rows.EXTRACTOR_VERSION or "extractor" not in (self._articles.metadata or {}):
            self._set_metadata(extractor=rows.EXTRACTOR_VERSION)

    def remember_roots(self, roots: Iterable[str]) -> None:
        """Add to the files and folders that a run without arguments indexes again."""
        self._set_roots({*self.roots(), *roots})

    def forget_roots(self, roots: Iterable[str]) -> None:
        """Take out of them what no longer exists."""
        self._set_roots({*self.roots()} - {*roots})

    def delete_superseded(self) -> None:
        """Delete the rows that no record stands for. Readers who still hold them have to be told before."""
        stale = {
            (id, made) for id, made in self._superseded if id not in self._live or self._live[id].fingerprint != made
        }
        articles = sorted({id for id, _ in stale})
        for begin in range(0, len(articles), WRITE_BATCH):
            for collection in (self._quotes, self._passages):
                self._delete(collection, articles[begin : begin + WRITE_BATCH], stale)
        self._superseded.clear()

    def _delete(self, collection: Collection, articles: Sequence[str], stale: set[Superseded]) -> None:
        with alone(self.path), chroma_errors(self.path):
            of_them: Any = {"article": {"$in": [*articles]}}
            rows = collection.get(where=of_them, include=[])["ids"]
            gone = [id for id, meta in self._rows(collection, rows, "metadatas") if _made(meta) in stale]
            for begin in range(0, len(gone), WRITE_BATCH):
                collection.delete(ids=gone[begin : begin + WRITE_BATCH])

    def _supersede(self, article_id: str) -> None:
        if article_id in self._live:
            self._superseded.add((article_id, self._live[article_id].fingerprint))

    def _read_records(self) -> Iterator[str]:
        """Note every article's record; yields the ids of those that are not what was written."""
        torn = []
        for id, text, meta in self._rows(self._articles, None, "documents", "metadatas"):
            try:
                entry = self._live[id] = Entry.of(id, meta)
                if not broken(entry.seal, 0, article_sum(article_of(id, text, meta))):
                    continue
            except (KeyError, TypeError, ValueError, AttributeError):
                # Without its record, nothing of an article counts: its file makes it anew.
                torn.append(id)
                continue
            self.findings.append(f"the article {id!r} is not what was written")
            yield id
        for begin in range(0, len(torn), WRITE_BATCH):
            self.findings.append(f"the record of {torn[begin]!r} is torn")
            with alone(self.path), chroma_errors(self.path):
                self._tell_of_change()
                self._articles.delete(ids=torn[begin : begin + WRITE_BATCH])

    def _compare_counts(self) -> frozenset[str]:
        """The articles of which rows are missing. Rows of a run that was killed are noted as superseded.

        The rows are looked at one by one only where their number is not what the records say.
        """
        entries = self._live.values()
        expected = len(entries), sum(entry.passages for entry in entries), sum(entry.quotes for entry in entries)
        if self.counts() == expected:
            return frozenset()
        self.load()
        return self._compare_rows()

    def _compare_rows(self) -> frozenset[str]:
        """The articles whose rows are not those that were written, by their number and their checksums."""
        lost: set[str] = set()
        live = {(entry.id, entry.fingerprint) for entry in self._live.values()}
        for part, collection in enumerate((self._passages, self._quotes), start=1):
            counts, sums = Counter[Superseded](), Counter[Superseded]()
            homeless = []
            for id, text, meta in self._rows(collection, None, "documents", "metadatas"):
                if not (meta and "article" in meta and "fingerprint" in meta):
                    homeless.append(id)
                    continue
                counts[_made(meta)] += 1
                sums[_made(meta)] += row_sum(id, text, meta)
            for begin in range(0, len(homeless), WRITE_BATCH):
                with alone(self.path), chroma_errors(self.path):
                    collection.delete(ids=homeless[begin : begin + WRITE_BATCH])
            self._superseded |= counts.keys() - live
            for id, entry in self._live.items():
                made = (id, entry.fingerprint)
                expected = (entry.passages, entry.quotes)[part - 1]
                if counts[made] != expected or broken(entry.seal, part, sums[made]):
                    lost.add(id)
        if lost:
            self.findings.append(f"rows of {len(lost):,} articles are lost or altered, such as those of {min(lost)!r}")
        return frozenset(lost)

    def _clear(self, records: Iterable[Record]) -> None:
        """Delete the rows of articles that were found damaged: new ones would have their ids, and be ignored."""
        for record in records:
            where: Any = {"article": record.article.id}
            for collection in (self._quotes, self._passages):
                collection.delete(where=where)

    def _add(self, collection: Collection, rows: Rows) -> None:
        for begin in range(0, len(rows.ids), WRITE_BATCH):
            part = slice(begin, begin + WRITE_BATCH)
            collection.add(
                ids=rows.ids[part],
                documents=rows.texts[part],
                metadatas=rows.metadatas[part],  # type: ignore[arg-type]
                embeddings=rows.vectors[part],
            )

    def _set_roots(self, roots: set[str]) -> None:
        if roots != {*self.roots()}:
            self._set_metadata(roots=json.dumps(sorted(roots)))

    def _tell_of_change(self) -> None:
        """Have a server name the state that the records come to; in a folder, Chroma counts its writes itself."""
        if self.place:
            self._set_metadata(**{STATE: uuid.uuid4().hex})

    def _set_metadata(self, **values: str | int) -> None:
        with chroma_errors(self.path):
            self._articles.modify(metadata={**(self._articles.metadata or {}), **values})


def _made(meta: Mapping[str, Any]) -> Superseded:
    """Of which article, as it was made when, a passage or quote is a row."""
    return str(meta["article"]), str(meta["fingerprint"])
