"""Stand-ins for chat models, judges and readers, and articles to judge; they need nothing but the schema."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

from rag.models.chat import ChatModel
from rag.schema import (
    Article,
    ArticleInfo,
    History,
    Hit,
    Judged,
    Judgement,
    Party,
    Query,
    Quote,
    QuoteKind,
    Span,
    Speaker,
    Statement,
)
from tests.judge_contract import DAM, TOLL

# What a model does when it is asked: fill in the form, write something else, raise, or do whatever a function does.
Step = dict[str, Any] | str | Exception | Callable[[], Any]


class ScriptedChat(BaseChatModel):
    """Does one step of a script each time it is asked, the last one for ever; notes prompts and options."""

    script: list[Any]
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    options: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Runnable[Any, AIMessage]:
        return self.bind(form=tools[0].__name__, **options)

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **options: Any
    ) -> ChatResult:
        self.prompts.append(messages)
        self.options.append(options)
        step = self.script[min(len(self.prompts), len(self.script)) - 1]
        if callable(step):
            step = step()
        if isinstance(step, Exception):
            raise step
        if isinstance(step, str):
            reply = AIMessage(step)
        else:
            reply = AIMessage("", tool_calls=[{"name": options["form"], "args": step, "id": "1"}])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def chat_of(*script: Step, timeout: float = 30.0) -> tuple[ChatModel, ScriptedChat]:
    """A chat model that follows a script, and the fake in it that remembers what it was sent."""
    model = ScriptedChat(script=list(script))
    return ChatModel(model, "scripted", provider="server", timeout=timeout), model


def endless() -> dict[str, Any]:
    """A model that never comes to an end, as far as a test can tell."""
    time.sleep(20)
    return {}


def chosen(*choices: tuple[Any, ...]) -> dict[str, Any]:
    """The reply that points at (number, relation, speaker) each."""
    fields = ("number", "relation", "speaker")
    return {"chosen": [dict(zip(fields, (*choice, "")[:3], strict=True)) for choice in choices]}


NONE = chosen()


def prompt_of(model: ScriptedChat, call: int = -1) -> str:
    """What the model was sent, without the system's words."""
    return str(model.prompts[call][-1].content)


def span(text: str, words: str) -> Span:
    """The first place where words stand in a text."""
    return Span.of(text, text.index(words), text.index(words) + len(words))


def statement(
    article: Article, *words: str, by: str = "", role: str | None = None, kind: QuoteKind = "direct"
) -> Statement:
    """Words of an article as somebody's statement, in their line."""
    content = tuple(span(article.text, piece) for piece in words)
    start = article.text.rfind("\n", 0, content[0].start) + 1
    end = article.text.find("\n", content[-1].end)
    context = Span.of(article.text, start, len(article.text) if end < 0 else end)
    info = ArticleInfo(
        article.id, article.title, article.author, article.publication, article.published, article.url, article.sha256
    )
    speaker = Speaker(by, role, 0.9) if by else None
    return Statement(f"{article.id}/{content[0].start}", info, Quote(content, speaker=speaker, kind=kind), context)


def found(made: Statement, score: float, passage: Span | None = None) -> Hit:
    """A statement as the retriever returns it, in a passage or, without one, in its line."""
    return Hit(made, score, passage)


def dam_hits() -> list[Hit]:
    """Three statements of two articles; the first two in one passage, which has a third one that the index missed."""
    whole = Span.of(DAM.text, 0, len(DAM.text))
    return [
        found(
            statement(DAM, "“The dam will hold,”", "“We will not sell it.”", by="Ida Hale", role="mayor"), 0.9, whole
        ),
        found(statement(DAM, "“The gate is old,”", by="Ida Hale"), 0.7, whole),
        found(statement(TOLL, "“The toll goes up in May,”", by="Edda Quist", role="minister"), 0.4),
    ]


class SureOf:
    """A judge that is sure of the statements with these words, and gives every other one a small chance."""

    name = "embedded"

    def __init__(self, *words: str, likely: float = 0.95) -> None:
        self.words = words
        self.likely = likely
        self.asked = 0

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        self.asked += 1
        found = [Judgement(hit, answers=self._of(hit)) for hit in hits]
        return Judged(tuple(sorted(found, key=lambda each: -each.answers)), by=self.name)

    def _of(self, hit: Hit) -> float:
        return self.likely if any(words in hit.statement.quote.text for words in self.words) else 0.05


class PlainReader:
    """A reader that names whoever of a few people is named, and adds the last question to a short one."""

    people = ("Ida Hale", "Karl Poole", "Edda Quist")

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, question: str, history: History) -> Query:
        said = [str(message["content"]) for message in history if message["role"] == "user"]
        text = f"{question} {said[-1]}" if said else question
        self.read_texts.append(text)
        parties = [Party(name, (name,), (name,), named=True) for name in self.people if name in text]
        return Query(question, text, parties=tuple(parties))
