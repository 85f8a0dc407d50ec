"""Score an answer against what people marked: right, first, misattributed, verbatim, made up.

A citation HITS a gold item when it is in the same article, covers at least half of the shorter of
the two stretches, and names the gold speaker. Works on plain mappings and imports nothing of the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Item = Mapping[str, Any]

MARKS = str.maketrans("“”‘’—–\u00a0", "\"\"''-- ")
QUOTED = re.compile(r"[“\"]([^“”\"]{12,}?)[”\"]")
MIN_QUOTED_WORDS = 4
TITLES = frozenset("mr mrs ms dr sen rep gov gen president secretary sir".split())
SUFFIXES = frozenset("jr sr ii iii iv".split())
PRONOUNS = frozenset("he she they it i we who him her them that which you".split())
TOP = 3  # A statement among the first three citations counts as found.


def fold(text: str) -> str:
    """Lower case, one kind of mark, one space."""
    return re.sub(r"\s+", " ", text.translate(MARKS)).strip().lower()


def name_words(name: str | None) -> list[str]:
    """The words of a name without titles and suffixes, unless it has no others."""
    words = re.findall(r"[a-z][a-z'\-]*[a-z]|[a-z]", re.sub(r"'s\b", "", fold(name or "")))
    return [word for word in words if word not in TITLES | SUFFIXES] or words


def is_same(cited: str | None, gold: str, aliases: Iterable[str] = ()) -> bool:
    """True when a cited name is the gold one: equal, one within the other, or one surname and no other given name."""
    mine = name_words(cited)
    return bool(mine) and any(_is_name(str(cited), mine, other) for other in (gold, *aliases))


def _is_name(cited: str, mine: list[str], other: str) -> bool:
    theirs = name_words(other)
    generations = [SUFFIXES & set(re.findall(r"[a-z]+", fold(name))) for name in (cited, other)]
    if not theirs or (all(generations) and generations[0] != generations[1]):
        return False
    if mine == theirs or set(theirs) <= set(mine) or (set(mine) <= set(theirs) and mine[-1] == theirs[-1]):
        return True
    if len(mine) < 2 or len(theirs) < 2 or mine[-1] != theirs[-1]:
        return False
    short = min(2, len(mine[0]), len(theirs[0]))  # D. Hale, Mike and Michael Hale
    return mine[0][:short] == theirs[0][:short]


def overlap(spans: Sequence[Sequence[int]], start: int, end: int) -> float:
    """The share of the shorter of `spans` together and [start, end) that both cover."""
    both = sum(max(0, min(right, end) - max(left, start)) for left, right in spans)
    shorter = min(sum(right - left for left, right in spans), end - start)
    return both / shorter if shorter > 0 else 0.0


def is_place(citation: Item, item: Item) -> bool:
    """True when a citation is of a gold item's words, whoever it says spoke them."""
    in_article = citation["article_id"] == item["article_id"]
    return in_article and overlap(item["content"], citation["start"], citation["end"]) >= 0.5


def is_hit(citation: Item, item: Item) -> bool:
    """True when a citation is of a gold item's words and names its speaker."""
    return is_place(citation, item) and is_same(citation.get("speaker"), item["speaker"], item.get("aliases", ()))


def judge(question: Item, answer: Item) -> str:
    """Why an answer is not right, or an empty string when it is."""
    if not question["answerable"]:
        return "answered the unanswerable" if answer["answered"] and answer.get("verdict") != "no" else ""
    if not answer["answered"]:
        return "did not answer"
    gold, citations = question["gold"], answer["citations"]
    got = [item for item in gold if any(is_hit(c, item) for c in citations)]
    if question["kind"] in ("list", "compare"):
        wanted, found = {item["speaker"] for item in gold}, {item["speaker"] for item in got}
        enough = 2 / 3 if question["kind"] == "list" else 1
        missing = ", ".join(sorted(wanted - found))
        return "" if len(found) / len(wanted) >= enough else f"missing {missing}"
    if question["kind"] == "did_say":
        if answer.get("verdict") != question.get("expected"):
            return f"verdict {answer.get('verdict')}, expected {question.get('expected')}"
        return "" if got else "verdict right, evidence not cited"
    return _judge_first(question, answer)


def _judge_first(question: Item, answer: Item) -> str:
    gold, citations = question["gold"], answer["citations"]
    if not any(is_hit(c, item) for c in citations[:TOP] for item in gold):
        is_near = any(is_place(c, item) for c in citations[:TOP] for item in gold)
        return "right passage, wrong speaker" if is_near else f"right passage not among the first {TOP}"
    for wrong in question.get("must_not", ()):
        if any(is_same(c.get("speaker"), wrong) and any(is_place(c, item) for item in gold) for c in citations):
            return "credited the wrong person"
    return "" if any(_mentions(answer["text"], item) for item in gold) else "speaker not named in the text"


def _mentions(text: str, item: Item) -> bool:
    low = f" {fold(text)} "
    names = [item["speaker"], *item.get("aliases", ())]
    words = [(name, name_words(name)) for name in names]
    return any(w and (fold(name) in low or re.search(rf"\b{re.escape(w[-1])}\b", low)) for name, w in words)


def misattributed(citation: Item, article: Item, gold: Sequence[Item]) -> bool | None:
    """Whether a citation's speaker contradicts the article's `attributions`; None where these name nobody there."""
    over = [
        a
        for a in article.get("attributions", ())
        if a["content"] and a["source_text"] and overlap(a["content"], citation["start"], citation["end"]) >= 0.5
    ]
    named = [
        a["source_text"]
        for a in over
        if re.search(r"[A-Z][a-z]+", a["source_text"]) and not set(name_words(a["source_text"])) & PRONOUNS
    ]
    speaker = citation.get("speaker")
    if not speaker or not over or len(named) < len(over):
        return None
    if any(is_hit(citation, item) for item in gold):
        return False
    return not any(is_same(speaker, name) or set(name_words(speaker)) & set(name_words(name)) for name in named)


def quoted_strings(text: str) -> list[str]:
    """The strings of some words in double quotation marks."""
    return [string for string in QUOTED.findall(text) if len(string.split()) >= MIN_QUOTED_WORDS]


def is_made_up(quoted: str, corpus: Iterable[str]) -> bool:
    """True when a quoted string, an ellipsis apart, stands in none of these folded texts."""
    pieces = [piece.strip(" ,.;:") for piece in re.split(r"\[?(?:…|\.\.\.)\]?", fold(quoted))]
    return not any(all(piece in text for piece in pieces if piece) for text in corpus)
