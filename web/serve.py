"""Serve the page, and what programs use, from one address until the program is stopped."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Settings
from rag.errors import OnTheRecordError
from rag.models.embeddings import load_embeddings
from rag.models.local import ports_asked
from rag.pipeline import open_chain
from web.below import Below
from web.door import Door
from web.line import Line
from web.login import USER, Login, users
from web.logs import QuestionLog, Requests
from web.markup import render, static
from web.metrics import METRICS_TYPE, Metrics
from web.programs import Programs

if TYPE_CHECKING:
    from fastapi import FastAPI

MAX_UPLOAD = "25mb"
ANSWERS_AT_ONCE = 2  # The embedded models share the cores: more at once only make each of them slower.
# Whoever waits in line holds an event of Gradio's, which would let 40 begin: those who come later would see nothing.
EVENTS_AT_ONCE = 256
SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
log = logging.getLogger(__name__)


def application(index: Path, names: Sequence[str] = (), root: str = "") -> FastAPI:
    """The page at /, and REST below /api.

    `names` are those that it is called by besides this machine's, `root` is the path that a proxy gives it.
    """
    import gradio as gr
    from fastapi import FastAPI, Response
    from fastapi.exceptions import RequestValidationError

    from web.page import build
    from web.rest import refused, routes, told
    from web.sessions import forget_what_is_shown
    from web.tools import speak_json

    known = users()
    ports_asked()  # What cannot be read is told now, and not when somebody opens the page.
    metrics = Metrics(index)
    line = Line(ANSWERS_AT_ONCE, watchers=(metrics, QuestionLog()))
    programs = Programs(index, line)
    # No pages about the interface: theirs are loaded from another host. The description itself is at this address.
    app = FastAPI(title="On the Record", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.include_router(routes(index, programs))
    app.add_api_route("/metrics", lambda: Response(metrics.text(), media_type=METRICS_TYPE), include_in_schema=False)
    app.add_exception_handler(OnTheRecordError, told)
    app.add_exception_handler(RequestValidationError, refused)
    page = build(index, line, programs)
    page.max_threads = EVENTS_AT_ONCE
    page.queue(default_concurrency_limit=None)
    theme = gr.themes.Base(primary_hue="slate", neutral_hue="stone", font=SANS, font_mono=["ui-monospace", "monospace"])
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme,
        css=static("style.css"),
        js=static("page.js"),
        head=render("head.html"),
        footer_links=[],
        run_history=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        mcp_server=True,
        root_path=root or None,
        # Gradio itself asks who it is, too, and tells the page.
        auth_dependency=(lambda request: request.scope.get(USER)) if known else None,
        show_error=False,
    )
    forget_what_is_shown(app, page)
    speak_json(page)
    if known:
        app.add_middleware(Login, users=known)
    # Added after it, it stands before it: a request of another page is not even asked who it is.
    app.add_middleware(Door, names=names)
    # Outside it, so that refusals are written down, too.
    app.add_middleware(Requests)
    if root:
        app.add_middleware(Below, root=root)
    return app


def serve(index: Path, host: str, port: int, *, names: Sequence[str] = (), root: str = "") -> None:
    """Serve until Ctrl+C; the models load meanwhile. `names` and `root` are those of `application`."""
    import uvicorn

    _skip_proxies(host)
    app = application(index, names, root)
    threading.Thread(target=_warm, args=(index,), daemon=True, name="warm").start()

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            print(f"On the Record is at http://{host}:{port}{root} (Ctrl+C stops it).", flush=True)  # noqa: T201

    # An answer that streams when the program is stopped is broken off.
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, log_level="warning", timeout_graceful_shutdown=1
    )
    Server(config).run()


def _skip_proxies(host: str) -> None:
    """Keep what this program sends to itself away from the proxy that an office network may prescribe."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, [os.environ.get(name), "127.0.0.1", "localhost", host]))


def _warm(index: Path) -> None:
    """Load the models before the first question needs them; a failure shows when one is asked."""
    try:
        open_chain(Settings.load(index=index))
        load_embeddings().embed(["Who said what?"])
    except OnTheRecordError as error:
        log.warning("the models are not ready: %s", error)
    except Exception:  # a thread's border: what it says may hold an article's words, and goes the log's way
        log.exception("the models are not ready")
