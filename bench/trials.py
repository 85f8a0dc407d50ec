"""The parts that trials of an index share: small articles, a model of words, runs in processes of their own."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from common import ROOT  # noqa: F401 - it makes the product importable

import ingest.pipeline
from rag.errors import StaleError as StaleError
from rag.index import chroma
from rag.index import store as store
from rag.models.windows import Stretch, words_of

MANY = 10
# Children are forked before anything has started a thread: each is there at once, and dies without a trace.
FORK = multiprocessing.get_context("fork")


class Words:
    """Stands in for the embedding model: one axis a word, so that nothing is waited for but the index."""

    name, dimension, max_tokens = "words", 64, 60

    def count_tokens(self, text: str) -> int:
        """How many words there are."""
        return len(re.findall(r"\w+", text))

    def embed(self, texts: Sequence[str]) -> Any:
        """Vectors of length one, one a text."""
        vectors = np.full((len(texts), self.dimension), 0.01, dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                vector[zlib.crc32(word.encode()) % self.dimension] += 1
            vector /= np.linalg.norm(vector)
        return vectors

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Any, Any]:
        """Vectors of texts and of the words of places in them."""
        return self.embed(texts), self.embed(words_of(texts, places))


def prepare() -> None:
    """Load what every child needs, and have vectors saved after each few instead of a thousand."""
    # What each of them would otherwise import and load anew, for most of its time.
    for module in ("chromadb.api.rust", "chromadb_rust_bindings", "tantivy", "filelock", "ftfy", "yaml"):
        importlib.import_module(module)

    from ingest.quoting.tagger import Tagger
    from ingest.text.language import language_of

    Tagger.load()
    language_of("Nobody knows in which language this is written.", None)
    chroma.GRAPH = {**chroma.GRAPH, "sync_threshold": 12}
    chroma.NO_GRAPH = {**chroma.NO_GRAPH, "sync_threshold": 12}
    ingest.pipeline.EMBED_BATCH = 8


def write_articles(folder: Path, day: str = "Monday", many: int = MANY) -> None:
    """Small articles, each with two people who say what nobody else says."""
    folder.mkdir(exist_ok=True)
    for number in range(many):
        (folder / f"a{number:02}.txt").write_text(
            f"On {day}, keeper Ida Moe{number} spoke of lamp{number}. “Lamp{number} will not be lit,” she said.\n\n"
            f"“The boat of quay{number} is late,” said Per Lund{number}, the pilot of quay{number}.\n",
            encoding="utf-8",
        )


def change(folder: Path, day: str) -> None:
    """Alter two of three articles, take one away and bring one back."""
    write_articles(folder, day)
    for number in range(0, MANY, 3):
        (folder / f"a{number:02}.txt").write_text(f"“Quay {number} rests,” said Per Lund{number}.\n", encoding="utf-8")
    (folder / f"a{len(day) % MANY:02}.txt").unlink(missing_ok=True)


def index_files(folder: Path, index: Path, *, check: bool = False) -> ingest.pipeline.Report:
    """Bring an index up to date."""
    return ingest.pipeline.ingest([] if check else [folder], index=index, embeddings=Words(), check=check)


def contents(index: Path) -> tuple[Any, ...]:
    """Everything that an index shows and finds: what answers read, the vectors, and whether each is its own nearest."""
    opened = store.open_store(index, model=Words.name, dimension=Words.dimension)
    rows: list[Any] = []
    rows.append([asdict(article) for article in opened.articles()])
    passages = [id for (id,) in opened.select("SELECT id FROM passages ORDER BY id", ())]
    rows.append(sorted((id, asdict(span)) for id, span in opened.passages(passages).items()))
    rows.append([asdict(statement) for statement in opened.statements(opened.statement_ids())])
    rows.append(sorted((id, [*vector]) for id, vector in opened.vectors(passages, of="passages").items()))
    quotes = opened.vectors(opened.statement_ids())
    rows.append(sorted((id, [*vector]) for id, vector in quotes.items()))
    for id, vector in sorted(quotes.items()):
        [nearest] = opened.search_quotes(vector, 1)
        rows.append((id, bool(np.allclose(quotes[nearest], vector, atol=1e-4))))
    rows.append(searched(opened))
    roots = opened.roots()
    opened.close()
    return (*rows, roots)


def searched(opened: store.Store) -> tuple[Any, ...]:
    """What a search reads of all articles and statements, by their ids: rows have other numbers once made anew."""
    known = opened.columns
    with opened.deriving():
        ids = opened.statement_ids()
        lines = known.lines(row for row, *_ in known.standing("statements", ids).values())
        articles = {id: found for id in known.ids() if (found := known.article(id))}
        bags = known.bags(doc for doc, *_ in articles.values())
        passages = known.passage_ids(line.passage for line in lines.values())
        vectors = [
            opened.quote_vectors.read([*lines]),
            opened.passage_vectors.read([li.passage for li in lines.values()]),
        ]
        stems = sorted({stem for line in lines.values() for stem in line.sentence.split()})
        best = {s: sorted(lines[row].id for row in opened.words.best("sentence", [s], len(lines))) for s in stems}
        counted = known.frequencies(stems)
        labels = known.select("SELECT name, many FROM labels ORDER BY name", ())
    said = [
        (*line[1:2], *line[4:], passages.get(line.passage), *([*of[n]] for of in vectors))
        for n, line in enumerate(lines.values())
    ]
    held = sorted((id, sorted(bags[doc].bag.split()), bags[doc][3:5]) for id, (doc, *_) in articles.items())
    return sorted(said, key=lambda one: str(one[0])), held, best, counted, labels


def same(found: Any, wanted: Any) -> bool:
    """True for equal contents; vectors may differ by what rounding does."""
    if isinstance(found, float | np.floating):
        return bool(abs(found - wanted) < 1e-4)
    if isinstance(found, dict):
        return found.keys() == wanted.keys() and all(same(found[key], wanted[key]) for key in found)
    if isinstance(found, list | tuple):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return bool(found == wanted)


def apart(work: Callable[..., Any], *args: Any, seconds: float = 240) -> tuple[str, Any]:
    """Run work in a process of its own: ("done", what it gave), ("error", why), ("crash", signal) or ("late", None)."""
    ours, theirs = FORK.Pipe(False)
    child = FORK.Process(target=give, args=(theirs, work, args))
    child.start()
    theirs.close()
    given: tuple[str, Any] = ("late", None)
    if ours.poll(seconds):
        with suppress(EOFError):
            given = ours.recv()
    if given[0] == "late":
        child.join(1)
        given = ("crash", child.exitcode) if child.exitcode is not None else given
        child.kill()
    child.join()
    return given


def give(pipe: Any, work: Callable[..., Any], args: Sequence[Any]) -> None:
    from rag.errors import OnTheRecordError

    try:
        pipe.send(("done", work(*args)))
    except OnTheRecordError as error:
        pipe.send(("told", str(error)))
    except BaseException as error:  # noqa: BLE001 - a traceback is what is looked for
        pipe.send(("error", f"{type(error).__name__}: {error}"[:300]))


def small_disk(disk: Path, kilobytes: int) -> bool:
    """Mount a disk of that size, or make the one there as large; False where that is not permitted."""
    disk.mkdir(exist_ok=True)
    options = f"{'remount,' if disk.is_mount() else ''}size={kilobytes}k"
    if os.geteuid() or not shutil.which("mount"):
        return False
    return not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode


def spent() -> tuple[float, float]:
    """CPU seconds and peak MB of this process and its children so far."""
    ours, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in (ours, theirs))
    return seconds, max(ours.ru_maxrss, theirs.ru_maxrss) / 1024
