"""What Gradio holds of each open page: how it is built, and nothing of what it shows.

A conversation lives in the browser and comes with each question. By itself, Gradio keeps for each of the last ten
thousand pages a copy of all that was sent with every question, for links that open a page as it was, which this page
does not offer. This module imports Gradio: import it when a page is served.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.routes import App
from gradio.state_holder import SessionState, StateHolder
from starlette.applications import Starlette
from starlette.routing import Mount

# A page that was let alone while so many others were used loses nothing: it is built anew when it is used again.
PAGES = 1000


class _Session(SessionState):
    """How one open page is built, as far as that was changed."""

    def __init__(self, page: gr.Blocks) -> None:
        # With no block to copy the look of: fifty pages that ask at once would wait half a second for that alone.
        super().__init__(SimpleNamespace(default_config=page.default_config, blocks=()))  # type: ignore[arg-type]
        self._parts = frozenset(self.blocks_config.blocks)

    def __setitem__(self, key: int, value: Any) -> None:
        # Each update that leaves a part as it is makes a new one, which Gradio would keep beside the first.
        if key in self._parts:
            super().__setitem__(key, value)

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep nothing: Gradio calls this with all that is sent to a page or comes from it."""


class _Sessions(StateHolder):
    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = _Session(self.blocks)
        return super().__getitem__(session_id)


def forget_what_is_shown(app: Starlette, page: gr.Blocks) -> None:
    """Let Gradio keep nothing of what the page shows, which is mounted in the application."""
    page.state_session_capacity = PAGES
    [mounted] = [each.app for each in app.routes if isinstance(each, Mount) and isinstance(each.app, App)]
    mounted.state_holder = _Sessions()  # type: ignore[no-untyped-call]
    mounted.state_holder.set_blocks(page)
