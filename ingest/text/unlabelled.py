"""Find the questions and answers of an interview in which no label says who speaks.

In: an article's text and its paragraphs. Out: turns without labels; whose the answers are is told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ingest.text.asking import all_asking
from ingest.text.marks import OPENING
from ingest.text.names import mentions
from ingest.text.turn import Pair, Turn
from ingest.text.turn_labels import OWN_WORDS, Label

# What stands before a line that its file sets apart by its type, bold or as a heading, among others that are not.
SET_APART = "\u2003"
WHOLE = re.compile(r"[.!?…][”\"’')\]]*\Z")  # Where a sentence ends, and so the line.
FULL_NAME = re.compile(r"\b([^\W\d_a-z][\w’'-]+) (?=([^\W\d_a-z][\w’'-]+))")
ASKS, OWN_VIEW = re.compile(r"\?"), re.compile(r"\bI\b")
OF_ONE = re.compile(r"\b(?:I|my|me)\b", re.I)  # What of the words of one's own nobody says for a paper or a firm.
ASKED = re.compile(r"[^\n“”\"]{5,300}\?(?: \([^()\n]{1,60}\))?")  # Who asks may stand behind it.
UNQUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
# So many questions, so many of the answers with an "I", and this share with that or a "we", make an interview.
ASKED_TIMES, OWN_TIMES, OWN_SHARE = 3, 2, 0.6
# Or the same share of the questions that address somebody who answers with an "I" once: an explainer's have no "I".
ADDRESSED = re.compile(r"\byou(?:r|rs)?\b", re.I)


def unlabelled_turns(text: str, lines: Sequence[Pair], labels: Sequence[Label], title: str = "") -> list[Turn]:
    """The questions and answers of an interview without labels: lines that ask, and below them what an "I" answers.

    Not the questions of an explainer, whose answers have no "I", nor those of a column, whose writer says "I" from the
    beginning; and nobody names himself in his answers. The paper may be named before all of its questions. Where the
    type tells the questions, they need not ask, and who asks may say "I" in front of them; there the headline may name
    who answers, and where all of them ask and most say "you", one "my" among the answers will do.
    """
    apart = _set_apart(text, lines)
    asking = apart or [number for number, (start, end) in enumerate(lines) if ASKED.fullmatch(text, start, end)]
    asking = [number for number in asking if number + 1 < len(lines) and number + 1 not in asking]
    if len(asking) < ASKED_TIMES:
        return []
    asking = asking if apart else all_asking(text, lines, asking)
    answers = [
        _answer(text, lines[number + 1 : after])
        for number, after in zip(asking, [*asking[1:], len(lines)], strict=True)
    ]
    # Behind the last answer the article can go on: behind its first paragraph, or where nobody says "I" any more.
    last = list(takewhile(lambda line: apart and OWN_VIEW.search(text, *line), answers[-1][1:]))
    answers = [_in_marks(text, answer) for answer in [*answers[:-1], [answers[-1][0], *last]]]
    # Who is greeted on a line of a letter does not answer.
    intro = "\n".join(text[slice(*line)] for line in lines[: asking[0]] if text[line[1] - 1] != ",")
    said = [" ".join(text[slice(*pair)] for pair in answer) for answer in answers]
    names = list(dict.fromkeys(m[2] for m in FULL_NAME.finditer(intro)))
    if apart:
        names += [m.tokens[-1] for m in mentions(title) if len(m.tokens) > 1 and not m.is_body]
    own, ours, of_one = (sum(is_own(answer, words) for answer in said) for words in (OWN_VIEW, OWN_WORDS, OF_ONE))
    addressed = sum(ADDRESSED.search(text, *lines[number]) is not None for number in asking)
    asked_by = [label.name for label in labels if label.line in asking]
    is_labelled = len(asked_by) == len(asking) and len(set(asked_by)) == 1
    is_addressed = addressed >= OWN_SHARE * len(asking)
    is_asked = own > 0 and (is_addressed or is_labelled)
    is_told = (own >= OWN_TIMES or is_asked) and ours >= OWN_SHARE * len(said)
    is_put = bool(apart) and is_addressed and all(text[lines[number][1] - 1] == "?" for number in asking)
    is_column = OWN_VIEW.search(UNQUOTED.sub("", intro)) and not (apart and addressed)
    if not names or is_column or not (is_told or (is_put and of_one)):
        return []
    # Without such type, what the headline names most is often what they talk of.
    interviewed = max(names, key=(f"{title}\n{intro}" if apart else intro).count)
    if any(re.search(rf"\b{re.escape(interviewed)}\b", answer) for answer in said):
        return []
    questions = [Turn(None, None, (lines[number],), is_question=True) for number in asking]
    return sorted([*questions, *(Turn(None, None, tuple(answer)) for answer in answers)], key=lambda turn: turn.area)


def _set_apart(text: str, lines: Sequence[Pair]) -> list[int]:
    """The lines that the type sets apart and that end as sentences do, from the first that asks or addresses somebody.

    One before it leads to the interview; one in marks as a whole is drawn out of it.
    """
    found = [
        number
        for number, (start, end) in enumerate(lines)
        if text.startswith(SET_APART, start - 1) and WHOLE.search(text, start, end) and not _is_drawn(text[start:end])
    ]
    asks = (n for n, number in enumerate(found) if _puts(text, lines[number]))
    return found[next(asks, len(found)) :]


def _is_drawn(line: str) -> bool:
    return line[0] in OPENING and not any(map(str.isalnum, UNQUOTED.sub("", line)))


def _puts(text: str, line: Pair) -> bool:
    return ASKS.search(text, *line) is not None or ADDRESSED.search(text, *line) is not None


def _answer(text: str, lines: Sequence[Pair]) -> Sequence[Pair]:
    """The paragraphs below a question, but the headings among them; the first is there in any case."""
    return [*lines[:1], *(line for line in lines[1:] if not text.startswith(SET_APART, line[0] - 1))]


def is_own(answer: str, words: re.Pattern[str]) -> bool:
    """An answer says "I", or is in quotation marks as a whole; where both mix, an article quotes somebody."""
    outside = UNQUOTED.sub("", answer)
    return words.search(outside) is not None or not any(map(str.isalnum, outside))


def _in_marks(text: str, answer: Sequence[Pair]) -> Sequence[Pair]:
    """Of an answer that begins in quotation marks as a whole, what goes on in them; the rest is the article's."""
    whole = [not any(map(str.isalnum, UNQUOTED.sub("", text[slice(*pair)]))) for pair in answer]
    return answer[: whole.index(False)] if whole[0] and False in whole else answer
