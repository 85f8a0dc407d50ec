"""Write what the matcher learns from: phrases beside the speakers of their article, and of what is near it.

    python -m ingest ARTICLES.jsonl [...] --index INDEX
    python -m training.parties.lessons rag/judging/weights INDEX --out lessons.npz

A pair's relation is "answers" where the speaker is meant and "off" where not: the matcher has the judge's outputs.
Phrases of the articles set aside for the judge are set aside here, too.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from rag.config import Settings
from rag.judging.networks import TOKENIZER
from rag.judging.profile import called, profile
from rag.pipeline import JUDGED, MAX_QUESTION_CHARS, Chain, open_chain
from rag.schema import Article, Query
from training.judge.examples import is_aside
from training.judge.pairs import Row, save
from training.judge.prepare import DATA as QUESTIONS
from training.parties.phrases import Asked, Cast, cast_of, is_same, read_asked

DATA = Path(__file__).with_name("data")
# Kept of the speakers who are not meant, beside a phrase to learn from: the first found, some of its own article.
FIRST, OWN, OTHERS = 3, 2, 1

Speaker = tuple[str, str]  # An article's id, and the label there.


def main() -> None:
    """Parse the command line, search, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path, help="folder of the shipped judge, whose tokenizer reads them")
    parser.add_argument("index", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = list(lessons(open_chain(Settings.load(index=args.index)), DATA, QUESTIONS))
    tokenizer = Tokenizer.from_file(str(args.weights / TOKENIZER))
    tokenizer.no_padding()
    save(args.out, rows, tokenizer)
    print(f"{len({row.group for row in rows})} phrases, {len(rows)} pairs, {sum(row.aside for row in rows)} set aside")


def lessons(chain: Chain, phrases: Path, questions: Path, seed: int = 5) -> Iterator[Row]:
    """All pairs of a phrase and a speaker."""
    rng = random.Random(seed)
    store = chain.store
    articles = {article.id: article for article in store.articles()}
    cast = cast_of(one for id in articles for one in store.statements(store.statement_ids(article=id)))
    near = {id: _near(chain, article, cast) for id, article in articles.items()}
    for number, asked in enumerate(read_asked(phrases, questions, cast)):
        aside = is_aside(asked.home)
        for rank, (id, label) in enumerate(_beside(asked, near[asked.home], rng, whole=aside), 1):
            yield Row(
                "pools",
                called(asked.phrase, asked.question),
                profile(label, cast[id][label], articles[id]),
                "answers" if _is_meant(asked, (id, label)) else "off",
                aside,
                str(number),
                rank,
            )


def _near(chain: Chain, article: Article, cast: Cast) -> list[Speaker]:
    """Whom a search for an article's headline finds, then all others of the article.

    To search for each question takes an hour, and finds much the same.
    """
    asked = article.title or article.text[:MAX_QUESTION_CHARS]
    hits = chain.retriever.retrieve(Query(asked, asked), k=JUDGED)
    found = [
        (hit.statement.article.id, hit.statement.quote.speaker.name) for hit in hits if hit.statement.quote.speaker
    ]
    return list(dict.fromkeys([*found, *((article.id, label) for label in cast.get(article.id, ()))]))


def _is_meant(asked: Asked, speaker: Speaker) -> bool:
    return bool(asked.label) and is_same(speaker[1], asked.label)


def _beside(asked: Asked, found: Sequence[Speaker], rng: random.Random, *, whole: bool) -> list[Speaker]:
    """The speakers that are read beside a phrase: all of what is set aside, of the others one who is meant and some."""
    found = [one for one in found if whole or not is_aside(one[0])]
    if whole:
        return found
    meant = sorted((one for one in found if _is_meant(asked, one)), key=lambda one: one[0] != asked.home)[:1]
    others = [one for one in found if not _is_meant(asked, one)]
    own = [one for one in others[FIRST:] if one[0] == asked.home]
    rest = [one for one in others[FIRST:] if one[0] != asked.home]
    some = [*rng.sample(own, min(OWN, len(own))), *rng.sample(rest, min(OTHERS, len(rest)))]
    return [*meant, *others[:FIRST], *some]


if __name__ == "__main__":
    main()
