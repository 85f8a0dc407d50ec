"""Tell through whom or what a statement came: "told Kestwire", "said through her lawyer", "X said, according to Y".

In: an article's text with the tagger's quotes, or a quote and the names in the text. Out: the words for the channel,
and where somebody passes on what another said, that other as the source. Only what is plain is told: the training
articles have a hundred such sources among nine thousand, too few to learn from.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.tagger import Tagger
from ingest.speaking.labels import TIME
from ingest.text.marks import word_for_word
from ingest.text.names import Mention
from ingest.text.sources import PRONOUNS
from rag.schema import Quote, Span

Pair = tuple[int, int]

SAY = r"(?:sa(?:y|ys|id|ying)|tell|tells|told|telling|wr(?:ite|ites|ote|itten|iting)|post(?:s|ed)?|tweet(?:s|ed)?)"
SAID_WITHIN = re.compile(rf"\b{SAY}\b", re.I)
# "said", "had told them", "as saying"; what is said about something is no statement of it.
IS_SAID = re.compile(rf"(?:(?:ha[sd]|have|as|also|publicly|that|was) )*{SAY}\b(?! (?:about|of)\b)", re.I)
# So much of the letters of what somebody passes on is another's statement: at 0.84, of the 19 in the labelled
# articles that readers have an opinion of, 17 are.
WHOLE = 0.84
PASSED_ON = re.compile(r"\baccording to\b", re.I)
THAT = re.compile(r"that\s+", re.I)
QUOTED_BY = re.compile(r"(?:was|were|is|are|been) (?:(?:quoted|cited)(?: as saying)?|\w+ed as saying) by$", re.I)
QUOTES = re.compile(r"\b(?:quot|cit)(?:es|ed|ing)$", re.I)
SAYING = re.compile(r" as saying (?:that )?")
# "the mine’s owner, " before the owner’s name, in the middle of a sentence.
APPOSED = re.compile(r"(?<=, )(?:the|an?|his|her|its|their) [^,.;:“”\"\n]{2,60}, \Z")
# What stands between a quotation and the cue, to its end, is who says it, however it is told.
BEHIND_WORDS = re.compile(r"[,?!…][”\"»’″] (?=(?:(?!\w{4}[.!?] )[^“”\"«»\n]){2,120}\Z)")
AS_SAYING = re.compile(r" ([^,.;:“”\"\n]{2,80}) as saying\b")  # Whom it quotes.
AS = re.compile(r"\s+as(?: saying)?$")
MODIFIES = re.compile(r"['’]|[ ](?!(?:that|on|in|at|he|she|it|they|we|his|her|there|this|the|after|before|and)\b)[a-z]")
THE = re.compile(r" (?:the )?", re.I)
# "said in a statement", "wrote on her page", "said through a lawyer": what stands behind the preposition.
MEDIUM = re.compile(
    rf"\b{SAY}(?: [\w’']+){{0,3}}? (?:(?:in|on) (?=(?:an?|his|her|its|their)\b)|(?:through|via) )"
    r"(?P<medium>[^,;“”\"\n]+)$",
    re.I,
)
BESIDE = re.compile(r", (?:in (?=(?:an?|his|her|its|their)\b)|(?:through|via) )(?P<medium>[^,;“”\"\n]+)$", re.I)
FRONTED = re.compile(r"(?:^|[.!?”\"]\s+|\n)In (?P<medium>(?:an?|his|her|its|their) [^,.;“”\"\n]{3,80}), $", re.I)
ON = re.compile(r" (?:on|with|by|for) (?:the )?", re.I)
LOOSE_END = re.compile(r"\s+(?:on|with|by|for|to|of|about|that)$")
CLAUSE_END = re.compile(r"[.,;:!?“”\"\n]")
# "wrote on Instagram": what stands behind has a name.
WROTE_ON = re.compile(r"\b(?:wr(?:ites|ote|itten|iting)|posted|tweeted) on ", re.I)
FAR = 120


def passed_on(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes; those in which a source passes on what another says with that other as the source.

    What the tagger has of the same words beside it, with half an attribution, is left out.
    """
    found = [(quote, _by_whom(text, quote)) for quote in tagged]
    moved = {pair for _, other in found if other for pair in other.content}
    return [
        other or quote
        for quote, other in found
        if other or (quote.source and quote.cue) or not moved & {*quote.content}
    ]


def _by_whom(text: str, quote: TaggedQuote) -> TaggedQuote | None:
    if quote.cue and QUOTED_BY.search(text[slice(*quote.cue)]):
        return _quoted_by(text, quote, quote.cue)
    if not (quote.source and quote.cue):
        return None
    if QUOTES.search(text[slice(*quote.cue)]) and (whom := AS_SAYING.match(text, quote.cue[1])):
        return replace(_apart(text, quote, whom.span(1)), source=whom.span(1), channel=quote.source)
    pieces = [(quote.content[:n], pair, quote.content[n + 1 :]) for n, pair in enumerate(quote.content)]
    up_to_source = (quote.content[0][0], len(text[: min(quote.source[0], quote.cue[0])].rstrip(" ,")))
    if up_to_source[1] >= quote.content[-1][1] - 1:  # The tagger may part who speaks from what is said.
        pieces.append(((), up_to_source, ()))
    for before, (start, end), after in pieces:
        if not SAID_WITHIN.search(text, start, end):
            continue
        that = THAT.match(text, start, end)
        begin = that.end() if that else start
        for inner in Tagger.load().read(text[begin:end])[0]:
            found = _moved(inner, begin)
            if _is_whole(text, found, (begin, end)) and _is_another(text, quote, found):
                return replace(found, content=(*before, *found.content, *after), channel=quote.source)
    return None


def _quoted_by(text: str, quote: TaggedQuote, cue: Pair) -> TaggedQuote | None:
    """ "Per Lund was quoted by his son as saying": Lund, through his son."""
    if quote.source and quote.source[0] < cue[0]:
        return None
    end = len(text[: cue[0]].rstrip(" ,"))
    behind = BEHIND_WORDS.search(text, max(0, end - FAR), end)
    start = behind.end() if behind else _named_before(text, end)
    if start is None or not (behind or quote.source):
        return None
    channel = None
    if quote.source:
        channel = (quote.source[0], quote.source[0] + len(AS.sub("", text[slice(*quote.source)])))
    words = [pair for pair in word_for_word(text, ()) if behind and pair[1] == behind.end() - 1]
    if words and not any(pair[0] < words[0][1] for pair in quote.content):
        quote = replace(quote, content=(*words, *quote.content))
    return replace(_apart(text, quote, (start, end)), source=(start, end), channel=channel)


def _named_before(text: str, end: int) -> int | None:
    """Where the name that ends there begins, with what its bearer is called in front."""
    head = max(text.rfind(mark, 0, end) for mark in ("\n", ",", ".", "”", '"')) + 1
    start = head + len(text[head:end]) - len(text[head:end].lstrip())
    if not (text[start:end][:1].isupper() and end - start < FAR):
        return None
    apposed = APPOSED.search(text, max(0, start - FAR), start)
    return apposed.start() if apposed else start


def _apart(text: str, quote: TaggedQuote, who: Pair) -> TaggedQuote:
    """The quote without what reaches into the words for who says it, at either end of its content."""
    content = []
    for start, end in quote.content:
        if start < who[0] < end:
            content.append((start, len(text[: who[0]].rstrip(" ,"))))
        elif not who[0] <= start < who[1]:
            content.append((start, end))
        elif saying := SAYING.match(text, who[1], end):
            content.append((saying.end(), end))
    content = [pair for pair in content if not AS.fullmatch(f" {text[slice(*pair)]}")]
    return replace(quote, content=tuple(content) or quote.content)


def _moved(quote: TaggedQuote, by: int) -> TaggedQuote:
    def moved(pair: Pair | None) -> Pair | None:
        return pair and (pair[0] + by, pair[1] + by)

    content = tuple((start + by, end + by) for start, end in quote.content)
    return TaggedQuote(content, moved(quote.source), moved(quote.cue))


def _is_whole(text: str, found: TaggedQuote, pair: Pair) -> bool:
    """True where a statement with its source and a verb of saying is nearly all that stands at `pair`."""
    if not (found.source and found.cue and IS_SAID.match(text[slice(*found.cue)])):
        return False
    parts = (*found.content, found.source, found.cue)
    return sum(_letters(text[slice(*part)]) for part in parts) >= WHOLE * _letters(text[slice(*pair)])


def _is_another(text: str, quote: TaggedQuote, found: TaggedQuote) -> bool:
    """True where the one within is not the one who passes it on: "Lee said that she said" may be Lee twice."""
    if not (quote.source and quote.cue and found.source):
        return False
    outer, inner = (text[slice(*pair)].lower() for pair in (quote.source, found.source))
    return inner != outer and (inner not in PRONOUNS or PASSED_ON.search(text[slice(*quote.cue)]) is not None)


def _letters(piece: str) -> int:
    return sum(map(str.isalnum, piece))


def is_mark(channel: Sequence[Span]) -> bool:
    """True for what captions have before the words of somebody whom they do not name: no word."""
    return bool(channel) and not any(map(str.isalpha, channel[0].text))


def channel_of(text: str, quote: Quote, named: Sequence[Mention]) -> tuple[Span, ...]:
    """The words for what a quote came through; empty where the text tells of nothing. `named` comes in order."""
    if quote.channel or not quote.cue:
        return () if is_mark(quote.channel) else quote.channel
    source = (quote.source[0].start, quote.source[-1].end) if quote.source else None
    found = _medium(text, source, (quote.cue[0].start, quote.cue[-1].end), named)
    return (Span.of(text, *found),) if found else ()


def _medium(text: str, source: Pair | None, cue: Pair, named: Sequence[Mention]) -> Pair | None:
    told = _told(text, cue, named)
    if told:
        return told
    found = MEDIUM.search(text, *cue)
    if found is None and source:
        # Within the source, or between it and the verb: "Lee, in a letter to the board, said".
        end = cue[0] if source[1] <= cue[0] <= source[1] + FAR else source[1]
        found = BESIDE.search(text, source[0], source[0] + len(text[source[0] : end].rstrip(" ,")))
        fronted = FRONTED.search(text, max(0, source[0] - FAR), source[0])
        if found is None and fronted and _ends_with_body(fronted.end("medium"), named):
            return fronted.span("medium")
    if found is None:
        wrote = WROTE_ON.search(text, cue[0], cue[1] + len(" on "))
        mention = wrote and _at(wrote.end(), named)
        return (mention.start, mention.end - (text[mention.end - 1] == ".")) if mention and mention.body else None
    start, end = found.span("medium")
    following = ON.match(text, end)
    mention = following and _at(following.end(), named)
    if mention:
        return start, mention.end
    return start, end - len(text[start:end]) + len(LOOSE_END.sub("", text[start:end]))


def _told(text: str, cue: Pair, named: Sequence[Mention]) -> Pair | None:
    """The body that is told: a paper or an agency, mostly."""
    verb = re.search(r"\b(?:tell|tells|told|telling)\b", text[slice(*cue)], re.I)
    if verb is None:
        return None
    gap = THE.match(text, cue[0] + verb.end())
    mention = gap and _at(gap.end(), named)
    # "told the Tarn Gazette": no person's name has an article.
    is_body = mention is not None and (
        mention.is_body or (gap is not None and len(gap[0]) > 1 and len(mention.tokens) > 1)
    )
    if mention is None or not is_body:
        return None
    # "told the Tarn Gazette last week.", not "told the Tarn Gazette reporter".
    behind = CLAUSE_END.split(text[mention.end : mention.end + FAR], maxsplit=1)[0]
    return None if MODIFIES.match(behind) and not TIME.fullmatch(behind) else (mention.start, mention.end)


def _at(start: int, named: Sequence[Mention]) -> Mention | None:
    """The mention that begins there."""
    at = bisect_left(named, start, key=lambda mention: mention.start)
    return named[at] if at < len(named) and named[at].start == start else None


def _ends_with_body(end: int, named: Sequence[Mention]) -> bool:
    at = bisect_left(named, end, key=lambda mention: mention.start)
    return at > 0 and named[at - 1].end == end and named[at - 1].is_body
