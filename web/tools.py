"""The tools that assistants see over MCP, and Gradio's clients by the same names: `ask` and its siblings.

An assistant reads the docstrings here and nothing else. The tools return text as JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import gradio as gr
from gradio.events import api as gradio_api

from rag.errors import OnTheRecordError
from web.conversation import TROUBLE
from web.programs import Programs

log = logging.getLogger(__name__)


def add_tools(programs: Programs) -> None:
    """Offer the tools; call it inside the page's `with`. Outside Gradio's queue: the line is their queue."""

    async def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """Answer a question about who said what from the indexed news articles.

        Every quotation in the answer stands letter for letter in the article that its citation names. "answered" is
        false when the articles do not say; "verdict" is "yes" or "no" where the question asks whether somebody said
        something, and "no" together with what they, or others, did say. Quote only the words of "citations".

        Args:
            question: What a person would type, such as: Did the mayor say that the harbour is unsafe?
            history: The conversation so far, messages of {"role", "content"}, oldest first.
        """
        return await programs.ask(question, history)

    async def find_quotes(words: str = "", speaker: str = "", limit: int = 20) -> list[dict[str, Any]]:
        """Find statements in the articles by what they are about, by who says them, or both.

        Args:
            words: What the statements are about; empty for everything that the speaker says.
            speaker: A name, surname or role of the speaker; empty for anybody.
            limit: How many statements at most, up to 200.
        """
        return await asyncio.to_thread(programs.find_quotes, words, speaker, limit)

    async def verify_quote(quote: str, speaker: str = "") -> dict[str, Any]:
        """Check whether a quotation stands in the articles letter for letter, where, and who says it there.

        "is_found" says that the words stand somewhere, "is_said" that they are a statement of the speaker given, or of
        anybody when none is given. "speakers" are those who say them in the articles.

        Args:
            quote: The words to check, without quotation marks.
            speaker: Who is said to have said them; empty for anybody.
        """
        return await asyncio.to_thread(programs.verify_quote, quote, speaker)

    async def list_people(name: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """List who is quoted in the articles, the most quoted first, with roles, outlets, dates and counts.

        Args:
            name: A name, surname or role to look for; empty for everybody.
            limit: How many people at most.
        """
        return await asyncio.to_thread(programs.list_people, name, limit)

    for tool in (ask, find_quotes, verify_quote, list_people):
        gradio_api(_told(tool), api_name=tool.__name__, queue=False)


def speak_json(page: gr.Blocks) -> None:
    """Let the tools of a page that serves MCP give JSON: Gradio gives Python's own notation, which nobody else reads.

    Nor is anything in an article taken for a file or a picture to fetch.
    """
    from mcp.types import TextContent

    def texts(outputs: list[Any], root_url: str) -> list[TextContent]:
        return [TextContent(type="text", text=json.dumps(output, ensure_ascii=False)) for output in outputs]

    server: Any = page.mcp_server_obj
    server.postprocess_output_data = texts


def _told(tool: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The tool, with what goes wrong on purpose told to whoever calls it, in its one sentence."""

    @wraps(tool)
    async def telling(*args: Any, **given: Any) -> Any:
        try:
            return await tool(*args, **given)
        except OnTheRecordError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            # Gradio would print it, with what it says: that can repeat an article or a question.
            log.exception("a tool failed")
            raise gr.Error(TROUBLE, print_exception=False) from error

    return telling
