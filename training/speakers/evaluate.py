"""How often a statement's label is the right person, by kind of source: the rules alone, and the trained resolver.

    python -m training.speakers.evaluate LABELS.jsonl.gz ARTICLES.jsonl... --quotes QUOTES.jsonl --states STATES [--all]

On the articles set aside, or on all of them. `right`: the label is the name of whom the reader means, a part of it, or
another of the names that the reader saw; `full`: it has all of a short name and two words at least of a longer one.
Where the reader sees somebody without a name, the label must be nobody's name; where nobody speaks, there is no label.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.speaking.linker import place_of
from ingest.speaking.resolver import Read, resolved
from ingest.speaking.rules import resolve
from ingest.speaking.small_words import PRONOUN
from rag.people.names import without_letters
from rag.schema import Speaker
from training.speakers.examples import Gold, Reading, is_aside, read, words


def judged(reading: Reading, gold: Gold, label: Speaker | None) -> tuple[bool, bool]:
    """(right, full) of a label, with the letters that it has for a body or without them."""
    if gold.nobody:
        return label is None, label is None
    labels = {words(name) for name in (label.name, without_letters(label.name))} if label else {()}
    named = [key for key in gold.keys if reading.names[key]]
    if not named:
        others = {words(name) for name in reading.names.values()} - {()}
        fine = labels.isdisjoint(others)
        return fine, fine
    return max(_names_all(reading, named, said) for said in labels)


def _names_all(reading: Reading, named: Sequence[str], said: tuple[str, ...]) -> tuple[bool, bool]:
    right = all(_means(reading, key, said) for key in named) and bool(said)
    wanted = [set(words(reading.names[key])) for key in named]
    return right, right and all(len(want & set(said)) >= min(2, len(want)) for want in wanted)


def _means(reading: Reading, key: str, said: tuple[str, ...]) -> bool:
    name = set(words(reading.names[key]))
    known = {words(form) for form in reading.forms[key] if form[:1].isupper()}
    return bool(said) and (set(said) <= name or name <= set(said) or said in known)


def kind_of(phrase: str, gold: Gold) -> str:
    """The kind of a source by its own words and by what the reader sees in it."""
    bare = phrase.strip()
    if gold.nobody:
        return "nobody" if bare else "nobody, no source"
    if gold.channel:
        return "channel"
    if len(gold.keys) > 1:
        return "several"
    if not bare:
        return "no source"
    if bare.lower() in PRONOUN:
        return "he, she" if bare.lower() in ("he", "she", "him", "his", "her") else "other pronoun"
    capitals = sum(word[:1].isupper() for word in bare.split())
    if capitals and len(bare.split()) == 1:
        return "one name"
    return (
        "names"
        if capitals == len(bare.split()) or (capitals > 1 and not bare.lower().startswith("the "))
        else "description"
    )


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--quotes", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--misses", type=int, default=0)
    args = parser.parse_args(arguments)
    counts: Counter[tuple[str, str]] = Counter()
    misses = 0
    for reading in read(args.labels, args.articles, args.quotes, args.states):
        if not (args.all or is_aside(reading.id)):
            continue
        given = (reading.text, reading.quotes, reading.title, reading.answers)
        both = {
            "rules": resolve(*given),
            "trained": resolved(*given, Read(reading.pieces, reading.states)).speakers,
        }
        seen = set()
        for number, quote in enumerate(reading.quotes):
            place = place_of(quote)
            gold = reading.gold.get(place)
            if place in seen or gold is None or gold.open or not (gold.keys or gold.nobody):
                continue
            seen.add(place)
            kind = kind_of(reading.text[slice(*place)], gold)
            named = any(reading.names[key] for key in gold.keys)
            for group in (kind + (" (named)" if named else ""), "all", "all named" if named else "all others"):
                counts[group, "n"] += 1
                for by, found in both.items():
                    right, full = judged(reading, gold, found[number])
                    counts[group, f"{by} right"] += right
                    counts[group, f"{by} full"] += full
            if named and not judged(reading, gold, both["trained"][number])[1] and misses < args.misses:
                misses += 1
                print(
                    kind,
                    repr(reading.text[slice(*place)][:60]),
                    [reading.names[k] for k in gold.keys],
                    "rules",
                    both["rules"][number],
                    "trained",
                    both["trained"][number],
                )
    columns = [f"{by} {what}" for by in ("rules", "trained") for what in ("right", "full")]
    print(f"{'':30}{'n':>6}", *(f"{column:>14}" for column in columns))
    for group in sorted({group for group, _ in counts}):
        total = counts[group, "n"]
        print(f"{group:30}{total:6}", *(f"{counts[group, column] / total:14.3f}" for column in columns))


if __name__ == "__main__":
    main(sys.argv[1:])
