"""How the page's own events are bound."""

from __future__ import annotations

from typing import Any

# No endpoint for programs, and nothing that shows that something is being done. What is chosen is not compared with
# what was offered: a page that was open when the program was started again still shows that offer, and what comes is
# looked up as anything typed is.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "preprocess": False}
# At once, beside the events that wait for their turn.
QUICK = QUIET | {"queue": False}
