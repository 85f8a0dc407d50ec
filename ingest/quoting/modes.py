"""Say what a statement is: said, asked, supposed, denied or wished, where its form or its verb tells.

In: an article's text and a quote. Out: one word. Verbs of asking, denying and wishing are few and as old as the
language; whatever else leads to words says them.
"""

from __future__ import annotations

import re

from ingest.text.turn_labels import OWN_WORDS
from rag.judging.ground import ASKING, OWN_WISH, WISHING, is_condition
from rag.judging.polarity import DENIAL
from rag.schema import Mode, Quote, Span
from rag.text import sentences

AT_WOULD = re.compile(r"\bwould (?:\w+ )?\Z", re.I)
MAY = re.compile(r"\b(?:may|might)\b")
# What somebody is still to speak of: "will take your questions on", "is here to talk about"; no refusal, and no habit.
# "Will insist on" says so already.
TO_COME = re.compile(
    r"(?:will|shall|[’']ll|(?:am|is|are) (?:(?!\w+ing\b)\w+ )?to)\b(?! (?:not|never|always|often)\b)"
    r".*\b(?:speak|talk|questions?)\b.*\b(?:about|on)",
    re.I | re.S,
)
WOULD, FAR = re.compile(r"\bwould\b", re.I), 300  # At a verb of saying, and the characters before it in its sentence.
# A shrug that "seemed to say “…”", a raised eyebrow "as if to say “…”": a writer's words for what nobody said.
SEEMING = re.compile(r"\b(?:(?:seem|appear)(?:s|ed|ing)?|as (?:if|though)) to (?:be )?\w+", re.I)
SEEMING_REACH = 20  # Characters before a verb of saying.
# The words in marks stand right behind that, or right before its subject: what "seemed to hint at a “plan”" did hint.
MARK_BEHIND, MARK_BEFORE = re.compile(r"[:,]?\s*[“\"‘'„«]"), re.compile(r"[,?!…][”\"’'»]\s+[^.!?“”\"\n]{0,50}\Z")
CLOSING = "\"'”’»)]"
MARKS = "\"'“‘„«` …"
# "asked for help" and "asked them to stay" ask for something: what they lead to is wished.
QUESTION = re.compile(r"(?:if|whether|who|whom|whose|what|when|where|why|how|which)\b", re.I)

# "asked the three candidates about …", "asked him why …": no "asked for", no "asked them to say why"; nor "wonder why",
# which asks nobody.
PUT = re.compile(
    rf"\bask(?:s|ed|ing)?\b(?: (?!(?:to|for)\b)[\w’'-]+){{1,8}}? (?:about\b|(?!who|which){QUESTION.pattern})", re.I
)


def mode_of(text: str, quote: Quote) -> Mode:
    """What a quote is. A question is one whoever says it; else the verb tells, then the first word."""
    cue = " ".join(span.text for span in quote.cue)
    words = quote.content[0].text.lstrip(MARKS)
    if _all_ask(text, quote.content) or (ASKING.search(cue) and QUESTION.match(words)):
        return "asked"
    if DENIAL.search(cue):
        return "denied"
    if quote.kind != "direct" and WISHING.search(cue):
        return "wished"
    if quote.cue and is_imagined(text, quote.cue[0]):
        return "supposed"
    said = _sentences(text, quote.content)
    if all(OWN_WISH.match(sentence.lstrip(MARKS)) for sentence in said):
        return "wished"
    return "supposed" if said and is_condition(said[0]) else "said"


def is_to_come(quote: Quote) -> bool:
    """True where the words are only what somebody is going to speak of: he has said nothing of it."""
    return quote.kind == "indirect" and any(TO_COME.fullmatch(span.text) for span in quote.cue)


def is_imagined(text: str, cue: Span) -> bool:
    """True for "may think", and "would reply" in a sentence that begins with a condition: nobody did."""
    if MAY.search(cue.text):
        return True
    head = max(text.rfind("\n", 0, cue.start) + 1, cue.start - FAR)
    before = [text[start:end] for start, end in sentences(text, head, cue.start)]
    is_open = WOULD.search(cue.text) or AT_WOULD.search(text, head, cue.start)
    return bool(is_open and before) and is_condition(before[-1])


def asks_others(text: str, quote: Quote) -> bool:
    """True for "We asked the candidates about …": the paper tells of its work, and the words are theirs."""
    is_own = bool(quote.source) and OWN_WORDS.fullmatch(quote.source[0].text) is not None
    if quote.kind != "indirect" or not (is_own and quote.cue):
        return False
    return PUT.search(text, quote.cue[0].start, quote.content[-1].end) is not None


def only_seems(text: str, cue: Span) -> bool:
    """True for "seemed to say" and "as if to say" at a cue's place, beside a quotation."""
    found = SEEMING.finditer(text, max(0, cue.start - SEEMING_REACH), cue.end)
    return any(
        match.end() > cue.start
        and (
            MARK_BEHIND.match(text, match.end()) or MARK_BEFORE.search(text, max(0, match.start() - FAR), match.start())
        )
        for match in found
    )


def _all_ask(text: str, content: tuple[Span, ...]) -> bool:
    """True when every sentence of the words ends with a question mark."""
    said = _sentences(text, content)
    return bool(said) and all(sentence.rstrip(CLOSING).endswith("?") for sentence in said)


def _sentences(text: str, content: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for span in content for start, end in sentences(text, span.start, span.end)]
