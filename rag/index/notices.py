"""Tell a notice, which is an article about another one that it corrects or takes back, and what it says of that.

In: an article. Out: whether it is one, where its words stand, whether they take back. Nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.schema import Article
from rag.text import paragraphs, quotations, terms

Pair = tuple[int, int]

# What begins the title of a notice: "Correction: …", "Retraction of “…”", "Editor’s note: …"; none of "Correction
# officers guard …" is. One that begins with "Retracted: …" is the article itself, unless its text names it.
TITLE = re.compile(
    r"[\W_]*(?:notice of |mandatory |story )?(?P<word>correction|clarification|retraction|errat(?:um|a)"
    r"|corrigend(?:um|a)|withdrawal|withdrawn|kill|advisory"
    r"|(?:corrections?|clarifications?) (?:and|&) (?:corrections?|clarifications?)"
    r"|retracted(?: article)?|(?:editor|publisher)s?[’']?s? note|note to (?:our )?readers)s?(?: notice)?\b"
    r"(?:\s+(?:of|to|on|for)(?=\s+[“\"‘'])|(?=\s*(?:[^\w\s]|\Z)))\W*",
    re.I,
)
# An agency puts such a word before the headline of what it takes back, "WITHDRAWAL-Council shuts quay"; other headlines
# begin so, too, and only the text tells.
BY_ITS_TEXT = ("withdrawal", "withdrawn", "kill", "advisory")
# "CORRECTED-Council shuts quay", "UPDATE 2-CORRECTED-…": how an agency heads what it sends again.
RESENT = re.compile(r"(?:(?:[A-Z]{3,}(?: \d+)?|Corrected)(?:-|: ?| ?[–—] ?))+(?=\S)")
OF_ERRORS = re.compile(
    r"\b(?:correct|amend|retract|withdr[ae]w|error|incorrect|wrongly|misquot|misattribut|misstat|misidentif"
    r"|could not (?:be )?(?:confirm|verif))",
    re.I,
)
# "has retracted the article", "the report “…” has been withdrawn": not what a witness or a minister takes back.
_PIECE = r"(?:article|story|report|feature|interview|item|piece|column)"
RETRACTS = re.compile(
    rf"\b(?:retract(?:ed|s|ing)?|withdr[ae]w(?:n|s|ing)?) (?:the|this|that|its|our|an?)\b[^.!?\n]{{0,60}}?\b{_PIECE}\b"
    rf"|(?:\b{_PIECE}(?:,? [“\"‘'][^”\"\n]{{4,150}}[”\"’'])?|[”\"])(?:,[^,.\n]{{0,80}},)?,? "
    r"(?:is|was|has (?:now )?been) (?:\w+ ){0,2}?(?:retracted|withdrawn)\b"
    r"|\bno longer stands? by\b|\bkill (?:the|this) (?:story|item)\b",
    re.I,
)
SENTENCE = re.compile(r"[.!?…][”\"’')\]]*\Z")


def is_notice(article: Article) -> bool:
    """True for a correction, a retraction or a note of the editors on another article, by its title."""
    word, headline = _title(article)
    if word.startswith("retracted"):
        return terms(headline) in [terms(words) for words in quotations(article.text)]
    if word in BY_ITS_TEXT:
        return RETRACTS.search(article.text) is not None
    return _tells_of_errors(article) if "note" in word else bool(word)


def is_taken_back(article: Article) -> bool:
    """True for an article over which it says that it is retracted, with its own text still below."""
    return _title(article)[0].startswith("retracted") and not is_notice(article)


def headline_in(title: str) -> str:
    """The headline that the title of a notice has; empty for another title."""
    found = TITLE.match(title)
    return title[found.end() :] if found else ""


def first_headline(title: str) -> str:
    """The headline without the words with which an agency heads what it sends again."""
    found = RESENT.match(title)
    return title[found.end() :] if found else title


def with_words(notice: Article, places: Sequence[Pair]) -> list[Pair]:
    """The places in which a notice corrects; where none has a sentence, one from its first sentence to its last.

    Neither its headline nor what stands between that and the text, such as a by-line, is a sentence.
    """
    sentences = [line for line in paragraphs(notice.text) if _is_sentence(notice, line)]
    if not sentences or any(_is_sentence(notice, place) for place in places):
        return list(places)
    return [*places, (sentences[0][0], sentences[-1][1])]


def takes_back(notice: Article, words: str) -> bool:
    """True where a correction in another article retracts the one that it is about."""
    word = _title(notice)[0]
    return word.startswith("retract") or retracts(words) or (word in BY_ITS_TEXT and is_notice(notice))


def retracts(words: str) -> bool:
    """True for a correction that takes back an article as a whole: it is headed so, or says it of an article."""
    head = TITLE.match(words)
    return (head is not None and head["word"].lower().startswith("retract")) or RETRACTS.search(words) is not None


def _title(article: Article) -> tuple[str, str]:
    found = TITLE.match(article.title or "")
    return (found["word"].lower(), headline_in(article.title or "")) if found else ("", "")


def _tells_of_errors(article: Article) -> bool:
    """True where a note names something in marks, or an address, and says that it was wrong."""
    lines = [article.text[slice(*line)] for line in paragraphs(article.text)]
    return any(OF_ERRORS.search(line) and ("://" in line or [*quotations(line)]) for line in lines)


def _is_sentence(notice: Article, line: Pair) -> bool:
    words = notice.text[slice(*line)]
    return words != notice.title and SENTENCE.search(words) is not None
