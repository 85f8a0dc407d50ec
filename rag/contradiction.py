"""What in a statement speaks against calling it the same as what was asked: `clashes(asked, statement)`.

Not a proof of agreement. It names what must not pass for the same, so that a "yes" is never given on topic alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from rag.polarity import DENIAL, Token, is_cue_negated, numbers, tokens, years
from rag.schema import Span, Statement
from rag.text import fold, quotations, sentences, stem

Clash = Literal["denied", "negation", "opposite", "number", "mood", "time", "quantity", "words"]

# Pairs of which one is not the other; a negation on one side makes them agree.
OPPOSITES = tuple(
    (frozenset(map(stem, left.split())), frozenset(map(stem, right.split())))
    for left, right in (
        ("raise rise increase grow up higher more climb", "lower fall decrease reduce cut down fewer less drop shrink"),
        ("support back favour favor endorse approve", "oppose reject condemn denounce disapprove"),
        ("accept agree welcome", "reject refuse decline disagree"),
        ("win won victory", "lose lost defeat"),
        ("open reopen", "close shut"),
        ("start begin began launch", "stop end halt suspend"),
        ("good great", "bad terrible awful"),
        ("better best improve", "worse worst worsen"),
        ("strong stronger", "weak weaker"),
        ("safe safer", "dangerous unsafe risky"),
        ("true right correct", "false wrong untrue incorrect"),
        ("legal lawful constitutional", "illegal unlawful unconstitutional"),
        ("guilty", "innocent"),
        ("love like", "hate dislike detest"),
        ("easy easier", "hard harder difficult"),
        ("possible", "impossible"),
        ("likely", "unlikely"),
        ("keep stay remain continue", "leave quit abandon resign withdraw end stop scrap"),
        ("before", "after"),
        ("always", "never"),
        ("success succeed", "failure fail"),
        ("cheap cheaper", "expensive dear costly"),
        ("join", "leave"),
        ("friend ally", "enemy foe"),
        ("hire", "fire dismiss sack"),
        ("build", "demolish scrap"),
    )
)
WHOLE = re.compile(r"\b(?:all|every|everyone|everybody|everything|always|entire|each)\b", re.I)
PART = re.compile(r"\b(?:some|most|many|few|several|sometimes|often|partly|half|occasionally)\b", re.I)
ENDS = " \"'.,;:!?"  # What may stand at either end of words that are the same.
# Asked about what is certain or due; the words only call it possible, and so on. "Would" is no mood of its own.
MOODS_APART = frozenset(
    {("certain", "possible"), ("due", "possible"), ("certain", "due"), ("due", "certain"), (None, "possible")}
)


def clashes(asked: str, statement: Statement) -> tuple[Clash, ...]:
    """Why the statement is not what was asked, best sentence of it; empty when nothing speaks against it.

    Never holds "words": that is for whoever knows which words a question puts in quotation marks (`holds`).

    Args:
        asked: the question without whom it asks about, such as "say the toll will rise".
    """
    wanted = list(tokens(asked))
    stems = {token.stem for token in wanted}
    best: tuple[int, int, tuple[Clash, ...]] | None = None
    for sentence in _said(statement):
        found = tuple(_differences(asked, wanted, sentence))
        entry = (-len(stems & {token.stem for token in tokens(sentence)}), len(found), found)
        # Of sentences that share as much with the question, the one that contradicts it least is meant.
        best = entry if best is None or entry[:2] < best[:2] else best
    differences = best[2] if best else ()
    whole = statement.quote.text
    return (*denials(asked, statement), *differences, *_numeric(asked, whole, statement))


def asked_words(question: str) -> tuple[str, ...]:
    """The quotations of two words and more in a question, folded, in lower case and without their ends."""
    return tuple(words.strip(ENDS) for words in quotations(question))


def holds(statement: Statement, words: Iterable[str]) -> bool:
    """True when a statement has these words, folded, letter for letter."""
    said = fold(" ".join(span.text for span in statement.quote.content)).text.lower().strip(ENDS)
    return all(asked in said for asked in words)


def _said(statement: Statement) -> list[str]:
    return [
        span.text[start:end]
        for span in statement.quote.content
        for start, end in sentences(span.text, 0, len(span.text))
    ]


def denials(asked: str, statement: Statement) -> Iterable[Clash]:
    """A source who denies, or did not say it, where the question does not ask for a denial."""
    context = statement.context
    for cue in statement.quote.cue:
        before = context.text[: max(0, cue.start - context.start)]
        denied = DENIAL.search(cue.text) or is_cue_negated(before, Span(len(before), len(before), cue.text))
        if bool(denied) != bool(DENIAL.search(asked)) and denied:
            yield "denied"
            return


def _differences(asked: str, wanted: list[Token], sentence: str) -> Iterable[Clash]:
    said: dict[str, list[Token]] = {}
    for token in tokens(sentence):
        said.setdefault(token.stem, []).append(token)
    pairs = [(mine, said[mine.stem]) for mine in wanted if mine.stem in said]
    turned: dict[str, frozenset[bool]] = {}
    for mine, _ in pairs:
        turned[mine.stem] = turned.get(mine.stem, frozenset()) | mine.negated
    if any(not any(either & theirs.negated for theirs in said[word]) for word, either in turned.items()):
        yield "negation"
    if _is_opposite(wanted, said):
        yield "opposite"
    if any(all((mine.mood, theirs.mood) in MOODS_APART for theirs in others) for mine, others in pairs):
        yield "mood"
    if any(all(_is_other_time(mine, theirs) for theirs in others) for mine, others in pairs):
        yield "time"
    if pairs and _is_other_share(asked, sentence):
        yield "quantity"


def _is_opposite(wanted: list[Token], said: dict[str, list[Token]]) -> bool:
    """True when the question has one word of a pair and the sentence only the other, under the same negation."""
    mine = {token.stem: token for token in wanted}
    for one, other in ((a, b) for left, right in OPPOSITES for a, b in ((left, right), (right, left))):
        asked = [mine[word] for word in one & mine.keys()]
        theirs = [token for word in other & said.keys() for token in said[word]]
        if asked and theirs and not one & said.keys() and not other & mine.keys():
            return any(a.negated & b.negated for a in asked for b in theirs)
    return False


def _is_other_time(mine: Token, theirs: Token) -> bool:
    """True for "raised" against "will raise", either way round."""
    return (mine.past and not mine.mood and theirs.mood == "certain") or (
        theirs.past and not theirs.mood and mine.mood == "certain"
    )


def _is_other_share(asked: str, sentence: str) -> bool:
    """True for all of something against some of it, either way round."""
    return any(
        one.search(asked) and other.search(sentence) and not one.search(sentence) and not other.search(asked)
        for one, other in ((WHOLE, PART), (PART, WHOLE))
    )


def _numeric(asked: str, said: str, statement: Statement) -> Iterable[Clash]:
    """Another number, or another year. A paraphrase without any may leave its number to the paragraph."""
    mine, theirs = numbers(asked), numbers(said)
    if not mine <= (theirs or numbers(statement.context.text)) or (
        years(asked) and years(said) and not years(asked) & years(said)
    ):
        yield "number"
