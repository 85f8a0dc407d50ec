"""Whose words bear on a claim: the index knows who says what, so the network need not read it off the names.

The network tells whether words say so or the opposite; that they are the asked's, or somebody else's, is looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rag.judging.ground import around, is_of_others
from rag.judging.letters import is_sought, is_verbatim, share_of_words, tells_when_said, without_parties
from rag.judging.polarity import has_negation
from rag.judging.same import says_the_same
from rag.people.names import compatible, name_words, personal, surname
from rag.schema import Hit, Judgement, Party, Query, Speaker, Statement
from rag.text import FRAME, terms

# A condition with so much of a claim's content words is about it. Chosen, not measured.
SUPPOSED = 0.5


def looked_up(query: Query, judgements: list[Judgement]) -> list[Judgement]:
    """Only those with the quoted words that an open question seeks, where there are any: nothing else answers it."""
    if query.kind == "did_say":
        return judgements
    exact = [one for one in judgements if is_sought(query, one.hit.statement) or is_verbatim(query, one.hit.statement)]
    return [Judgement(one.hit, answers=1.0) for one in exact] or judgements


def asked_of(query: Query, statement: Statement) -> str:
    """The question as a statement is held against it: under the speaker's name where it calls him quite otherwise.

    Who is misspelt, or described where neither his name nor a role in the article has to do with it, is one of the
    asked all the same; the network cannot know. Nor need it weigh the time that an open question asks about, where the
    article is of that time or the last is asked for. In a claim it may be what is claimed, but not with its verb: "Did
    Hale say in May that …?"
    """
    speaker, asked = statement.quote.speaker, query.as_judged
    if (query.kind != "did_say" or tells_when_said(query)) and (
        query.newest or query.is_when(statement.article.published)
    ):
        asked = " ".join(asked.replace(query.when, " ").split()).replace(" ?", "?")
    for party in query.parties:
        is_through = query.kind != "did_say" and not is_own(query, statement) and _came_through(party, statement)
        if speaker and (_is_otherwise(party, speaker) or is_through):
            asked = asked.replace(party.phrase, speaker.name)
    return asked


def _is_otherwise(party: Party, speaker: Speaker) -> bool:
    return speaker.name in party.labels and (party.respelt or _is_unlike(party, speaker))


def _came_through(party: Party, statement: Statement) -> bool:
    """True for what came through that which is asked, under whose name nobody here speaks: "a court report".

    Of a description the reader may have less than the article; a name is the whole of it: Hale is not Hale's lawyer.
    """
    asked, spans = {*terms(party.phrase)}, statement.quote.channel
    if party.labels or not asked:
        return False
    return any(asked == words or (asked < words and not party.named) for words in ({*terms(s.text)} for s in spans))


def _is_unlike(party: Party, speaker: Speaker) -> bool:
    asked, known = personal(party.phrase), personal(speaker.name)
    if party.named and asked and known:  # By another name, such as the one before a marriage.
        return not compatible(asked, known)
    return not party.named and not speaker.role and {*terms(party.phrase)}.isdisjoint(terms(speaker.name))


def is_own(query: Query, statement: Statement) -> bool:
    """True for what one of the asked says."""
    return any(is_by(party, statement) for party in query.parties)


def is_by(party: Party, statement: Statement) -> bool:
    """True when the index has the statement under a name of the party, in no article of a namesake."""
    return _is_called_so(party, statement) and statement.article.id not in party.namesakes


def _is_called_so(party: Party, statement: Statement) -> bool:
    speaker = statement.quote.speaker
    return speaker is not None and speaker.name in party.labels


def may_be_anybody(party: Party) -> bool:
    """True for a name of one word, or a description, that the index has for nobody: who speaks may be called so."""
    return not party.labels and not (party.named and len(personal(party.phrase)) > 1)


def bodies_asked(query: Query, hits: Iterable[Hit]) -> frozenset[str]:
    """The names of those asked who are no person, as far as the hits tell, or of whom the index has nothing to tell."""
    own = (hit.statement.quote.speaker for hit in hits if is_own(query, hit.statement))
    known = frozenset(speaker.name for speaker in own if speaker and speaker.kind != "person")
    return known | {party.phrase for party in query.parties if party.named and not party.labels}


def placed(query: Query, judgement: Judgement, bodies: Collection[str] = ()) -> Judgement:
    """The judgement of a statement for a question whether somebody said something; that of another question as it is.

    What somebody else says can only be "another says so"; what the asked say can never be. Where the index has no
    name ("we", "a spokesperson", who may speak for the asked), the speaker is a namesake of the asked or holds an
    office of one of the `bodies` asked, or the asked pass on what another said, the words are shown and prove
    nothing; a condition about what is claimed is not its opposite, nor is what only stands beside it. Of whom
    nobody is quoted under the name, no words are theirs. Words in quotation marks are looked up, too: where whole
    sentences of a statement are just these, that is what is said; and a sentence that is the claim.
    """
    if query.kind != "did_say":
        return judgement
    hit, speaker = judgement.hit, judgement.hit.statement.quote.speaker
    is_called_so = any(_is_called_so(party, hit.statement) for party in query.parties)
    if is_called_so and not is_own(query, hit.statement):
        return Judgement(hit, answers=judgement.shown)
    if speaker is not None and not is_called_so and _holds_office_of(bodies, speaker):
        return Judgement(hit, answers=judgement.shown)
    if query.parties and all(party.named and not party.labels for party in query.parties):
        theirs = judgement.says_so + judgement.opposite
        return Judgement(hit, answers=judgement.answers + theirs, another=judgement.another)
    if not query.labels:
        return judgement
    if speaker is not None and speaker.is_named and is_verbatim(query, hit.statement):
        return Judgement(hit, says_so=1.0) if is_called_so else Judgement(hit, another=1.0)
    if speaker is None or not (is_called_so or speaker.is_named) or _pass_on(query, hit.statement):
        return Judgement(hit, answers=judgement.shown)
    if is_called_so and says_the_same(query, hit.statement):
        return Judgement(hit, says_so=1.0)
    if is_called_so:
        own = judgement.answers + judgement.another
        if _has_it_beside(query, hit.statement):
            return Judgement(hit, answers=own, says_so=judgement.says_so)
        if _supposes(query, hit.statement):
            return Judgement(hit, answers=own + judgement.opposite, says_so=judgement.says_so)
        return Judgement(hit, answers=own, says_so=judgement.says_so, opposite=judgement.opposite)
    theirs = judgement.another + judgement.says_so
    if stands_in(query.question, speaker) or any(_may_be(party, speaker) for party in query.parties):
        return Judgement(hit, answers=theirs)
    return Judgement(hit, another=theirs)


def _may_be(party: Party, speaker: Speaker) -> bool:
    """True where a speaker may be the one asked about: by a fuller name, or where the question only describes whom."""
    return not party.named or {*name_words(party.phrase)} <= {*name_words(speaker.name)}


def stands_in(question: str, speaker: Speaker) -> bool:
    """True when a question has the last name of a speaker."""
    return surname(personal(speaker.name)) in name_words(question)


def _has_it_beside(query: Query, statement: Statement) -> bool:
    """True where what is claimed stands in the paragraph and none of it in the words, unless these negate something.

    A network takes “Next, please” for the opposite where the article says that she did not say “We are sorry.” Of
    1,681 labelled opposites one stands so, and of 16,347 other statements of the asked 80.
    """
    wanted = {*terms(without_parties(query))} - FRAME
    is_around = wanted <= around(statement) and wanted.isdisjoint(terms(statement.quote.text))
    is_beside = (bool(wanted) and is_around) or is_of_others(without_parties(query), statement)
    return is_beside and not has_negation(statement.quote.text)


def _supposes(query: Query, statement: Statement) -> bool:
    """True for a condition about what is claimed: "If it leaks, we go" is no "no" to whether they go.

    That it is no "yes" either, unless the claim has a condition, too, `rag.judging.ground` says.
    """
    return statement.quote.mode == "supposed" and share_of_words(query, statement) >= SUPPOSED


def _holds_office_of(bodies: Iterable[str], speaker: Speaker) -> bool:
    """True for "the mill's head of sales" and the mill; its own name in the index need not be the whole of it."""
    role = {*terms(speaker.role or "")}
    return any(words and words <= role for words in ({*terms(name)} for name in bodies))


def _pass_on(query: Query, statement: Statement) -> bool:
    """True when a statement came through one of the asked, who are no less asked for that."""
    channel = {stem for span in statement.quote.channel for stem in terms(span.text)}
    return not is_own(query, statement) and any(channel & set(terms(label)) for label in query.labels)
