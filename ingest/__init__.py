"""Turn news articles into passages and attributed quotes, and keep an index of them up to date."""

from ingest.pipeline import Report, ingest
from ingest.quotes import extract_quotes

__all__ = ["Report", "extract_quotes", "ingest"]
