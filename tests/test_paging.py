"""An index of any size is read batch by batch: SQLite binds a variable for each row, and has 32,766 of them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.index import chroma
from rag.index.opening import open_writer
from rag.index.rows import quote_id
from rag.index.store import open_store
from rag.schema import Article, Quote, Span
from tests.fakes import FakeEmbeddings, articles_of, quote, read_all, read_index, record, write_index


def test_many_quotes_are_written_and_read_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma, "WRITE_BATCH", 7)
    monkeypatch.setattr(chroma, "READ_BATCH", 5)
    articles = [Article(f"a{n}", "yes " * 20) for n in range(9)]
    said = [Quote((Span.of(articles[0].text, start, start + 3),)) for start in range(0, 80, 4)]
    write_index(tmp_path, *(record(article, *said) for article in articles))
    opened = read_index(tmp_path)
    assert opened.counts() == (9, 9, 180)
    wanted = [quote_id("a3", "f1", each) for each in said]
    assert [s.id for s in opened.statements(wanted)] == wanted
    assert len(opened.vectors(opened.statement_ids())) == 180
    with open_writer(tmp_path, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension) as writer:
        writer.remove([article.id for article in articles[:8]])
    assert read_index(tmp_path).counts() == (1, 1, 20)


class Narrow:
    """A collection that refuses, as SQLite does, to read the contents of more rows than `most` in one call."""

    def __init__(self, collection: Any, most: int) -> None:
        self._collection = collection
        self._most = most

    def get(self, *, include: list[str], **which: Any) -> Any:
        rows = self._collection.get(include=include, **which)
        assert not include or len(rows["ids"]) <= self._most, "too many SQL variables"
        return rows


def test_no_read_asks_for_more_rows_than_sqlite_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [Article(f"a{n}", f"“Yes {n},” said Ida Hale.") for n in range(11)]
    write_index(tmp_path, *(record(article, quote(article, "Yes", by="Ida Hale")) for article in articles))
    monkeypatch.setattr(chroma, "READ_BATCH", 5)
    opened = read_index(tmp_path)
    monkeypatch.setattr(opened, "_articles", Narrow(opened._articles, 5))
    monkeypatch.setattr(opened, "_quotes", Narrow(opened._quotes, 5))
    assert len(opened.entries()) == len(articles_of(opened)) == len(opened.statement_ids()) == 11
    assert len(opened.statements(opened.statement_ids())) == len(opened.vectors(opened.statement_ids())) == 11


@pytest.mark.slow
@pytest.mark.timeout(1800)  # A busy machine of two slow cores takes nine minutes.
def test_more_rows_than_sqlite_binds_variables_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = 32_767
    # The graph of the vectors is not the subject, and costs most of the time.
    monkeypatch.setattr(chroma, "GRAPH", {"space": "cosine", "max_neighbors": 2, "ef_construction": 2})
    vector = np.ones((1, 2), dtype=np.float32)
    with open_writer(tmp_path, model="tiny", dimension=2) as writer:
        for begin in range(0, many, 1000):
            articles = [Article(f"a{n}", "“Yes.”") for n in range(begin, min(begin + 1000, many))]
            records = [record(article, quote(article, "Yes.")) for article in articles]
            writer.write([dataclasses.replace(r, passage_vectors=vector, quote_vectors=vector) for r in records])
        assert len(writer.entries()) == many
    opened = open_store(tmp_path, model="tiny", dimension=2)
    catalogue = read_all(opened)
    assert len(catalogue.ids) == len(articles_of(opened)) == len(opened.statements(catalogue.ids)) == many
    assert len(opened.vectors(catalogue.ids)) == many
