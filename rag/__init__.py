"""Ask a collection of news articles who said what: `ask` gives an answer whose quotes are the articles' own."""

from rag.pipeline import ask, read_article, stream
from rag.schema import Answer, Citation

__all__ = ["Answer", "Citation", "ask", "read_article", "stream"]
