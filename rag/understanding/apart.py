"""Two questions in one: "What did Hale say about the dam, and who disagrees?" is asked in two.

Told by how a question begins in English, which is a closed class of words and an order of them. What is no question by
itself stays where it is: "about who pays and when".
"""

from __future__ import annotations

import re

from rag.text import FRAME, terms

DO = r"(?:did|does|do)"
AUXILIARY = rf"(?:{DO}|has|have|had|is|are|was|were|would|will|can|could|should)"
# The verb before its subject tells "how was it built" from "how it was built", which is part of another question.
TURNED = rf"(?:(?:what|when|where|why|how|whom)\s+{AUXILIARY}\b|how\s+(?:many|much|often|long)\s|{DO}\s(?!not\b))"
PLAIN = rf"(?:{TURNED}|who\s|what\s|which\s|{AUXILIARY}\s)"
JOINT = re.compile(rf"\?\s+(?:(?:and|but)\s+)?(?={PLAIN})|,?\s+and\s+(?={TURNED})|,\s+and\s+(?=who\s)", re.I)
MARKS = re.compile(r"[\"“”«»]")
FIRST = re.compile(rf"(?:{AUXILIARY}|what|who|whom|whose|which|when|where|why|how)\b", re.I)


def apart(question: str) -> tuple[str, ...]:
    """The two questions of one; the question itself where it is one. Whoever quotes in it asks one."""
    joint = JOINT.search(question)
    if joint is None or MARKS.search(question) or FIRST.match(question) is None:
        return (question,)
    parts = question[: joint.start()], question[joint.end() :]
    # What asks for nothing of its own is no question by itself: "and who says so?"
    if any({*terms(part)} <= FRAME for part in parts) or JOINT.search(parts[1]):
        return (question,)
    first, second = (f"{part[:1].upper()}{part[1:].strip().rstrip('?,.').rstrip()}?" for part in parts)
    return first, second
