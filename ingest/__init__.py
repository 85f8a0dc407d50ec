"""Turn news articles into passages and attributed quotes, and keep an index of them up to date."""

# First: it sets what libraries read from the environment when they are imported (`rag.environment`).
import rag.environment  # noqa: F401

# isort: split
from ingest.pipeline import Report, ingest
from ingest.quotes import extract_quotes

__all__ = ["Report", "extract_quotes", "ingest"]
