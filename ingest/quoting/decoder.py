"""From the network's scores for word pieces to quotes: spans of characters, and which belong together.

In: the pieces of an article and their scores. Out: for each attribution the content spans, and the
cue and source spans if any. No model here; works on any scores.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from ingest.text.pieces import SEP, IntArray, Pieces, tokenizer
from rag.text import abbreviates

FloatArray = npt.NDArray[np.float32]

LABELS = 7  # O, then B and I of content, cue and source.
CONTENT, CUE, SOURCE = 0, 1, 2
TO_CUE, CUE_TO_SOURCE, CONTENT_TO_SOURCE = 0, 1, 2
# The settings below were chosen on articles that were not trained on; the model card tells what they gave.
BIAS = np.array([0, 0.7, 0.7, 1, 1, 1, 1], dtype=np.float32)  # Added to the labels' log-probabilities.
SURE = 0.47  # A quote whose words are content with less probability, in the mean, is none.
STRONG = 0.3  # Links of this much probability make a span of what they point at.
LIKELY = float(np.log(0.15))  # Such a span takes in its neighbours of this probability.
ATTACH = 0.5  # Contents whose links to their cue are weaker stay apart.
FAR = 0.3  # What a link counts that leads over a paragraph and another cue.
UNSAID = 0.2  # A source with this share of the votes that there is none is still taken.
MARKS = (1000, 1523, 1524)  # The pieces " “ ”: no source holds one (39 of 14,620 in the training articles do).
STOP = 1012  # The piece .
INF = float("inf")
# log P(next | this) / P(next) among the labels of the training articles: how much more often than by chance one label
# follows another. An I follows a B or an I of its own role only.
FOLLOWS = (
    (0.8, -0.0, -INF, -0.7, -INF, 0.6, -INF),
    (-2.4, -6.2, 0.8, -0.4, -INF, -0.7, -INF),
    (-2.1, -3.4, 0.8, -1.7, -INF, -1.0, -INF),
    (-0.8, 2.5, -INF, -5.9, 2.8, 0.8, -INF),
    (-1.9, 2.4, -INF, -4.7, 3.2, 0.4, -INF),
    (-2.3, -2.7, -INF, 2.9, -INF, -4.5, 2.2),
    (-2.0, -2.5, -INF, 1.7, -INF, -3.3, 2.7),
)
HABIT = 0.3  # How much of it counts; the network has seen the words around, too.
NONE = -1  # The column of a link to nothing.


@dataclass(frozen=True, slots=True)
class TaggedQuote:
    """One attribution: what was said (one pair or more), by whom and the words that say so, as (start, end).

    `channel` are the words for who passed it on.
    """

    content: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    channel: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of an article's pieces.

    `labels` is (pieces, LABELS) log-probabilities. A link says with what probability piece `rows[k]` points at
    piece `columns[k]` (NONE: at nothing) in the pointer `kinds[k]`; links of little probability are left out.
    `states` is (pieces, size): what the encoders made of each piece, for whoever reads on from there.
    """

    labels: FloatArray
    kinds: IntArray
    rows: IntArray
    columns: IntArray
    weights: FloatArray
    states: FloatArray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))


@dataclass(frozen=True, slots=True)
class _Tagged:
    """Spans of pieces, in order: (role, first, last + 1); `owner` is the span of each piece, -1 for none."""

    spans: list[tuple[int, int, int]]
    owner: IntArray


def decode(pieces: Pieces, scores: Scores) -> list[TaggedQuote]:
    """The quotes of an article in the order of their words."""
    if not len(pieces):
        return []
    tagged = _spans(pieces, scores.labels + BIAS)
    _add_pointed_at(tagged, pieces, scores, CUE, (TO_CUE,))
    _add_pointed_at(tagged, pieces, scores, SOURCE, (CUE_TO_SOURCE, CONTENT_TO_SOURCE))
    to_cue, cue_to_source, content_to_source = (_link(tagged, scores, kind) for kind in range(3))
    _weaken_far(tagged, pieces, (to_cue, content_to_source))
    groups: dict[int, list[int]] = {}
    for number, (role, _, _) in enumerate(tagged.spans):
        if role == CONTENT:
            cue = _best(to_cue.get(number, {}), tagged, CUE)
            if cue is not None and to_cue[number][cue] < ATTACH:
                cue = None
            groups.setdefault(-number - 1 if cue is None else cue, []).append(number)
    said = np.exp(np.logaddexp(scores.labels[:, 2 * CONTENT + 1], scores.labels[:, 2 * CONTENT + 2]))
    quotes = []
    for cue, contents in groups.items():
        if _sureness(said, pieces, [tagged.spans[content] for content in contents]) < SURE:
            continue
        votes: dict[int, float] = dict(cue_to_source.get(cue, {})) if cue >= 0 else {}
        for content in contents:
            for target, weight in content_to_source.get(content, {}).items():
                votes[target] = votes.get(target, 0.0) + weight / len(contents)
        source = _best(votes, tagged, SOURCE, UNSAID)
        quotes.append(
            TaggedQuote(
                tuple(_characters(pieces, tagged, content) for content in contents),
                None if source is None else _characters(pieces, tagged, source),
                _characters(pieces, tagged, cue) if cue >= 0 else None,
            )
        )
    return sorted(quotes, key=lambda quote: quote.content)


def _sureness(said: FloatArray, pieces: Pieces, spans: list[tuple[int, int, int]]) -> float:
    """Mean of `said` over the first piece of each word in the spans: those that the labels were learnt for."""
    places = np.concatenate([np.arange(first, end) for _, first, end in spans])
    return float(said[places[pieces.firsts[places]]].mean())


def _add_pointed_at(tagged: _Tagged, pieces: Pieces, scores: Scores, role: int, kinds: tuple[int, ...]) -> None:
    """Make a span of `role` where spans point strongly at pieces that no span holds."""
    mass = np.zeros(len(pieces))
    for kind in kinds:
        mine = (scores.kinds == kind) & (scores.columns != NONE)
        rows, columns = tagged.owner[scores.rows[mine]], scores.columns[mine]
        sizes = np.array([end - first for _, first, end in tagged.spans] + [1])
        asking = np.array([r == (CUE if kind == CUE_TO_SOURCE else CONTENT) for r, _, _ in tagged.spans] + [False])
        kept = asking[rows] & (tagged.owner[columns] < 0)
        np.add.at(mass, columns[kept], scores.weights[mine][kept] / sizes[rows[kept]])
    inside = np.logaddexp(scores.labels[:, 2 * role + 1], scores.labels[:, 2 * role + 2]) > LIKELY
    for place in np.flatnonzero(mass > STRONG).tolist():
        if tagged.owner[place] >= 0:
            continue
        first, end = place, place + 1
        while first > 0 and tagged.owner[first - 1] < 0 and (inside[first - 1] or not pieces.firsts[first]):
            first -= 1
        while end < len(pieces) and tagged.owner[end] < 0 and (inside[end] or not pieces.firsts[end]):
            end += 1
        tagged.owner[first:end] = len(tagged.spans)
        tagged.spans.append((role, first, end))


def _best(votes: dict[int, float], tagged: _Tagged, role: int, share: float = 1.0) -> int | None:
    """The span of `role` with most votes; None when it has less than `share` of the votes that there is none."""
    found = {t: w for t, w in votes.items() if t != NONE and tagged.spans[t][0] == role}
    best = max(found, key=found.__getitem__, default=NONE)
    return None if best == NONE or found[best] < share * votes.get(NONE, 0.0) else best


def _characters(pieces: Pieces, tagged: _Tagged, number: int) -> tuple[int, int]:
    _, first, end = tagged.spans[number]
    return int(pieces.starts[first]), int(pieces.ends[end - 1])


def _link(tagged: _Tagged, scores: Scores, kind: int) -> dict[int, dict[int, float]]:
    """For each span, how much of its pieces' mean probability goes to each other span (and to NONE)."""
    mine = scores.kinds == kind
    rows, columns = tagged.owner[scores.rows[mine]], scores.columns[mine]
    targets = np.where(columns == NONE, NONE, tagged.owner[columns])
    kept = (rows >= 0) & ((columns == NONE) | (targets >= 0))
    # One number for each pair of spans, NONE among them.
    places = len(tagged.spans) + 1
    pairs, inverse = np.unique(rows[kept] * places + targets[kept] - NONE, return_inverse=True)
    totals = np.bincount(inverse, scores.weights[mine][kept], len(pairs))
    found: dict[int, dict[int, float]] = {}
    for pair, total in zip(pairs.tolist(), totals.tolist(), strict=True):
        row, target = divmod(pair, places)
        _, first, end = tagged.spans[row]
        found.setdefault(row, {})[target + NONE] = total / (end - first)
    return found


def _weaken_far(tagged: _Tagged, pieces: Pieces, links: tuple[dict[int, dict[int, float]], ...]) -> None:
    """Make links from contents weaker where a whole paragraph and a cue lie between: others have spoken there."""
    breaks = np.concatenate([[0], np.cumsum(pieces.ids == SEP)])
    cues = np.sort([first for role, first, _ in tagged.spans if role == CUE])
    said = [item for link in links for item in link.items() if tagged.spans[item[0]][0] == CONTENT]
    for row, votes in said:
        for target in votes.keys() - {NONE}:
            (_, _, start), (_, end, _) = sorted((tagged.spans[row], tagged.spans[target]), key=itemgetter(1))
            if breaks[end] - breaks[start] > 1 and np.searchsorted(cues, end) > np.searchsorted(cues, start):
                votes[target] *= FAR


def _spans(pieces: Pieces, labels: FloatArray) -> _Tagged:
    words = np.flatnonzero(pieces.firsts)
    ends = np.append(words[1:], len(pieces))
    breaks = np.flatnonzero(pieces.ids[words] == SEP)
    lengths = np.diff(np.concatenate([[-1], breaks, [len(words)]])) - 1
    words, ends = np.delete(words, breaks), np.delete(ends, breaks)
    scores = labels[words].astype(np.float64)
    scores[np.isin(pieces.ids[words], MARKS), 2 * SOURCE + 1 :] = -np.inf
    path = _viterbi(scores, lengths[lengths > 0])
    spans: list[tuple[int, int, int]] = []
    for label, first, end in zip(path.tolist(), words.tolist(), ends.tolist(), strict=True):
        if label == 0:
            continue
        role = (label - 1) // 2
        if label % 2:
            spans.append((role, first, end))
        else:
            spans[-1] = (role, spans[-1][1], end)
    spans = [part for number in range(len(spans)) for part in _of_two(pieces, spans, number)]
    owner = np.full(len(pieces), -1, dtype=np.int64)
    for number, (_, first, end) in enumerate(spans):
        owner[first:end] = number
    return _Tagged(spans, owner)


def _of_two(pieces: Pieces, spans: list[tuple[int, int, int]], number: int) -> list[tuple[int, int, int]]:
    """A span, or the two sources that meet in it: in "said Hale. Quist disagreed" each has a verb of its own."""
    role, first, end = spans[number]
    beside = [*spans[max(0, number - 1) : number], *spans[number + 1 : number + 2]]
    is_between = {(CUE, first), (CUE, end)} <= {(r, place) for r, *places in beside for place in places}
    if role != SOURCE or not is_between:
        return [spans[number]]
    stops = [n for n in range(first + 1, end - 1) if pieces.ids[n] == STOP]
    stop = next((n for n in stops if not abbreviates(_word(pieces, n - 1), before_digit=False)), None)
    return [spans[number]] if stop is None else [(role, first, stop), (role, stop + 1, end)]


def _word(pieces: Pieces, number: int) -> str:
    return tokenizer().id_to_token(int(pieces.ids[number])) or ""


def _viterbi(scores: npt.NDArray[np.float64], lengths: IntArray) -> IntArray:
    """The most probable labels (words,) such that each I follows a B or an I of its own role.

    `scores` is (words, LABELS); each `lengths` words are a paragraph, outside of which all labels are 0. All
    paragraphs are read side by side, a word of each at a time, which takes a third of the time of one after another.
    """
    follows = HABIT * np.array(FOLLOWS)
    order = np.argsort(-lengths, kind="stable")
    lengths, starts = lengths[order], (np.cumsum(lengths) - lengths)[order]
    longest = int(lengths.max(initial=0))
    reaching = np.searchsorted(-lengths, -np.arange(longest + 1)).tolist()  # [n]: paragraphs of more than n words.
    ended = np.zeros(len(lengths), dtype=np.int64)
    best = scores[starts] + follows[0]
    back: list[npt.NDArray[np.int8]] = []
    for step in range(1, longest + 1):
        going = reaching[step]
        ended[going : len(best)] = (best[going:] + follows[:, 0]).argmax(axis=1)
        if going:
            paths = best[:going, :, None] + follows
            back.append(paths.argmax(axis=1).astype(np.int8))
            best = paths.max(axis=1) + scores[starts[:going] + step]
    labels, label = np.zeros(len(scores), dtype=np.int64), ended
    for step in range(longest - 1, -1, -1):
        here = reaching[step]
        labels[starts[:here] + step] = label[:here]
        if step:
            label[:here] = back[step - 1][np.arange(here), label[:here]]
    return labels
