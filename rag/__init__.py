"""Ask a collection of news articles who said what: `ask` gives an answer whose quotes are the articles' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag import environment

if TYPE_CHECKING:
    from rag.pipeline import ask, read_article, stream
    from rag.schema import Answer, Citation

environment.settle()

__all__ = ["Answer", "Citation", "ask", "read_article", "stream"]


def __getattr__(name: str) -> object:
    """What this package gives, imported when it is first asked for: `ingest` needs the schema, not the chain."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from rag import pipeline

    return getattr(pipeline, name)
