"""Many who ask at once: everybody is answered, hears from the page all the time, and what is measured of it is so."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, StartChat, free_port
from tests.proxy import run_apart, serving
from web import running
from web.conversation import Turn, converse
from web.serve import application

sys.path.insert(0, str(ROOT / "bench"))

import load
import newcomer

from ingest.loading.loaders import load as read_file

QUESTION = "What did Ida Hale say about the dam?"
AT_ONCE = 60  # More than Gradio lets begin at once by itself.


def crowd(*of_whom: Any) -> Any:
    return run_apart(lambda: load.crowd(*of_whom))


@pytest.mark.slow
def test_sixty_who_ask_at_once_are_all_told_that_somebody_is_at_work(
    dam_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, seen, met = threading.Event(), set(), []

    def held_up(turn: Turn, past: list[Turn], at: Path) -> Iterator[Turn]:
        met.append(held.wait(60))
        held.set()  # Where somebody saw nothing, the others need not wait for it as long.
        yield from converse(turn, past, at)

    monkeypatch.setattr(running, "converse", held_up)

    class Seeing(load.Person):
        def saw(self) -> None:
            seen.add(self.session)
            if len(seen) == AT_ONCE:
                held.set()

    monkeypatch.setattr(load, "Person", Seeing)
    with serving(application(dam_index), free_port()) as url:
        asked = crowd(url, AT_ONCE, 0.1, [QUESTION])
    # Nobody was answered before everybody had seen something.
    assert [each.error for each in asked] == [""] * AT_ONCE
    assert all(met)


def test_a_silence_and_a_failure_are_measured(dam_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(turn: Turn, past: object, at: object) -> Iterator[Turn]:
        time.sleep(1.5)
        yield Turn(turn.number, turn.question, status="It is broken.", failed=True)

    monkeypatch.setattr(running, "converse", silent)
    with serving(application(dam_index), free_port()) as url:
        [asked] = crowd(url, 1, 0.1, [QUESTION])
    assert asked.error == "It is broken."
    assert 0.4 < asked.silence <= asked.seconds


@pytest.mark.slow
@pytest.mark.model
def test_five_people_ask_for_a_while_without_an_error(start_chat: StartChat, seeds_index: Path) -> None:
    with start_chat(seeds_index, OTR_LLM="embedded", OTR_LLM_PORTS="none") as url:
        questions = load.questions_of(url)
        assert len(questions) > 5
        asked = crowd(url, 5, 5.0, questions)
    assert {each.error for each in asked} == {""}
    assert len(asked) >= 5
    # On a busy machine; `python bench/load.py` has the bound.
    assert max(each.silence for each in asked) < 3 * load.QUIET


def test_the_newcomer_s_pdf_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "bridge.pdf"
    file.write_bytes(newcomer.pdf_of(newcomer.PDF_TEXT))
    [article] = read_file(file).articles
    assert f'"{newcomer.SAID}" Greta Aldous said.' in article.text
