"""Are true quotes with one word changed ever verified, and true quotes in other typography ever rejected?

    python bench/mutations.py [SEEDS] [--count 300] [--seed 1] [--index DIR] [--json]

From every statement with a named speaker in the articles, answers are exported as the program would
give them, then spoilt: one word negated, or another number, name, modal verb or tense, or another
speaker. Each is put to `rag.verification.verify` three times (the words changed in the citation, in the text, in
both) and to `rag.ask` as: Did SPEAKER say "..."? Neither may say yes. Then as many answers are set
in other typography, which `rag.verification.verify` must not mind. Exit status 1 when a figure misses its bound.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import mutate
from common import SEEDS, index_of, parser_of, report

from rag import ask
from rag.schema import Citation
from rag.text import fold, sentences
from rag.verification.verify import Records, open_records, verify
from rag.writing.compose import text_of

KINDS = ("negation", "number", "name", "modal", "tense", "speaker")
MAX_REJECTED = 0.01  # Of the typographic variants.
MAX_ASKED = 300  # Characters of a quote put into a question; of a longer one, the sentence that was changed.


@dataclass(frozen=True, slots=True)
class Mutant:
    """A statement with one word changed: `citation` is the true one, `quote` and `speaker` what it becomes."""

    kind: str
    citation: Citation
    quote: str
    speaker: str
    change: str


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = parser_of(__doc__)
    parser.add_argument("seeds", nargs="?", default=str(SEEDS), help="article files or folder (default: seeds/)")
    parser.add_argument("--count", type=int, default=300, help="how many mutations, and how many variants")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices")
    args = parser.parse_args(argv)
    os.environ.setdefault("OTR_LLM", "embedded")
    with index_of(args.seeds, args.index) as index:
        figures = measure(index, args.count, args.seed)
    report(figures, as_json=args.json)
    missed = figures["wrongly_verified"][0] or figures["wrong_yes"][0]
    return 1 if missed or figures["rejected"][0] > MAX_REJECTED * figures["rejected"][1] else 0


def measure(index: Path, count: int, seed: int) -> dict[str, Any]:
    """Make mutations and variants of an index's statements and check them: [failures, tried] for each figure."""
    rng = random.Random(seed)
    records = open_records(index)
    said = statements(records)
    mutants = choose(said, count, rng)
    verified = [f"{m.kind}: {m.change} ({where})" for m in mutants for where in spoilt(m, records)]
    yes = [m for m in mutants if ask(question(m.speaker, m.quote, m.citation), index=index).verdict == "yes"]
    rejected, tried = variants(said, count, rng, records)
    true = rng.sample(said, min(len(said), 60))
    known = sum(ask(question(c.speaker, c.quote, c, changed=False), index=index).verdict == "yes" for c in true)
    made = {kind: sum(m.kind == kind for m in mutants) for kind in KINDS}
    return {
        "wrongly_verified": [len(verified), 3 * len(mutants)],
        "wrong_yes": [len(yes), len(mutants)],
        "wrong_yes_by_kind": {kind: [sum(m.kind == kind for m in yes), made[kind]] for kind in KINDS},
        "rejected": [len(rejected), tried],
        "true_yes": [known, len(true)],
        "verified": verified,
        "yes": [f"{m.kind}: {question(m.speaker, m.quote, m.citation)} [{m.change}]" for m in yes],
        "rejected_variants": rejected,
    }


def statements(records: Records) -> list[Citation]:
    """Every statement of a named speaker in an index."""
    found = [citation for id in sorted(records.ids) if (article := records.article(id)) for citation in article[1]]
    return [c for c in found if c.speaker and c.speaker.istitle()]


def choose(said: list[Citation], count: int, rng: random.Random) -> list[Mutant]:
    """As many mutations of each kind as there can be, `count` in all."""
    folded = {fold(c.context).text for c in said}
    pools: dict[str, list[Mutant]] = {kind: [] for kind in KINDS}
    for mutant in _mutants(said, rng):
        # What another article really says is no mutation.
        words = fold(mutant.quote).text
        if mutant.kind == "speaker" or not any(words in context for context in folded):
            pools[mutant.kind].append(mutant)
    for pool in pools.values():
        rng.shuffle(pool)
    chosen: list[Mutant] = []
    while len(chosen) < count and any(pools.values()):
        chosen += [pool.pop() for pool in pools.values() if pool][: count - len(chosen)]
    return chosen


def _mutants(said: list[Citation], rng: random.Random) -> Iterator[Mutant]:
    names = sorted({word for c in said for word in mutate.NAME.findall(c.context) if not word.endswith(("'s", "’s"))})
    speakers = sorted({c.speaker for c in said})
    for c in said:
        changed = {
            "negation": mutate.negations(c.quote),
            "number": mutate.numbers(c.quote, rng),
            "name": mutate.names(c.quote, names, rng),
            "modal": mutate.modals(c.quote, rng),
            "tense": mutate.tenses(c.quote),
        }
        for kind, found in changed.items():
            yield from (Mutant(kind, c, quote, c.speaker, change) for quote, change in found)
        # A sister, or one of two who spoke together, may have said it too.
        others = [name for name in speakers if not set(name.split()) & set(c.speaker.split())]
        yield from (Mutant("speaker", c, c.quote, name, name) for name in rng.sample(others, min(2, len(others))))


def exported(citation: Citation) -> dict[str, Any]:
    """The answer that shows just this statement, as --json prints it."""
    answer = {"text": text_of("", [citation]), "answered": True, "verdict": None, "citations": [citation]}
    return dict(json.loads(json.dumps(answer, default=lambda c: {n: getattr(c, n) for n in c.__slots__})))


def spoilt(mutant: Mutant, records: Records) -> Iterator[str]:
    """Where the change was put when `verify` did not notice it."""
    true = exported(mutant.citation)
    shown = exported(_spoil(mutant))
    cited = {**true["citations"][0], "quote": mutant.quote, "speaker": mutant.speaker}
    tries = {
        "in the citation": {**true, "citations": [cited]},
        "in the text": {**true, "text": shown["text"]},
        "in both": {**true, "text": shown["text"], "citations": [cited]},
    }
    yield from (where for where, answer in tries.items() if verify(answer, records=records).verified)


def _spoil(mutant: Mutant) -> Citation:
    """The citation as the program would print it had the article said the other words."""
    c = mutant.citation
    begin, end = c.start - c.context_start, c.end - c.context_start
    longer = len(mutant.quote) - len(c.quote)
    spans = tuple((s + longer * (s >= c.end), e + longer * (e >= c.end)) for s, e in c.spans)
    return replace(
        c,
        speaker=mutant.speaker,
        quote=mutant.quote,
        spans=spans,
        end=c.end + longer,
        context=c.context[:begin] + mutant.quote + c.context[end:],
    )


def question(speaker: str, quote: str, citation: Citation, *, changed: bool = True) -> str:
    """Did SPEAKER say "..."? with the whole quote, or the sentence of it that was changed."""
    words = " ".join(quote.split())
    if len(words) > MAX_ASKED:
        parts = [quote[s:e] for s, e in sentences(quote, 0, len(quote))]
        new = [part for part in parts if part not in citation.quote] if changed else []
        words = " ".join((new or parts)[0].split())
    return 'Did {} say "{}"?'.format(speaker, words.strip("“”\"‘’' "))


def variants(said: list[Citation], count: int, rng: random.Random, records: Records) -> tuple[list[str], int]:
    """The variants that `verify` rejects, and how many were tried."""
    rejected: list[str] = []
    tried = 0
    ways = list(mutate.VARIANTS.items())
    pairs = [(citation, way) for citation in said for way in ways]
    rng.shuffle(pairs)
    for citation, (name, way) in pairs:
        answer = exported(citation)
        given = answer["citations"][0]
        cited = {**given, **{field: way(given[field], rng) for field in ("quote", "context", "speaker")}}
        other = {**answer, "text": way(answer["text"], rng), "citations": [cited]}
        if other == answer:
            continue
        tried += 1
        result = verify(other, records=records)
        if not result.verified:
            rejected.append(f"{name}: {result.differences[0].message}")
        if tried == count:
            break
    return rejected, tried


if __name__ == "__main__":
    sys.exit(main())
