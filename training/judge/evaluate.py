"""How well the exported judge does on the pools set aside: which statement it puts first, what it makes of claims.

    python -m training.judge.evaluate WEIGHTS ARTICLES.jsonl [...] [--out found.jsonl]

WEIGHTS is the folder that training.judge.export wrote: what is measured is what is shipped.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.judging.embedded import NETWORK, TOKENIZER, CrossEncoder
from training.judge.examples import RELATIONS, Pool, read_articles, read_pools
from training.judge.train import DATA, POSITIVE

Scored = tuple[Pool, list[list[float]]]


def main() -> None:
    """Parse the command line, judge, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--roles", type=Path)
    parser.add_argument("--out", type=Path, help="JSON Lines: what the network makes of each pool's statements")
    args = parser.parse_args()
    network = CrossEncoder(*((args.weights / name).read_bytes() for name in (NETWORK, TOKENIZER)))
    roles = json.loads(args.roles.read_text(encoding="utf-8")) if args.roles else {}
    pools = [pool for pool in read_pools(DATA, read_articles(args.articles), roles) if pool.aside]
    scored: list[Scored] = []
    for pool in pools:
        logits = network.logits([(pool.question, pair.evidence) for pair in pool.pairs])
        exps = np.exp(logits - logits.max(axis=1, keepdims=True))
        scored.append((pool, (exps / exps.sum(axis=1, keepdims=True)).tolist()))
    if args.out:
        _write(args.out, scored)
    for line in figures(scored):
        print(line)


def _write(path: Path, scored: Sequence[Scored]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for pool, rows in scored:
            told = [
                {"rank": pair.rank, "relation": pair.relation, "found": row}
                for pair, row in zip(pool.pairs, rows, strict=True)
            ]
            file.write(json.dumps({"id": pool.id, "kind": pool.kind, "pairs": told}) + "\n")


def figures(scored: Sequence[Scored]) -> list[str]:
    """What the command prints."""
    first: Counter[str] = Counter()
    nearest: Counter[str] = Counter()
    answerable: Counter[str] = Counter()
    best_right: list[float] = []
    best_none: list[float] = []
    claims: Counter[tuple[str, str]] = Counter()
    for pool, rows in scored:
        shown = [sum(row[:POSITIVE]) for row in rows]
        right = [RELATIONS.index(pair.relation) < POSITIVE for pair in pool.pairs]
        (best_right if any(right) else best_none).append(max(shown))
        if any(right):
            answerable[pool.kind] += 1
            first[pool.kind] += right[shown.index(max(shown))]
            nearest[pool.kind] += right[min(range(len(rows)), key=lambda n: pool.pairs[n].rank or 99)]
        if pool.kind == "did_say":
            for pair, row in zip(pool.pairs, rows, strict=True):
                if pair.relation in RELATIONS[1:POSITIVE] or max(row[:POSITIVE]) > 0.5:
                    claims[pair.relation, RELATIONS[row.index(max(row))]] += 1
    above = sum(one > other for one in best_right for other in best_none)
    whole = max(1, len(best_right) * len(best_none))
    lines = [f"pools {len(scored)}, answerable {sum(answerable.values())}"]
    lines += [f"first right: judge {_share(first, answerable)}, retriever {_share(nearest, answerable)}"]
    lines += [
        f"  {kind}: {first[kind]}/{count}, retriever {nearest[kind]}" for kind, count in sorted(answerable.items())
    ]
    lines += [f"area under the curve for none of these: {above / whole:.3f}"]
    lines += [f"claims, labelled -> judged: {dict(sorted(claims.items()))}"]
    return lines


def _share(some: Counter[str], of: Counter[str]) -> str:
    return f"{sum(some.values()) / max(1, sum(of.values())):.3f}"


if __name__ == "__main__":
    main()
