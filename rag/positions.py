"""What one person says on a subject, and how that changed: statements by topic, and earlier beside later ones.

    a label, words -> Citations that fit them        a label -> pairs of Citations, each of two days, nearest in subject

Nothing here says that somebody changed their mind: it lays side by side what a reader can compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.index.store import Store
from rag.lookup import MAX_FOUND, MAX_WORDS, labels_of, opened, said_under, when
from rag.schema import Citation, Hit, Party, Query, Statement
from rag.text import fold
from rag.writing.citations import cite

ON_TOPIC = 12  # The best of whatever is found: further down, statements have little to do with the words.
PAIRS = 3
COMPARED = 500  # Statements that are compared with each other, the newest: a quarter of a million cosines.

Pair = tuple[Citation, Citation]


def on_topic(name: str, words: str, *, index: str | Path | None = None) -> tuple[Citation, ...]:
    """What a person says that fits some words best, the oldest first; `name` is a label of theirs, or their name."""
    chain = opened(index)
    labels = labels_of(name, chain)
    asked = words[:MAX_WORDS]
    query = Query(asked, asked, parties=(Party(name, tuple(sorted(labels)), (name,), named=True),))
    hits = chain.retriever.retrieve(query, k=MAX_FOUND)
    own = [hit for hit in hits if hit.statement.quote.speaker and hit.statement.quote.speaker.name in labels]
    return cite(sorted(own[:ON_TOPIC], key=lambda hit: when(hit.statement)))


def side_by_side(name: str, *, index: str | Path | None = None) -> tuple[Pair, ...]:
    """Up to PAIRS earlier statements of a person, each with a later one that is nearest to it in subject.

    Of two statements each is the other's nearest among all of other days, so that no bound is needed; the same words on
    two days are no pair.
    """
    chain = opened(index)
    dated = [s for s in said_under(labels_of(name, chain), chain.store) if s.article.published][-COMPARED:]
    pairs = _nearest(dated, chain.store)
    numbered = cite([Hit(statement, 1.0) for pair in pairs for statement in pair])
    return tuple(zip(numbered[::2], numbered[1::2], strict=True))


def _nearest(statements: Sequence[Statement], store: Store) -> list[tuple[Statement, Statement]]:
    found = store.vectors([statement.id for statement in statements])
    known = [statement for statement in statements if statement.id in found]
    if len(known) < 2:
        return []
    vectors = np.array([found[statement.id] for statement in known], dtype=np.float32)
    near = vectors @ vectors.T
    days = np.array([(statement.article.published or "")[:10] for statement in known])
    texts = np.array([fold(statement.quote.text).text for statement in known])
    near[(days[:, None] == days[None, :]) | (texts[:, None] == texts[None, :])] = -np.inf
    best = near.argmax(axis=1)
    mutual = [(n, int(other)) for n, other in enumerate(best) if n < other and best[other] == n and near[n, other] > 0]
    chosen = sorted(mutual, key=lambda pair: -near[pair])[:PAIRS]
    return sorted(((known[one], known[other]) for one, other in chosen), key=lambda pair: when(pair[0]))
