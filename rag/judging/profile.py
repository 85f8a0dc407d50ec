"""Who a speaker of an article is, as a network reads it: name and role, the first mention in the text, the headline.

Training and answering write it by this one function, so that the network reads at work what it learnt on.
"""

from __future__ import annotations

from rag.schema import Article

# Words kept before and behind the first mention: an office stands right before a name, or in the clause behind it.
BEFORE, BEHIND = 14, 24
MAX_LABEL = 80  # Characters of a name, of a role and of a headline.


def called(phrase: str, question: str) -> str:
    """Whom a question asks about, in its words for them, and the question, which tells of what they speak."""
    return f"{phrase}: {question}"


def profile(name: str, role: str, article: Article) -> str:
    """A speaker with what an article tells of them; `name` and `role` as the index has them, the role may be empty."""
    who = ", ".join(part for part in (_short(name), _short(role)) if part)
    head = " ".join(part for part in (_short(article.title or ""), (article.published or "")[:10]) if part)
    return f"{who}: {_mention(name, article.text)} | {head}"


def _mention(name: str, text: str) -> str:
    """The words around the first place where the article has the name, or its last word; empty where it has neither."""
    for known in (name, name.split()[-1]):
        if (at := text.find(known)) >= 0:
            return " ".join([*text[:at].split()[-BEFORE:], *text[at:].split()[:BEHIND]])
    return ""


def _short(words: str) -> str:
    return " ".join(words.split())[:MAX_LABEL]
