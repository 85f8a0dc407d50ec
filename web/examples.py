"""Questions to begin with, drawn from the collection itself: about whom it quotes most, and words that stand in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rag.config import Settings
from rag.pipeline import open_chain

MANY = 4
# A question with a quotation wants words that fit on a button and still are a statement.
MIN_WORDS, MAX_WORDS = 4, 10
LOOKED_AT = 2000  # statements that a question may be made of


def examples(index: Path) -> list[str]:
    """Up to MANY questions that the articles of an index have something to say on; none without an index."""
    chain = open_chain(Settings.load(index=index))
    often = chain.retriever.people.most_quoted(5 * MANY)
    names = [person.name for person in often if _is_full(person.name, "person")]
    asked = [f"What did {name} say?" for name in names[:2]]
    with chain.store.deriving():
        short = chain.store.columns.short(MIN_WORDS, MAX_WORDS, LOOKED_AT)
    said = _quotable(short, set(names[:2]))
    if said:
        speaker, words = said[0]
        asked.append(f"Who said “{words}”?")
        others = [(name, phrase) for name, phrase in said[1:] if name != speaker]
        # Put to the wrong person: that it was another who said so is the answer.
        asked += [f"Did {names[0]} say “{phrase}”?" for _, phrase in others[:1]]
    return asked[:MANY]


def _quotable(known: Iterable[tuple[str, str, str]], taken: set[str]) -> list[tuple[str, str]]:
    """(speaker, words) of short whole quotations by people with a name who are not taken, the fullest first."""
    found: dict[str, str] = {}
    for words, speaker, kind in known:
        plain = words.strip("“”„«»\"'‘’ ,.")
        is_whole = words[:1] in '“"' and not set(plain) & set('“”"\n')
        is_fit = MIN_WORDS <= len(plain.split()) <= MAX_WORDS and _is_full(speaker, kind) and speaker not in taken
        if is_whole and is_fit:
            found.setdefault(speaker, plain)
    return sorted(found.items(), key=lambda pair: (-len(pair[1].split()), pair[0]))


def _is_full(name: str, kind: str) -> bool:
    """True for a person's name of two words or more."""
    return kind == "person" and len(name.split()) > 1
