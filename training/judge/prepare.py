"""Write everything that the judge learns from as token ids, in one file that training.judge.train reads.

    python -m training.judge.prepare ENCODER ARTICLES.jsonl [...] --public FOLDER --roles roles.json --out pairs.npz

ENCODER is a folder with all-mpnet-base-v2 as its authors publish it. The training needs nothing else of the articles.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.text import terms
from training.judge.claims import Claim, read_claims
from training.judge.examples import Pool, read_articles, read_pools
from training.judge.network import load_tokenizer
from training.judge.pairs import PARTS, UNLABELLED, Row, save
from training.judge.public import public_pairs
from training.judge.words import WordIndex

DATA = Path(__file__).parent / "data"
NEAR = 12  # Statements without a label for each question, the nearest by words; a teacher will label them.


def main() -> None:
    """Parse the command line, read, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--public", type=Path, required=True, help="folder with the public pairs")
    parser.add_argument("--roles", type=Path, help="JSON: the roles of speakers, from training.judge.roles")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    articles = read_articles(args.articles)
    roles = json.loads(args.roles.read_text(encoding="utf-8")) if args.roles else {}
    pools = read_pools(DATA, articles, roles)
    names = sorted({speaker_of(pair.evidence) for pool in pools if not pool.aside for pair in pool.pairs})
    rows = [*_pool_rows(pools), *_near_rows([pool for pool in pools if not pool.aside])]
    rows += claim_rows(read_claims(DATA, articles, roles, names))
    rows += [
        Row("public", question, pair.evidence, pair.relation) for question, pair in public_pairs(args.public, names)
    ]
    save(args.out, rows, load_tokenizer(args.encoder))
    for part in PARTS:
        print(part, sum(row.part == part for row in rows))


def claim_rows(claims: Iterable[Claim]) -> Iterator[Row]:
    """The rows of claims written about one statement each."""
    for claim in claims:
        part = "mixed" if claim.mixed else "claims"
        yield Row(part, claim.question, claim.pair.evidence, claim.pair.relation, claim.aside)


def speaker_of(evidence: str) -> str:
    """The name of who speaks in a statement as the network reads it."""
    return evidence.split(":")[0].split(",")[0]


def _pool_rows(pools: Sequence[Pool]) -> Iterator[Row]:
    for pool in pools:
        for pair in pool.pairs:
            part = "claim_pools" if pool.kind == "did_say" else "pools"
            yield Row(part, pool.question, pair.evidence, pair.relation, pool.aside, pool.id, pair.rank)


def _near_rows(pools: Sequence[Pool]) -> Iterator[Row]:
    """For each question statements of any article that share its words and are not in its pool."""
    texts = sorted({pair.evidence for pool in pools for pair in pool.pairs})
    index = WordIndex([terms(text) for text in texts])
    rng = random.Random(1)
    for pool in pools:
        own = {pair.evidence for pair in pool.pairs}
        nearest = np.argsort(-index.scores(terms(pool.question)))[: 4 * NEAR].tolist()
        others = [texts[n] for n in nearest if texts[n] not in own]
        for text in rng.sample(others, min(NEAR, len(others))):
            yield Row("near", pool.question, text, UNLABELLED, False, pool.id)


if __name__ == "__main__":
    main()
