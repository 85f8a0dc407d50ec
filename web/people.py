"""The People view: everyone quoted, searchable, one person's statements by topic and time, each in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from rag import lookup
from rag.errors import OnTheRecordError
from rag.lookup import Quoted
from rag.positions import on_topic, side_by_side
from rag.schema import Citation
from web.conversation import articles_of
from web.events import QUICK
from web.markup import render, static
from web.opening import opened
from web.render import card, notice_html
from web.who import MOST, WhoIsWho

# The picture of when somebody spoke: a line of this width in its own units.
WIDTH, MARGIN, HEIGHT = 600, 12, 46


@dataclass(frozen=True, slots=True)
class Dot:
    """A day on which somebody is quoted: where it lies on the line, and how often."""

    x: float
    day: str
    count: int


def build_people(tab: gr.Tab, index: Path) -> None:
    """The view inside its tab: a list to choose from, the overview below or the person chosen, and who is who."""
    with gr.Row():
        chosen = gr.Dropdown([], label="Who", elem_id="otr-who", info="Type a part of a name.", filterable=True)
        topic = gr.Textbox(
            label="On what", elem_id="otr-topic", info="A topic, or nothing for everything.", max_lines=1
        )
    who = WhoIsWho(index, chosen)
    shown = gr.HTML(elem_id="otr-people", js_on_load=static("open.js"))

    def refreshed(label: str | None, words: str = "") -> dict[Any, Any]:
        """Everything anew, for the same person, who may have other labels by now."""
        people = lookup.list_people(index=index, limit=MOST)
        choices = _choices(people)
        value = next((person.names[0] for person in people if label in person.names), None)
        page = person_html(value, index, words) if value else render("people.html", people=people)
        return {chosen: gr.update(choices=choices, value=value), shown: page} | who.about(value, choices)

    def offer() -> dict[Any, Any]:
        return choose(None, "")

    def open_row(words: str, event: gr.EventData) -> dict[Any, Any]:
        return choose(opened(event), words)

    def choose(label: str | None, words: str) -> dict[Any, Any]:
        try:
            return refreshed(label, words)
        except OnTheRecordError as error:
            return {shown: notice_html([str(error)], bad=True)}

    def show(label: str | None, words: str) -> dict[Any, Any]:
        try:
            people = lookup.list_people(index=index, limit=MOST)
            page = person_html(label, index, words) if label else render("people.html", people=people)
            return {shown: page} | who.about(label, _choices(people))
        except OnTheRecordError as error:
            return {shown: notice_html([str(error)], bad=True)}

    tab.select(offer, None, [chosen, shown, *who.outputs], **QUICK)
    shown.select(open_row, [topic], [chosen, shown, *who.outputs], **QUICK)
    chosen.input(show, [chosen, topic], [shown, *who.outputs], **QUICK)
    topic.submit(show, [chosen, topic], [shown, *who.outputs], **QUICK)
    who.wire(refreshed, [chosen, shown])


def _choices(people: Sequence[Quoted]) -> list[tuple[str, str]]:
    """People as a list offers them: name and count, and a label of theirs."""
    return [(f"{person.name} ({person.statements})", person.names[0]) for person in people]


def person_html(label: str, index: Path, words: str = "") -> str:
    """One person's statements, the oldest first, under a picture of when they were made; with words, those on that.

    `label` is any label of theirs, or the name that is shown.
    """
    person = lookup.person(label, index=index)
    everything = lookup.statements_of(label, index=index)
    found = on_topic(label, words, index=index) if words.strip() else everything
    pairs = () if words.strip() else side_by_side(label, index=index)
    known = articles_of([*found, *(citation for pair in pairs for citation in pair)], index)
    return render(
        "person.html",
        name=person.name if person else label,
        label=label,
        person=person,
        topic=words.strip(),
        cards=[card(citation, "p", known) for citation in found],
        pairs=[[card(citation, "b", known) for citation in pair] for pair in pairs],
        dots=timeline(everything),
        size=(WIDTH, HEIGHT),
    )


def timeline(statements: Sequence[Citation]) -> list[Dot]:
    """The days of some statements along a line, the first at its left end and the last at its right."""
    counted: dict[str, int] = {}
    for citation in statements:
        if citation.published:
            counted[citation.published[:10]] = counted.get(citation.published[:10], 0) + 1
    days = {day: date.fromisoformat(day).toordinal() for day in sorted(counted)}
    if not days:
        return []
    first, last = min(days.values()), max(days.values())
    share = {day: (number - first) / (last - first) if last > first else 0.5 for day, number in days.items()}
    return [Dot(round(MARGIN + at * (WIDTH - 2 * MARGIN), 1), day, counted[day]) for day, at in share.items()]
