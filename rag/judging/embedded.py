"""The embedded judge: a trained network that reads a question beside each statement in its paragraph.

Its weights lie in `rag/judging/weights`; docs/judge.md tells how they were made and what they can do.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.judging.claims import asked_of, bodies_asked, is_own, looked_up, placed
from rag.judging.decision import FAINT
from rag.judging.eligible import is_bare
from rag.judging.ground import answers_nothing
from rag.judging.letters import as_answered
from rag.judging.reading import parts, render
from rag.models.onnx import Floats, OnnxNetwork, checked
from rag.schema import Hit, Judged, Judgement, Query, QuestionKind, Statement

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("weights")
NETWORK, TOKENIZER, SCALES = "judge.onnx", "tokenizer.json", "calibration.json"
# The same network, taught more claims: what it makes of open questions is less precise. Its file has what was learnt,
# and takes the rest from the other.
CLAIMS, CLAIM_SCALES = "claims.onnx", "claims.json"
SHA256 = {
    NETWORK: "3ae397323d115769bc86d8396c94ac909a03d35383ef90b7901b64e5000929a5",
    CLAIMS: "c7d4644859635031cc7aaa505163508c5b5fa633c011627d7867985e48aeb70c",
    TOKENIZER: "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
    SCALES: "27b7f5868360570d482c5d6345618ee9e1350993d94cf2ac556979d5b701498d",
    CLAIM_SCALES: "87f588bed7fada07c50826e42a29e6a83ae58a17401e17966d95de031ff2314d",
}
# In the order of the network's outputs; the last two, on the topic and off it, are one to a reader.
SHOWN = ("answers", "says_so", "opposite", "another")
RELATIONS = (*SHOWN, "topic", "off")
# Kinds whose questions can be claims that the reader has not known for such.
OPEN = ("said_what", "stance")
# So much of what the network gives must be for or against. Of the open questions set aside two have it, which are
# claims; two more have half of it, and one of these gets a wrong "yes" then.
CLAIMED = 0.9
MAX_TOKENS = 128
WORKERS = min(4, os.cpu_count() or 1)
TINY = 1e-6


class Network(Protocol):
    """Reads pairs of question and evidence."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """What the network makes of each pair: float32 of shape (pairs, len(RELATIONS))."""


class Calibrated:
    """A network with probabilities for logits: softmax(logits * scale + shift)."""

    def __init__(self, network: Network, scale: Sequence[float], shift: Sequence[float]) -> None:
        """Take a network, one scale or one for each relation, and a shift for each."""
        self._network = network
        self._scale = np.asarray(scale, dtype=np.float32)
        self._shift = np.asarray(shift, dtype=np.float32)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of each pair of question and evidence the probability of each relation: (pairs, len(RELATIONS))."""
        logits = self._network.logits(pairs) * self._scale + self._shift
        exps = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)


class EmbeddedJudge:
    """A Judge. Safe to share between threads; it keeps nothing of a question."""

    name = "embedded"

    def __init__(self, network: Calibrated, claims: Callable[[], Calibrated]) -> None:
        """Take a network for open questions, and what makes the one for questions whether somebody said something."""
        self._open, self._claims = network, lru_cache(maxsize=1)(claims)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> EmbeddedJudge:
        """The judge with the packaged weights, loaded once; ModelError when a file is missing or altered.

        What reads claims is loaded for the first of them: it takes a third of a second, and 200 MB.
        """
        return cls(_calibrated(NETWORK, SCALES), lambda: _calibrated(CLAIMS, CLAIM_SCALES))

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        """Judge each hit by itself; what surely answers nothing is left out, the likeliest come first."""
        if query.kind != "did_say" and not is_bare(query):
            hits = [hit for hit in hits if not answers_nothing(query.as_judged, hit.statement)]
        if not hits:
            return Judged((), self.name)
        if query.kind == "survey":
            # Whatever is said answers what is asked of all the articles, in the retriever's order.
            return Judged(tuple(Judgement(hit, answers=1.0) for hit in hits), self.name)
        pieces = [evidence(hit.statement) for hit in hits]
        asked = [asked_of(query, hit.statement) for hit in hits]
        pairs = [(question, text) for question, texts in zip(asked, pieces, strict=True) for text in texts]
        network = self._claims() if query.kind == "did_say" else self._open
        found = iter(network.probabilities(pairs).tolist())
        read = [
            # A long statement answers as the likeliest of its pieces does.
            max((Judgement(hit, *each[: len(SHOWN)]) for each in islice(found, len(texts))), key=lambda one: one.shown)
            for hit, texts in zip(hits, pieces, strict=True)
        ]
        query, bodies = replace(query, kind=_kind(query, read)), bodies_asked(query, hits)
        judgements = [placed(query, one, bodies) for one in read]
        # What the asked say answers a question for no more than that, however faint.
        kept = [one for one in looked_up(query, judgements) if one.shown >= FAINT or is_own(query, one.hit.statement)]
        return Judged(tuple(sorted(kept, key=_order)), self.name, kind=query.kind)


def _calibrated(network: str, scales: str) -> Calibrated:
    """A network of the packaged weights, by the names of its file and of its scales'."""
    files = {name: checked(WEIGHTS / name, SHA256[name]) for name in (NETWORK, network, scales, TOKENIZER)}
    found = json.loads(files[scales])
    reader = CrossEncoder(OnnxNetwork(files[network], files={NETWORK: files[NETWORK]}), files[TOKENIZER])
    return Calibrated(reader, found["scale"], found["shift"])


def _kind(query: Query, read: Sequence[Judgement]) -> QuestionKind:
    """The question's kind; "did_say" for one that the network takes for a claim, such as "Is Hale hopeful?".

    It was taught to say of an open question what answers it, and of a claim which way the words go. Where nobody is
    known who is asked about, a "yes" could rest on anybody.
    """
    one_way, either = (sum(one.says_so + one.opposite for one in read), sum(one.answers for one in read))
    is_claim = query.kind in OPEN and bool(query.labels) and one_way > CLAIMED * (one_way + either)
    return "did_say" if is_claim else query.kind


def _order(judgement: Judgement) -> float:
    """The likeliest first; what the retriever made of a statement counts beside the odds that it is to be shown."""
    odds = judgement.shown / max(1 - judgement.shown, TINY)
    return -math.log(odds) - judgement.hit.score


def evidence(statement: Statement) -> list[str]:
    """A statement as the network reads it; a long one in pieces."""
    base, quote = statement.context.start, statement.quote
    places = [(span.start - base, span.end - base) for span in quote.content]
    context = statement.context.text
    for start, end in places:
        context = f"{context[:start]}{as_answered(context[start:end])}{context[end:]}"
    pieces = parts(context, places[0][0], places[-1][1])
    return [
        render(
            context,
            places if len(pieces) == 1 else [piece],
            speaker=quote.speaker.name if quote.speaker else "",
            role=(quote.speaker.role or "") if quote.speaker else "",
            title=statement.article.title or "",
            day=statement.article.published or "",
        )
        for piece in pieces
    ]


class CrossEncoder:
    """The network and its tokenizer. A pair is read by itself, without padding, one a thread."""

    def __init__(self, network: OnnxNetwork, tokenizer: bytes) -> None:
        """Take a network that reads token ids, and the file of its tokenizer."""
        from tokenizers import Tokenizer

        self._network = network
        self._tokenizer: Tokenizer = Tokenizer.from_buffer(tokenizer)
        self._words: Tokenizer = Tokenizer.from_buffer(tokenizer)
        # As its authors publish it, the tokenizer cuts and fills up every text to 128 pieces.
        self._words.no_truncation()
        self._words.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="judge")

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """As Network. A question that leaves no room for evidence is cut to half of what the network reads."""
        rows = [self._ids(question, text) for question, text in pairs]
        return np.stack(list(self._pool.map(self._read, rows)))

    def _ids(self, question: str, text: str) -> Sequence[int]:
        # A lone surrogate, which JSON can carry, has no UTF-8 form; the tokenizer would refuse it.
        question, text = (one.encode("utf-8", "replace").decode("utf-8") for one in (question, text))
        words = self._words.encode(question, add_special_tokens=False)
        if len(words.ids) > MAX_TOKENS // 2:
            question = question[: words.offsets[MAX_TOKENS // 2][0]]
        return list(self._tokenizer.encode(question, text).ids)

    def _read(self, ids: Sequence[int]) -> Floats:
        return np.asarray(self._network.run({"ids": np.asarray([ids], dtype=np.int64)})[0][0], dtype=np.float32)
