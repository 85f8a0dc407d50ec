"""Find what was said in an article: quotation marks, reporting verbs and "according to", by rule.

In: an article's text. Out: quotes with content, source and cue spans, and the speaker that
`ingest.speakers` makes of the source. Nothing is stored and nothing is looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.speakers import resolve
from rag.schema import Quote, QuoteKind, Span
from rag.text import paragraphs, sentences

BLOT = "█"  # Stands for a character within quotation marks while the words around them are read.
MIN_WORDS = 3  # A shorter pair of marks around no reporting verb is a scare quote or a title.
OPENING = {"“": "”", '"': '"', "„": "“", "«": "»", "``": "''", "''": "''"}
MARK = re.compile(r"“|”|\"|„|«|»|``|''")

VERBS = (
    "accuse acknowledge add admit advise affirm agree allege allow announce answer appeal argue assert assure "
    "believe boast caution charge claim comment complain concede conclude confess confirm contend continue "
    "counter criticise criticize declare defend demand deny describe disclose dismiss echo emphasise emphasize "
    "estimate exclaim explain express hint imply indicate insist joke lament maintain mention note object "
    "observe opine plead pledge predict proclaim promise propose protest quip reason recall recommend recount "
    "reiterate reject remark remind repeat reply report respond reveal say state stress suggest surmise "
    "testify think threaten tweet urge vow wager warn wonder worry write"
).split()
IRREGULAR = {
    "say": "says said saying",
    "think": "thinks thought thinking",
    "write": "writes wrote written writing",
    "deny": "denies denied denying",
    "reply": "replies replied replying",
    "testify": "testifies testified testifying",
    "imply": "implies implied implying",
    "worry": "worries worried worrying",
    "admit": "admits admitted admitting",
    "quip": "quips quipped quipping",
}
EXTRA_CUES = (
    "told tells telling called calls calling asked asks asking pointed\\ out points\\ out pointing\\ out wanted wants"
)


def _forms(verb: str) -> list[str]:
    if verb in IRREGULAR:
        return IRREGULAR[verb].split()
    stem = verb.removesuffix("e")
    return [verb + "s", stem + "ed", stem + "ing"]


CUE = re.compile(
    r"\b(?:"
    + "|".join([*(f for v in VERBS for f in _forms(v)), *re.split(r"(?<!\\) ", EXTRA_CUES), "say", "think"])
    + r")\b"
)
ACCORDING = re.compile(r"\b[Aa]ccording to\s+")
AUXILIARIES = frozenset(
    "has have had is was also later then now never not once often still even repeatedly reportedly recently "
    "did does do would will could might may should must to be been long again first simply just".split()
)
PRONOUNS = frozenset("he she they it i we you who".split())
DETERMINERS = frozenset(
    "a an the this that these those his her their its our my some many several most few one two three four "
    "five six seven eight nine ten other another both all no any dozens hundreds".split()
)
NAME_PARTICLES = frozenset("of de la le van von der den bin ibn al el du da dos and & for".split())
# A source to the left of a cue does not reach across these.
BARRIERS = frozenset(
    "and but or when while as that because if after before although though since which what how why where in "
    "on at with by from to into over under than so despite amid about against between through during following "
    "without until of".split()
)
WORD = re.compile(r"[^\s,;:()“”\"–—█]+")
MAX_SOURCE_WORDS = 9
# What can follow a cue without being what was said: where, when and to whom.
CIRCUMSTANCE = re.compile(
    r"^(?:(?:in|on|at|to|during|after|before|from|by|with|via|through|earlier|later|early|late|yesterday|today|tonight|"
    r"(?:last|this|next) (?:week\w*|month|year|morning|afternoon|evening|night|spring|summer|autumn|fall|winter)|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|$)"
)
# "who asked not to be named" states nothing.
REQUEST = re.compile(r"\s+(?:for\s|not\s+to\s+be\s|to\s+(?:remain|stay)\s)")
LEAD = re.compile(r"[\s,:–—-]*(?:(?:(?:in|on|at|during|to|after|before)\b[^,.;:“\"█]{1,60}?\s+)?that\b[\s,]*)?")
ADDRESSEE = re.compile(
    r"^\s*(?:(?:[^\s,.“\"]+\s+){1,6}?(?:that\b|,\s|:\s|(?=[“\"]))|(?:[^\s,.“\"]+\s+){0,5}[^\s,.“\"]+,\s+(?=[“\"]))"
)
RELATIVE = re.compile(r",\s+who(?:m|se)?\s")
TAIL = " \t\n,;:.!?–—-"


@dataclass(frozen=True, slots=True)
class _Draft:
    content: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    kind: QuoteKind


def extract_quotes(text: str, title: str | None = None) -> list[Quote]:
    """Find who says what in an article: quotes in the order of their words, spans in characters of `text`.

    `title` helps to name the speakers; it is not searched for quotes.
    """
    drafts: list[_Draft] = []
    for start, end, marked in _blocks(text):
        drafts.extend(_block_quotes(text, start, end, marked, drafts[-1] if drafts else None))
    quotes = [
        Quote(
            content=tuple(Span.of(text, s, e) for s, e in draft.content),
            source=(Span.of(text, *draft.source),) if draft.source else (),
            cue=(Span.of(text, *draft.cue),) if draft.cue else (),
            kind=draft.kind,
        )
        for draft in sorted({d.content: d for d in reversed(drafts)}.values(), key=lambda d: d.content)
    ]
    return [replace(quote, speaker=speaker) for quote, speaker in zip(quotes, resolve(text, quotes), strict=True)]


def _blocks(text: str) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield (start, end, marked spans) of each paragraph, with paragraphs that one quotation spans joined."""
    pending: tuple[int, int, list[tuple[int, int]]] | None = None
    for start, end in paragraphs(text):
        marked, is_open = _marked(text, start, end)
        if pending and text[start] in '“"„«':
            pending = (pending[0], end, [*pending[2], *marked])
        else:
            if pending:
                yield pending
            pending = (start, end, marked)
        if not is_open:
            yield pending
            pending = None
    if pending:
        yield pending


def _marked(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], bool]:
    """The spans in quotation marks, marks included, and whether the last one is never closed."""
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    closer = ""
    for match in MARK.finditer(text, start, end):
        mark = match.group()
        if begin is None:
            if mark in OPENING and not text[match.end() : match.end() + 1].isspace():
                begin, closer = match.start(), OPENING[mark]
        elif mark == closer:
            spans.append((begin, match.end()))
            begin = None
    if begin is not None:
        spans.append((begin, end))
    return spans, begin is not None


def _mask(text: str, start: int, end: int, marked: list[tuple[int, int]]) -> str:
    """text[start:end] with the words in quotation marks blotted out, all but the last punctuation."""
    chars = list(text[start:end])
    for s, e in marked:
        for i in range(s + 1, e - 2):
            chars[i - start] = BLOT
        if e - 2 > s and chars[e - 2 - start] not in ".!?,":
            chars[e - 2 - start] = BLOT
    return "".join(chars)


def _block_quotes(
    text: str, start: int, end: int, marked: list[tuple[int, int]], before: _Draft | None
) -> list[_Draft]:
    """The quotes of one paragraph; what has marks but no cue belongs to the speaker beside it."""
    masked = _mask(text, start, end, marked)
    found: list[_Draft] = []
    orphans: list[tuple[int, int]] = []
    begins, ends = [m[0] for m in marked], [m[1] for m in marked]
    for s, e in sentences(masked, 0, len(masked)):
        first, last = bisect_right(ends, start + s), bisect_left(begins, start + e)
        sentence = _Sentence(masked[s:e], start + s, marked[first:last])
        new = list(_sentence_quotes(sentence))
        found.extend(new)
        covered = [span for draft in new for span in draft.content]
        whole = set(covered)
        orphans.extend(
            m
            for m in sentence.marked
            if m not in whole
            and not any(a < m[1] and m[0] < b for a, b in covered)
            and len(text[m[0] : m[1]].split()) >= MIN_WORDS
        )
    leads = bool(marked) and marked[0][0] == start
    found.sort(key=lambda draft: draft.content[0])
    places = [draft.content[0][0] for draft in found]
    for m in orphans:
        near = found[max(0, bisect_left(places, m[0]) - 1)] if places else before if leads else None
        found.append(_Draft((m,), near.source if near else None, near.cue if near else None, "direct"))
    return found


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its quotations blotted out; `offset` is where it starts in the article."""

    text: str
    offset: int
    marked: list[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Article offsets of text[start:end], stripped of white space and end punctuation outside of marks."""
        piece = self.text[start:end]
        begin = start + len(piece) - len(piece.lstrip(" \t\n,;:–—-"))
        stop = start + len(piece.rstrip(TAIL))
        if any(m[1] == self.offset + stop + 1 for m in self.marked):
            stop += 1
        return (self.offset + begin, self.offset + stop) if stop > begin else None

    def quoted(self, start: int, end: int) -> list[tuple[int, int]]:
        """The quotations that lie in text[start:end]."""
        return [m for m in self.marked if self.offset + start <= m[0] and m[1] <= self.offset + end]


def _sentence_quotes(sentence: _Sentence) -> Iterator[_Draft]:
    accord = ACCORDING.search(sentence.text)
    if accord:
        draft = _according(sentence, accord)
        if draft:
            yield draft
            return
    subject: tuple[int, int] | None = None
    cues = list(CUE.finditer(sentence.text))
    for number, cue in enumerate(cues):
        limit = len(sentence.text)
        for later in cues[number + 1 :]:
            if later.group().endswith("ing") and sentence.text[: later.start()].rstrip().endswith(","):
                limit = later.start()
                break
        participle = cue.group().endswith("ing")
        source = subject if participle else _source_before(sentence.text, cue.start())
        inverted = None if source or participle else _source_after(sentence, cue)
        source = source or inverted
        if source is None or (cue.group() == "asked" and REQUEST.match(sentence.text, cue.end())):
            continue
        draft = _content(sentence, cue, source, inverted is not None, limit)
        subject = source
        if draft:
            yield draft
            if limit == len(sentence.text):
                return


def _content(
    sentence: _Sentence, cue: re.Match[str], source: tuple[int, int], inverted: bool, limit: int
) -> _Draft | None:
    """What the source says: after the cue, before it, or in quotation marks on both sides."""
    after = max(cue.end(), source[1]) if inverted else cue.end()
    rest_start = after + len(LEAD.match(sentence.text[after:limit]).group())  # type: ignore[union-attr]
    if cue.group().startswith(("told", "tell", "ask", "assur", "remind", "warn", "urg")):
        addressee = ADDRESSEE.match(sentence.text[rest_start:limit])
        if addressee and sentence.text[after:rest_start].strip() == "":
            rest_start += addressee.end()
            rest_start += len(LEAD.match(sentence.text[rest_start:limit]).group())  # type: ignore[union-attr]
    rest = sentence.text[rest_start:limit].strip(TAIL)
    first = min(source[0], cue.start())
    before = sentence.text[:first].rstrip()
    quoted_before, quoted_after = sentence.quoted(0, first), sentence.quoted(after, limit)
    spans: list[tuple[int, int]] = []
    if quoted_before and before.endswith(("”", '"', "''", "»", "”,", '",')):
        spans = [*quoted_before, *quoted_after]
    elif before.endswith(",") and (CIRCUMSTANCE.match(rest) or quoted_before) and len(before.split()) >= MIN_WORDS:
        spans = [s for s in [sentence.span(0, first)] if s] + quoted_after
    elif quoted_after and quoted_after[0][0] == sentence.offset + rest_start:
        spans = quoted_after
    elif len(rest.split()) >= MIN_WORDS and not inverted and (not CIRCUMSTANCE.match(rest) or quoted_after):
        spans = [s for s in [sentence.span(rest_start, limit)] if s]
    if not spans:
        return None
    marks = set(sentence.marked)
    marked = sum(1 for s in spans if s in marks)
    overlap = any(a < m[1] and m[0] < b for a, b in spans for m in sentence.marked)
    kind: QuoteKind = "direct" if marked == len(spans) else "mixed" if overlap else "indirect"
    place = sentence.offset
    return _Draft(tuple(spans), (place + source[0], place + source[1]), (place + cue.start(), place + cue.end()), kind)


def _according(sentence: _Sentence, match: re.Match[str]) -> _Draft | None:
    """ "…, according to X" and "According to X, …": the rest of the sentence is what X says."""
    end = match.end()
    stop = re.compile(r"[,;]|\.\s*$|$").search(sentence.text, end)
    source_end = stop.start() if stop else len(sentence.text)
    sides = [sentence.span(0, match.start()), sentence.span(source_end + 1, len(sentence.text))]
    spans = tuple(s for s in sides if s and s[1] - s[0] > 2)
    if not spans or source_end <= end:
        return None
    overlap = any(a < m[1] and m[0] < b for a, b in spans for m in sentence.marked)
    place = sentence.offset
    return _Draft(
        spans[:1] if match.start() > 0 else spans,
        (place + end, place + source_end),
        (place + match.start(), place + match.end() - 1),
        "mixed" if overlap else "indirect",
    )


def _source_before(text: str, cue_start: int) -> tuple[int, int] | None:
    """The words that a cue has as its subject, as (start, end) in the sentence."""
    words = list(WORD.finditer(text, 0, cue_start))
    while words and (words[-1].group().lower() in AUXILIARIES or words[-1].group().endswith("ly")):
        if not text[words[-1].end() : cue_start].isspace():
            return None
        cue_start = words.pop().start()
    gap = text[words[-1].end() : cue_start] if words else ""
    if gap.strip() == "," and (clause := RELATIVE.search(text, 0, cue_start)):
        head = WORD.findall(text, 0, clause.start())
        if (
            head
            and head[0].lower() in DETERMINERS
            and len(head) <= MAX_SOURCE_WORDS
            and "," not in text[: clause.start()]
        ):
            return len(text) - len(text.lstrip()), clause.start()  # A mother at the school, who …, said
        return _noun_phrase_before(text, clause.start())  # NAME, who does this or that, said
    if gap.strip() == "," and (comma := text.rfind(",", 0, words[-1].start())) > 0:
        return _noun_phrase_before(text, comma)  # NAME, an apposition, said
    return _noun_phrase_before(text, cue_start) if not gap.strip() else None


def _noun_phrase_before(text: str, end: int) -> tuple[int, int] | None:
    stop = len(text[:end].rstrip())
    taken: list[re.Match[str]] = []
    for word in reversed(list(WORD.finditer(text, max(0, stop - 120), stop))):
        low = word.group().lower()
        if (taken and text[word.end() : taken[-1].start()].strip()) or len(taken) == MAX_SOURCE_WORDS:
            break
        if not taken and low in PRONOUNS:
            return word.start(), stop
        if low in BARRIERS and not (taken and taken[-1].group()[0].isupper() and low in NAME_PARTICLES):
            break
        taken.append(word)
        if low in DETERMINERS:
            break
    while taken and taken[-1].group().lower() in (BARRIERS | AUXILIARIES) - DETERMINERS:
        taken.pop()
    if not taken:
        return None
    phrase = [w.group() for w in taken]
    starts = taken[-1].start() == len(text) - len(text.lstrip())
    named = any(p[0].isupper() for p in phrase)
    if not (named or starts or phrase[-1].lower() in DETERMINERS):
        return None
    return taken[-1].start(), stop


def _source_after(sentence: _Sentence, cue: re.Match[str]) -> tuple[int, int] | None:
    """The source of an inverted cue: “…,” said NAME."""
    before = sentence.text[: cue.start()].rstrip()
    if not before.endswith(("”", '"', "''", "»", ",")):
        return None
    taken: list[re.Match[str]] = []
    for word in WORD.finditer(sentence.text, cue.end()):
        low = word.group().lower()
        touching = sentence.text[taken[-1].end() if taken else cue.end() : word.start()]
        if touching.strip() or (low in BARRIERS and low not in NAME_PARTICLES) or len(taken) == MAX_SOURCE_WORDS:
            break
        taken.append(word)
        if len(taken) == 1 and low in PRONOUNS:
            break
    if not taken or not (taken[0].group()[0].isupper() or taken[0].group().lower() in DETERMINERS | PRONOUNS):
        return None
    return taken[0].start(), taken[-1].end() - (taken[-1].group()[-1] in ".!?")
