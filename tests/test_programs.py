"""Programs beside the page, against the running program: plain HTTP, Gradio's client and a real MCP client agree."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any
from urllib.request import Request, urlopen

import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import ROOT
from tests.fakes import in_own_loop
from web.conversation import NO_QUESTION

pytestmark = [pytest.mark.model, pytest.mark.slow]

QUESTION = "What did Peskov say about the new administration?"
WORDS = "The new administration is rapidly changing all foreign policy configurations."
TOOLS = ["ask", "find_quotes", "list_people", "verify_quote"]


def post(url: str, body: object) -> Any:
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=60) as reply:
        return json.load(reply)


async def over_mcp(url: str, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The tools that there are, and what each call gives: the object, or the error's text."""
    async with (
        streamable_http_client(f"{url}gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = (await session.list_tools()).tools
        replies = [await session.call_tool(name, arguments) for name, arguments in calls]
    texts = [reply.content[0].text for reply in replies]  # type: ignore[union-attr]
    return tools, [text if reply.isError else json.loads(text) for reply, text in zip(replies, texts, strict=True)]


def test_http_gradio_s_client_and_mcp_give_the_same_answer(chat: str) -> None:
    answer = post(f"{chat}api/ask", {"question": QUESTION, "history": []})
    assert WORDS in answer["citations"][0]["quote"]
    assert Client(chat, verbose=False).predict(QUESTION, api_name="/ask") == answer
    tools, (told,) = in_own_loop(over_mcp(chat, ("ask", {"question": QUESTION})))
    assert told == answer
    assert sorted(tool.name for tool in tools) == TOOLS
    assert all(len(tool.description) > 80 and tool.inputSchema["properties"] for tool in tools)


def test_a_follow_up_is_understood_from_the_history(chat: str) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": WORDS}]
    whole = post(f"{chat}api/ask", {"question": "And what did he say about their vision?", "history": history})
    assert any("our vision" in citation["quote"] for citation in whole["citations"])


def test_the_other_tools_answer_over_mcp(chat: str) -> None:
    _, (quotes, checked, denied, people) = in_own_loop(
        over_mcp(
            chat,
            ("find_quotes", {"words": "administration", "speaker": "Peskov", "limit": 1}),
            ("verify_quote", {"quote": WORDS, "speaker": "Peskov"}),
            ("verify_quote", {"quote": WORDS.replace("is rapidly", "is not rapidly"), "speaker": "Peskov"}),
            ("list_people", {"name": "Peskov"}),
        )
    )
    assert WORDS in quotes[0]["quote"]
    assert (checked["is_found"], checked["is_said"], denied["is_found"]) == (True, True, False)
    assert [person["name"] for person in people] == ["Dmitry Peskov"]


def test_what_cannot_be_asked_is_told_in_one_sentence_everywhere(chat: str) -> None:
    with pytest.raises(AppError, match=re.escape(NO_QUESTION)):
        Client(chat, verbose=False).predict(" ", api_name="/ask")
    _, (told,) = in_own_loop(over_mcp(chat, ("ask", {"question": " "})))
    assert NO_QUESTION in told


def test_every_example_of_the_page_s_documentation_works(chat: str) -> None:
    text = (ROOT / "docs" / "page.md").read_text().replace("http://127.0.0.1:7860/", chat)
    blocks = dict(re.findall(r"```(\w*)\n(.*?)```", text[text.index("## For programs") :], re.DOTALL)[:3])
    assert blocks.keys() == {"", "python", "json"}
    told = subprocess.run(["bash", "-c", blocks[""]], capture_output=True, text=True, check=True, timeout=60)
    assert WORDS in json.loads(told.stdout)["citations"][0]["quote"]
    names: dict[str, Any] = {}
    exec(blocks["python"], names)
    assert names["answer"]["citations"]
    [server] = json.loads(blocks["json"])["mcpServers"].values()
    assert server["url"] == f"{chat}gradio_api/mcp/"
    tools, _ = in_own_loop(over_mcp(server["url"].removesuffix("gradio_api/mcp/")))
    assert sorted(tool.name for tool in tools) == TOOLS


def test_every_route_that_is_documented_is_described(chat: str) -> None:
    text = (ROOT / "docs" / "page.md").read_text()
    documented = set(re.findall(r"^\| `(?:GET|POST) (/api/[\w-]+)", text, re.MULTILINE))
    with urlopen(f"{chat}api/openapi.json", timeout=30) as reply:
        described = {path.partition("/{")[0] for path in json.load(reply)["paths"] if path.startswith("/api/")}
    assert documented == described


def test_nothing_but_the_tools_is_offered_to_programs(chat: str) -> None:
    with urlopen(f"{chat}gradio_api/info", timeout=30) as reply:
        assert sorted(json.load(reply)["named_endpoints"]) == [f"/{name}" for name in TOOLS]
