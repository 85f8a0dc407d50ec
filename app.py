"""The chat page: ask on the left, the cited words in their articles beside it, files added below. Wiring only.

`python app.py` builds the index from seeds/ when there is none, then serves on this machine. Gradio is imported when
the page is built, so that `--help` and the tests of this file stay light.
"""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rag
from ingest import Report, ingest
from ingest.loaders import SUFFIXES
from ingest.uploads import add_uploads
from rag.config import Settings
from rag.errors import ConfigError, OnTheRecordError
from rag.index.store import index_exists, is_whole
from rag.models.embeddings import load_embeddings
from rag.pipeline import open_chain
from web.conversation import NO_SOURCES, TROUBLE, Turn, converse, question_problem, stopped
from web.page import HEAD, INTRO, SCRIPT, STYLE, WELCOME
from web.render import earlier_html, escape_markdown, notice_html

if TYPE_CHECKING:
    import gradio as gr

SEEDS = Path(__file__).resolve().parent / "seeds"
EXAMPLES = (
    "What did Peskov say about the new administration?",
    "Did Terner say that the decision benefits Russia?",
    "Who said that the ground is not for sale?",
    "Did Dorothea Brandt promise to drop the cut?",
)
MAX_UPLOAD = "25mb"
KEPT_SOURCES = 10  # earlier answers whose sources stay on the page; each holds whole articles
ANSWERS_AT_ONCE = 2  # the embedded model's slots
log = logging.getLogger(__name__)


def add_articles(files: Sequence[str], index: Path, progress: Callable[[int, int, str], None]) -> str:
    """Add files to the index; HTML that says what happened. Never raises."""
    if not files:
        return notice_html([f"Choose one or more files first: {', '.join(sorted(SUFFIXES))}."], bad=True)
    try:
        report = add_uploads(files, index, progress=progress)
    except (OnTheRecordError, OSError) as error:
        return notice_html([str(error)], bad=True)
    except Exception:  # the border to the page: whatever it is, the person who added the files is told
        log.exception("adding articles failed")
        return notice_html([TROUBLE], bad=True)
    return notice_html(report_lines(report), bad=bool(report.failed))


def report_lines(report: Report) -> list[str]:
    """What an indexing run did, as plain sentences: the counts, then each file that could not be read."""
    counts = {name: len(getattr(report, name)) for name in ("added", "updated", "unchanged", "removed")}
    done = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to index"
    failed = [f"{Path(failure.path).name} could not be read: {failure.reason}" for failure in report.failed]
    noted = [f"{Path(warning.path).name}: {warning.text}" for warning in report.warnings]
    return [f"Articles: {done}.", *failed, *noted]


def build(index: Path) -> gr.Blocks:
    """The page, wired to an index. Nothing is loaded from or sent to another machine."""
    import gradio as gr
    from gradio.events import api as gradio_api

    # Uploaded copies in Gradio's temporary folder go after an hour; the index keeps its own.
    page = gr.Blocks(title="On the Record", analytics_enabled=False, delete_cache=(3600, 3600))
    with page:
        gr.HTML(INTRO)
        with gr.Row(elem_id="otr-main"):
            with gr.Column(scale=7, min_width=320):
                parts = _chat_column(gr)
            with gr.Column(scale=5, min_width=320, elem_id="otr-side"):
                gr.HTML('<h2 class="otr-h2">Sources</h2>')
                sources = gr.HTML(NO_SOURCES, elem_id="otr-sources")
                earlier = gr.HTML(elem_id="otr-earlier")
                _build_files(gr, index)
        _wire_chat(gr, index, parts, sources, earlier)
        gradio_api(_api(gr, index), api_name="ask", concurrency_limit=ANSWERS_AT_ONCE)
    return page


@dataclass(frozen=True, slots=True)
class ChatParts:
    """The components of the left column that events read and write."""

    chat: Any
    examples: Any
    buttons: list[Any]
    box: Any
    notice: Any
    clear: Any


def _chat_column(gr: Any) -> ChatParts:
    chat = gr.Chatbot(
        elem_id="otr-chat",
        label="Conversation",
        show_label=False,
        height="calc(100vh - 260px)",
        buttons=["copy"],
        sanitize_html=True,
        latex_delimiters=[],
        placeholder=WELCOME,
    )
    with gr.Row(elem_id="otr-examples") as examples:
        buttons = [gr.Button(question, size="sm", elem_classes="otr-example") for question in EXAMPLES]
    box = gr.Textbox(
        elem_id="otr-question",
        label="Your question",
        show_label=False,
        placeholder="Ask who said what",
        max_lines=5,
        submit_btn="Ask",
    )
    notice = gr.HTML(elem_id="otr-notice")
    return ChatParts(
        chat, examples, buttons, box, notice, gr.Button("New conversation", size="sm", elem_id="otr-clear")
    )


def _wire_chat(gr: Any, index: Path, parts: ChatParts, sources: Any, earlier: Any) -> None:
    """A question is taken from the box at once; then its answer grows; then the box is ready for the next."""
    turns, pending = gr.State([]), gr.State("")
    # Nothing but `begin` writes to `pending`: whoever asks again at once would lose the question otherwise.
    idle = {parts.box: gr.update(submit_btn="Ask", stop_btn=False)}
    blank = {parts.chat: [], parts.notice: "", parts.examples: gr.update(visible=True), turns: []}
    blank |= {sources: NO_SOURCES, earlier: ""}

    def begin(question: str, past: list[Turn]) -> dict[Any, Any]:
        if problem := question_problem(question):
            return {parts.notice: notice_html([problem], bad=True), pending: ""}
        fold = earlier_html([(turn.question, turn.sources) for turn in past[::-1][:KEPT_SOURCES]])
        asking = {parts.box: gr.update(value="", submit_btn=False, stop_btn=True), earlier: fold, pending: question}
        return asking | {parts.notice: "", parts.examples: gr.update(visible=False)}

    def answer(question: str, past: list[Turn]) -> Iterator[dict[Any, Any]]:
        if not question:
            yield {parts.notice: gr.skip()}  # giving nothing would blank every output
            return
        # Every update carries the whole conversation: a browser that is behind may skip one.
        for turn in converse(question, past, index):
            shown = [*past, turn]
            yield {parts.chat: _messages(shown), sources: turn.sources, turns: shown}

    def halt(shown: list[Turn]) -> dict[Any, Any]:
        kept = [*shown[:-1], stopped(shown[-1])] if shown else []
        return idle | {turns: kept, parts.chat: _messages(kept)}

    outputs = [parts.chat, parts.examples, parts.box, parts.notice, sources, earlier, turns, pending]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    running = []
    for trigger, question in [(parts.box.submit, parts.box), *((b.click, b) for b in parts.buttons)]:
        begun = trigger(begin, [question, turns], outputs, queue=False, **quiet)
        answered = begun.then(answer, [pending, turns], outputs, concurrency_limit=ANSWERS_AT_ONCE, **quiet)
        answered.then(lambda: idle, None, outputs, queue=False, **quiet)
        running.append(answered)
    parts.box.stop(halt, [turns], outputs, cancels=running, queue=False, **quiet)
    parts.clear.click(lambda: blank | idle, None, outputs, cancels=running, queue=False, **quiet)


def _messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The conversation as the chat shows it, both sides escaped."""
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", escape_markdown(turn.question)), ("assistant", turn.reply))
    ]


def _build_files(gr: Any, index: Path) -> None:
    """The place to add articles, with the progress of indexing them."""
    with gr.Accordion("Add articles", open=False, elem_id="otr-add"):
        files = gr.File(file_count="multiple", file_types=sorted(SUFFIXES), label="Files to add", height=150)
        button = gr.Button("Add to the index", variant="primary", elem_id="otr-add-button")
        result = gr.HTML(elem_id="otr-added", min_height=70)

    def add(chosen: list[str] | None, progress: Any = gr.Progress()) -> tuple[None, str]:  # noqa: B008 - Gradio's way
        def show(done: int, total: int, name: str) -> None:
            progress((done, total), desc=name, unit="files")

        return None, add_articles(chosen or [], index, show)

    # Two at once are let through: the second is told by the index's lock, rather than waiting without a word.
    button.click(add, files, [files, result], concurrency_limit=2, api_visibility="private", show_progress_on=result)


def _api(gr: Any, index: Path) -> Callable[..., dict[str, Any]]:
    def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """Answer a question from the indexed articles, as `Answer.to_dict()`."""
        if problem := question_problem(question):
            raise gr.Error(problem, print_exception=False)
        try:
            return rag.ask(question, history=history, index=index).to_dict()
        except OnTheRecordError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return ask


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat until Ctrl+C; 1 and one sentence when it cannot."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Chat with an index of news articles.")
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, or index)")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: %(default)s, this machine)")
    parser.add_argument("--port", type=int, default=7860, help="port to serve on (default: %(default)s)")
    args = parser.parse_args(argv)
    try:
        settings = Settings.load(index=args.index)
        _check_port(args.host, args.port)
        if not is_whole(settings.index):
            build_index(settings.index)
        serve(settings.index, args.host, args.port)
    except OnTheRecordError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def _check_port(host: str, port: int) -> None:
    """ConfigError unless a server can listen there."""
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"Cannot serve on {host} port {port} ({error}); choose another: python app.py --port {port % 65000 + 1}"
        ) from error


def build_index(index: Path) -> None:
    """Make the first index, from the sample articles, or finish one whose last run was broken off."""
    broken_off = index_exists(index)
    if not broken_off and not SEEDS.is_dir():
        raise ConfigError(f"There is no index at {index}; make one from your articles: python -m ingest FOLDER")

    def show(done: int, total: int, name: str) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K{done}/{total} {name}", end="" if done < total else "\n", flush=True)

    print(f"Finishing the index {index} ..." if broken_off else f"Building the index {index} from {SEEDS}, once ...")
    sys.stdout.flush()
    for line in report_lines(ingest([] if broken_off else [SEEDS], index=index, progress=show)):
        print(line, flush=True)


def serve(index: Path, host: str, port: int) -> None:
    """Serve the page until the program is stopped; the models load meanwhile."""
    _skip_proxies(host)
    page = build(index)
    import gradio as gr

    threading.Thread(target=_warm, args=(index,), daemon=True, name="warm").start()
    font, mono = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"], ["ui-monospace", "monospace"]
    page.queue(max_size=32).launch(
        server_name=host,
        server_port=port,
        theme=gr.themes.Base(primary_hue="slate", neutral_hue="stone", font=font, font_mono=mono),
        css=STYLE,
        js=SCRIPT,
        head=HEAD,
        footer_links=[],
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        quiet=True,
        prevent_thread_lock=True,
    )
    print(f"On the Record is at http://{host}:{port} (Ctrl+C stops it).", flush=True)
    page.block_thread()


def _skip_proxies(host: str) -> None:
    """Keep what this program sends to itself away from the proxy that an office network may prescribe."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost", host]))


def _warm(index: Path) -> None:
    """Load the models before the first question needs them; a failure shows when one is asked."""
    try:
        open_chain(Settings.load(index=index))
        load_embeddings().embed(["Who said what?"])
    except OnTheRecordError as error:
        log.warning("the models are not ready: %s", error)


if __name__ == "__main__":
    sys.exit(main())
