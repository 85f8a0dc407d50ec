"""How long from nothing to an answer, and in how much memory: each figure from a process of its own.

    python bench/startup.py [--index index/] [--question TEXT]

Seconds are wall clock; memory is the peak resident set in MB (ru_maxrss). Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

PROBE = """
import json, resource, sys, time
began = time.perf_counter()
from rag import stream
imported = time.perf_counter()
figures = {"import_s": imported - began}
if len(sys.argv) > 1:
    for name in ("first_answer_s", "next_answer_s"):
        start = began if name == "first_answer_s" else time.perf_counter()
        first = None
        for answer in stream(sys.argv[2], index=sys.argv[1]):
            if first is None and answer.text:
                first = time.perf_counter() - start
        figures[name] = time.perf_counter() - start
        figures[name.replace("answer", "words")] = first
figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
"""


def probe(llm: str, *arguments: str) -> dict[str, float]:
    """Run the probe in a fresh process with a chat model; its figures."""
    command = [sys.executable, "-c", PROBE, *arguments]
    result = subprocess.run(command, env=os.environ | {"OTR_LLM": llm}, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(result.stdout)
    return figures


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", default="index/")
    parser.add_argument("--question", default="What did the mayor say about the harbour?")
    args = parser.parse_args()
    figures = {"import": probe("embedded"), "embedded": probe("embedded", args.index, args.question)}
    json.dump(figures, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
