"""REST for programs, described at /api/openapi.json, and the fragments that the page itself fetches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from rag.errors import ConfigError, StoreError
from rag.index.store import is_whole
from rag.lookup import Checked, Quoted
from rag.pipeline import MAX_QUESTION_CHARS, read_article
from rag.schema import Answer, Citation, Span
from rag.verification.prose import shown
from rag.writing.formats import FORMATS
from web.programs import MAX_MESSAGE_CHARS, Programs
from web.render import reading_html

MAX_FOUND = 200


class Message(BaseModel):
    """One message of a conversation."""

    role: str = Field(description="user or assistant")
    content: str = Field(max_length=MAX_MESSAGE_CHARS)


class Question(BaseModel):
    """What POST /api/ask takes."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(
        description="What a person would type.", examples=["What did the minister say about the dam?"]
    )
    history: list[Message] = Field([], description="The conversation so far, oldest first.")


class Quotation(BaseModel):
    """What POST /api/verify-quote takes."""

    model_config = ConfigDict(extra="forbid")

    quote: str = Field(description="The words to check.", max_length=MAX_QUESTION_CHARS)
    speaker: str = Field("", description="Who is said to have said them; empty for anybody.")


class Refusal(BaseModel):
    """What is sent in place of a reply that cannot be given."""

    detail: str = Field(description="One sentence: what was given, and what was expected.")


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "What was sent cannot be used"},
    404: {"model": Refusal, "description": "There is no such index or article"},
    422: {"model": Refusal, "description": "What was sent has another form"},
    503: {"model": Refusal, "description": "Nothing can be answered now"},
}


def routes(index: Path, programs: Programs) -> APIRouter:
    """Every route over an index."""
    whole = APIRouter()
    api = APIRouter(responses=REFUSALS)

    @api.post("/api/ask", response_model=Answer, summary="Ask who said what")
    async def ask(body: Question) -> Any:
        return await programs.ask(body.question, [message.model_dump() for message in body.history])

    @api.get("/api/quotes", response_model=list[Citation], summary="Find statements by words, speaker or both")
    def quotes(words: str = "", speaker: str = "", limit: int = 20) -> Any:
        return programs.find_quotes(words, speaker, limit)

    @api.post("/api/verify-quote", response_model=Checked, summary="Check whether a quotation stands in the articles")
    def verify_quote(body: Quotation) -> Any:
        return programs.verify_quote(body.quote, body.speaker)

    @api.get("/api/people", response_model=list[Quoted], summary="List who is quoted")
    def people(name: str = "", limit: int = MAX_FOUND) -> Any:
        return programs.list_people(name, limit)

    @api.get("/api/articles", summary="List what is indexed")
    def articles() -> list[dict[str, Any]]:
        return programs.list_articles()

    @api.post("/api/verify", summary="Check an exported answer against the index")
    def verify(answer: dict[str, Any]) -> dict[str, Any]:
        return programs.verify_answer(answer)

    @api.post("/api/export/{form}", summary="An answer as a file: markdown, html, json or csv")
    def export(form: str, answer: dict[str, Any]) -> Response:
        if form not in FORMATS:
            raise ConfigError(f"There is no form {form[:40]!r}: choose one of {', '.join(FORMATS)}.")
        _, kind, suffix = FORMATS[form]
        # A page from this address must not run as this page does.
        headers = {
            "Content-Disposition": f'attachment; filename="answer.{suffix}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(programs.export(form, answer), media_type=f"{kind}; charset=utf-8", headers=headers)

    @whole.get("/health", summary="Whether questions can be asked")
    def health() -> JSONResponse:
        is_ready = is_whole(index)
        return JSONResponse({"status": "ok" if is_ready else "no index"}, status_code=200 if is_ready else 503)

    @api.get("/reading/{article_id:path}", include_in_schema=False)
    def reading(article_id: str, spans: str, cues: str = "") -> HTMLResponse:
        """An article with the pieces of a statement marked: `spans` and `cues` are offsets as 3-17,20-31."""
        try:
            article = read_article(article_id, index=index)
            return HTMLResponse(reading_html(article, _cut(article.text, spans), _cut(article.text, cues)))
        except ValueError as error:
            raise HTTPException(404, "Offsets are given as 3-17,20-31 and lie in the article's text.") from error

    whole.include_router(api)
    return whole


def told(_: Request, error: Exception) -> JSONResponse:
    """Any error that the program raises on purpose, as the one sentence that it is."""
    status = 400 if isinstance(error, ConfigError) else 404 if isinstance(error, StoreError) else 503
    return JSONResponse({"detail": str(error)}, status_code=status)


def refused(_: Request, error: Exception) -> JSONResponse:
    """The first thing that is wrong with the form of a request, as one sentence like any other error."""
    wrong = error.errors() if isinstance(error, RequestValidationError) else []
    return JSONResponse({"detail": _refusal(wrong[0]) if wrong else str(error)}, status_code=422)


def _refusal(wrong: Mapping[str, Any]) -> str:
    part, *inner = wrong["loc"]
    place = ".".join(map(str, inner))
    where = f"“{place}” in its {part}" if place and wrong["type"] != "json_invalid" else f"its {part}"
    expected = str(wrong["msg"]).removeprefix("Input should be ").removeprefix("String should have ")
    match wrong["type"]:
        case "missing":
            told, expected = f"no {where.removeprefix('its ')}", "one"
        case "extra_forbidden":
            told, expected = where, "no such field"
        case "json_invalid":
            told, expected = f"{where} that cannot be read ({wrong['ctx']['error']})", "JSON"
        case "model_attributes_type" | "dict_type":
            told, expected = f"{shown(wrong['input'])} for {where}", "a JSON object, sent as application/json"
        case _:
            told = f"{shown(wrong['input'])} for {where}"
    return f"The request has {told}; expected {expected}: /api/openapi.json says what is taken."


def _cut(text: str, places: str) -> list[Span]:
    """The spans at offsets such as 3-17,20-31; ValueError when they are none of the text's."""
    found = [Span.of(text, *map(int, place.split("-", 1))) for place in places.split(",") if place]
    if places and not found:
        raise ValueError(places)
    return found
