"""Letter for letter: what takes away a verdict that a judge gave, and whether quoted words stand there as they are.

A network can take "will not raise it by nine" for "will raise it by four"; digits and negations cannot be misread.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, pairwise, takewhile

from rag.judging.figures import is_crossed
from rag.judging.polarity import DENIAL, Token, has_negation, is_cue_negated, numbers, tokens, years
from rag.people.names import PRONOUNS
from rag.schema import Query, Span, Statement
from rag.text import FRAME, SAID, TERM, fold, quotations, sentences, terms

CLOSING = " \"'”’)»"
MOST_SENTENCES = 30  # Of a statement, that are held against a quotation.
ENDS = " \"'.,;:!?"  # What may stand at either end of words that are the same.
YES = re.compile(r"[^\w\s]?yes\b", re.I)
# A question has its verb before whom it is about: "Are we going", "Will they".
VERB_BEFORE = re.compile(rf"(?P<mark>\W*)(?P<verb>\w+) (?P<who>{'|'.join(sorted(PRONOUNS))})\b", re.I)
OWNING = ("'s", "’s")
STANDING_FOR = frozenset(("that", "so", "it", "this"))  # Behind a verb of saying, for what was said.
# Between two parts of somebody's words stands who says them, up to a full stop; the second ends with a stop of its own.
SAID_BEHIND = re.compile(
    r"[^“”\"\n]{1,120}[.!?]\s+[“\"](?P<first>[^“”\".!?\n]{1,80}[.!?])(?:\s[^“”\"\n]{0,400}(?<=[.!?]))?[”\"]"
)


def agrees(query: Query, statement: Statement) -> bool:
    """True unless a letter of the statement speaks against a "yes" to the question.

    Words that the question puts in quotation marks must stand in it; its numbers must not be others; its figures must
    stand with the words that they are asked with; it must not be a question itself, nor may its source deny what is
    asked for.
    """
    exact = quoted(query)
    if exact and not _holds(statement, exact):
        return False
    asked = claimed(query, statement)
    if _is_denied(asked, statement) or _is_asked(asked, statement) or _is_disowned(asked, statement):
        return False
    if exact:
        return True
    is_other = _is_another_number(asked, statement) or any(is_crossed(asked, sentence) for sentence in _said(statement))
    return not is_other


def turns(query: Query, statement: Statement) -> bool:
    """True when a word that question and statement have is negated in one alone; not where words are quoted exactly.

    "Inexcusable even for what was not classified" and "no excuse even for the unclassified" say the same all the same:
    it speaks against a "yes" of which the judge is not sure.
    """
    return not quoted(query) and _is_turned(claimed(query, statement), statement)


def repeats(query: Query, statement: Statement) -> bool:
    """True when a statement has every word of what is claimed, none negated otherwise, in one: it is then no "no".

    The verb of a statement counts as its words. A denial is no "no" to a question whether somebody denied something.
    The first word may stand around the statement instead, where a pronoun can stand for it: "It failed", of the cap; of
    several, all that another of its sentences has.
    A question that is answered with a negation says none of its words.
    """
    asked = claimed(query, statement)
    if DENIAL.search(asked) and any(DENIAL.search(cue.text) for cue in statement.quote.cue):
        return True
    wanted = [token for token in tokens(asked) if token.stem not in FRAME]
    cue = " ".join(span.text for span in statement.quote.cue)
    around = {*terms(f"{statement.context.text} {statement.article.title or ''}")}
    said = [
        sentence
        for sentence, behind in followed(statement)
        if not (is_crossed(asked, sentence) or denies(behind) or (_asks(sentence) and has_negation(behind)))
    ]
    beside = {*terms(" ".join(_said(statement)))}
    return any(_has_all(wanted, f"{cue} {sentence}", around, beside) for sentence in said)


def _has_all(wanted: Sequence[Token], sentence: str, around: Collection[str], beside: Collection[str]) -> bool:
    said = list(tokens(sentence))
    stems = {token.stem for token in said}
    meant = list(takewhile(lambda token: token.stem not in stems and token.stem in beside, wanted[:-1]))
    is_one = len(wanted) > 1 and wanted[0].stem not in stems and wanted[0].stem in around
    is_short = not PRONOUNS.isdisjoint(TERM.findall(sentence.lower()))
    left = wanted[max(len(meant), is_one) :] if is_short else wanted
    is_said = (any(mine.stem == their.stem and mine.negated & their.negated for their in said) for mine in left)
    return bool(wanted) and all(is_said)


def share_of_words(query: Query, statement: Statement) -> float:
    """The share of a claim's content words that a statement, its verb included, has; all where it has none."""
    wanted = {*terms(claimed(query, statement))} - FRAME
    said = " ".join(span.text for span in (*statement.quote.cue, *statement.quote.content))
    return len(wanted & {*terms(said)}) / len(wanted) if wanted else 1.0


def without_parties(query: Query) -> str:
    """The question but for whom it asks about: a name can be a word."""
    return _unnamed(query, query.as_judged)


def claimed(query: Query, statement: Statement) -> str:
    """The same without when it was said, where the article is of that time: "on 4 May" has a number."""
    asked = without_parties(query)
    is_then = tells_when_said(query) and query.is_when(statement.article.published)
    return asked.replace(query.when, " ", 1) if is_then else asked


def tells_when_said(query: Query) -> bool:
    """True where the time that a question names stands with its verb: "Did Hale say on 4 May that …?", "In May, did …?"

    In "Did Hale say that the dam broke in May?" it is of what is claimed, and so is that of "today's prices".
    """
    if not query.when:
        return False
    before, when, behind = query.as_judged.partition(query.when)
    if not when or " that " in before or behind.startswith(OWNING):
        return False
    return behind.startswith(" that ") or {*terms(_unnamed(query, before))} <= FRAME


def _unnamed(query: Query, asked: str) -> str:
    for party in query.parties:
        asked = re.sub(rf"{re.escape(party.phrase)}(?:['’]s?(?!\w))?", " ", asked)
    return asked


def quoted(query: Query) -> tuple[str, ...]:
    """What a question puts in quotation marks, folded, in lower case and without its ends."""
    return tuple(words.strip(ENDS) for words in quotations(query.question))


def is_verbatim(query: Query, statement: Statement) -> bool:
    """True when all that a question puts in quotation marks are whole sentences of a statement, letter for letter.

    Then there is nothing to judge. A part of a sentence does not do: "for sale" stands in "not for sale" as well.
    """
    wanted = quoted(query)
    if not wanted or _is_asked(query.as_judged, statement) or _is_denied(without_parties(query), statement):
        return False
    said = _said(statement)[:MOST_SENTENCES]
    runs = {_plain(" ".join(said[start:end])) for start, end in combinations(range(len(said) + 1), 2)}
    runs.add(_plain(" ".join(span.text for span in statement.quote.content)))
    return all(_plain(words) in runs for words in wanted)


def is_sought(query: Query, statement: Statement) -> bool:
    """True when a question asks for nothing but the words that it has in quotation marks, and a statement has them."""
    exact = quoted(query)
    if not exact or not _holds(statement, exact):
        return False
    about = fold(without_parties(query)).text.lower()
    for words in quotations(query.question):
        about = about.replace(words, " ")
    return {token.stem for token in tokens(about)} <= FRAME


def _plain(words: str) -> str:
    """Words folded, in lower case and without their ends."""
    return fold(words).text.lower().strip(ENDS)


def _holds(statement: Statement, words: Iterable[str]) -> bool:
    """True when a statement has these words, folded, letter for letter."""
    said = fold(" ".join(span.text for span in statement.quote.content)).text.lower().strip(ENDS)
    return all(asked in said for asked in words)


def _is_turned(asked: str, statement: Statement) -> bool:
    """True when a sentence negates a word of the question that it does not negate itself, or the other way round.

    Thought counts: “He hasn’t given it much thought” is no praise for having thought it through.
    """
    wanted = [token for token in tokens(asked) if token.stem not in SAID]
    return any(_turns(wanted, sentence) for sentence in _said(statement))


def _is_asked(asked: str, statement: Statement) -> bool:
    """True when the sentence that shares most words with the question is a question itself."""
    stems = {token.stem for token in tokens(asked)}
    said = [(len(stems & {token.stem for token in tokens(one)}), not _asks(one)) for one in _said(statement)]
    return bool(said) and not max(said)[1]


def _asks(sentence: str) -> bool:
    return sentence.rstrip(CLOSING).endswith("?")


def _turns(wanted: Iterable[Token], sentence: str) -> bool:
    said: dict[str, list[Token]] = {}
    for token in tokens(sentence):
        said.setdefault(token.stem, []).append(token)
    turned: dict[str, frozenset[bool]] = {}
    for mine in wanted:
        if mine.stem in said:
            turned[mine.stem] = turned.get(mine.stem, frozenset()) | mine.negated
    return any(not any(either & theirs.negated for theirs in said[word]) for word, either in turned.items())


def _said(statement: Statement) -> list[str]:
    """The sentences of a statement, what it asks and answers with a yes as it says so."""
    said = [as_answered(span.text) for span in statement.quote.content]
    return [text[start:end] for text in said for start, end in sentences(text, 0, len(text))]


def as_answered(words: str) -> str:
    """Somebody's words with a question that they answer themselves with a yes put as what they say, letter for letter.

    "Are we open? Yes, we are." is "We are open. Yes, we are.": as long as before, so that places stay.
    """
    places = list(sentences(words, 0, len(words)))
    for (start, end), behind in pairwise(places):
        asked, answer = words[start:end], words[slice(*behind)]
        if not _asks(asked) or not YES.match(answer) or has_negation(answer) or _asks(answer):
            continue
        inner = VERB_BEFORE.match(asked)
        told = (
            f"{inner['mark']}{inner['who'].capitalize()} {inner['verb'].lower()}{asked[inner.end() :]}"
            if inner
            else asked
        )
        at = told.rindex("?")
        words = f"{words[:start]}{told[:at]}.{told[at + 1 :]}{words[end:]}"
    return words


def followed(statement: Statement) -> list[tuple[str, str]]:
    """The sentences of a statement, each with the one behind it."""
    said = _said(statement)
    return list(zip(said, [*said[1:], _gone_on(statement)], strict=True))


def _gone_on(statement: Statement) -> str:
    """The sentence with which direct words go on behind “…,” said Hale: there it stands whole, and without a verb."""
    if statement.quote.kind != "direct":
        return ""
    behind = SAID_BEHIND.match(statement.context.text, statement.quote.content[-1].end - statement.context.start)
    return behind["first"] if behind else ""


def denies(sentence: str) -> bool:
    """True for a sentence that has nothing but a negation: "I never did.", "I never said so." turn the one before."""
    if not has_negation(sentence):
        return False
    left, words = {token.stem for token in tokens(sentence)}, TERM.findall(sentence.lower())
    return not left or (left <= FRAME and words[-1] in STANDING_FOR)


def _is_disowned(asked: str, statement: Statement) -> bool:
    """True when the sentence that shares most words with the question is taken back by the next: "I did not."

    A question that negates asks for what is left then, unless that sentence negates, too.
    """
    wanted = {token.stem for token in tokens(asked)}
    shared = [
        (len(wanted & {token.stem for token in tokens(one)}), one, denies(behind))
        for one, behind in followed(statement)
    ]
    _, closest, is_taken_back = max(shared, key=lambda each: each[0], default=(0, "", False))
    return is_taken_back and (has_negation(closest) or not has_negation(asked))


def _is_denied(asked: str, statement: Statement) -> bool:
    """True for a source who denies, or did not say it, where the question does not ask for a denial."""
    if DENIAL.search(asked):
        return False
    context = statement.context
    for cue in statement.quote.cue:
        before = context.text[: max(0, cue.start - context.start)]
        if DENIAL.search(cue.text) or is_cue_negated(before, Span(len(before), len(before), cue.text)):
            return True
    return False


def _is_another_number(asked: str, statement: Statement) -> bool:
    """True for another number, or another year. A paraphrase without any may leave its number to the paragraph.

    Somebody's direct words must have it themselves: the paragraph's may be another's, or what they speak against.
    """
    said = statement.quote.text
    mine, theirs = numbers(asked), numbers(said)
    other_year = bool(years(asked) and years(said)) and not years(asked) & years(said)
    left = set[str]() if statement.quote.kind == "direct" else numbers(statement.context.text)
    return not mine <= (theirs or left) or other_year
