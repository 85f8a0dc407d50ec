"""Articles to index: load -> split and extract -> embed -> store, for what has changed and nothing else."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.ledger import Ledger
from ingest.loaders import SUFFIXES, Failure, LoadError, Warned, find_files, load
from ingest.quotes import extract_quotes
from ingest.splitter import split
from ingest.statements import statements
from rag.config import Settings
from rag.errors import ConfigError
from rag.index.rows import Record
from rag.index.store import index_exists
from rag.index.writer import Writer, open_writer
from rag.models.embeddings import Embedder, load_embeddings
from rag.schema import Article, Passage, Quote

logger = logging.getLogger(__name__)

# Part of every fingerprint: raise it when splitting, extraction or what is embedded changes, and
# the next run makes every article anew.
PIPELINE_VERSION = 2
# Texts embedded in one go: enough to sort by length, little enough to lose when a run is killed.
EMBED_BATCH = 256

NOTHING = "There is nothing to index: name files or folders, as in `python -m ingest seeds/`."

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, as article ids; `failed` names what was skipped; `embedded` counts texts.

    `warnings` names files that were read in a way an editor should know of, such as one with tracked changes.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    embedded: int = 0
    warnings: tuple[Warned, ...] = ()

    def __str__(self) -> str:
        counts = ("added", "updated", "unchanged", "removed", "failed")
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in counts) + f" ({self.embedded} texts embedded)"


def ingest(
    paths: Iterable[str | Path] = (),
    index: str | Path | None = None,
    *,
    progress: Progress | None = None,
    embeddings: Embedder | None = None,
) -> Report:
    """Bring an index up to date with files and folders of articles.

    Args:
        paths: Files and folders; with none, those that the index was made from.
        index: Folder of the index; None reads OTR_INDEX, then falls back to `index/`.
        progress: Called with (files done, files in all, name of the file) before each file and at the end.
        embeddings: Another embedding model, for tests.

    Raises StoreError when the index is in use, and ConfigError when there is nothing to index. A
    file that cannot be read is skipped and named in the report, and what the index has of it stays.
    """
    settings = Settings.load(index=index)
    embedder = embeddings or load_embeddings()
    given = [Path(path).resolve() for path in paths]
    if not given and not index_exists(settings.index):
        raise ConfigError(NOTHING)
    with open_writer(settings.index, model=embedder.name, dimension=embedder.dimension) as store:
        roots = given or [Path(root) for root in store.roots()]
        if not roots:
            raise ConfigError(NOTHING)
        # Remembered first, so that a run that is broken off can be taken up without naming them again.
        store.remember_roots(str(root) for root in roots if root.exists())
        # A file that was named once and is gone from its folder is gone; a folder may only be away.
        gone = [] if given else [root for root in roots if _is_gone(root)]
        files, failures = find_files(root for root in roots if root not in gone)
        run = _Run(store, embedder, files, failures)
        for number, file in enumerate(files):
            if progress:
                progress(number, len(files), file.name)
            for article in run.load(file):
                run.take(article)
        run.flush()
        run.remove_gone([root for root in roots if root.exists() or root in gone])
        run.restore()
        store.forget_roots(str(root) for root in gone)
        if progress:
            progress(len(files), len(files), "")
    return run.report()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article with its passages and quotes, not yet embedded."""

    article: Article
    fingerprint: str
    passages: list[Passage]
    quotes: list[Quote]

    def texts(self) -> list[str]:
        """What is embedded: each passage under its headline, each quote behind its speaker."""
        title = f"{self.article.title}. " if self.article.title else ""
        return [title + p.span.text for p in self.passages] + [
            f"{q.speaker.name}: {q.text}" if q.speaker else q.text for q in self.quotes
        ]


class _Run:
    """One run over the files: what waits to be written, and what has been done so far."""

    def __init__(self, store: Writer, embedder: Embedder, files: Iterable[Path], failures: Iterable[Failure]) -> None:
        self.store = store
        self.embedder = embedder
        self.failures = list(failures)
        self.warnings: list[Warned] = []
        self._unreadable = {failure.path for failure in self.failures}
        self.added: list[str] = []
        self.updated: list[str] = []
        self.unchanged: list[str] = []
        self.removed: list[str] = []
        self.embedded = 0
        self._waiting: list[_Prepared] = []
        self._entries = store.entries()
        self._lost = set(store.lost)
        self._ledger = Ledger(self._entries, files)

    def load(self, file: Path) -> Iterator[Article]:
        """The articles of a file with their ids; what cannot be used is noted as failed."""
        loaded = load(file)
        self.warnings.extend(loaded.warnings)
        if loaded.failures:
            self.failures.extend(loaded.failures)
            self._unreadable.add(str(file))
        for article in loaded.articles:
            try:
                yield replace(article, id=self._ledger.identify(article, alone=len(loaded.articles) == 1))
            except LoadError as error:
                self.failures.append(Failure(article.path, str(error)))

    def take(self, article: Article) -> None:
        """Prepare an article if it is new or changed; write when enough texts wait."""
        fingerprint = _fingerprint(article, self.embedder.name)
        before = self._entries.get(article.id)
        is_lost = article.id in self._lost
        self._lost.discard(article.id)
        if before and before.fingerprint == fingerprint and not is_lost:
            if before.path != article.path:
                self.store.move(article.id, article.path)
            self.unchanged.append(article.id)
            return
        (self.updated if before else self.added).append(article.id)
        spans = split(article.text, count_tokens=self.embedder.count_tokens, max_tokens=self.embedder.max_tokens)
        quotes = statements(article.text, extract_quotes(article.text, title=article.title))
        self._waiting.append(_Prepared(article, fingerprint, [Passage(span) for span in spans], quotes))
        if sum(len(p.passages) + len(p.quotes) for p in self._waiting) >= EMBED_BATCH:
            self.flush()

    def flush(self) -> None:
        """Embed what waits and write it, all in one go."""
        texts = [text for prepared in self._waiting for text in prepared.texts()]
        if not texts:
            return
        vectors = self.embedder.embed(texts)
        self.embedded += len(texts)
        records: list[Record] = []
        begin = 0
        for prepared in self._waiting:
            middle = begin + len(prepared.passages)
            end = middle + len(prepared.quotes)
            records.append(
                Record(
                    article=prepared.article,
                    fingerprint=prepared.fingerprint,
                    passages=prepared.passages,
                    passage_vectors=vectors[begin:middle],
                    quotes=prepared.quotes,
                    quote_vectors=vectors[middle:end],
                )
            )
            begin = end
        self.store.write(records)
        self._waiting.clear()

    def remove_gone(self, roots: Iterable[Path]) -> None:
        """Take out the articles whose files, or lines, are no longer there."""
        self.removed = self._ledger.gone(roots, self._unreadable)
        self.store.remove(self.removed)

    def restore(self) -> None:
        """Make anew, from their stored text, the articles that have lost rows and whose files this run did not read."""
        for id in sorted(self._lost.difference(self.removed)):
            self.take(self.store.stored(id))
        self.flush()

    def report(self) -> Report:
        """What was done."""
        return Report(
            tuple(self.added),
            tuple(self.updated),
            tuple(self.unchanged),
            tuple(self.removed),
            tuple(self.failures),
            self.embedded,
            tuple(self.warnings),
        )


def _is_gone(root: Path) -> bool:
    return root.suffix.lower() in SUFFIXES and not root.exists() and root.parent.is_dir()


def _fingerprint(article: Article, model: str) -> str:
    """A hash of everything that the index makes of an article, and of how it makes it."""
    parts: Sequence[object] = (
        PIPELINE_VERSION,
        model,
        article.text,
        article.title,
        article.author,
        article.publication,
        article.published,
        article.url,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
