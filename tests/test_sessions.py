"""A page that stays open all day: what the program holds of it, and what a page that it has forgotten can still do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.routes import App
from gradio.state_holder import StateHolder
from starlette.routing import Mount

from tests.conftest import ROOT, free_port
from tests.proxy import run_apart, serving
from web.serve import application

sys.path.insert(0, str(ROOT / "bench"))

import load

QUESTION = "What did Ida Hale say about the dam?"


@pytest.fixture
def served(dam_index: Path) -> Iterator[tuple[str, StateHolder]]:
    """The address of the page, and what Gradio holds of those that have it open."""
    app = application(dam_index)
    [page] = [each.app for each in app.routes if isinstance(each, Mount) and isinstance(each.app, App)]
    with serving(app, free_port()) as url:
        yield url, page.state_holder


def ask_often(url: str, times: int) -> load.Person:
    return run_apart(lambda: asking(url, times))


async def asking(url: str, times: int) -> load.Person:
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:
        person = load.Person(client, "ann")
        await person.open()
        for _ in range(times):
            assert (await person.ask(QUESTION)).error == ""
        return person


def held_of(person: load.Person, held: StateHolder) -> Any:
    return held.session_data[person.session]


def test_no_word_of_a_conversation_stays_with_the_program(served: tuple[str, StateHolder]) -> None:
    url, held = served
    person = ask_often(url, 2)
    assert "will hold" in json.dumps(person.memory)
    session = held_of(person, held)
    shown = [getattr(part, "value", None) for part in session.blocks_config.blocks.values()]
    assert "will hold" not in repr([session.config_values, session.state_data, shown])


def test_what_is_held_of_a_page_does_not_grow_with_what_is_asked(served: tuple[str, StateHolder]) -> None:
    url, held = served
    sizes = []
    for times in (1, 6):
        session = held_of(ask_often(url, times), held)
        sizes.append((len(session.blocks_config.blocks), len(session.config_values)))
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize(
    ("part", "event", "given", "shows"),
    [
        ("otr-who", "input", ["Ida Hale", ""], "The dam will hold"),
        ("otr-read", "change", ["dam", "", "newest first"], "The dam will hold"),
    ],
)
def test_who_or_what_a_page_offered_before_a_new_start_can_still_be_chosen(
    served: tuple[str, StateHolder], part: str, event: str, given: list[str], shows: str
) -> None:
    url, _ = served
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        config = client.get("/config").json()
        target = [next(each["id"] for each in config["components"] if each["props"].get("elem_id") == part), event]
        numbers = [
            each["id"]
            for each in config["dependencies"]
            if each["targets"] == [target] and len(each["inputs"]) == len(given)
        ]
        for number in numbers:
            body = {"data": given, "fn_index": number, "session_hash": "from before"}
            reply = client.post("/gradio_api/run/predict", json=body)
            assert reply.status_code == 200, reply.text
    assert numbers
    assert shows in reply.text
