"""The Articles view: what is indexed, filtered and sorted, and one article with its statements coloured by speaker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag import lookup
from rag.errors import OnTheRecordError
from rag.pipeline import read_article
from rag.schema import Article, Citation
from rag.writing.reference import speaker
from web.adding import build_removing
from web.events import QUICK
from web.markup import render, static
from web.opening import opened
from web.render import notice_html

SORTS = {"newest first": "published", "title": "title", "outlet": "publication", "most statements": "statements"}
MOST = 500  # articles in the list; a filter finds the others
COLOURS = 8  # style.css has so many; further speakers begin again, and every name stands beside its words anyway


def build_articles(tab: gr.Tab, index: Path) -> None:
    """The view inside its tab: filter, order, the list, and the article chosen below it."""
    with gr.Row():
        words = gr.Textbox(
            label="Filter", elem_id="otr-filter", placeholder="Title, outlet, author or file", max_lines=1
        )
        order = gr.Dropdown(list(SORTS), value="newest first", label="Order", elem_id="otr-order", filterable=False)
    chosen = gr.Dropdown([], label="Read", elem_id="otr-read", filterable=True)
    shown = gr.HTML(elem_id="otr-articles", js_on_load=static("open.js"))
    removed = build_removing(index, chosen)

    def offer(filtered: str, sort: str) -> dict[Any, Any]:
        try:
            found = listed(filtered, sort, index)
        except OnTheRecordError as error:
            return {shown: notice_html([str(error)], bad=True)}
        choices = [(article.title or article.id, article.id) for article, _ in found[:MOST]]
        return {chosen: gr.update(choices=choices, value=None), shown: table_html(found)}

    def read(article_id: str | None, filtered: str, sort: str) -> str:
        try:
            if not article_id:
                return table_html(listed(filtered, sort, index))
            return article_html(article_id, index)
        except OnTheRecordError as error:
            return notice_html([str(error)], bad=True)

    def open_row(event: gr.EventData) -> Any:
        return gr.update(value=opened(event) or None)

    tab.select(offer, [words, order], [chosen, shown], **QUICK)
    words.change(offer, [words, order], [chosen, shown], **QUICK)
    order.input(offer, [words, order], [chosen, shown], **QUICK)
    removed.then(offer, [words, order], [chosen, shown], **QUICK)
    shown.select(open_row, None, [chosen], **QUICK)
    chosen.change(read, [chosen, words, order], [shown], **QUICK)


def listed(words: str, sort: str, index: Path) -> list[tuple[Article, int]]:
    """The articles that hold all these words in title, outlet, author, day or file, with their number of statements."""
    wanted = words.lower().split()
    found = [pair for pair in lookup.articles(index=index).values() if all(word in _about(pair[0]) for word in wanted)]
    match SORTS.get(sort, "published"):
        case "statements":
            return sorted(found, key=lambda pair: (-pair[1], pair[0].id))
        case "published":
            return sorted(found, key=lambda pair: (pair[0].published or "", pair[0].id), reverse=True)
        case field:
            return sorted(found, key=lambda pair: (str(getattr(pair[0], field) or "\uffff").lower(), pair[0].id))


def table_html(found: Sequence[tuple[Article, int]]) -> str:
    """The list of articles, as many as a page can show."""
    return render("articles.html", found=found[:MOST], count=len(found))


def article_html(article_id: str, index: Path) -> str:
    """An article with everything that is said in it coloured by who says it."""
    article = read_article(article_id, index=index)
    statements = lookup.statements_in(article_id, index=index)
    names = list(dict.fromkeys(speaker(citation) for citation in statements))
    colours = {name: place % COLOURS for place, name in enumerate(names)}
    pieces = coloured(article.text, statements, colours)
    return render("article.html", article=article, pieces=pieces, names=colours, count=len(statements))


def coloured(text: str, statements: Sequence[Citation], colours: dict[str, int]) -> list[tuple[str, int | None, str]]:
    """The text in pieces: words, the colour of who says them (None for nobody), and their name."""
    pieces: list[tuple[str, int | None, str]] = []
    end = 0
    for start, stop, name in sorted((s, e, speaker(c)) for c in statements for s, e in c.spans):
        begin = max(start, end)
        if begin >= stop:
            continue
        pieces += [(text[end:begin], None, ""), (text[begin:stop], colours[name], name)]
        end = stop
    return [piece for piece in [*pieces, (text[end:], None, "")] if piece[0]]


def _about(article: Article) -> str:
    fields = (article.title, article.publication, article.author, article.published, article.path, article.id)
    return " ".join(filter(None, fields)).lower()
