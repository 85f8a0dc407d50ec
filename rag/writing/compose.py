"""The sentences of an answer, written around copied words. Plain text with [n] markers; no markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.judging.claims import is_by
from rag.judging.decision import Decision
from rag.people.names import OF_THINGS, PRONOUNS
from rag.people.roles import head_stem, role_stems, widened
from rag.schema import Answer, Citation, Party, Query, Sentence, Statement
from rag.writing.citations import ELLIPSIS, MARKER, cue_words, pieces, verb_words, words
from rag.writing.dates import display_date as display_date

EMPTY = "Ask who said what, for example: what did the mayor say about the harbour?"
TALK = "Happy to help, as long as it is about who said what in these articles."
NOT_SAID = "The articles do not say."
NOBODY = "Nobody is quoted in these articles under the name"
NO_VERDICT = "Judge by the words:"
# Not that nobody has changed: there may be statements that were not found.
ONE_DAY = "What was found on this is of one day alone:"
MOST_QUOTED = "These articles quote {} most often. Among what they say:"
IN_ITS_WORDS = "In the article’s words"
# Two signs for one mark: ,,so'' and ‘‘so’’.
OF_TWO_SIGNS, CLOSED_BY_TWO = (",,", "‚‚", "‘‘"), ("''", "’’", "‘‘", "``", "´´")
# What stands in marks may be said, or written on something: that it has no speaker does not tell.
NOBODY_SAYS = "The article names nobody who says"


def opening(
    query: Query, decision: Decision, note: str = "", *, by_model: bool = False, most: Sequence[str] = ()
) -> str:
    """The first line of an answer: the verdict, or that there is none; empty when the statements speak.

    `note` is what the reader must know of who judged. `by_model`: a chat model chose, which knows better than the names
    of an index whom a question means; what these say of it would contradict what it chose. `most` are those who are
    quoted most, each with how often, for a question about all the articles.
    """
    if not query.question:
        return EMPTY
    if query.kind == "talk" and not decision.answered:
        return TALK
    # Where nobody asked about is named, it does not matter to a chat model's choice whom the index takes them for.
    is_silent = by_model and decision.answered and decision.verdict != "no"
    slips = [] if is_silent else [party for party in query.parties if party.respelt]
    taken = [f"Taking {party.phrase} to mean {party.people[0]}." for party in slips]
    survey = [MOST_QUOTED.format(_listed(most))] if most and decision.answered else []
    return " ".join([*([note] if note else []), *taken, *_told(query, decision, by_model=by_model), *survey])


def asks_nothing(answer: Answer) -> bool:
    """True for the reply to what asks nothing of the articles, such as "thanks!"."""
    return answer.text in (EMPTY, TALK)


def _told(query: Query, decision: Decision, *, by_model: bool) -> list[str]:
    unknown = [party.phrase for party in query.parties if party.named and not party.labels]
    if not decision.answered:
        return [NOT_SAID, *_reasons(query, decision, unknown)]
    if by_model:
        return _lead(query, decision)
    silent = [name for name in decision.silent if name not in unknown]
    return [
        *_namesakes(query),
        *_nameless(query, decision),
        *([f"{NOBODY} {_listed(unknown)}."] if unknown else []),
        *([f"Nothing is quoted in these articles from {_listed(silent)} on this."] if silent else []),
        *_lead(query, decision),
    ]


def _lead(query: Query, decision: Decision) -> list[str]:
    asked = _names(query.parties) or "the person asked about"
    if decision.note == "opposite":
        return [f"No. In these articles {asked} {'say' if len(query.parties) > 1 else 'says'} otherwise:"]
    if decision.verdict == "no":
        return [f"No. In these articles it is not {asked} who says so, but:"]
    if decision.verdict == "yes":
        return ["Yes, and on another day otherwise, oldest first:" if decision.note == "turned" else "Yes."]
    if query.kind == "change":
        days = {hit.statement.article.published for hit in decision.hits}
        return ["Oldest first:" if len(days - {None}) > 1 else NO_VERDICT if None in days else ONE_DAY]
    return [NO_VERDICT] if query.kind == "did_say" else []


def _namesakes(query: Query) -> list[str]:
    several = [party for party in query.parties if len(party.people) > 1]
    return [f"The name {p.phrase} can mean {_listed(p.people, last='or')}." for p in several]


def _nameless(query: Query, decision: Decision) -> list[str]:
    """For "the minister" of several articles, none of which says who that is: they need not be one."""
    return [
        f"Who {party.phrase} is may differ from article to article."
        for party in query.parties
        if not party.named
        and len({hit.statement.article.id for hit in decision.hits if _is_nameless(party, hit.statement)}) > 1
    ]


def _is_nameless(party: Party, statement: Statement) -> bool:
    speaker = statement.quote.speaker
    return is_by(party, statement) and speaker is not None and not speaker.is_named


def _reasons(query: Query, decision: Decision, unknown: Sequence[str]) -> list[str]:
    known = [party for party in query.parties if party.labels]
    reasons = []
    if unknown:
        reasons.append(f"Nobody is quoted in them under the name {_listed(unknown)}.")
    elif known:
        limits = [*query.outlets] if query.is_told else []
        limits = [f" in {_listed(limits)}"] if limits else []
        limits += [f" {query.when}"] if query.since or query.until or query.yearly else []
        are = "are" if len(known) > 1 else "is"
        reasons.append(f"{_capital(_names(known))} {are} quoted in them, but not on this{''.join(limits)}.")
    if decision.hits:
        reasons.append("The closest they come:")
    return reasons


def _names(parties: Sequence[Party]) -> str:
    """Whom a question asks about, each under one name: as typed when it can mean several."""
    return _listed([party.people[0] if len(party.people) == 1 else party.phrase for party in parties])


def sentence(citation: Citation, *, named: bool = True, role: bool = True) -> str:
    """One statement as a reader sees it: who says it, the words, where, and its marker.

    `named=False` leaves the speaker to a heading, `role=False` the role to an earlier sentence. A paraphrase is the
    article's own clause with the speaker's name for its subject, where the article lets the name take that place.
    """
    return f"{told(citation, named=named, role=role)} [{citation.number}]"


def told(citation: Citation, *, named: bool = True, role: bool = True, placed: bool = True) -> str:
    """The same without its marker; not `placed`, without outlet, day, and what stands beside it."""
    place = _place(citation)
    tail = f"{f' ({place})' if place else ''}{beside(citation)}" if placed else ""
    said = _quoted(citation) if citation.direct else _reported(citation)
    verb = verb_words(citation) if citation.direct and citation.is_subject else ""
    said = f"{verb} {said}" if verb else said
    goes_on = bool(verb) or (not citation.direct and citation.is_subject and bool(cue_words(citation)))
    if not named:
        # "Ida Hale:", "warned that it leaks": the article's clause goes on from the heading as from its subject.
        return f"{'' if citation.direct or goes_on else IN_ITS_WORDS + ': '}{said}{tail}"
    who = _who(citation, role=role)
    if goes_on:
        return _capital(f"{who} {said}{tail}")
    if citation.direct and not (citation.speaker or citation.source):
        return f"{NOBODY_SAYS}: {said}{tail}"
    verb = "has the words" if _is_thing(citation) else "said"
    manner = f" {verb}" if citation.direct else f"{'' if who.endswith(',') else ','} {IN_ITS_WORDS.lower()}"
    return _capital(f"{who}{manner}: {said}{tail}")


def beside(citation: Citation) -> str:
    """What a reader must know beside a statement, such as a correction; empty for most."""
    return "".join(f" — {note}" for note in citation.notes)


def heading(citation: Citation) -> str:
    """The line above the statements of one person."""
    return f"{_capital(_who(citation, role=True)).rstrip(',')}:"


def body(citations: Sequence[Citation]) -> list[Sentence]:
    """The sentences of an answer, a heading first when one person says them all."""
    if len(citations) > 1 and _are_ones(citations):
        told_all = [Sentence(told(c, named=False), citation=c.number) for c in citations]
        return [Sentence(heading(citations[0]), "heading"), *told_all]
    seen: set[tuple[str, str | None]] = set()
    lines = []
    for citation in citations:
        whose = (citation.speaker, citation.role)
        # Two people of one name are told apart by nothing but their roles.
        is_shared = not _are_ones([c for c in citations if c.speaker == citation.speaker]) and _is_named(citation)
        lines.append(Sentence(told(citation, role=is_shared or whose not in seen), citation=citation.number))
        seen.add(whose)
    return lines


def _are_ones(citations: Sequence[Citation]) -> bool:
    """True where one heading can stand above all: one label, and no article that gives it another office.

    Two people of one name are quoted under one label. An article that gives no office is hardly on another person.
    """
    first = next((citation.role for citation in citations if citation.role), None)
    return (
        len({citation.speaker for citation in citations}) == 1
        and _is_named(citations[0])
        and all(_is_same_office(str(first), citation.role) for citation in citations if citation.role)
    )


def _is_same_office(one: str, other: str) -> bool:
    """True where either's word for the office, or one like it, stands in the other: a place alone is no office."""
    heads = [(head_stem(role), role_stems(than)) for role, than in ((one, other), (other, one))]
    return one == other or any(head in words or not words.isdisjoint(widened(head)) for head, words in heads)


def sentences_of(head: str, citations: Sequence[Citation]) -> tuple[Sentence, ...]:
    """All sentences of an answer: the opening, if there is one, then the statements."""
    return (*([Sentence(head, "opening")] if head else []), *body(citations))


def written(sentences: Sequence[Sentence]) -> str:
    """An answer's text: its sentences with their markers, the opening set apart, several statements as a list."""
    openings = [sentence.text for sentence in sentences if sentence.kind == "opening"]
    is_list = sum(sentence.kind == "statement" for sentence in sentences) > 1
    lines = [
        sentence.text
        if sentence.citation is None
        else f"{'- ' if is_list else ''}{sentence.text} [{sentence.citation}]"
        for sentence in sentences
        if sentence.kind != "opening"
    ]
    return "\n\n".join(filter(None, [*openings, "\n".join(lines)]))


def text_of(head: str, citations: Sequence[Citation]) -> str:
    """An answer's text: the opening, then the statements."""
    return written(sentences_of(head, citations))


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _place(citation: Citation) -> str:
    """Through whom it came, outlet and day, then the other outlets that have the same statement."""
    one, *others = (
        ", ".join(part for part in (c.publication, display_date(c.published)) if part)
        for c in (citation, *citation.also)
    )
    also = "; ".join(dict.fromkeys(place for place in others if place and place != one))
    return "; ".join(part for part in (through(citation), one, f"also in: {also}" if also else "") if part)


def through(citation: Citation) -> str:
    """Through whom or what the words came; empty where that is the outlet itself, or stands in the words shown."""
    is_told = citation.channel in (None, citation.publication) or str(citation.channel) in cue_words(citation)
    return "" if is_told else f"through {citation.channel}"


def _quoted(citation: Citation) -> str:
    return ELLIPSIS.join(f"“{unmarked(piece)}”" for piece in pieces(citation))


def unmarked(piece: str) -> str:
    """The piece without the quotation marks around it."""
    if piece.startswith(OF_TWO_SIGNS):
        piece = next((piece[2:-2] for mark in CLOSED_BY_TWO if piece.endswith(mark)), piece[2:])
    for mark in ("``", "''"):
        piece = piece.removeprefix(mark).removesuffix(mark)
    if piece[:1] in ("‘", "'") and piece[1:2].isalpha():
        # The paragraphs of a longer quotation but the last one have no closing mark.
        return piece[1:-1] if piece[-1] in "’'" else piece[1:]
    # Some set a space between the marks and the words, as in French and in the texts of corpora.
    piece = piece.strip('“”„‟«»"″').strip()
    if piece[:1] == "‚":
        return piece[1:].removesuffix("‘")
    return piece[1:-1] if piece[:1] == "‘" and piece[-1:] == "’" else piece


def _reported(citation: Citation) -> str:
    cue = cue_words(citation)
    return _paired(f"{cue} {words(citation)}" if cue else words(citation).removeprefix("that "))


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


def _is_thing(citation: Citation) -> bool:
    """True for "it", whose words can be those of a body, or stand on a wall."""
    return citation.speaker.lower() in OF_THINGS


def _who(citation: Citation, *, role: bool) -> str:
    if citation.source and not citation.speaker:
        return f"{citation.source}, not named in the article,"
    if not citation.speaker:
        return "somebody the article does not name"
    if not _is_named(citation):
        return f"some{'thing' if _is_thing(citation) else 'body'} the article calls ‘{citation.speaker.lower()}’"
    name = f"the {citation.speaker}" if _takes_article(citation) else citation.speaker
    return f"{name}, {citation.role}," if role and citation.role else name


def _takes_article(citation: Citation) -> bool:
    """True for a body that the article calls by its name with "the", right beside the verb of the statement."""
    name = re.escape(citation.speaker.lower())
    if citation.speaker_kind != "body" or name.startswith("the\\ "):
        return False
    text, base = citation.context.lower(), citation.context_start
    beside = ((text[: max(0, start - base)].rstrip(" ,"), text[max(0, end - base) :]) for start, end in citation.cues)
    before, behind = re.compile(rf"\bthe {name}(?:, [^.!?“”\"]*)?\Z"), re.compile(rf"\s*the {name}(?!\w)")
    return any(before.search(head) or behind.match(tail) for head, tail in beside)


def _listed(names: Sequence[str], *, last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
