"""What the program writes about its work, as text or as one JSON object a line: no words of an article or an asker.

Those who run it for others see what happens, not who asks what; `OTR_LOG_QUESTIONS=1` asks for the questions, too.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING

from rag.errors import ConfigError
from web.line import Place

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARIABLE, QUESTIONS = "OTR_LOG", "OTR_LOG_QUESTIONS"
FORMS = ("text", "json")
OURS = ("rag", "ingest", "web")
# What a line has beside its message, in this order, where it is known.
FIELDS = ("method", "route", "status", "outcome", "seconds", "waited", "question")
REQUEST = "otr-request"  # Where a request's id stands in its scope.
HEADER = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_current: ContextVar[str | None] = ContextVar("request", default=None)
log = logging.getLogger(__name__)

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(form: str | None = None) -> None:
    """Write to stderr in a form of FORMS, by default that of OTR_LOG, or text; ConfigError for any other.

    Text has warnings and errors, JSON also a line for each request and each question.
    """
    form = form or os.environ.get(VARIABLE) or FORMS[0]
    if form not in FORMS:
        raise ConfigError(f"{VARIABLE} is {form!r}; expected one of {', '.join(FORMS)}.")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if form == "json" else Discreet("%(message)s"))
    root = logging.getLogger()
    for before in [each for each in root.handlers if isinstance(each.formatter, Discreet)]:
        root.removeHandler(before)
    root.addHandler(handler)
    logging.captureWarnings(form == "json")
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO if form == "json" else logging.NOTSET)


def questions_wanted() -> bool:
    """True when the environment asks for the questions in the log; ConfigError when it cannot be understood."""
    given = os.environ.get(QUESTIONS, "")
    if given not in ("", "0", "1"):
        raise ConfigError(f"{QUESTIONS} is {given!r}; expected 1 to write questions into the log, or 0.")
    return given == "1"


class Discreet(logging.Formatter):
    """Plain text, with where an exception was raised and its kind: what it says can repeat an article or a question."""

    def __init__(self, form: str | None = None) -> None:
        super().__init__(form)
        self._whole = questions_wanted()

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; what another formatter made of its exception is not taken over."""
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: Raised) -> str:
        """The exception and its causes, the first cause first."""
        if self._whole:
            return super().formatException(ei)
        return "\n".join(reversed([_outline(error) for error in _causes(ei[1])]))


class Lines(Discreet):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; what is not known is left out."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request", None) or _current.get(),
        }
        line |= {field: getattr(record, field, None) for field in FIELDS}
        line["exception"] = self.formatException(record.exc_info) if record.exc_info else None
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _outline(error: BaseException) -> str:
    return f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__module__}.{type(error).__qualname__}"


class Requests:
    """ASGI middleware that gives each request an id, tells it to whoever asks, and writes a line when it is served.

    A proxy can give the id, as X-Request-ID. The line has the route and not the path: in paths and queries stand
    article ids and what people look for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = next((value for key, value in scope["headers"] if key == HEADER), b"")
        name = given if _GIVEN.fullmatch(given) else secrets.token_hex(8).encode()
        scope[REQUEST] = name.decode()
        _current.set(scope[REQUEST])
        started, status = time.monotonic(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, name)]}
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            seconds = round(time.monotonic() - started, 3)
            more = {"method": scope["method"], "route": route, "status": status, "seconds": seconds}
            log.info("%s %s %d", scope["method"], route, status, extra=more | {"request": scope[REQUEST]})
        return None


def belongs_to(scope: Scope) -> None:
    """Let what is written from here on carry the id of a request whose work goes on outside it."""
    _current.set(scope.get(REQUEST))


class QuestionLog:
    """Watches a line, and writes how each question ended; the question itself where that is wanted."""

    def __init__(self) -> None:
        self._with_question = questions_wanted()

    def entered(self, place: Place) -> None:
        """Nothing is written before the end."""

    def left(self, place: Place) -> None:
        """Write one line."""
        more: dict[str, object] = {"outcome": place.outcome}
        more |= {"seconds": round(place.worked, 3), "waited": round(place.waited, 3)}
        if self._with_question:
            more["question"] = place.question
        log.info("a question: %s", place.outcome.replace("_", " "), extra=more)
