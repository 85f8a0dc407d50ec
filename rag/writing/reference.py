"""One citation by itself, as print has it: the words with their verb, who says them, and where they stand.

What a card shows, a clipboard takes and an export lists is made here, so that no place can drop the verb.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from rag.schema import Citation
from rag.writing.citations import ELLIPSIS, cue_words, cut, verb_words
from rag.writing.compose import beside, display_date, through, told, unmarked


def reference(citation: Citation) -> str:
    """The statement and its source in one line of plain text, as it can be pasted into a story.

    A paraphrase is told with the verb that leads to it; a verb that stands elsewhere follows in square brackets. What
    the words came through stands before the source, a correction behind it.
    """
    if citation.direct:
        words = f"{said(citation)} — {', '.join(filter(None, (speaker(citation), citation.role)))}"
    else:
        words = told(citation, placed=False)
    verb = "" if cue_words(citation) else verb_words(citation)
    where = "; ".join(filter(None, (through(citation), place(citation) or citation.article_id)))
    return f"{words}{f' [{verb}]' if verb else ''} ({where}){beside(citation)}"


def said(citation: Citation) -> str:
    """The statement's words as print: in “ ” when direct, an ellipsis where a cue stood between the pieces."""
    if not citation.direct:
        return ELLIPSIS.join(piece.strip() for piece in cut(citation))
    return ELLIPSIS.join(f"“{unmarked(piece.strip())}”" for piece in cut(citation))


def speaker(citation: Citation) -> str:
    """The speaker's name; where the article gives none, what it calls them, or that."""
    named = citation.speaker or (f"{citation.source} (not named)" if citation.source else "")
    return named or "Someone the article does not name"


def place(citation: Citation) -> str:
    """Outlet, day, title and address, as far as they are known."""
    parts = (citation.publication, display_date(citation.published), citation.title, safe_url(citation.url))
    return ", ".join(part for part in parts if part)


def safe_url(url: str | None) -> str | None:
    """The address when it is a plain http or https one, else None."""
    if not url or not url.isprintable() or re.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
