"""Names of bodies that small words hold together: "Board of Fisheries", "Food and Rivers Agency".

In: an article's mentions, which are runs of capitalised words. Out: the mentions, two joined where a small trained
network, one product with the tagger's word vectors, says that what stands around "of" or "and" is one name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

import numpy as np

from ingest.speaking.given import vector
from ingest.speaking.namer import Words
from ingest.text.names import NAME, NOT_NAMES, Mention
from rag.models.onnx import Floats, checked

Run = tuple[int, int]

WEIGHTS = Path(__file__).with_name("joints.npz")
SHA256 = "5dbd4405654359287a56f6bc3902037fdfc92d7c4e8b3a41e0e5f03f25637bf4"
SURE = 0.7  # With this probability it is one name.
START, END = attrgetter("start"), attrgetter("end")
JOINTS = ("of", "for", "and", "on", "&", "in")
JOINT = re.compile(rf" ({'|'.join(JOINTS)})( the)? ")
OF = " of "
FIRM = " & "  # Of 47 in the training articles, 41 hold one name together; most others join two persons' full names.
LONGEST_WORD = 20  # Characters of what a name does not begin with.
FLAGS = len(JOINTS) + 8


def joints(text: str) -> list[tuple[Run, Run]]:
    """The capitalised words on either side of each small word that may hold a name together, in order."""
    runs = [match.span() for match in NAME.finditer(text)]
    return [(a, b) for a, b in pairwise(runs) if JOINT.fullmatch(text, a[1], b[0])]


def features(text: str, pairs: Sequence[tuple[Run, Run]], words: Words) -> Floats:
    """(pairs, numbers): vectors of the words beside each joint and of the name's last, and what else can be seen."""
    alone = Counter(match[0] for match in NAME.finditer(text))
    joined = Counter(text[a[0] : b[1]] for a, b in pairs)
    rows = []
    for (start, middle), (behind, end) in pairs:
        before, after = text[start:middle].split(), text[behind:end].split()
        joint = JOINT.fullmatch(text, middle, behind)
        assert joint
        times = joined[text[start:end]]
        flags = [joint[1] == word for word in JOINTS]
        flags += [
            joint[2] is not None,
            len(before) == 1,
            len(after) == 1,
            text[max(0, start - 4) : start].lower() == "the ",
            before[0] in ("The", "A"),
            times > 1,
            alone[text[start:middle]] > times,
            alone[text[behind:end]] > times,
        ]
        vectors = [vector(word.strip(".,"), words) for word in (before[-1], after[0], after[-1])]
        rows.append(np.concatenate([*vectors, np.array(flags, dtype=np.float32)]))
    size = 3 * words[0].shape[1] + FLAGS
    return np.array(rows, dtype=np.float32).reshape(-1, size)


def whole(text: str, found: Sequence[Mention], words: Words) -> list[Mention]:
    """The mentions, those that are parts of one name of a body joined; ModelError when the weights are missing."""
    pairs = [(a, b) for a, b in joints(text) if _may_be_body(text, _between(found, a[0], b[1]), a)]
    if not pairs:
        return list(found)
    weight, bias = _weights()
    chances = 1 / (1 + np.exp(-(features(text, pairs, words) @ weight + bias)))
    names: list[Run] = []
    for (a, b), chance in zip(pairs, chances, strict=True):
        chance = 1 if text[a[1] : b[0]] == FIRM else chance
        if chance >= SURE and names and names[-1][1] == a[1]:
            names[-1] = (names[-1][0], b[1])
        elif chance >= SURE:
            names.append((a[0], b[1]))
    made, done = [], 0
    for start, end in names:
        inside = _between(found, start, end)
        first = bisect_left(found, inside[0].start, key=START)
        made += [*found[done:first], _joined(text, inside, start, end)]
        done = first + len(inside)
    return [*made, *found[done:]]


def _between(found: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """The mentions that share something with a stretch of the text; all are in order and apart."""
    return found[bisect_right(found, start, key=END) : bisect_left(found, end, key=START)]


def _may_be_body(text: str, inside: Sequence[Mention], before: Run) -> bool:
    """False where a person stands in it, or an office leads up to a name: "Minister of Health Ann Lee".

    A firm may be named after two by their surnames: "Lowe & Finch". One word behind "Bank of" is a place.
    """
    is_open = text.startswith(FIRM, before[1]) or (text.startswith(OF, before[1]) and inside[:1] and inside[0].body)
    persons = [m for m in inside if m.body is False and (len(m.tokens) > 1 or not is_open)]
    return bool(inside) and not (persons or any(m.run <= before[0] < before[1] < m.start for m in inside))


def _joined(text: str, inside: Sequence[Mention], start: int, end: int) -> Mention:
    first = inside[0]
    begin = first.start if text[start : first.start].strip() == "" else _begin(text, start)
    last = inside[-1].end
    stop = last if not text[last:end].strip(" .,'’s") else end
    name = re.sub(r"(?:['’]s?|[.,])$", "", text[begin:stop])
    is_body = True if FIRM in text[start:end] or any(mention.body for mention in inside) else None
    place = {"run": begin, "start": begin, "end": begin + len(name)}
    return replace(first, **place, tokens=tuple(name.split()), role=None, gender=None, body=is_body)


def _begin(text: str, start: int) -> int:
    """Where the name begins in a run: behind "The" or "In" at the head of a sentence."""
    word = text[start : start + LONGEST_WORD].split(" ", 1)[0]
    return start + len(word) + 1 if word.lower() in NOT_NAMES else start


@lru_cache(maxsize=1)
def _weights() -> tuple[Floats, float]:
    with np.load(BytesIO(checked(WEIGHTS, SHA256))) as kept:
        return kept["weight"].astype(np.float32), float(kept["bias"])
