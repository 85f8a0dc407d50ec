"""Words that describe somebody and stand like a name: "the German", "the Democrat".

In: the names of an article. Out: those that are names. A people's or a party's word has an article before it, and the
linker's network takes it for the description of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.speaking.cast import OPENING, Places
from ingest.speaking.linker import KINDS, Linker
from ingest.text.names import Mention
from rag.models.onnx import Floats

ARTICLE = "the "
PERSON = KINDS.index("person")


def without_peoples(text: str, named: Sequence[Mention], pool: Callable[[int, int], Floats]) -> list[Mention]:
    """The mentions without those that only describe a person; `pool` gives the vector of a stretch of text."""
    places = Places(text, named)
    return [mention for mention in named if not _describes(text, mention, places, pool)]


def _describes(text: str, mention: Mention, places: Places, pool: Callable[[int, int], Floats]) -> bool:
    start = mention.run - len(ARTICLE)
    if mention.body or len(mention.tokens) > 1 or mention.run != mention.start or start < 0:
        return False
    article = text[start : mention.run]
    # "The Kestrel" is a name, where its article has a capital within a sentence.
    is_plain = article == ARTICLE or (article.lower() == ARTICLE and start - places.head(start) <= OPENING)
    return is_plain and int(Linker.load().described(pool(start, mention.end)).argmax()) == PERSON
