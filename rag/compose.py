"""The sentences of an answer, written around copied words. Plain text with [n] markers; no markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.citations import ELLIPSIS
from rag.decision import Decision
from rag.people import PRONOUNS
from rag.schema import Citation, Query

OUTER_MARKS = "“”„‟«»\"'`‘’"
NOT_SAID = "The articles do not say."


def opening(query: Query, decision: Decision) -> str:
    """The first line of an answer: the verdict, or that there is none; empty when the statements speak."""
    if not decision.answered:
        return " ".join([NOT_SAID, *_reasons(query, decision)])
    if decision.verdict == "yes":
        return "Yes."
    if decision.verdict == "no":
        asked = _listed(query.speakers or query.unknown_speakers)
        return f"No. In these articles it is not {asked} who says so, but:"
    return ""


def _reasons(query: Query, decision: Decision) -> list[str]:
    reasons = []
    if query.unknown_speakers:
        reasons.append(f"Nobody is quoted in them under the name {_listed(query.unknown_speakers)}.")
    elif query.speakers:
        reasons.append(f"{_listed(query.speakers)} is quoted in them, but not on this.")
    if decision.hits:
        reasons.append("The closest they come:")
    return reasons


def sentence(citation: Citation, text: str, *, phrase: str = "") -> str:
    """One statement as a reader sees it: what it is about, who says it, the words, where, and its marker."""
    said = _quoted(citation, text) if citation.direct else _reported(text)
    place = ", ".join(part for part in (citation.publication, _day(citation.published)) if part)
    lead = f"{phrase[0].upper()}{phrase[1:]}: " if phrase else ""
    verb = "said" if citation.direct else "is reported as saying"
    who = _who(citation)
    if not lead:
        who = who[0].upper() + who[1:]
    return f"{lead}{who} {verb}: {said}{f' ({place})' if place else ''} [{citation.number}]"


def text_of(head: str, sentences: Sequence[str]) -> str:
    """An answer's text: the opening, then one statement as a paragraph or several as a list."""
    if len(sentences) == 1 and not head:
        return sentences[0]
    body = "\n".join(f"- {s}" for s in sentences)
    return "\n\n".join(part for part in (head, body) if part)


def _quoted(citation: Citation, text: str) -> str:
    pieces = [piece.strip(OUTER_MARKS) for piece in text.split(ELLIPSIS)] if len(citation.spans) > 1 else [text]
    return ELLIPSIS.join(f"“{_unmarked(piece)}”" for piece in pieces)


def _unmarked(piece: str) -> str:
    """The piece without the quotation marks around it."""
    for mark in ("``", "''"):
        piece = piece.removeprefix(mark).removesuffix(mark)
    return piece.strip('“”„‟«»"')


def _reported(text: str) -> str:
    # A straight mark without its partner would seem to quote everything up to the next one.
    if text.count('"') % 2:
        head, _, tail = text.rpartition('"')
        text = f"{head}{'“' if not head or head[-1].isspace() else '”'}{tail}"
    return text


def _who(citation: Citation) -> str:
    if not citation.speaker:
        return "someone the article does not name"
    if citation.speaker.lower() in PRONOUNS:
        return f"someone the article calls “{citation.speaker.lower()}”"
    return f"{citation.speaker}, {citation.role}," if citation.role else citation.speaker


def _day(published: str | None) -> str:
    if not published:
        return ""
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {day:%B %Y}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
