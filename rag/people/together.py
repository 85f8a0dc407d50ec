"""Find the labels of several who speak as one, by the name of one of them: "Ida Hale and Bo Ek"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.people.names import compatible, personal, surname
from rag.people.register import Register
from rag.text import stem

BETWEEN = re.compile(r", | and ")  # What stands between those who speak as one.
MOST = 300  # Labels that are looked at.


def joint_labels(register: Register, names: Iterable[tuple[str, ...]]) -> list[str]:
    """The labels of several together that have one of these full names, in words of small letters, among them."""
    found = []
    for words in dict.fromkeys(name for name in names if len(name) > 1):
        for label in register.described_by([stem(words[0]), stem(surname(words))], MOST):
            each = [personal(part) for part in BETWEEN.split(label.name)]
            if len(each) > 1 and all(each) and any(len(one) > 1 and compatible(one, words) for one in each):
                found.append(label.name)
    return found
