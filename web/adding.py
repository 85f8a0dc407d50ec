"""Where articles are added, by files, a folder or links, and taken out, and the index is brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from ingest.loading.loaders import SUFFIXES
from ingest.uploads import added_with, can_be_read
from rag.errors import OnTheRecordError
from rag.pipeline import read_article
from web.add import MAX_LINKS, Progress, add_articles, adding_problem, bring_up_to_date, follows_links, remove
from web.events import QUICK
from web.render import notice_html

# Two at once are let through: the second is told by the index's lock, rather than waiting without a word.
AT_ONCE = 2


def build_adding(index: Path) -> None:
    """The place to add articles."""
    is_linked = follows_links()
    with gr.Accordion("Add articles", open=False, elem_id="otr-add"):
        files = gr.File(file_count="multiple", file_types=sorted(SUFFIXES), label="Files to add", height=150)
        folder = gr.File(file_count="directory", label="Or a folder of them", height=150, elem_id="otr-folder")
        links = gr.Textbox(
            label="Or links, one a line",
            info=f"The sites are asked for the pages, or for those of a feed, from this machine; at most {MAX_LINKS}.",
            lines=2,
            elem_id="otr-links",
            visible=is_linked,
        )
        button = gr.Button("Add to the index", variant="primary", elem_id="otr-add-button")
        again = gr.Button("Bring the index up to date", size="sm", elem_id="otr-again-button")
        result = gr.HTML(elem_id="otr-added", min_height=70)

    def add(
        chosen: list[str] | None,
        within: list[str] | None,
        named: str,
        progress: Any = gr.Progress(),  # noqa: B008 - Gradio's way
    ) -> dict[Any, Any]:
        both = [*(chosen or []), *filter(can_be_read, within or [])]
        if problem := adding_problem(both, named or "", within or []):
            return {result: notice_html([problem], bad=True)}
        told = add_articles(both, index, shown(progress), named or "")
        return {files: None, folder: None, links: "", result: told}

    def update(progress: Any = gr.Progress()) -> str:  # noqa: B008
        return bring_up_to_date(index, shown(progress))

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress_on": result, "concurrency_limit": AT_ONCE}
    button.click(add, [files, folder, links], [files, folder, links, result], **quiet)
    again.click(update, None, [result], **quiet)


def build_removing(index: Path, chosen: Any) -> Any:
    """Below an article: the button that takes it out, which first says what goes with it. `chosen` holds its id.

    Gives the event of an article being taken out.
    """
    with gr.Row():
        button = gr.Button("Remove this article…", size="sm", elem_id="otr-remove-button", interactive=False)
    with gr.Column(visible=False, elem_id="otr-removing") as asking:
        question = gr.HTML(elem_id="otr-remove-sure")
        with gr.Row():
            do = gr.Button("Remove", variant="primary", size="sm", elem_id="otr-remove-do")
            leave = gr.Button("Leave it", size="sm", elem_id="otr-remove-leave")
    result = gr.HTML(elem_id="otr-removed")
    pending = gr.Textbox(visible=False)  # no gr.State, for which each tab holds a connection open
    outputs = [pending, asking, question, result]
    left = {pending: "", asking: gr.update(visible=False), question: "", result: ""}

    def tell(article_id: str | None) -> dict[Any, Any]:
        try:
            if not article_id:
                return left | {result: notice_html(["Choose first, above, which article."], bad=True)}
            article = read_article(article_id, index=index)
            file = added_with(article, index)
        except OnTheRecordError as error:
            return left | {result: notice_html([str(error)], bad=True)}
        sure = f"Remove {article.title or article.id}? The file {file.name} is deleted, with all that is in it."
        return left | {pending: article_id, asking: gr.update(visible=True), question: notice_html([sure])}

    def take_out(article_id: str | None, progress: Any = gr.Progress()) -> dict[Any, Any]:  # noqa: B008
        if not article_id:
            return left
        return left | {result: remove(article_id, index, shown(progress))}

    def about(article_id: str | None) -> dict[Any, Any]:
        """Another article: what was asked or told of the one before goes; that it was removed stays above the list."""
        told = {} if article_id else {result: gr.skip()}
        return left | told | {button: gr.update(interactive=bool(article_id))}

    chosen.change(about, [chosen], [button, *outputs], **QUICK)
    button.click(tell, [chosen], outputs, **QUICK)
    leave.click(lambda: left, None, outputs, **QUICK)
    return do.click(
        take_out, [pending], outputs, api_visibility="private", show_progress_on=result, concurrency_limit=AT_ONCE
    )


def shown(progress: Any) -> Progress:
    """What shows the progress of indexing as Gradio does."""

    def show(done: int, total: int, name: str) -> None:
        progress((done, total), desc=name, unit="files")

    return show
