"""A reader plays the model, or saved replies do: through the client that a real server is reached by."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from rag.config import Settings
from rag.errors import ModelError
from rag.judging.chat import ChatJudge, Choices
from rag.models import chat as chat_models
from rag.models.chat import ChatModel, load_chat_model
from rag.schema import Query
from tests.chat_fakes import SureOf, chosen, dam_hits
from tests.conftest import ROOT
from tests.judge_contract import check_judged

sys.path.insert(0, str(ROOT / "bench"))

import played
import stock_chain

QUERY = Query("Who said the gate is old?", "Who said the gate is old?")


@contextmanager
def model_of(player: played.Player) -> Iterator[ChatModel]:
    with played.server_of(player) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        chat_models._load.cache_clear()
        chat = load_chat_model(Settings.load(llm=f"http://127.0.0.1:{server.server_port}/v1", llm_timeout=30))
        assert chat is not None
        yield chat
        server.shutdown()


def play(folder: Path, number: int, reply: str) -> threading.Thread:
    """A reader who writes one reply as soon as there is the prompt."""

    def read() -> None:
        while not (folder / f"{number:04d}.txt").exists():
            time.sleep(0.01)
        (folder / f"{number:04d}.reply").write_text(reply, encoding="utf-8")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return reader


def test_a_reader_plays_the_model_and_the_reply_is_kept(tmp_path: Path) -> None:
    folder, replies = tmp_path / "prompts", tmp_path / "replies.jsonl"
    play(folder, 1, json.dumps(chosen((2, "answers", "Karl Poole"))))
    with model_of(played.Player(folder, replies, poll=0.01)) as chat:
        judged = ChatJudge(chat, SureOf(), token_budget=6000).judge(QUERY, dam_hits())
    assert (judged.by, judged.note, len(judged.judgements)) == ("played", "", 1)
    assert judged.judgements[0].seen is not None
    check_judged(judged, dam_hits())
    prompt = (folder / "0001.txt").read_text(encoding="utf-8")
    assert "[104] “The gate is old,” he said." in prompt
    assert "## form of the reply (JSON)" in prompt
    with model_of(played.Player(None, replies)) as chat:
        again = ChatJudge(chat, SureOf(), token_budget=6000).judge(QUERY, dam_hits())
    assert again == judged
    assert len(replies.read_text(encoding="utf-8").splitlines()) == 1


def test_a_prompt_without_a_saved_reply_is_an_error(tmp_path: Path) -> None:
    with model_of(played.Player(None, tmp_path / "none.jsonl")) as chat:
        with pytest.raises(ModelError, match="NotFound"):
            chat.ask(Choices, [HumanMessage("x")])
        judged = ChatJudge(chat, SureOf("gate"), token_budget=6000).judge(QUERY, dam_hits())
    assert judged.by == "embedded"
    assert judged.note


def test_prompts_are_numbered_on_and_a_stream_is_one(tmp_path: Path) -> None:
    (tmp_path / "0007.txt").write_text("an earlier one")
    play(tmp_path, 8, "seven")
    with model_of(played.Player(tmp_path, None, poll=0.01)) as chat:
        assert "".join(str(chunk.content) for chunk in chat.model.stream("Which?")) == "seven"
        assert chat.model.invoke("Which?").content == "seven"


def _words(texts: list[str]) -> list[list[float]]:
    """One axis a letter: enough to tell "dam" from "toll"."""
    return [[text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]


ARTICLES = [
    {"id": "dam", "title": "Dam stands", "text": "“The dam will hold,” mayor Ida Hale said. " + "It rained. " * 150},
    {"id": "toll", "publisher": "The Quay", "text": "“The toll goes up,” said Edda Quist."},
]


def test_a_stock_chain_answers_in_the_benchmarks_format(tmp_path: Path) -> None:
    quotes = [
        {"excerpt": 1, "speaker": "Edda Quist", "quote": "“The toll goes up,”"},
        {"excerpt": 1, "speaker": "Edda Quist", "quote": '"The toll goes up,"'},
        {"excerpt": 1, "speaker": "Edda Quist", "quote": "The toll goes down"},
        {"excerpt": 99, "speaker": "x", "quote": "toll"},
    ]
    reply = {"answered": True, "verdict": None, "answer": "Edda Quist: “The toll goes up,”", "quotes": quotes}
    play(tmp_path, 1, json.dumps(reply))
    chunks = stock_chain.Chunks(ARTICLES, _words)
    assert len(chunks) == 3
    question = {"id": "q", "question": "toll goes up, said Edda Quist?", "history": []}
    with played.server_of(played.Player(tmp_path, None, poll=0.01)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        chain = stock_chain.chain_of(f"http://127.0.0.1:{server.server_port}/v1", 30)
        row = stock_chain.answer(question, chunks, chain)
        server.shutdown()
    text = ARTICLES[1]["text"]
    assert (row["id"], row["answered"], row["verdict"]) == ("q", True, None)
    assert [text[c["start"] : c["end"]] for c in row["citations"]] == ["“The toll goes up,”", "The toll goes up,"]
    assert "[1] The Quay\n“The toll goes up,”" in (tmp_path / "0001.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("reply", [None, [], {"quotes": "none"}, {"answered": "yes", "quotes": [1, {"excerpt": "1"}]}])
def test_a_reply_in_another_form_is_no_answer(reply: object) -> None:
    row = stock_chain.row_of(reply, [])
    assert (row["answered"], row["verdict"], row["citations"]) == (False, None, [])
