"""Who is who, decided on the page: join two people, part two labels, name somebody, and take each decision back.

Nothing is decided by one click: the button says what would be done, and a second one does it. The decisions are as by
`python -m ingest people`, in people.yaml in the folder of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ingest.people import Known, People
from rag import lookup
from rag.errors import OnTheRecordError
from rag.people.by_hand import Decision
from web.events import QUICK
from web.markup import render
from web.render import notice_html

MOST = 2000  # people in a list to choose from
WORDS = {"join": "{} is joined with {}", "part": "{} is parted from {}", "rename": "{} is shown as {}"}


@dataclass(frozen=True, slots=True)
class Buttons:
    """The components that ask whether to do something."""

    join: Any
    part: Any
    rename: Any
    undo: Any

    @property
    def all(self) -> list[Any]:
        """Each of them."""
        return [self.join, self.part, self.rename, self.undo]


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the fold."""

    told: Any
    other: Any
    label: Any
    name: Any
    buttons: Buttons
    pending: Any
    asking: Any
    confirm: Any
    question: Any
    decided: Any
    notice: Any


class WhoIsWho:
    """The fold below a person: the labels with their evidence, what can be decided, and what was."""

    def __init__(self, index: Path, chosen: Any) -> None:
        """Build it inside the view; `chosen` holds a label of the person it is about."""
        self._index, self._chosen = index, chosen
        with gr.Accordion("Who is who", open=False, elem_id="otr-whois"):
            self.parts = self._built()

    def _built(self) -> Parts:
        # Nothing can be chosen or pressed before there is somebody to decide about, and something chosen.
        unchosen: dict[str, Any] = {"filterable": True, "interactive": False}
        small: dict[str, Any] = {"size": "sm", "scale": 0, "min_width": 130, "interactive": False}
        told = gr.HTML(elem_id="otr-labels")
        with gr.Row():
            other = gr.Dropdown([], label="Is the same person as", elem_id="otr-join", **unchosen)
            join = gr.Button("Join…", elem_id="otr-join-button", **small)
        with gr.Row():
            label = gr.Dropdown([], label="Is somebody else than", elem_id="otr-part", **unchosen)
            part = gr.Button("Part…", elem_id="otr-part-button", **small)
        with gr.Row():
            name = gr.Textbox(label="Is shown as", elem_id="otr-rename", max_lines=1, interactive=False)
            rename = gr.Button("Rename…", elem_id="otr-rename-button", **small)
        with gr.Row():
            decided = gr.Dropdown([], label="Decided by hand", elem_id="otr-decided", **unchosen)
            undo = gr.Button("Take back…", elem_id="otr-undo-button", **small)
        pending = gr.JSON(None, visible=False)  # no gr.State, for which each tab holds a connection open
        with gr.Column(visible=False, elem_id="otr-asking") as asking:
            question = gr.HTML(elem_id="otr-sure")
            with gr.Row():
                confirm = gr.Button("Do it", variant="primary", size="sm", elem_id="otr-do")
                self._cancel = gr.Button("Leave it", size="sm", elem_id="otr-leave")
        notice = gr.HTML(elem_id="otr-who-notice")
        buttons = Buttons(join, part, rename, undo)
        return Parts(told, other, label, name, buttons, pending, asking, confirm, question, decided, notice)

    def wire(self, refreshed: Callable[[str | None], dict[Any, Any]], shown: Sequence[Any]) -> None:
        """Bind the events; `refreshed` gives the view of a person anew, whose components are `shown`."""
        parts = self.parts
        asked = [parts.pending, parts.asking, parts.question, parts.notice]
        buttons = parts.buttons
        given = [("join", buttons.join, parts.other), ("part", buttons.part, parts.label)]
        given += [("rename", buttons.rename, parts.name), ("undo", buttons.undo, parts.decided)]
        for verb, button, second in given:
            button.click(self._asking(verb), [self._chosen, second], asked, **QUICK)
            if verb != "rename":  # for a name, no request at each letter
                second.change(_active, [second], [button], **QUICK)
        self._cancel.click(self._left, None, asked, **QUICK)

        def decide(pending: list[str] | None, label: str | None) -> dict[Any, Any]:
            try:
                done = self._decide(pending) if pending else notice_html(["Say first what to decide."], bad=True)
                return refreshed(label) | self._left() | {parts.notice: done}
            except OnTheRecordError as error:
                return self._left() | {parts.notice: notice_html([str(error)], bad=True)}

        parts.confirm.click(decide, [parts.pending, self._chosen], [*asked, *shown, *self.outputs], **QUICK)

    @property
    def outputs(self) -> list[Any]:
        """What `about` changes."""
        parts = self.parts
        return [parts.told, parts.other, parts.label, parts.name, parts.decided, *parts.buttons.all]

    def about(self, label: str | None, people: Sequence[tuple[str, str]]) -> dict[Any, Any]:
        """The fold for a person; `people` are (name, label) of all who can be joined to them."""
        parts, opened = self.parts, self._people()
        choices = [(_told(each), str(number)) for number, each in enumerate(opened.by_hand.decisions)]
        known = opened.of(label) if label else None
        labels = [each.label for each in known.labels] if known else []
        others = [each for each in people if each[1] not in labels]
        return {
            parts.told: render("labels.html", person=known),
            parts.other: gr.update(choices=others, value=None, interactive=bool(known and others)),
            parts.label: gr.update(choices=labels[1:], value=None, interactive=bool(labels[1:])),
            parts.name: gr.update(value="", interactive=bool(known)),
            parts.decided: gr.update(choices=choices, value=None, interactive=bool(choices)),
            **{button: _active(None) for button in parts.buttons.all},
            parts.buttons.rename: _active(label if known else None),
        }

    def _people(self) -> People:
        return People(lookup.opened(self._index).store)

    def _left(self) -> dict[Any, Any]:
        parts = self.parts
        return {parts.pending: None, parts.asking: gr.update(visible=False), parts.question: "", parts.notice: ""}

    def _asking(self, verb: str) -> Callable[[str | None, str | None], dict[Any, Any]]:
        def tell(one: str | None, other: str | None) -> dict[Any, Any]:
            try:
                question, pending = self._question(verb, one, (other or "").strip())
            except OnTheRecordError as error:
                return self._left() | {self.parts.notice: notice_html([str(error)], bad=True)}
            if not pending:
                return self._left() | {self.parts.notice: notice_html([question], bad=True)}
            sure = {self.parts.question: notice_html([question]), self.parts.asking: gr.update(visible=True)}
            return self._left() | sure | {self.parts.pending: pending}

        return tell

    def _question(self, verb: str, one: str | None, other: str) -> tuple[str, list[str] | None]:
        """What is asked before something is done, and what would be done; or what is missing, and None."""
        people = self._people()
        if verb == "undo":
            decisions = people.by_hand.decisions
            if not other.isdecimal() or int(other) >= len(decisions):
                return "Choose first what to take back.", None
            decision = decisions[int(other)]
            return f"Take back that {_told(decision)}?", ["undo", decision.verb, *decision.names]
        if not one:
            return "Choose first, above, who this is about.", None
        if not other:
            return {"rename": "Type the name first."}.get(verb, "Choose the other one first."), None
        known = people.of(one)
        pending = [verb, known.labels[0].label, other]
        if verb == "rename":
            return f"Show {known.name} as {other}?", pending
        if verb == "part":
            return f"Are {pending[1]} and {other} two people?", pending
        second = people.of(other)
        return f"Are {_counted(known)} and {_counted(second)} one person?", pending

    def _decide(self, pending: list[str]) -> str:
        """Do it, and say so; a browser can send anything."""
        people = self._people()
        match pending:
            case ["undo", str(verb), *names]:
                decision = Decision(verb, tuple(names))
                people.take_back(decision)
                return notice_html([f"Taken back: {_told(decision)}."])
            case ["join" | "part" | "rename" as verb, str(one), str(other)]:
                {"join": people.join, "part": people.part, "rename": people.rename}[verb](one, other)
            case _:
                return notice_html(["Say first what to decide."], bad=True)
        return notice_html([f"{WORDS[verb].format(one, other)}. It can be taken back under “Decided by hand”."])


def _active(chosen: str | None) -> Any:
    """A button as it is with something chosen, or nothing."""
    return gr.update(interactive=bool(chosen))


def _told(decision: Decision) -> str:
    first, *others = decision.names
    return WORDS[decision.verb].format(first, ", ".join(others))


def _counted(known: Known) -> str:
    return f"{known.name} ({known.statements})"
