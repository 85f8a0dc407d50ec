"""Name the speakers of an article: whom the trained linker means where it is sure, else whom the rules say.

In: text, quotes, headline and the tagger's pieces with their states. Out: a speaker for each quote, or None.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from threadpoolctl import ThreadpoolController

from ingest.quoting.tagger import Tagger
from ingest.speaking.asked import by_who_is_asked
from ingest.speaking.called_they import by_pronoun_they
from ingest.speaking.cast import Cast, Member
from ingest.speaking.channel import is_mark
from ingest.speaking.conversation import by_turns_of
from ingest.speaking.couples import shared_surnames, with_shared_surnames
from ingest.speaking.first_person import in_own_words
from ingest.speaking.former_latter import by_place_in_pair
from ingest.speaking.given import women
from ingest.speaking.joints import whole
from ingest.speaking.labels import TOGETHER, described, is_label, with_kind
from ingest.speaking.linker import Link, Linker, Scene, place_of, pooling, scene
from ingest.speaking.named import DESCRIPTION, START, UNRESOLVED, People
from ingest.speaking.namer import Namer, Words
from ingest.speaking.offices import without_offices
from ingest.speaking.open_names import is_open
from ingest.speaking.other_names import other_names, with_other_names
from ingest.speaking.papers import by_their_papers, by_their_senders
from ingest.speaking.peoples import without_peoples
from ingest.speaking.placed import with_places
from ingest.speaking.rules import picked
from ingest.speaking.small_words import GENDER
from ingest.speaking.unnamed import by_description
from ingest.text.names import HONORIFICS, INITIALS, LOWER_WORD, Mention, mentions
from ingest.text.pieces import Pieces
from ingest.text.turn_labels import LISTED_NAME, SENTENCE
from rag.models.onnx import Floats
from rag.schema import Quote, Speaker, SpeakerKind

# A line of its own near the head of an article.
BY_LINE, HEAD = (
    re.compile(r"^(?:[Bb][Yy]:?|[Ww]ords:) (?=[A-Z])[^\n.!?]{3,120}$(?:\n+[^\n.!?]{3,120}$){0,2}", re.M),
    1000,
)
SURE = 0.8  # Of a body that is named like a person.


@dataclass(frozen=True, slots=True)
class Read:
    """What the tagger makes of an article: its pieces, and the encoders' states of each, (pieces, size).

    `is_laid_out` is true of transcripts and interviews: there labels say who speaks, and the networks learnt on news.
    `labels` are where labels stand, of a conversation within an article, too. `others` are where lines without a source
    begin that, by turns, somebody else says than the lines around them.
    """

    pieces: Pieces
    states: Floats
    is_laid_out: bool = False
    labels: frozenset[tuple[int, int]] = frozenset()
    others: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Resolved:
    """One speaker for each quote, None where nobody speaks, and the persons and bodies that the text names."""

    speakers: list[Speaker | None]
    named: list[Mention]


def resolved(text: str, quotes: Sequence[Quote], title: str | None, answers: Sequence[bool], seen: Read) -> Resolved:
    """Whose the quotes are, which come in reading order."""
    if not quotes:
        return Resolved([], [])
    words = Tagger.load().words
    # The products are small: threads cost more than they give.
    with _products().limit(limits=1, user_api="blas"):
        if seen.is_laid_out:
            names = known(text, seen, words)
            named = _without_trades(_without_headings(text, mentions(text), seen), names)
            people = People(text, quotes, title or "", named)
            known_names = (*people.titled, *people.mentions)
            told = _of_others(people, quotes, picked(people, quotes, answers))
            kinds = (with_kind(pick, known_names) for pick in told)
            picks = [_in_order(quote, seen) or pick for quote, pick in zip(quotes, kinds, strict=True)]
            picks = _described(quotes, picks, _persons(text, seen, names))
            picks = [_named_in_full(text, quote, pick) for quote, pick in zip(quotes, picks, strict=True)]
            picks = with_shared_surnames(with_places(people, quotes, picks), shared_surnames(text, names, words))
            labels = [(mention, people.person(mention, mention.start).name) for mention in people.mentions]
            speakers = with_other_names(in_own_words(text, quotes, picks), other_names(text, labels))
            return Resolved(speakers, named)
        named = known(text, seen, words)
        people = people_of(text, quotes, title or "", named, words)
        picks = picked(people, quotes, answers)
        made = scene(people, quotes, picks, pooling(seen.pieces, seen.states, *words))
        links = {link.place: link for link in Linker.load().links(text, made)}
    for place in seen.labels.intersection(links):
        links[place] = replace(links[place], name=None, nobody=False, as_picked=True)
    speakers = [
        speaker_of(quote, pick, _unless_open(links[place_of(quote)], pick, made), made.cast)
        for quote, pick in zip(quotes, picks, strict=True)
    ]
    speakers = by_their_papers(text, quotes, by_their_senders(people, quotes, speakers))
    speakers = by_who_is_asked(people, quotes, by_description(text, quotes, speakers, named))
    speakers = by_pronoun_they(people, quotes, by_place_in_pair(people, quotes, speakers))
    speakers = by_turns_of(people, quotes, speakers, picks, seen.others)
    speakers = in_own_words(text, quotes, speakers)
    cast = made.cast
    labels = [(mention, cast.members[n].name) for mention, n in zip(people.mentions, cast.owners, strict=True)]
    return Resolved(with_other_names(speakers, other_names(text, labels)), named)


@lru_cache(maxsize=1)
def _products() -> ThreadpoolController:
    """What sets how many threads a matrix product takes; looking for the libraries takes longer than a product."""
    return ThreadpoolController()


def people_of(text: str, quotes: Sequence[Quote], title: str, named: Sequence[Mention], words: Words) -> People:
    """Everybody whom an article names, with what their first names tell of them; initials tell nothing."""
    firsts = (mention.tokens[0] for mention in named if len(mention.tokens) > 1 and not mention.is_body)
    told = (first for first in firsts if not INITIALS.fullmatch(first))
    people = People(text, quotes, title, named, women(told, words))
    people.shared = shared_surnames(text, named, words)
    return people


def known(text: str, seen: Read, words: Words) -> list[Mention]:
    """The persons and bodies that a text names."""
    named = whole(text, Namer.load().named(text, mentions(text), seen.pieces, seen.states, words), words)
    names = without_peoples(text, named, pooling(seen.pieces, seen.states, *words))
    kept = frozenset(names)
    names = without_offices(text, names, {mention.tokens[0] for mention in named if mention not in kept})
    return _without_writers(text, _without_opening(text, names))


def _without_opening(text: str, named: Sequence[Mention]) -> list[Mention]:
    """The mentions but "Landslip" of a headline "Landslip shuts line", where the text has a landslip, too.

    Nor has it "Rower" if that word comes again in no name: the text below names whom its headline does.
    """
    headline, _, below = text.partition("\n")
    if not named or named[0].start or len(named[0].tokens) > 1 or SENTENCE.search(headline):
        return [*named]
    word = named[0].tokens[0]
    is_alone = bool(below.strip()) and len(headline) > named[0].end and not any(word in m.tokens for m in named[1:])
    return [*named[1:]] if is_alone or word.lower() in LOWER_WORD.findall(text) else [*named]


def _without_writers(text: str, named: Sequence[Mention]) -> list[Mention]:
    """The mentions but those of a by-line, and an outlet's below it, that do not come again.

    Who writes an article, or prints it, does not speak in it.
    """
    written = BY_LINE.search(text, 0, HEAD)
    if written is None:
        return list(named)
    within = [written.start() <= mention.start < written.end() for mention in named]
    again = {mention.surname for mention, is_within in zip(named, within, strict=True) if not is_within}
    return [m for m, is_within in zip(named, within, strict=True) if not is_within or m.surname in again]


def _of_others(people: People, quotes: Sequence[Quote], picks: Sequence[Speaker | None]) -> list[Speaker | None]:
    """The picks, "he" and "she" in somebody's turn as the only one named there before whom the word fits.

    Or as words, where no one or several are: they would be that person, who says "I". In the turn of somebody whom
    nobody names they are none of the others who talk.
    """
    turns = [(quote, pick) for quote, pick in zip(quotes, picks, strict=True) if pick and not quote.channel]
    talking = {quote.source: frozenset((pick.name,)) for quote, pick in turns}
    others = frozenset(pick.name for _, pick in turns)
    talking |= {quote.channel: others for quote in quotes if is_mark(quote.channel)}
    return [
        _named_in_turn(people, quote, [turn for turn, _ in turns if turn.source == quote.channel])
        if pick and _is_open(quote, pick, talking.get(quote.channel, frozenset()))
        else pick
        for quote, pick in zip(quotes, picks, strict=True)
    ]


def _is_open(quote: Quote, pick: Speaker, talking: Set[str]) -> bool:
    """True for "she" in the turn of somebody who talks, where that would be the one who talks, or nobody."""
    is_pronoun = bool(talking and quote.source) and quote.source[0].text.lower() in GENDER
    return is_pronoun and (pick.name in talking or pick.name.lower() in GENDER)


def _named_in_turn(people: People, quote: Quote, turns: Sequence[Quote]) -> Speaker:
    """Whom a pronoun means that stands in one of these turns: in it only one is named before with its gender."""
    at, word = quote.source[0].start, quote.source[0].text
    begin = max((turn.content[0].start for turn in turns if turn.content[0].start <= at), default=at)
    low, high = (bisect_left(people.mentions, place, key=START) for place in (begin, at))
    fitting = [m for m in people.mentions[low:high] if m.gender == GENDER[word.lower()]]
    meant = {person.name: person for m in fitting for person in [people.person(m, m.start)]}
    return next(iter(meant.values())) if len(meant) == 1 else Speaker(word, None, UNRESOLVED)


def _in_order(quote: Quote, seen: Read) -> Speaker | None:
    """Whom a label means that has the surname first; None for any other source."""
    if not quote.source or (quote.source[0].start, quote.source[0].end) not in seen.labels:
        return None
    listed = LISTED_NAME.fullmatch(quote.source[0].text)
    return Speaker(f"{listed[2]} {listed[1]}") if listed else None


def _persons(text: str, seen: Read, names: Sequence[Mention]) -> set[str]:
    """The labels in which the namer knows a person, here or wherever the same words stand."""
    persons = [mention for mention in names if mention.body is False]
    told = {text[slice(*place)] for place in seen.labels if any(place[0] <= m.start < place[1] for m in persons)}
    return told | {" ".join(mention.tokens) for mention in persons}


def _named_in_full(text: str, quote: Quote, pick: Speaker | None) -> Speaker | None:
    """The pick, a person where the name stands on another line than the label: that only describes whom it names."""
    if not (pick and quote.source and quote.cue and pick.name == quote.source[0].text):
        return pick
    source, cue = quote.source[0], quote.cue[0]
    is_apart = "\n" in text[min(source.end, cue.end) : max(source.start, cue.start)]
    return replace(pick, kind="person") if is_apart and pick.kind == "unnamed" else pick


def _described(quotes: Sequence[Quote], picks: Sequence[Speaker | None], persons: Set[str]) -> list[Speaker | None]:
    """The picks, "Audience Member" of a label as a description: several words in which nobody knows a name."""
    return [
        replace(pick, confidence=DESCRIPTION, kind="unnamed")
        if pick
        and pick.kind == "person"
        and quote.source
        and pick.name == quote.source[0].text
        and " " in pick.name
        and pick.name not in persons
        and not any(map(INITIALS.fullmatch, pick.name.split()))
        else pick
        for quote, pick in zip(quotes, picks, strict=True)
    ]


def _without_headings(text: str, found: Sequence[Mention], seen: Read) -> list[Mention]:
    """The mentions but those that are LINES IN CAPITALS and label nothing: "DIRECT EXAMINATION" is nobody."""
    lines = f"\n{text}\n"
    return [
        mention
        for mention in found
        if (mention.start, mention.end) in seen.labels
        or not (text[mention.start : mention.end].isupper() and lines[mention.start] == lines[mention.end + 1] == "\n")
    ]


def _without_trades(found: Sequence[Mention], names: Sequence[Mention]) -> list[Mention]:
    """The mentions that capitals show, a full name that the namer knows without the word before or behind it."""
    whole = [name for name in names if len(name.tokens) > 1 and not name.is_body]
    ends, starts = {name.end: name for name in whole}, {name.start: name for name in whole}
    beside = ((mention, ends.get(mention.end) or starts.get(mention.start)) for mention in found)
    return [
        replace(name, run=mention.run, role=name.role or mention.role)
        if name and mention.start <= name.start and name.end <= mention.end
        else mention
        for mention, name in beside
    ]


def speaker_of(quote: Quote, pick: Speaker | None, link: Link, cast: Cast) -> Speaker | None:
    """Whom the linker means where it is sure, or whom the rules pick; None for nobody and for what is no label."""
    if link.nobody:
        return None
    if link.as_picked and pick:
        return _as_member(pick, link, cast)
    if link.name and not _is_odd(link, pick, cast):
        if link.name not in cast.numbers and not is_label(link.name):
            return None
        return Speaker(link.name, link.role, round(link.sure, 3), _kind(link.name, link, cast))
    if pick is None or not quote.source:
        return None
    if pick.name in cast.numbers and not _ends_with(quote, cast.members[cast.numbers[pick.name]]):
        # Not whom the rules say, and nobody else: the source's own words.
        pick = Speaker(described(quote.source[0].text.strip()), None, round(link.sure, 3))
    return _as_member(pick, link, cast)


def _ends_with(quote: Quote, member: Member) -> bool:
    """True for a source that leads up to the member's name with a trade, as "Dutch union FNB" does."""
    source = quote.source[-1].text.strip() if quote.source else ""
    return any(source.endswith(f" {name}") for name in member.names)


def _unless_open(link: Link, pick: Speaker | None, made: Scene) -> Link:
    return replace(link, name=None, as_picked=True) if is_open(link, pick, made) else link


def _is_odd(link: Link, pick: Speaker | None, cast: Cast) -> bool:
    """True where a body's description is linked, not surely, to somebody who is a person by the name.

    What the name tells is in the probability already, and the namer may be wrong, as of a firm called Lee Foods.
    """
    number = cast.numbers.get(link.name or "")
    is_open = pick is not None and pick.name not in cast.numbers
    if not is_open or number is None or link.kind != "body":
        return False
    return cast.members[number].votes < 0 and link.sure < SURE


def _as_member(pick: Speaker, link: Link, cast: Cast) -> Speaker | None:
    """Whom the rules pick under the fullest name, with the role that the article gives; None for what is no label."""
    kind = _kind(pick.name, link, cast)
    number = cast.numbers.get(pick.name, cast.numbers.get(_bare(pick.name)))
    if number is None:
        return replace(pick, kind=kind) if is_label(pick.name) else None
    member = cast.members[number]
    return replace(pick, name=member.name, role=pick.role or member.role, kind=kind)


def _bare(label: str) -> str:
    """A label as the text may have it for a name: "Tide Agency" of "the Tide Agency’s", "Lee" of "Mr. Lee"."""
    words = label.removeprefix("the ").removesuffix("’s").removesuffix("'s").split(" ")
    return " ".join(words[1:] if words[0].lower().strip(".") in HONORIFICS and len(words) > 1 else words)


def _kind(name: str, link: Link, cast: Cast) -> SpeakerKind:
    """What a label names: what the network takes it for, as far as it has a name at all."""
    number = cast.numbers.get(name, cast.forms.get(_bare(name)))
    if number is None:
        together = all(part in cast.numbers for part in TOGETHER.split(name))
        return "group" if together or link.kind == "group" else "unnamed"
    member = cast.members[number]
    return ("body" if _is_body(member) else "person") if member.votes or link.kind == "unnamed" else link.kind


def _is_body(member: Member) -> bool:
    return member.votes > 0 or (not member.votes and member.is_body)
