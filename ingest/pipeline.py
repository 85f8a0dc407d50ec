"""Articles to index: load -> split and extract -> embed -> store, for what has changed and nothing else."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from ingest.indexing.ledger import Ledger
from ingest.indexing.preview import Preview, open_preview
from ingest.indexing.report import Found, Report, silence
from ingest.indexing.twins import Twins
from ingest.indexing.vectors import text_alone
from ingest.loading.fields import FieldMap, read_fields
from ingest.loading.loaders import SUFFIXES, Failure, Loaded, LoadError, Warned, find_files
from ingest.loading.worker import Worker, worker
from ingest.preparing import Batch, Fault, Here, Preparer
from ingest.text.pieces import cut
from rag.config import Settings
from rag.errors import ConfigError
from rag.index import rows
from rag.index.opening import open_writer
from rag.index.rows import Entry
from rag.index.seal import noted_roots
from rag.index.store import index_exists
from rag.index.writer import Writer
from rag.models.embeddings import Embedder, load_embeddings
from rag.people import by_hand
from rag.schema import Article

# Passages and statements embedded in one go, or articles without any: enough to have texts of one length, little enough
# to lose when a run is killed.
EMBED_BATCH = 512
# Word pieces and marks that one article may have: some 75,000 words, a minute of a slow core.
MAX_PIECES = 100_000

SPOILED = "its text in the index is damaged and was taken out: index the file again, by its name"
EMPTY = f"there is no file in it that is read; names end in {' '.join(SUFFIXES)}"
NOTHING = "There is nothing to index: name files or folders, as in `python -m ingest seeds/`."

__all__ = ["Found", "Progress", "Report", "ingest"]

Progress = Callable[[int, int, str], None]
log = logging.getLogger(__name__)


def ingest(  # noqa: PLR0913  # what is read, as what, into which index, how, and who is told
    paths: Iterable[str | Path] = (),
    index: str | Path | None = None,
    *,
    check: bool = False,
    prune: bool = False,
    dry_run: bool = False,
    ray: str | None = None,
    fields: str | Path | None = None,
    progress: Progress | None = None,
    embeddings: Embedder | None = None,
) -> Report:
    """Bring an index up to date with files and folders of articles.

    Args:
        paths: Files and folders; with none, those that the index was made from.
        index: Folder of the index; None reads OTR_INDEX, then falls back to `index/`.
        check: Look at everything that is in the index first, instead of counting it, and repair it in any case.
        prune: Take out every article whose file is gone, wherever it was; without, those gone from the folders read.
        dry_run: Only find out what would be added, updated and removed; nothing is written.
        ray: Spread the work over a Ray cluster: its address, or "local" for one on this machine's processors.
        fields: A field map: a YAML file that says which fields of somebody's records are ours.
        progress: Called with (files done, files in all, name of the file) before each file, between the parts of a long
            one and at the end.
        embeddings: Another embedding model, for tests.

    Raises StoreError when the index is in use, and ConfigError when there is nothing to index or the field map is
    wrong. A file that cannot be read is skipped and named in the report, and what the index has of it stays.
    """
    settings = Settings.load(index=index)
    mapped = read_fields(fields) if fields is not None else None
    embedder = embeddings or load_embeddings()
    given = [Path(path).resolve() for path in paths]
    _check_wishes(check=check, dry_run=dry_run, ray=ray)
    if not given and not index_exists(settings.index) and not (check and noted_roots(settings.index)):
        raise ConfigError(NOTHING)
    if given and not (check or index_exists(settings.index) or any(map(os.path.exists, given))):
        raise ConfigError(f"There is no file or folder {given[0]}: check the spelling; no index was made.")
    opened = _opened(settings.index, embedder, check=check, dry_run=dry_run)
    with opened as store, worker() as reader, _preparer(embedder, ray) as preparer:
        roots = given or [Path(root) for root in store.roots()]
        if not roots and not check:
            raise ConfigError(NOTHING)
        # Remembered first, so that a run that is broken off can be taken up without naming them again.
        store.remember_roots(str(root) for root in roots if root.exists())
        # A file that was named once and is gone from its folder is gone; a folder may only be away.
        gone = [] if given else [root for root in roots if _is_gone(root) or (prune and not root.exists())]
        files, failures = find_files(root for root in roots if root not in gone)
        run = _Run(store, preparer, embedder.name, files, failures)
        run.note_empty(given)
        run.note_people(settings.index)
        run.read(reader, mapped, progress)
        run.remove_gone([root for root in roots if root.exists() or root in gone], everywhere=prune)
        run.restore()
        run.renew()
        store.note_extractor()
        lost = [root for root in store.roots() if not Path(root).exists()] if prune else map(str, gone)
        store.forget_roots(lost)
        if progress:
            progress(len(files), len(files), "")
    return run.report()


class _Run:
    """One run over the files: what waits to be written, and what has been done so far."""

    def __init__(
        self,
        store: Writer | Preview,
        preparer: Preparer,
        model: str,
        files: Sequence[Path],
        failures: Iterable[Failure],
    ) -> None:
        self.store = store
        self.preparer = preparer
        self.model = model
        self.is_dry = isinstance(store, Preview)
        self.files = files
        self.failures = list(failures)
        self.warnings: list[Warned] = []
        self._found: dict[str, Found] = {}
        self._unreadable = {failure.path for failure in self.failures}
        self.added: list[str] = []
        self.updated: list[str] = []
        self.unchanged: list[str] = []
        self.removed: list[str] = []
        self.embedded = 0
        self._entries = store.entries()
        self._lost = set(store.lost)
        salvaged = {id: Entry(id, article.path, "", 0, 0) for id, article in store.salvaged.items()}
        self._ledger = Ledger(salvaged | self._entries, files)
        self._twins = Twins(self._entries, files)
        self._put_off: list[tuple[Article, str, bool]] = []
        self._faults: set[Failure] = set()

    def note_empty(self, named: Iterable[Path]) -> None:
        """Note each folder that was named, of which there is no file and was none: it may be another than was meant."""
        for folder in named:
            known = chain(map(str, self.files), (entry.path for entry in self._entries.values()))
            if folder.is_dir() and not any(path.startswith(os.path.join(folder, "")) for path in known):
                self.warnings.append(Warned(str(folder), EMPTY))

    def note_people(self, index: Path) -> None:
        """Note that what was decided by hand is lost; where it is whole, keep a copy of it."""
        if lost := by_hand.loss(index):
            self.warnings.append(Warned(str(index / by_hand.FILE), lost))
        elif not self.is_dry:
            by_hand.keep(index)

    def read(self, reader: Worker, fields: FieldMap | None, progress: Progress | None) -> None:
        """Take the articles of all files, part by part; `progress` hears of each part."""
        for number, file in enumerate(self.files):
            if progress:
                progress(number, len(self.files), file.name)
            articles = 0
            for part, is_whole in _told_apart(reader.parts(file, fields)):
                for article, fingerprint in self.identify(part, file, is_whole=is_whole):
                    self.take(article, fingerprint)
                articles += len(part.articles)
                if progress and not is_whole:
                    progress(number, len(self.files), f"{file.name}, {articles:,} articles")
        for article, fingerprint, is_alone in self._put_off:
            if known := self._identified(article, fingerprint, is_alone=is_alone):
                self.take(known, fingerprint)
        self.flush()

    def identify(self, loaded: Loaded, file: Path, *, is_whole: bool) -> Iterator[tuple[Article, str]]:
        """The articles of a file or a part of one, with ids and fingerprints; what cannot be used is noted."""
        before = self._found.get(str(file), Found(str(file)))
        self._found[str(file)] = replace(
            before,
            warnings=before.warnings + len(loaded.warnings),
            failed=before.failed + len(loaded.failures),
        )
        self.warnings.extend(loaded.warnings)
        if loaded.failures:
            self.failures.extend(loaded.failures)
            self._unreadable.add(str(file))
        is_alone = is_whole and len(loaded.articles) == 1
        for article in loaded.articles:
            fingerprint = fingerprint_of(article, self.model)
            if self._twins.may_come(article, fingerprint):
                self._put_off.append((article, fingerprint, is_alone))
            elif known := self._identified(article, fingerprint, is_alone=is_alone):
                yield known, fingerprint

    def _identified(self, article: Article, fingerprint: str, *, is_alone: bool) -> Article | None:
        """The article with its id; None for a copy of another, and for one whose id cannot be used."""
        if twin := self._twins.of(article, fingerprint):
            self.warnings.append(Warned(article.path, twin))
            return None
        try:
            known = replace(article, id=self._ledger.identify(article, alone=is_alone))
        except LoadError as error:
            self.failures.append(Failure(article.path, str(error)))
            return None
        self._twins.note(known, fingerprint)
        return known

    def take(self, article: Article, fingerprint: str) -> None:
        """Prepare an article if it is new or changed; write when enough texts wait."""
        before = self._entries.get(article.id)
        is_lost = article.id in self._lost
        self._lost.discard(article.id)
        if before and before.fingerprint == fingerprint and not is_lost:
            if before.path != article.path:
                self.store.move(article.id, article.path)
            self.unchanged.append(article.id)
            self._count(article, before.quotes, changed=False)
            return
        if len(article.text) > MAX_PIECES and (size := len(cut(article.text))) > MAX_PIECES:
            reason = f"the article has {size:,} words, parts of words and marks; the limit is {MAX_PIECES:,}: split it"
            self.failures.append(Failure(article.path, reason))
            self._unreadable.add(article.path)
            return
        if self.is_dry:
            self._note_done(article, 0)
            return
        self._write(self.preparer.take(article, fingerprint))

    def _count(self, article: Article, statements: int, *, changed: bool) -> None:
        """Note what was found in an article; not of one made anew from the index, whose file this run did not read."""
        found = self._found.get(article.path)
        if found is None:
            return
        self._found[article.path] = replace(
            found,
            articles=found.articles + 1,
            statements=found.statements + statements,
            # A dry run looks for no statements in what is new or another, so it knows of none that are lacking.
            silent=found.silent if statements or (changed and self.is_dry) else (*found.silent, article.id),
            changed=found.changed or changed,
        )

    def flush(self) -> None:
        """Write all that was taken."""
        self._write(self.preparer.finish())

    def _write(self, batches: Iterable[Batch]) -> None:
        for batch in batches:
            self.store.write(batch.records)
            self.embedded += batch.embedded
            for record in batch.records:
                self._note_done(record.article, len(record.quotes))
            for fault in batch.faults:
                self._note_fault(fault)

    def _note_done(self, article: Article, statements: int) -> None:
        (self.updated if article.id in self._entries else self.added).append(article.id)
        self._count(article, statements, changed=True)

    def _note_fault(self, fault: Fault) -> None:
        """Name an article that this program failed over; what the index has of it, and of its file, stays."""
        log.debug("%s: %s\n%s", fault.path, fault.reason, fault.trace)
        self._unreadable.add(fault.path)
        if fault.id in self.store.lost:
            self._lost.add(fault.id)  # What the index has of it is damaged, and may be an older text.
        failure = Failure(fault.path, fault.reason)
        if failure in self._faults:  # Its stored text is no other.
            return
        self._faults.add(failure)
        self.failures.append(failure)
        if found := self._found.get(fault.path):
            self._found[fault.path] = replace(found, failed=found.failed + 1)

    def remove_gone(self, roots: Iterable[Path], *, everywhere: bool) -> None:
        """Take out the articles whose files, or lines, are no longer there; files anywhere or under `roots`."""
        self.removed = self._ledger.gone(roots, self._unreadable, everywhere=everywhere)
        self.store.remove(self.removed)

    def restore(self) -> None:
        """Make anew, from their stored text, the articles that are damaged and whose files this run did not read."""
        for id in sorted(self._lost.difference(self.removed)):
            if id in self.store.spoiled:
                self.failures.append(Failure(self._entries[id].path, SPOILED))
                self.store.remove([id])
            else:
                self._make_anew(self.store.stored(id))
        done = {*self.added, *self.updated, *self.unchanged, *self.removed}
        for id, article in self.store.salvaged.items():
            if id not in done:
                self._make_anew(article)
        self.flush()
        # Nobody could open an index of which rows are lost.
        broken = sorted(self._lost & self.store.entries().keys())
        self.store.write([text_alone(self.store.stored(id)) for id in broken])

    def renew(self) -> None:
        """Make anew, from their stored text, the articles of another version's extraction that this run did not read.

        Some are of files that were not named, or of a folder that is away.
        """
        if self.store.extractor() == rows.EXTRACTOR_VERSION:
            return
        done = {*self.added, *self.updated, *self.unchanged, *self.removed}
        for id in sorted(self.store.entries().keys() - done):
            self._make_anew(self.store.stored(id))
        self.flush()

    def _make_anew(self, article: Article) -> None:
        self.take(article, fingerprint_of(article, self.model))

    def report(self) -> Report:
        """What was done."""
        return Report(
            tuple(self.added),
            tuple(self.updated),
            tuple(self.unchanged),
            tuple(self.removed),
            tuple(self.failures),
            self.embedded,
            (*self.warnings, *(silence(found) for found in self._found.values() if found.changed and found.silent)),
            tuple(self.store.findings),
            tuple(self._found.values()),
            dry_run=self.is_dry,
        )


def _told_apart(parts: Iterable[Loaded]) -> Iterator[tuple[Loaded, bool]]:
    """The parts of a file, each with whether it is the whole of it."""
    first, *second = islice(left := iter(parts), 2)
    yield first, not second
    for part in chain(second, left):
        yield part, False


def _check_wishes(*, check: bool, dry_run: bool, ray: str | None) -> None:
    """Raise ConfigError for wishes of which each excludes the other."""
    if ray is not None and dry_run:
        raise ConfigError(
            "A dry run prepares no article, so there is nothing to spread over Ray: leave one of them out."
        )
    if check and dry_run:
        raise ConfigError("A check repairs the index, and a dry run writes nothing: ask for one of them.")


def _opened(path: Path, embedder: Embedder, *, check: bool, dry_run: bool) -> AbstractContextManager[Writer | Preview]:
    """The index, opened to be written to; for a dry run, only to be compared with."""
    if dry_run:
        return open_preview(path, embedder)
    return open_writer(path, model=embedder.name, dimension=embedder.dimension, thorough=check)


@contextmanager
def _preparer(embedder: Embedder, ray: str | None) -> Iterator[Preparer]:
    """Who prepares the articles: this process, or those of a Ray cluster."""
    preparer: Preparer = Here(embedder, EMBED_BATCH)
    if ray is not None:
        from ingest.on_ray import OnRay

        preparer = OnRay(ray, embedder.name)
    try:
        yield preparer
    finally:
        preparer.close()


def _is_gone(root: Path) -> bool:
    return root.suffix.lower() in SUFFIXES and not root.exists() and root.parent.is_dir()


def fingerprint_of(article: Article, model: str) -> str:
    """A hash of everything that the index makes of an article, and of how it makes it.

    Its language is not part of it: the text tells it.
    """
    parts: Sequence[object] = (
        rows.EXTRACTOR_VERSION,
        model,
        article.text,
        article.title,
        article.author,
        article.publication,
        article.published,
        article.url,
        article.updated,
        article.story,
        article.notice,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
