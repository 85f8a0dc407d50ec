"""Whether words are ground for a "yes" by what they are: not a question, a condition, a wish or somebody else's words.

In: what a question asks for, and a statement. What is told here is told by closed classes of words and by quotation
marks; what the words mean is for a judge to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.judging.polarity import has_negation
from rag.schema import Statement
from rag.text import FRAME, TERM, fold, sentences, stem, terms

ASKING = re.compile(r"\b(?:ask|asks|asked|asking|wonder\w*|inquir\w+|enquir\w+|quer(?:y|ied)|questioned)\b", re.I)
WISHING = re.compile(
    r"\b(?:hop(?:e|es|ed|ing)|wish\w*|want\w*|urg(?:e|es|ed|ing)|demand\w*|request\w*|plead\w*|pled|beg(?:s|ged|ging)?"
    r"|call(?:s|ed|ing)? (?:for|on)|appeal\w*|ask(?:s|ed|ing)?)\b",
    re.I,
)
# A question with one of these asks what ought to be: “urged them to open it” says that they should.
OUGHT = re.compile(r"\b(?:should|must|ought|needs?|needed|has to|have to|had to)\b", re.I)
CONDITION = re.compile(r"(?:if|unless|suppose|supposing|assuming|imagine)\b", re.I)
# A condition without any of these has its verb first, and is no question: "Were it to break, …".
VERB_FIRST = re.compile(r"(?:were|had|should)\s+\w", re.I)
HELD_OPEN = re.compile(
    r"(?<!\beven )(?<!\bas )\b(?:if|unless|whether|provided that|assuming)\b(?! (?:not|any)\b)", re.I
)
PARTS = re.compile(r";|\s[-–—]+\s|—|,?\s\bbut\b")  # What stands on either side of these stands for itself.
OWN_WISH = re.compile(r"(?:and |but |so )?(?:i|we)(?: \w+)? (?:hope|wish|want|pray)\b(?=.*\w)", re.I)
OWN = frozenset(("i", "we"))
SAYING = frozenset(map(stem, ("say", "said")))
NO = re.compile(r"(?:no|nope|never)[.,!;:]", re.I)  # An answer by itself.
REACH = 3  # So many words before a verb its subject stands: "I have always said".
MARKS = "\"'“”‘’„«»`″‚ …"
CLOSING = "\"'”’»)] "
LENT = 2  # So many words at least, for one can stand anywhere.
NESTED_SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)[^“”\"]*?\w?[,.!?…]?[’'](?!\w)")
NESTED_DOUBLE = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»")


def is_ground(asked: str, statement: Statement, *, has_marks: bool = False) -> bool:
    """True unless the statement's form speaks against a "yes" to what is asked for.

    `has_marks` is true for a question that quotes: then others' words within the statement's are asked for, too.
    """
    mode, is_reported = statement.quote.mode, statement.quote.kind != "direct"
    if (is_reported and answers_nothing(asked, statement)) or is_headline(statement):
        return False
    is_wish = WISHING.search(asked) or OUGHT.search(asked)
    if mode == "wished" and is_reported and not is_wish:
        return False
    said = list(_sentences(statement))
    if mode == "supposed" and len(said) == 1 and not HELD_OPEN.search(asked):
        return False
    closest = _closest(asked, said)
    if is_condition(closest) or HELD_OPEN.search(closest):
        return HELD_OPEN.search(asked) is not None
    if (OWN_WISH.match(closest) and not is_wish) or _is_put_to_others(asked, closest):
        return False
    if is_of_others(asked, statement) or _answers_no(asked, statement):
        return False
    return has_marks or not _is_within_marks(asked, statement)


def is_headline(statement: Statement) -> bool:
    """True for what stands in the headline and not below it: an editor's short form of somebody's words.

    A post whose title is its text names nobody who says it.
    """
    title = fold(statement.article.title or "").text.lower()
    return bool(statement.quote.source) and fold(statement.context.text).text.lower() in title


def answers_nothing(asked: str, statement: Statement) -> bool:
    """True for a question that somebody put, such as a host's, unless what was asked is what is asked for."""
    return statement.quote.mode == "asked" and not ASKING.search(asked)


def is_of_others(asked: str, statement: Statement) -> bool:
    """True when what is asked for stands beside the statement and none of it in it, unless it is a mere "It is"."""
    wanted = {*terms(asked)}
    if not wanted or wanted & {*terms(statement.quote.text)}:
        return False
    first = next(_sentences(statement), "")
    # One word is the question's own "say".
    return len(wanted & around(statement)) >= max(LENT, len(wanted) - 1) and bool(terms(first))


def _answers_no(asked: str, statement: Statement) -> bool:
    """True for “No. I signed for the paint” below a question that has more of what is asked for than the answer."""
    if has_negation(asked) or not NO.match(next(_sentences(statement), "")):
        return False
    start = statement.quote.content[0].start - statement.context.start
    before, wanted = statement.context.text[: max(start, 0)], {*terms(asked)}
    return "?" in before and len(wanted & {*terms(before)}) > len(wanted & {*terms(statement.quote.text)})


def around(statement: Statement) -> set[str]:
    """The stems of what stands around a statement in its paragraph."""
    context = statement.context
    pieces, at = [], 0
    for span in sorted(statement.quote.content, key=lambda span: span.start):
        pieces.append(context.text[at : max(at, span.start - context.start)])
        at = max(at, span.end - context.start)
    return {*terms(" ".join([*pieces, context.text[at:]]))}


def is_condition(sentence: str) -> bool:
    """True for a sentence that begins with a condition: "If it holds, we stay", "Were it to break, we would go"."""
    words = sentence.lstrip(MARKS)
    is_asked = sentence.rstrip(CLOSING).endswith("?")
    return CONDITION.match(words) is not None or (VERB_FIRST.match(words) is not None and not is_asked)


def _sentences(statement: Statement) -> Iterator[str]:
    for span in statement.quote.content:
        for start, end in sentences(span.text, 0, len(span.text)):
            yield span.text[start:end].lstrip(MARKS)


def _closest(asked: str, said: list[str]) -> str:
    """The sentence, or the part of one before or behind a "but", that has most of the words asked for."""
    wanted = {*terms(asked)}
    parts = [part.strip() for sentence in said for part in PARTS.split(sentence)]
    return max(parts, key=lambda part: len(wanted & {*terms(part)}), default="")


def _is_put_to_others(asked: str, sentence: str) -> bool:
    """True where another than the speaker says it within the speaker's words: "You say it is quiet"."""
    wanted, before = {*terms(asked)} - FRAME, list[str]()
    for word in TERM.findall(sentence.lower()):
        if stem(word) in wanted:
            return False
        if stem(word) in SAYING:
            return bool(before) and OWN.isdisjoint(before[-REACH:])
        before.append(re.split("['’]", word)[0])
    return False


def _is_within_marks(asked: str, statement: Statement) -> bool:
    """True when a word asked for stands in somebody's direct words only where they quote in their turn."""
    if statement.quote.kind != "direct":
        return False
    wanted = {*terms(asked)}
    whole, own = set[str](), set[str]()
    for span in statement.quote.content:
        inner = span.text[1:-1] if span.text[:1] in MARKS else span.text
        nested = NESTED_DOUBLE if span.text[:1] in "‘'" or span.text[:1].isalnum() else NESTED_SINGLE
        whole |= {*terms(inner)}
        own |= {*terms(nested.sub(" ", inner))}
    return bool(wanted & whole - own)
