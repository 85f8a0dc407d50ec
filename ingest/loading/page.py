"""Read the article out of a web page."""

from __future__ import annotations

from typing import Any

from ingest.loading.common import LoadError, Read
from rag.schema import Article


def read_html(data: bytes) -> Read:
    """Read the article out of a web page, without menus, comments and footers."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(
        data,
        with_metadata=True,
        include_comments=False,
        # Only a date that the page declares, and the first one: no guess from numbers in its text.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if page is None:
        raise LoadError("no article text was found in the page; save the page of one article, not of a list")
    found = page.as_dict()
    article = Article(
        id="",
        text="\n\n".join(line.strip() for line in (found["text"] or "").splitlines() if line.strip()),
        title=found["title"],
        author=found["author"],
        publication=found["sitename"],
        published=found["date"],
        url=found["url"],
    )
    return Read.one(article)
