"""The chat page, wired: the conversation on the left, the cited words in their articles beside it, files added below.

The conversation lives in the browser (`gr.BrowserState`): it survives a reload, and no tab holds a connection open for
the program's sake. This module imports Gradio: import it when a page is wanted, so that `--help` stays light.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rag.config import Settings
from rag.errors import OnTheRecordError
from rag.models.chat import destination, is_embedded
from rag.models.local import HOST, Local, local_models
from rag.pipeline import MAX_QUESTION_CHARS
from web import conversation as talk
from web.adding import build_adding
from web.articles import build_articles
from web.events import QUICK, QUIET
from web.examples import MANY, examples
from web.line import Line
from web.logs import belongs_to
from web.markup import render
from web.people import build_people
from web.programs import Programs
from web.render import notice_html
from web.running import grown
from web.tools import add_tools

STORAGE = "on-the-record"
MAX_QUESTION_BOX = 5  # lines


def build(index: Path, line: Line, programs: Programs) -> gr.Blocks:
    """The page over an index. Nothing is loaded from or sent to another machine."""
    # Uploaded copies in Gradio's temporary folder go after an hour; the index keeps its own.
    page = gr.Blocks(title="On the Record", analytics_enabled=False, delete_cache=(3600, 3600))
    with page:
        settings = Settings.load(index=index)
        is_choice = not is_embedded(settings)
        gr.HTML(render("intro.html", model=settings.llm, host=destination(settings), is_choice=is_choice))
        with gr.Tabs(elem_id="otr-views"):
            with gr.Tab("Ask", id="ask"), gr.Row(elem_id="otr-main"):
                with gr.Column(scale=7, min_width=320):
                    parts = _chat_column(settings)
                with gr.Column(scale=5, min_width=320, elem_id="otr-side"):
                    gr.HTML(render("sources-head.html"))
                    sources = gr.HTML(render("hint.html"), elem_id="otr-sources")
                    earlier = gr.HTML(elem_id="otr-earlier")
                    build_adding(index)
            with gr.Tab("People", id="people") as people:
                build_people(people, index)
            with gr.Tab("Articles", id="articles") as articles:
                build_articles(articles, index)
        # No secret: a browser's own store is no safer for it, and a random one would forget at every start.
        memory = gr.BrowserState(None, storage_key=STORAGE, secret=STORAGE)
        Chat(index, line, parts, Shown(sources, earlier, memory)).wire(page)
        add_tools(programs)
    return page


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the left column."""

    chat: Any
    examples: Any
    buttons: list[Any]
    box: Any
    model: Any
    notice: Any
    clear: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """The components beside it, and what the browser keeps."""

    sources: Any
    earlier: Any
    memory: Any


def _chat_column(settings: Settings) -> Parts:
    chat = gr.Chatbot(
        elem_id="otr-chat",
        label="Conversation",
        show_label=False,
        height="calc(100vh - 340px)",
        # To the end of an answer, which is read from its beginning: the page's script leads to that.
        autoscroll=False,
        buttons=["copy"],
        sanitize_html=True,
        latex_delimiters=[],
        placeholder=render("welcome.md"),
    )
    with gr.Row(elem_id="otr-examples", visible=False) as offered:
        buttons = [gr.Button("", size="sm", elem_classes="otr-example") for _ in range(MANY)]
    notice = gr.HTML(elem_id="otr-notice")
    box = gr.Textbox(
        elem_id="otr-question",
        label="Your question",
        show_label=False,
        placeholder="Ask who said what",
        max_lines=MAX_QUESTION_BOX,
        # Comes with what the browser remembers: what was asked before that came would be taken off the page by it.
        submit_btn=False,
    )
    choices = _choices(settings, ())
    model = gr.Radio(
        choices,
        value=choices[0][1],
        label="The model that chooses the statements",
        visible=not is_embedded(settings),
        elem_id="otr-model",
    )
    return Parts(
        chat, offered, buttons, box, model, notice, gr.Button("New conversation", size="sm", elem_id="otr-clear")
    )


class Chat:
    """What happens when somebody asks, stops, asks again, takes a question back, clears, or comes back."""

    def __init__(self, index: Path, line: Line, parts: Parts, shown: Shown) -> None:
        self._index, self._line, self._parts, self._shown = index, line, parts, shown
        self._stops: dict[str, asyncio.Event] = {}  # of each tab that is being answered
        self._idle = {parts.box: gr.update(submit_btn="Ask", stop_btn=False)}

    def wire(self, page: gr.Blocks) -> None:
        """Bind the events."""
        parts, memory = self._parts, self._shown.memory
        answered = [parts.chat, parts.box, parts.notice, self._shown.sources, self._shown.earlier, memory]
        outputs = [*answered, parts.examples, *parts.buttons]
        # "multiple", or the question after a Stop would be dropped without a word: the script of the page holds a
        # second question back while an answer streams. The line, not the queue, lets so many at once through.
        asking = QUIET | {"trigger_mode": "multiple", "concurrency_limit": None}
        for trigger, question in [(parts.box.submit, parts.box), *((b.click, b) for b in parts.buttons)]:
            trigger(self._ask, [question, memory, parts.model], answered, **asking)
        parts.chat.retry(self._again, [memory, parts.model], answered, **asking)
        parts.chat.undo(self._take_back, [memory], outputs, **QUICK)
        parts.box.stop(self._stop, None, None, **QUICK)
        parts.clear.click(self._stop, None, None, **QUICK).then(self._clear, None, outputs, **QUICK)
        # A step of its own, so that one may ask even where what is remembered cannot be shown.
        page.load(self._restore, [memory], outputs, **QUICK).then(lambda: self._idle, None, [parts.box], **QUICK)
        # By itself, so that nobody waits for a server that does not answer.
        page.load(self._find_models, None, [parts.model], **QUICK)

    async def _ask(
        self, question: str, given: object, model: str, request: gr.Request
    ) -> AsyncIterator[dict[Any, Any]]:
        past = talk.remembered(given, request.username)
        if problem := talk.question_problem(question):
            yield {self._parts.notice: notice_html([problem], bad=True)}
            return
        async for update in self._answer(talk.begun(question, past, model), past, request):
            yield update

    async def _again(self, given: object, model: str, request: gr.Request) -> AsyncIterator[dict[Any, Any]]:
        past = talk.remembered(given, request.username)
        if past:
            past, turn = past[:-1], talk.begun(past[-1].question, past[:-1], model)
            async for update in self._answer(turn, past, request):
                yield update

    async def _answer(
        self, turn: talk.Turn, past: list[talk.Turn], request: gr.Request
    ) -> AsyncIterator[dict[Any, Any]]:
        """Every update carries the whole conversation: a browser that is behind may skip one.

        While there is nothing to read yet, one each second carries no more than that somebody is at work.
        """
        parts, user = self._parts, request.username
        past = past[1 - talk.MAX_TURNS :]
        above = talk.messages(past)
        stop = self._stops[str(request.session_hash)] = asyncio.Event()
        # In threads, all that reads the index: whoever opens it anew after a change must not hold up the others.
        told = await asyncio.to_thread(talk.told, past, self._index)
        yield (await self._growing(past, turn, told, user)) | {
            parts.chat: [*above, *talk.messages([turn])],
            parts.box: gr.update(value="", submit_btn=False, stop_btn=True),
        }
        if request.request:
            belongs_to(request.request.scope)
        # Closed here and now when the browser goes away, and not when somebody collects the garbage.
        try:
            async with aclosing(grown(turn, past, self._index, self._line, stop)) as growing:
                async for turn in growing:
                    growth = await self._growing(past, turn, told, user) if turn.answer else self._beside(told)
                    yield growth | {parts.chat: [*above, *talk.messages([turn])]}
        finally:
            self._stops.pop(str(request.session_hash), None)
        turn = talk.stopped(turn) if stop.is_set() else turn
        chat = {parts.chat: [*above, *talk.messages([turn])]}
        yield self._idle | chat | await self._growing(past, turn, told, user)

    async def _growing(
        self, past: list[talk.Turn], turn: talk.Turn, told: list[talk.Told], user: str | None
    ) -> dict[Any, Any]:
        """What stands beside the chat, `told` being what was answered before, and what the browser keeps."""
        now = await asyncio.to_thread(talk.told, [turn], self._index)
        return self._beside([*now, *told]) | {self._shown.memory: talk.kept([*past, turn], user)}

    def _beside(self, answers: list[talk.Told]) -> dict[Any, Any]:
        """What stands beside the chat. Of each component that an update leaves out, Gradio makes a new one."""
        sources, earlier = talk.beside(answers)
        return {self._parts.notice: "", self._shown.sources: sources, self._shown.earlier: earlier}

    async def _stop(self, request: gr.Request) -> None:
        if stop := self._stops.get(str(request.session_hash)):
            stop.set()

    def _find_models(self) -> dict[Any, Any]:
        """Offer the chat models of servers on this machine beside the others."""
        settings = Settings.load(index=self._index)
        choices = _choices(settings, local_models())
        return {self._parts.model: gr.update(choices=choices, visible=len(choices) > 1)}

    def _take_back(self, given: object, request: gr.Request) -> dict[Any, Any]:
        """The last question goes back into the box, to be put otherwise."""
        past = talk.remembered(given, request.username)
        question = past[-1].question if past else ""
        box = gr.update(value=question, submit_btn="Ask", stop_btn=False)
        return self._whole(past[:-1], request.username) | {self._parts.box: box}

    def _clear(self, request: gr.Request) -> dict[Any, Any]:
        return self._idle | self._whole([], request.username) | {self._parts.notice: ""}

    def _restore(self, given: object, request: gr.Request) -> dict[Any, Any]:
        """What was there before a reload; a link may bring a question along, which waits in the box."""
        turns = [
            talk.stopped(turn) if turn.status and not turn.failed and not turn.brought else turn
            for turn in talk.remembered(given, request.username)
        ]
        question = str(request.query_params.get("q", ""))[:MAX_QUESTION_CHARS]
        if not question:
            return self._whole(turns, request.username) | self._offer()
        turns = talk.brought(request.query_params.getlist("after"), turns)
        return self._whole(turns, request.username) | self._offer() | {self._parts.box: gr.update(value=question)}

    def _offer(self) -> dict[Any, Any]:
        """Examples from the collection as it is now."""
        try:
            asked = examples(self._index)
        except OnTheRecordError as error:
            return {self._parts.notice: notice_html([str(error)], bad=True)}
        texts = [*asked, *[""] * MANY]
        return {
            button: gr.update(value=text, visible=bool(text))
            for button, text in zip(self._parts.buttons, texts, strict=False)
        }

    def _whole(self, turns: Sequence[talk.Turn], user: str | None) -> dict[Any, Any]:
        """Everything that shows a conversation, anew."""
        sources, earlier = talk.beside(talk.told(turns, self._index))
        return {
            self._parts.chat: talk.messages(turns),
            self._parts.examples: gr.update(visible=not turns),
            self._shown.sources: sources,
            self._shown.earlier: earlier,
            self._shown.memory: talk.kept(turns, user),
        }


def _choices(settings: Settings, found: Sequence[Local]) -> list[tuple[str, str]]:
    """Who may be asked, each with a word on what leaves this machine, and its key; the first one is the usual one."""
    configured = [] if is_embedded(settings) else [(f"{settings.llm} ({_where(settings)})", talk.CONFIGURED)]
    ours = [("embedded (nothing leaves this machine)", talk.EMBEDDED)]
    there = [(f"{each.name} (to the server at {HOST}:{each.port} on this machine)", each.key) for each in found]
    return [*configured, *ours, *there]


def _where(settings: Settings) -> str:
    host = destination(settings)
    return f"goes to {host}" if host else "nothing leaves this machine"
