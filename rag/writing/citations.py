"""Number the statements of an answer, copy their words out of the store, and verify what is shown.

Nothing here writes words of its own: a citation is a copy, and `verify` says what in an answer is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.people.names import PRONOUNS
from rag.schema import Citation, Hit, Quote, Statement
from rag.text import fold, from_windows
from rag.writing.beside import clauses

MARKER = re.compile(r"\[(\d{1,4})\]")
QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
MAX_CUE_GAP = 2  # Characters between a cue and what it leads to: a space, or a comma and a space.
ELLIPSIS = " … "
OPENING = "“”„‟«»\"″‘’‚'` "


def cite(hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Copy hits into citations numbered from 1."""
    return tuple(
        replace(
            _citation(number, hit.statement),
            also=tuple(_citation(number, same) for same in hit.also),
        )
        for number, hit in enumerate(hits, start=1)
    )


def _citation(number: int, statement: Statement) -> Citation:
    quote, article, context = statement.quote, statement.article, statement.context
    longest = max(quote.content, key=lambda span: span.end - span.start)
    return Citation(
        number=number,
        quote=longest.text,
        speaker=quote.speaker.name if quote.speaker else "",
        role=quote.speaker.role if quote.speaker else None,
        article_id=article.id,
        title=article.title,
        publication=article.publication,
        published=article.published,
        url=article.url,
        start=longest.start,
        end=longest.end,
        direct=quote.kind == "direct",
        context=context.text,
        context_start=context.start,
        spans=tuple((span.start, span.end) for span in quote.content),
        sha256=article.sha256,
        cue=_leading_cue(quote),
        is_subject=_is_subject(quote),
        source=None if quote.speaker else _source(quote),
        cues=tuple((span.start, span.end) for span in quote.cue),
        notes=clauses(statement.notes),
        mode=quote.mode,
        speaker_kind=quote.speaker.kind if quote.speaker else "unnamed",
        channel=_line(" ".join(span.text for span in quote.channel)) or None,
    )


def _source(quote: Quote) -> str | None:
    """What the article calls somebody whom it does not name, such as "three officials"; None for a pronoun."""
    text = _line(" ".join(span.text for span in quote.source))
    return text if text and text.lower() not in PRONOUNS else None


def _leading_cue(quote: Quote) -> tuple[int, int] | None:
    """The cue of a paraphrase that stands right before it; without it, "denied that …" would read as "that …"."""
    if quote.kind == "direct" or len(quote.cue) != 1:
        return None
    cue = quote.cue[0]
    return (cue.start, cue.end) if 0 <= quote.content[0].start - cue.end <= MAX_CUE_GAP else None


def _is_subject(quote: Quote) -> bool:
    """True when the source stands right before the cue that leads to the words: "the mayor warned that …".

    A comma between them closes what the source itself puts behind one: "Ida Hale, who runs the mill, warned that …".
    Of "with Ida Hale warning that …" nothing but the article's own clause makes a sentence.
    """
    cue = _governing_cue(quote) if quote.kind == "direct" else _leading_cue(quote)
    if cue is None or len(quote.source) != 1 or quote.cue[0].text.split()[0].endswith("ing"):
        return False
    source = quote.source[0]
    return 0 <= cue[0] - source.end <= (len(", ") if "," in source.text else 1)


def _governing_cue(quote: Quote) -> tuple[int, int] | None:
    """The cue of which quoted words are a part, as in: the mayor blamed “a dry spring”."""
    first = quote.content[0]
    is_part = first.text.lstrip(OPENING)[:1].islower() and len(quote.cue) == 1 and first.start - quote.cue[0].end == 1
    return (quote.cue[0].start, quote.cue[0].end) if is_part else None


def cut(citation: Citation) -> tuple[str, ...]:
    """The pieces of what the speaker is shown to say, letter for letter; just the quote if the context lacks one."""
    base, context = citation.context_start, from_windows(citation.context)
    inside = tuple(context[s - base : e - base] for s, e in citation.spans if base <= s < e <= base + len(context))
    return inside if len(inside) == len(citation.spans) else (from_windows(citation.quote),)


def cue_words(citation: Citation) -> str:
    """The cue that leads to the words, as far as the context holds it, on one line; empty when there is none.

    A headline's colon is a cue, too, but no word. A place before the context is no place in it: as an index it would
    count from the end of another sentence.
    """
    return _verb(citation, citation.cue) if citation.cue else ""


def verb_words(citation: Citation) -> str:
    """Every piece of the verb that the article uses of the statement, wherever it stands, such as "joked"; or empty."""
    return ELLIPSIS.join(filter(None, (_verb(citation, place) for place in citation.cues)))


def _verb(citation: Citation, place: tuple[int, int]) -> str:
    start, end = (max(0, offset - citation.context_start) for offset in place)
    cue = _line(citation.context[start:end])
    return cue if any(map(str.isalpha, cue)) else ""


def pieces(citation: Citation) -> list[str]:
    """The same pieces without line breaks."""
    return [_line(piece) for piece in cut(citation)]


def _line(text: str) -> str:
    return " ".join(from_windows(text).split())


def words(citation: Citation) -> str:
    """Everything the speaker is shown to say, pieces that a cue splits joined by “ … ”."""
    joined, end = "", None
    for piece, (start, stop) in zip(pieces(citation), citation.spans, strict=False):
        # A quotation that goes on from a paraphrase leaves nothing out: 'doubted that it would do: “It is too small.”'
        between = "" if end is None else citation.context[end - citation.context_start : start - citation.context_start]
        joined += f"{'' if end is None else ' ' if between.isspace() else ELLIPSIS}{piece}"
        end = stop
    return joined


def stands(citation: Citation, text: str) -> bool:
    """True when an article's text holds the citation's words at its offsets, exactly."""
    return text[citation.start : citation.end] == citation.quote != ""


def problems(sentence: str, citations: Iterable[Citation]) -> list[str]:
    """What must not reach a reader in one sentence of an answer; an empty list when it may.

    Every [n] must be a citation's number, and every string in quotation marks must stand, typography
    folded, in what was copied from a citation that the same sentence points at.
    """
    by_number = {citation.number: citation for citation in citations}
    # Markers inside copied words are the article's, not ours.
    bare = sentence
    for text in sorted((text for c in by_number.values() for text in _copied(c)), key=len, reverse=True):
        bare = bare.replace(text, " ")
    numbers = [int(n) for n in MARKER.findall(bare)]
    found = [f"[{n}] is no citation" for n in numbers if n not in by_number]
    cited = [_comparable(text) for n in numbers if n in by_number for text in _copied(by_number[n])]
    for quoted in QUOTED.findall(sentence):
        inside = _comparable(quoted)
        if inside and not any(inside in text for text in cited):
            found.append(f"{quoted} does not stand in the words cited")
    return found


def _copied(citation: Citation) -> list[str]:
    """Everything of a citation that a sentence shows: the words, whole and in pieces, and who and where."""
    whose = (citation.speaker, citation.role, citation.source, citation.channel)
    shown = [words(citation), *pieces(citation), *whose, cue_words(citation)]
    outlets = [place.publication for place in (citation, *citation.also)]
    return [text for text in (*shown, *outlets, *citation.notes) if text]


def _comparable(text: str) -> str:
    return fold(text).text.strip(" \"'")
