"""What a collection costs as it grows: writing, opening, asking, memory and disk at several sizes.

    python bench/growth.py [--sizes 1000 10000] [--dimension 384] [--index DIR] [--json]

The articles are made up (bench/made_up.py), ten statements and five passages each. Nothing is extracted from them and
no model embeds them, so that what is measured is the index. It grows from size to size; at each it is opened and asked
in a process of its own, and what was measured is printed, so that a run that is broken off has told what it saw. DIR is
the folder to make it in, and to leave it in.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from common import ROOT, Row, parser_of, report
from made_up import STATEMENTS, News, WordVectors

from rag.schema import Article, Passage, Quote

BATCH = 100  # Articles written in one go.
ASKED = 200
MEGABYTE = 1 << 20

Articles = Iterator[tuple[Article, list[Passage], list[Quote]]]


def build(index: Path, made: Articles, size: int, dimension: int) -> Row:
    """Write so many articles more; what it cost, of all of these and of the last tenth of them."""
    from ingest.pipeline import fingerprint_of
    from rag.index.opening import open_writer
    from rag.index.rows import Record

    model, lines_of = WordVectors(dimension), index.with_suffix(".jsonl")
    spent: list[tuple[float, float]] = []
    made = islice(made, size)
    with (
        open_writer(index, model=model.name, dimension=dimension) as writer,
        lines_of.open("a", encoding="utf-8") as lines,
    ):
        writer.remember_roots([str(lines_of)])
        while batch := [*islice(made, BATCH)]:
            records = []
            for article, passages, quotes in batch:
                fields = {name: getattr(article, name) for name in ("id", "text", "title", "publication", "published")}
                lines.write(json.dumps(fields) + "\n")
                records.append(
                    Record(
                        replace(article, path=str(lines_of)),
                        fingerprint_of(article, model.name),
                        passages,
                        model.embed([passage.span.text for passage in passages]),
                        quotes,
                        model.embed([f"{q.speaker.name if q.speaker else ''}: {q.text}" for q in quotes]),
                    )
                )
            began = time.perf_counter(), time.process_time()
            writer.write(records)
            spent.append((time.perf_counter() - began[0], time.process_time() - began[1]))
        began = time.perf_counter(), time.process_time()
    ended = time.perf_counter() - began[0], time.process_time() - began[1]
    last = spent[-max(1, len(spent) // 10) :]
    spent.append(ended)
    return {
        "write_cpu_ms_an_article": 1000 * sum(cpu for _, cpu in spent) / size,
        "write_cpu_ms_an_article_at_the_end": 1000 * sum(cpu for _, cpu in last) / (BATCH * len(last)),
        "write_seconds": sum(wall for wall, _ in spent),
    }


def ask_all(index: Path, most: int, dimension: int) -> Row:
    """Open an index, ask it about the people of so many articles, and say what that cost; in a process of its own."""
    import chromadb  # noqa: F401 - its import is no part of opening

    from rag.index.store import open_store
    from rag.retrieval.retriever import Retriever
    from rag.schema import Query
    from rag.understanding.parties import identify

    model, questions = WordVectors(dimension), News(most).questions(ASKED)
    before = memory()
    began = time.perf_counter(), time.process_time()
    retriever = Retriever(open_store(index, model=model.name, dimension=dimension), model)
    opened = time.perf_counter() - began[0], time.process_time() - began[1]
    times: dict[str, list[float]] = {"bare": [], "speaker": [], "speaker and date": [], "described": []}
    first = 0.0
    for words, name, month in questions:
        party = identify(name, retriever.people)
        described = identify(f"the {name.split()[0]} spokesman", retriever.people)
        text = f"What did {name} say about {words}?"
        for kind, query in {
            "bare": Query(words, words),
            "speaker": Query(text, text, parties=(party,)),
            "speaker and date": Query(text, text, parties=(party,), since=f"{month}-01", until=f"{month}-31"),
            "described": Query(words, f"{words} spokesman", parties=(described,)),
        }.items():
            start = time.perf_counter(), time.process_time()
            retriever.retrieve(query, k=24)
            first = first or time.perf_counter() - start[0]
            times[kind].append(time.process_time() - start[1])
    figures: Row = {
        "open_s": opened[0],
        "open_cpu_s": opened[1],
        "first_question_s": first,
        "memory_mb": memory(),
        "memory_of_the_index_mb": memory() - before,
    }
    for kind, spent in times.items():
        low, high = statistics.median(spent), sorted(spent)[int(0.95 * (len(spent) - 1))]
        figures[f"ask_cpu_ms_{kind.replace(' ', '_')}"] = [round(1000 * low), round(1000 * high)]
    return figures


def run_again(index: Path, size: int, dimension: int) -> Row:
    """A run over so many unchanged articles; in a process of its own."""
    from ingest.pipeline import ingest

    model = WordVectors(dimension)
    began = time.process_time()
    done = ingest([index.with_suffix(".jsonl")], index=index, embeddings=model)
    assert len(done.unchanged) == size, str(done)
    return {"unchanged_cpu_s": time.process_time() - began, "unchanged_embedded": model.embedded}


def memory() -> float:
    """What this process holds, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def disk(index: Path, statements: int) -> Row:
    """What lies in the index, in bytes a statement: all of it, and of what is derived."""
    sizes = {part.name: sum(f.stat().st_size for f in _files(part)) for part in index.iterdir()}
    derived = sizes.get("derived", 0) + sizes.get("words", 0)
    return {
        "disk_mb": sum(sizes.values()) / MEGABYTE,
        "disk_bytes_a_statement": sum(sizes.values()) / statements,
        "derived_bytes_a_statement": derived / statements,
    }


def _files(part: Path) -> Iterator[Path]:
    return (file for file in (part.rglob("*") if part.is_dir() else [part]) if file.is_file())


def apart(what: str, index: Path, size: int, dimension: int) -> Row:
    """Run a part in a fresh process."""
    command = [sys.executable, __file__, "--part", what, "--sizes", str(size), "--dimension", str(dimension)]
    done = subprocess.run([*command, "--index", str(index)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = parser_of(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000], help="how many articles")
    parser.add_argument("--dimension", type=int, default=384, help="of the vectors")
    parser.add_argument("--part", choices=["ask", "again"], help="measure this of the index given, and nothing else")
    args = parser.parse_args(argv)
    if args.part:
        parts: dict[str, Any] = {"ask": ask_all, "again": run_again}
        print(json.dumps(parts[args.part](Path(args.index), args.sizes[0], args.dimension)))
        return 0
    sizes = sorted(args.sizes)
    figures: Row = {"dimension": args.dimension}
    with tempfile.TemporaryDirectory() as folder:
        index = Path(args.index or folder) / "growth"
        if index.exists():
            raise SystemExit(f"There is {index} already: give another --index, or take it away.")
        made, written = News(sizes[-1]).articles(), 0
        for size in sizes:
            row = build(index, made, size - written, args.dimension)
            written = size
            row |= apart("ask", index, sizes[-1], args.dimension) | apart("again", index, size, args.dimension)
            row |= disk(index, size * STATEMENTS)
            figures[f"{size} articles"] = row
            print(size, json.dumps(row), file=sys.stderr, flush=True)
    report(figures, as_json=args.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
