"""Turn news articles into passages and attributed quotes, and keep an index of them up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

# First: it sets what libraries read from the environment when they are imported (`rag.environment`).
import rag.environment  # noqa: F401

if TYPE_CHECKING:
    from ingest.pipeline import Report, ingest
    from ingest.quotes import extract_quotes

__all__ = ["Report", "extract_quotes", "ingest"]


def __getattr__(name: str) -> object:
    """What this package gives, imported when it is first asked for: the process that reads files needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ingest import pipeline, quotes

    return getattr(quotes if name == "extract_quotes" else pipeline, name)
