"""What somebody opened in a list of a view: `static/open.js` sends it, and a browser can send anything."""

from __future__ import annotations

import gradio as gr


def opened(event: gr.EventData) -> str:
    """The label of a person or the id of an article; "" for the list itself."""
    data = event._data
    return str(data.get("open") or "") if isinstance(data, dict) else ""
