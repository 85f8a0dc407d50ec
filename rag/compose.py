"""The sentences of an answer, written around copied words. Plain text with [n] markers; no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.citations import ELLIPSIS, MARKER, cue_words, pieces, words
from rag.decision import Decision
from rag.people import PRONOUNS
from rag.schema import Citation, Query

EMPTY = "Ask who said what, for example: what did the mayor say about the harbour?"
NOT_SAID = "The articles do not say."
NOBODY = "Nobody is quoted in these articles under the name"


@dataclass(frozen=True, slots=True)
class Stated:
    """A citation as it is told: `phrase` says in a few verified words what it is about, or is empty."""

    citation: Citation
    phrase: str = ""


def opening(query: Query, decision: Decision) -> str:
    """The first line of an answer: the verdict, or that there is none; empty when the statements speak."""
    if not query.question:
        return EMPTY
    taken = [f"Taking {typed} to mean {name}." for typed, name in query.respelt]
    if not decision.answered:
        return " ".join([*taken, NOT_SAID, *_reasons(query, decision)])
    if decision.verdict == "no":
        return " ".join([*taken, _denial(query, decision)])
    silent = [name for name in decision.silent if name not in query.unknown_speakers]
    return " ".join(
        [
            *taken,
            *_namesakes(query),
            *([f"{NOBODY} {_listed(query.unknown_speakers)}."] if query.unknown_speakers else []),
            *([f"Nothing is quoted in these articles from {_listed(silent)} on this."] if silent else []),
            *_lead(query, decision),
        ]
    )


def closing(statements: Sequence[Stated]) -> str:
    """The two statements that do not go together, side by side, once both are told; else an empty string."""
    told = {s.citation.number for s in statements}
    pair = [s.citation for s in statements if s.citation.against in told]
    if not pair:
        return ""
    if len(statements) == len(pair):
        return "These two do not go together."
    lines = [f"- {sentence(Stated(citation), named=False)}" for citation in pair]
    return "\n".join([f"{pair[0].speaker}, the two that do not go together:", *lines])


def _denial(query: Query, decision: Decision) -> str:
    asked = _asked(query)
    if decision.note == "opposite":
        return f"No. In these articles {asked} says otherwise:"
    return f"No. In these articles it is not {asked} who says so, but:"


def _namesakes(query: Query) -> list[str]:
    if len(query.ambiguous) < 2:
        return []
    return [f"The name can mean {_listed(query.ambiguous, last='or')}, so each is answered for."]


def _lead(query: Query, decision: Decision) -> list[str]:
    if query.kind == "change" and len(query.ambiguous) < 2:
        days = {hit.statement.article.published for hit in decision.hits}
        seen = "Oldest first:" if decision.conflict else "No change is seen in these articles; oldest first:"
        return [seen if len(days - {None}) > 1 else "These articles show no change over time; what they have:"]
    if decision.verdict == "yes":
        return ["Yes."]
    if decision.note == "words":
        return ["Not in these words, but:"]
    return ["Judge by the words:"] if query.kind == "did_say" else []


def _reasons(query: Query, decision: Decision) -> list[str]:
    reasons = []
    if query.unknown_speakers:
        reasons.append(f"Nobody is quoted in them under the name {_listed(query.unknown_speakers)}.")
    elif query.speakers:
        told = "not as saying that" if query.premise else "not on this"
        reasons.append(f"{_asked(query)} {'are' if len(query.asked) > 1 else 'is'} quoted in them, but {told}.")
    if decision.hits:
        reasons.append("The closest they come:")
    return reasons


def _asked(query: Query) -> str:
    """Whom the question asks about, each under one name."""
    names = [party.people[0] if party.people else party.phrase for party in query.asked]
    return _listed(names or query.speakers[:1] or query.unknown_speakers or query.described or ("they",))


def sentence(statement: Stated, *, named: bool = True, role: bool = True) -> str:
    """One statement as a reader sees it: what it is about, who says it, the words, where, and its marker.

    `named=False` leaves the speaker to a heading, `role=False` the role to an earlier sentence.
    """
    citation = statement.citation
    said = _quoted(citation) if citation.direct else _reported(citation)
    about = f"on {statement.phrase}" if statement.phrase else ""
    manner = "" if citation.direct else "in the article’s words"
    if named:
        who = _who(citation, role=role)
        verb = "said" if citation.direct else f"{manner}" if who.endswith(",") else f", {manner}"
        lead = " ".join(part for part in (f"{about}," if about else "", who, verb) if part).replace(" ,", ",")
    else:
        lead = ", ".join(part for part in (about, manner) if part)
    lead = f"{lead[0].upper()}{lead[1:]}: " if lead else ""
    place = _place(citation)
    return f"{lead}{said}{f' ({place})' if place else ''} [{citation.number}]"


def body(statements: Sequence[Stated]) -> list[str]:
    """The sentences of an answer, a heading first when one person says them all."""
    speakers = {s.citation.speaker for s in statements}
    if len(statements) > 1 and len(speakers) == 1 and _is_named(statements[0].citation):
        heading = f"{_who(statements[0].citation, role=True).rstrip(',')}:"
        return [heading, *(f"- {sentence(s, named=False)}" for s in statements)]
    seen: set[str] = set()
    lines = []
    for s in statements:
        lines.append(sentence(s, role=s.citation.speaker not in seen))
        seen.add(s.citation.speaker)
    return lines if len(lines) == 1 else [f"- {line}" for line in lines]


def text_of(head: str, statements: Sequence[Stated], end: str = "") -> str:
    """An answer's text: the opening, the statements, and what is said of them at the end."""
    return "\n\n".join(part for part in (head, "\n".join(body(statements)), end) if part)


def _place(citation: Citation) -> str:
    """Outlet and day, then the other outlets that have the same statement."""
    one, *others = (
        ", ".join(part for part in (c.publication, display_date(c.published)) if part)
        for c in (citation, *citation.also)
    )
    also = "; ".join(dict.fromkeys(place for place in others if place and place != one))
    return "; ".join(part for part in (one, f"also in: {also}" if also else "") if part)


def _quoted(citation: Citation) -> str:
    return ELLIPSIS.join(f"“{_unmarked(piece)}”" for piece in pieces(citation))


def _unmarked(piece: str) -> str:
    """The piece without the quotation marks around it."""
    for mark in ("``", "''"):
        piece = piece.removeprefix(mark).removesuffix(mark)
    piece = piece.strip('“”„‟«»"')
    return piece[1:-1] if piece[:1] == "‘" and piece[-1:] == "’" else piece


def _reported(citation: Citation) -> str:
    text = words(citation).removeprefix("that ")
    if cue := cue_words(citation):
        text = f"{cue} {words(citation)}"
    return _paired(text)


def _paired(text: str) -> str:
    """The same words with straight quotation marks as pairs of “ and ”: a reader, or a program, sees which belong.

    A mark without its partner would seem to quote everything up to the next one. Words that hold something
    like a marker of ours stay letter for letter, so that they are known for the article's.
    """
    marks = text.count('"')
    if marks % 2 == 0 and MARKER.search(text):
        return text
    if marks % 2:
        head, _, tail = text.rpartition('"')
        return f"{head}{'“' if not head or head[-1].isspace() else '”'}{tail}"
    parts = text.split('"')
    return "".join(part + ("“", "”")[n % 2] for n, part in enumerate(parts[:-1])) + parts[-1]


def _is_named(citation: Citation) -> bool:
    return bool(citation.speaker) and citation.speaker.lower() not in PRONOUNS


def _who(citation: Citation, *, role: bool) -> str:
    if citation.source and not citation.speaker:
        return f"{citation.source}, not named in the article,"
    if not citation.speaker:
        return "somebody the article does not name"
    if not _is_named(citation):
        return f"somebody the article calls ‘{citation.speaker.lower()}’"
    return f"{citation.speaker}, {citation.role}," if role and citation.role else citation.speaker


def display_date(published: str | None) -> str | None:
    """An ISO date as "3 March 2025"; anything else as it is."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return published or None
    return f"{day.day} {day:%B} {day.year}"


def _listed(names: Sequence[str], *, last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
