"""Check what an answer says of itself: its first sentence, whether it is one, its verdict, and its note.

Which statements answer a question is a judgement; it is not made again here, and `unchecked` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from rag.people.directory import Directory
from rag.text import fold
from rag.verification.openings import GAP, Names, Outcome, Told, filled, openings
from rag.verification.prose import Difference, shown

JUDGED = {
    (True, "yes"): "that the words cited mean “yes” (a judgement, which is not made again)",
    (True, "no"): "that the words cited mean “no” (a judgement, which is not made again)",
    (False, None): "that nothing in the index answers the question (a judgement, which is not made again)",
}


class Outcomes:
    """What an export says of itself, held against its opening: `differences`, and what is left `unchecked`."""

    def __init__(
        self,
        export: Mapping[str, object],
        opening: str,
        people: Callable[[], Directory],
        labels: Collection[str],
        beside: Sequence[str],
    ) -> None:
        """Take an export with its folded opening, the index's people and labels, and the notes of its citations."""
        self.differences: list[Difference] = []
        self.unchecked: list[str] = []
        self._export = export
        self._opening = opening
        question = export.get("question")
        asked = fold(question).text if isinstance(question, str) else ""
        self._names = Names(people, labels, asked, beside)
        ways = openings().read(opening)
        if not ways:
            self._differ("sentence", f"This sentence is not one that an answer begins with: {shown(opening)}.")
            return
        way = next((way for way in ways if all(map(self._is_true, way))), None)
        if way is None:
            wrong = next(told for told in ways[0] if not self._is_true(told))
            self._differ("names", f"The text says {shown(filled(wrong))}, which is not what the index has.")
        else:
            self.unchecked += [
                f"that the question names {shown(name)}" for name in self._names.typed if any(name in n for _, n in way)
            ]
            self.unchecked += [f"that {shown(phrase)} means {name}" for phrase, name in self._names.meant]
        self._outcome(openings().outcomes_of(way or ways[0]))
        self._note()

    def _is_true(self, told: Told) -> bool:
        return GAP not in told[0] or self._names.bear_out(told)

    def _outcome(self, possible: Collection[Outcome]) -> None:
        """Whether the answer, its verdict and its citations are those of its opening."""
        given = {key: self._export[key] for key in ("answered", "verdict") if key in self._export}
        has_text = bool(self._opening or self._export.get("text") or self._export.get("sentences"))
        if not has_text:
            if given.get("verdict") is not None:
                self._differ("verdict", f"The verdict {shown(given['verdict'])} has no text that gives it.")
            return
        fitting = [one for one in possible if _fits(given, one)]
        if not fitting:
            said = f"begins with {shown(self._opening)}" if self._opening else "gives no verdict"
            as_data = ", ".join(f"{key} {shown(value)}" for key, value in given.items())
            self._differ("verdict", f"The text {said}, and the answer is given as: {as_data}.")
        elif self._opening and all(answered for answered, _ in fitting) and not self._export.get("citations"):
            self._differ("verdict", f"The text says {shown(self._opening)}, and nothing is cited for it.")
        outcomes = {JUDGED.get(one) for one in fitting}
        self.unchecked += filter(None, outcomes if len(outcomes) == 1 else ())

    def _note(self) -> None:
        note = self._export.get("note")
        if isinstance(note, str) and note and not self._opening.startswith(fold(note).text):
            self._differ("note", f"The answer has the note {shown(note)}, which its text does not begin with.")

    def _differ(self, what: str, message: str) -> None:
        self.differences.append(Difference(None, what, message))


def _fits(given: Mapping[str, object], outcome: Outcome) -> bool:
    return all(given[key] == value for key, value in zip(("answered", "verdict"), outcome, strict=True) if key in given)
