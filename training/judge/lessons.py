"""Write what a shipped judge is taught more: open questions, claims, and public pairs.

    python -m training.judge.lessons WEIGHTS ARTICLES.jsonl [...] --public FOLDER --roles roles.json --out lessons.npz

WEIGHTS is the folder of the shipped judge, whose tokenizer reads them. New questions about one article in HELD_OUT are
held out beside the articles set aside: bounds are chosen on both. Nothing else of these is learnt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from rag.judging.networks import TOKENIZER
from training.judge.claims import Claim, read_claims
from training.judge.examples import Pair, Pool, read_articles, read_pools
from training.judge.invented import read_invented
from training.judge.pairs import PARTS, Row, save
from training.judge.prepare import DATA, claim_rows, speaker_of
from training.judge.public import public_pairs

HELD_OUT = 9
# How the ids of questions begin that the judge first shipped had not learnt, some of them on articles held out: claims
# as people ask them, open questions.
NEW_CLAIMS, NEW_OPEN = "n5", "o6"
INVENTED = "invented.jsonl.gz"
NEAR, OFF = 3, 1  # Kept of a pool, at most, beside all that bears on the question.
OFF_OPEN = 6  # Likewise, of an open question about an invented article: a list is told by what is no answer.
PUBLIC = 20_000  # Public pairs, so that entailment is not forgotten.


def main() -> None:
    """Parse the command line, read, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--public", type=Path, required=True, help="folder with the public pairs")
    parser.add_argument("--roles", type=Path, help="JSON: the roles of speakers, from training.judge.roles")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    roles = json.loads(args.roles.read_text(encoding="utf-8")) if args.roles else {}
    rows = lessons(DATA, read_articles(args.articles), roles, args.public)
    tokenizer = Tokenizer.from_file(str(args.weights / TOKENIZER))
    tokenizer.no_padding()
    save(args.out, rows, tokenizer)
    for part in PARTS:
        print(part, sum(row.part == part for row in rows))


def lessons(
    folder: Path, articles: dict[str, dict[str, Any]], roles: dict[str, str], public: Path, seed: int = 3
) -> list[Row]:
    """All rows, those set aside and held out among them; `public` is the folder with the public pairs."""
    rng = random.Random(seed)
    rows = [row for pool in read_pools(folder, articles, roles) for row in of_pool(pool, rng)]
    names = sorted({speaker_of(row.evidence) for row in rows if not row.aside})
    rows += [row for pool in read_invented(folder / INVENTED) for row in of_invented(pool, rng)]
    rows += of_claims(read_claims(folder, articles, roles, names))
    others = list(public_pairs(public, names))
    rng.shuffle(others)
    return rows + [Row("public", question, pair.evidence, pair.relation) for question, pair in others[:PUBLIC]]


def is_held_out(article_id: str) -> bool:
    """True for one article in HELD_OUT, by a hash of its id and a word, so that it is not that of `is_aside`."""
    return int(hashlib.sha256(f"dev5:{article_id}".encode()).hexdigest(), 16) % HELD_OUT == 0


def of_claims(claims: Iterable[Claim]) -> Iterator[Row]:
    """The claims written about one statement each, but for those about an article held out."""
    return claim_rows(claim for claim in claims if claim.aside or not is_held_out(claim.pair.article_id))


def of_pool(pool: Pool, rng: random.Random) -> Iterator[Row]:
    """What of a pool is learnt, or all of one that is set aside or held out."""
    is_claim, is_new = pool.kind == "did_say", pool.id.startswith((NEW_CLAIMS, NEW_OPEN))
    part = "claim_pools" if is_claim else "new_pools" if is_new else "pools"
    is_held = any(map(is_held_out, pool.homes)) and not pool.aside
    if is_held and not is_new:
        return
    is_kept = pool.aside or is_held
    if is_kept:
        pairs: Iterable[Pair] = pool.pairs
    else:
        learnt = [pair for pair in pool.pairs if not is_held_out(pair.article_id)]
        # All of what has not been learnt before: a list is told by what is near and no answer.
        pairs = learnt if part == "new_pools" else _some(learnt, rng)
    for pair in pairs:
        yield Row(part, pool.question, pair.evidence, pair.relation, is_kept, pool.id, pair.rank)


def of_invented(pool: Pool, rng: random.Random) -> Iterator[Row]:
    """What of a pool over an invented article is learnt; none of these is set aside."""
    for pair in _some(pool.pairs, rng, OFF_OPEN):
        yield Row("new_pools", pool.question, pair.evidence, pair.relation, group=pool.id)


def _some(pairs: Sequence[Pair], rng: random.Random, most: int = OFF) -> Iterator[Pair]:
    """Of a pool: what bears on its question, what is nearest by its retriever, and so much off it."""
    of: dict[str, list[Pair]] = {}
    for pair in rng.sample(pairs, len(pairs)):
        of.setdefault(pair.relation, []).append(pair)
    near = sorted(of.pop("topic", []), key=lambda pair: pair.rank or len(pairs))
    off = of.pop("off", [])
    yield from (pair for bearing in of.values() for pair in bearing)
    yield from near[:NEAR]
    yield from off[:most]


if __name__ == "__main__":
    main()
