"""Answers, citations and articles as Markdown and HTML that cannot do anything but be read.

Everything from an article or a question is hostile: it is escaped here, so that what a page shows is exactly its
characters. Takes the frozen objects of `rag.schema`, gives strings; reads no store and knows no web framework.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from rag.schema import Answer, Article, Citation
from rag.writing.citations import cue_words, cut, stands
from rag.writing.compose import NOT_SAID, display_date

# Entities instead of backslashes: no Markdown rule, autolink or emphasis sees the character, whatever the dialect.
# The ASCII punctuation left out (, ' " ?) has no meaning in Markdown. A space after white space would indent or break.
_ACTIVE = re.compile(r"[!#-&(-+\--/:->@\[-`{-~\t\x0b\x0c]|(?:^|(?<=\s)) ")
_NEWLINE = re.compile(r"\r\n?|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
_OUTER_MARKS = '“”„‟«»"'


def escape_markdown(text: str) -> str:
    """Make any text inert in Markdown: one run of inline text that shows exactly its own characters."""
    inert = _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", _visible(text))
    return _NEWLINE.sub("<br>", inert)


def answer_markdown(answer: Answer, turn: int) -> str:
    """The answer's text with every word inert and its [n] markers as links to `#t{turn}c{n}`.

    Only what the answer itself lays out is kept: blank lines, "- " items, markers of its own citations. Inside the
    words of a citation, or anything else in “ ”, a marker or a list is text of the article and stays text.
    """
    text = _NEWLINE.sub("\n", answer.text.strip())
    known = {citation.number: citation for citation in answer.citations}
    linked: set[int] = set()
    parts: list[str] = []
    end = 0
    for match in re.finditer(_tokens(answer.citations), text, flags=re.MULTILINE):
        parts.append(escape_markdown(text[end : match.start()]))
        number = int(match["number"] or 0)
        if match["layout"]:
            parts.append(match[0])
        elif number in known:
            parts.append(_marker(known[number], turn, first=number not in linked))
            linked.add(number)
        else:
            parts.append(escape_markdown(match[0]))
        end = match.end()
    body = "".join([*parts, escape_markdown(text[end:])])
    return body if answer.answered else f'<div class="otr-unsaid">\n\n{body}\n\n</div>'


def sources_html(answer: Answer, turn: int, articles: Mapping[str, Article], *, whole: bool = True) -> str:
    """The citations of one answer as numbered cards, the words highlighted in their place.

    Args:
        articles: the stored articles by id; a citation whose words do not stand in its article shows an error instead.
        whole: put the whole article into each card, not only the paragraph.
    """
    head = "" if answer.answered else f'<p class="otr-none">{NOT_SAID}</p>'
    if not answer.citations:
        return head + ("" if head else '<p class="otr-hint">This answer cites nothing.</p>')
    if not answer.answered:
        head += '<p class="otr-hint">The closest that they come:</p>'
    cards = [_card(citation, turn, articles, whole=whole) for citation in answer.citations]
    return f'{head}<ol class="otr-cards">{"".join(cards)}</ol>'


def earlier_html(turns: Sequence[tuple[str, str]]) -> str:
    """Sources of earlier answers, folded: `turns` holds (question, its `sources_html`), newest first."""
    if not turns:
        return ""
    folds = "".join(
        f'<details class="otr-earlier"><summary>Sources for “{escape(_visible(question))}”</summary>{html}</details>'
        for question, html in turns
    )
    return f'<h2 class="otr-h2">Earlier answers</h2>{folds}'


def notice_html(lines: Sequence[str], *, bad: bool = False) -> str:
    """Plain sentences for a status area; nothing when there is none."""
    if not lines:
        return ""
    first, *rest = (escape(_visible(line)) for line in lines)
    items = f"<ul>{''.join(f'<li>{line}</li>' for line in rest)}</ul>" if rest else ""
    return f'<div class="otr-notice{" otr-bad" if bad else ""}"><p>{first}</p>{items}</div>'


def safe_url(url: str | None) -> str | None:
    """The address when it is a plain http or https one, else None."""
    if not url or not url.isprintable() or re.search(r"[\s\\]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _tokens(citations: Sequence[Citation]) -> str:
    """A pattern for what an answer's text is made of: the articles' own words, markers, and layout."""
    words = {
        form
        for citation in citations
        for text in (citation.quote, *cut(citation), cue_words(citation), citation.speaker, *_names(citation))
        # An answer may print other quotation marks around the words than the article does.
        for form in (text.strip(), text.strip().strip(_OUTER_MARKS + "'‘’`"))
        if form
    }
    # White space is matched loosely: an answer may have joined the lines of a quote.
    known = [r"\s+".join(map(re.escape, text.split())) for text in sorted(words, key=len, reverse=True)]
    # The citations' own words come first: they may themselves hold quotation marks.
    quoted = "|".join([f'[“"]?(?:{"|".join(known)})[”"]?'] * bool(known) + [r"“(?:(?!\n\n)[^”])*”"])
    return rf"(?P<quoted>{quoted})|\[(?P<number>\d{{1,4}})\]|(?P<layout>^-[ ]|\n+)"


def _names(citation: Citation) -> tuple[str, ...]:
    """The names in a citation that come from the article, as far as it has them."""
    outlets = [place.publication for place in citation.also]
    return tuple(
        name for name in (citation.role, citation.source, citation.title, citation.publication, *outlets) if name
    )


def _marker(citation: Citation, turn: int, *, first: bool) -> str:
    """A link to the citation's card; the first one carries the id that the card leads back to."""
    target = f"t{turn}c{citation.number}"
    anchor = f' id="{target}m"' if first else ""
    # Entities keep Markdown from reading the label as its own syntax.
    return f'<a{anchor} class="otr-marker" href="#{target}">&#91;{citation.number}&#93;</a>'


def _problem(citation: Citation, article: Article | None) -> str | None:
    """Why the citation cannot be shown, as a sentence; None when its words stand in the stored article."""
    if article is None:
        return "This article is no longer in the index, so its words are not shown; ask again."
    paragraph = article.text[citation.context_start : citation.context_start + len(citation.context)]
    if stands(citation, article.text) and paragraph == citation.context:
        return None
    return "These words do not stand in the stored article any more, so they are not shown; ask again."


def _also(citation: Citation, target: str, articles: Mapping[str, Article]) -> str:
    """The other articles with the same statement, each folded over its own paragraph; those that check out only."""
    items = [
        f'<li><details class="otr-also-in"><summary>{_source(same)}</summary>'
        f'<p class="otr-context">{_highlighted(same, same.context, same.context_start, f"{target}o{place}")}</p>'
        "</details></li>"
        for place, same in enumerate(citation.also)
        if _problem(same, articles.get(same.article_id)) is None
    ]
    return f'<div class="otr-others"><p class="otr-hint">Also in:</p><ul>{"".join(items)}</ul></div>' if items else ""


def _card(citation: Citation, turn: int, articles: Mapping[str, Article], *, whole: bool) -> str:
    """One numbered source. A citation that does not check out keeps its number and says why."""
    article = articles.get(citation.article_id)
    target = f"t{turn}c{citation.number}"
    number = f'<span class="otr-number" aria-label="Source {citation.number}">{citation.number}</span>'
    problem = _problem(citation, article)
    if problem or article is None:
        return f'<li id="{target}" class="otr-card otr-bad" tabindex="-1">{number}<p>{problem}</p></li>'
    role = f'<span class="otr-role">{escape(_visible(citation.role))}</span>' if citation.role else ""
    speaker = f'<h3 class="otr-speaker">{escape(_speaker(citation))}</h3>'
    said = "" if citation.direct else '<p class="otr-kind">Reported in the outlet’s words, not word for word</p>'
    return (
        f'<li id="{target}" class="otr-card" tabindex="-1">{number}'
        f'<div class="otr-who">{speaker}{role}</div>{said}{_words(citation)}'
        f'<p class="otr-source">{_source(citation)}</p>'
        f'<p class="otr-context">{_highlighted(citation, citation.context, citation.context_start, target)}</p>'
        f"{_also(citation, target, articles)}{_article(citation, article, target) if whole else ''}"
        f'<p class="otr-tools"><button type="button" class="otr-copy" data-copy="{escape(_copy_text(citation))}">'
        f'Copy quote and source</button> <a class="otr-back" href="#{target}m">Back to the answer</a></p></li>'
    )


def _said(citation: Citation) -> str:
    """The statement's words as print: in “ ” when direct, and an ellipsis where a cue stood between the pieces."""
    if not citation.direct:
        return " … ".join(piece.strip() for piece in cut(citation))
    return " … ".join(f"“{piece.strip().strip(_OUTER_MARKS)}”" for piece in cut(citation))


def _speaker(citation: Citation) -> str:
    """The speaker's name; where the article gives none, what it calls them, or that."""
    named = citation.speaker or (f"{citation.source} (not named)" if citation.source else "")
    return _visible(named) or "Someone the article does not name"


def _words(citation: Citation) -> str:
    kind = "otr-words" if citation.direct else "otr-words otr-indirect"
    return f'<blockquote class="{kind}">{escape(_visible(_said(citation)))}</blockquote>'


def _source(citation: Citation) -> str:
    """Outlet, date and title, the title as a link when its address is a plain http(s) one."""
    parts = [f"<strong>{escape(_visible(citation.publication))}</strong>"] if citation.publication else []
    if day := display_date(citation.published):
        parts.append(f'<time datetime="{escape(citation.published or "")}">{escape(_visible(day))}</time>')
    title = escape(_visible(citation.title or f"Article {citation.article_id}"))
    if url := safe_url(citation.url):
        title = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    return f"{' · '.join(parts)}{'<br>' if parts else ''}<cite>{title}</cite>"


def _article(citation: Citation, article: Article, target: str) -> str:
    """The whole article, folded, with the words highlighted and how to check them."""
    byline = f'<p class="otr-byline">By {escape(_visible(article.author))}</p>' if article.author else ""
    title = f"<h4>{escape(_visible(article.title))}</h4>" if article.title else ""
    return (
        '<details class="otr-article"><summary>Read it in the whole article</summary>'
        '<div class="otr-text" tabindex="0" role="region" aria-label="The whole article">'
        f"{title}{byline}<div>{_highlighted(citation, article.text, 0, f'{target}a')}</div></div>"
        f'<p class="otr-check">Characters {citation.start}–{citation.end} of the stored text, '
        f"SHA-256 {escape(citation.sha256[:16])}…</p></details>"
    )


def _highlighted(citation: Citation, text: str, offset: int, target: str) -> str:
    """`text`, which begins at `offset` of the article, with the quote marked and the other pieces paler."""
    start, end = citation.start - offset, citation.end - offset
    others = [(s - offset, e - offset) for s, e in citation.spans]
    inner = {point for pair in others for point in pair if not start < point < end}
    cuts = sorted(point for point in {0, start, end, len(text)} | inner if 0 <= point <= len(text))
    parts = []
    for left, right in pairwise(cuts):
        piece = escape(_visible(text[left:right]))
        if left >= start and right <= end:
            parts.append(f'<mark id="{target}q" class="otr-mark">{piece}</mark>')
        elif any(s <= left and right <= e for s, e in others):
            parts.append(f'<mark class="otr-also">{piece}</mark>')
        else:
            parts.append(piece)
    return "".join(parts)


def _copy_text(citation: Citation) -> str:
    """The quote and its source as plain text for a clipboard."""
    who = f"{_speaker(citation)}, {citation.role}" if citation.role else _speaker(citation)
    where = [citation.publication, display_date(citation.published), citation.title, safe_url(citation.url)]
    return _visible(f"{_said(citation)} — {who} ({', '.join(part for part in where if part) or citation.article_id})")


def _visible(text: str) -> str:
    """Replace lone surrogates, which no page can carry."""
    return _SURROGATE.sub("\ufffd", text)
