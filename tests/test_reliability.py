"""An index after kill -9 at any moment and one more run is the index of a run that nobody disturbed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.index.store import COLLECTIONS, open_store, read_version
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, read_all

pytestmark = pytest.mark.slow

ARTICLES = 18
# Small batches: a run goes back and forth between reading, embedding and each step of writing.
DRIVER = """
import sys
import ingest.pipeline
from tests.fakes import FakeEmbeddings, read_all
ingest.pipeline.EMBED_BATCH = 6
def show(done, total, name):
    print(done, flush=True)
report = ingest.pipeline.ingest([sys.argv[1]], index=sys.argv[2], embeddings=FakeEmbeddings(), progress=show)
print(report)
sys.exit(len(report.failed))
"""


@dataclass(frozen=True)
class Rows:
    """Everything in one collection, in the order of the ids."""

    ids: list[str]
    documents: list[str]
    metadatas: list[dict[str, Any]]
    vectors: np.ndarray


def read(index: Path) -> tuple[list[Rows], list[str]]:
    store = open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    collections = [getattr(store, f"_{name}") for name in COLLECTIONS]
    found = []
    for collection in collections:
        rows = collection.get(include=["documents", "metadatas", "embeddings"])
        order = sorted(range(len(rows["ids"])), key=rows["ids"].__getitem__)
        ids, documents, metadatas = ([rows[key][i] for i in order] for key in ("ids", "documents", "metadatas"))
        found.append(Rows(ids, documents, metadatas, np.asarray(rows["embeddings"])[order]))
    roots = store.roots()
    store.close()
    return found, roots


def check_same(index: Path, undisturbed: Path) -> None:
    (found, found_roots), (wanted, wanted_roots) = read(index), read(undisturbed)
    for name, rows, others in zip(COLLECTIONS, found, wanted, strict=True):
        assert rows.ids == others.ids, name
        assert rows.documents == others.documents, name
        assert rows.metadatas == others.metadatas, name
        np.testing.assert_allclose(rows.vectors, others.vectors, atol=1e-6, err_msg=name)
    assert found_roots == wanted_roots
    # What is stored is also what is found: each quote is its own nearest.
    store = open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    for id, vector in store.vectors(found[2].ids).items():
        [nearest] = store.search_quotes(vector, 1)
        assert np.allclose(store.vectors([nearest])[nearest], vector, atol=1e-5), id
    store.close()


def write_articles(folder: Path) -> None:
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"a{number:02}.txt").write_text(
            f"Ana Torvik opened bridge number {number} on Monday. “It will stand for {number} years,” she said.\n\n"
            f"Per Lund, who built it, said that it had cost {number + 3} million crowns and {number} boats.\n\n"
            f"“Nobody will swim to island {number},” said Ida Moe, the ferry’s captain. “The ferry will not sail.”",
            encoding="utf-8",
        )


def change_articles(folder: Path) -> None:
    for number in range(0, ARTICLES, 2):
        path = folder / f"a{number:02}.txt"
        path.write_text(path.read_text(encoding="utf-8").replace("Monday", "Tuesday"), encoding="utf-8")
    for number in range(1, ARTICLES, 6):
        (folder / f"a{number:02}.txt").unlink()
    (folder / "z.txt").write_text("“The ferry will sail again,” Ida Moe said.", encoding="utf-8")


def start(folder: Path, index: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, str(folder), str(index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(folder: Path, index: Path) -> None:
    process = start(folder, index)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output


def kill(folder: Path, index: Path, after: int, seconds: float) -> None:
    """Start a run and kill -9 it some time after it has reported that so many files are done."""
    process = start(folder, index)
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == str(after):
            time.sleep(seconds)
            process.kill()
            break
    process.stdout.close()
    assert process.wait(30) == -signal.SIGKILL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "articles"
    write_articles(folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> Path:
    index = folder.parent / "undisturbed"
    finish(folder, index)
    return index


# The moments are drawn once, so that a failure comes back. Writing an article takes 20 to 100 ms.
DRAWN = random.Random(7)
MOMENTS = sorted((DRAWN.randrange(1, ARTICLES - 8), DRAWN.uniform(0, 0.05)) for _ in range(5))


def test_a_first_run_killed_again_and_again_ends_in_the_same_index(
    folder: Path, undisturbed: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    for after, seconds in MOMENTS:
        kill(folder, index, after, seconds)
    finish(folder, index)
    check_same(index, undisturbed)


def test_an_update_killed_again_and_again_ends_in_the_index_of_a_fresh_run(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    write_articles(folder)
    finish(folder, index)
    change_articles(folder)
    for after, seconds in MOMENTS[1:4]:
        kill(folder, index, after, seconds)
    finish(folder, index)
    finish(folder, tmp_path / "fresh")
    check_same(index, tmp_path / "fresh")


def test_a_killed_run_leaves_no_article_that_is_half_there(folder: Path, undisturbed: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    kill(folder, index, ARTICLES // 2, 0.03)
    whole = open_store(undisturbed, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    killed = open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    seen = {*killed.entries()}
    assert 0 < len(seen) < ARTICLES
    catalogue, wanted = read_all(killed), read_all(whole)
    assert set(catalogue.ids) == {
        id for id, article in zip(wanted.ids, wanted.articles, strict=True) if article in seen
    }
    killed.close()
    whole.close()


def test_a_reader_in_another_process_sees_the_new_articles_once_the_writer_is_done(
    folder: Path, undisturbed: Path, tmp_path: Path
) -> None:
    index, articles = tmp_path / "index", tmp_path / "articles"
    shutil.copytree(undisturbed, index)
    reader = open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    assert reader.version == read_version(index)
    articles.mkdir()
    (articles / "new.txt").write_text("“The ferry will sail again,” Ida Moe said.", encoding="utf-8")
    finish(articles, index)
    assert reader.version != read_version(index)
    again = open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)
    assert again.article("new").text.startswith("“The ferry")
    [vector] = FakeEmbeddings().embed(["Ida Moe: The ferry will sail again"])
    [statement] = again.statements(again.search_quotes(vector, 1))
    assert statement.article.id == "new"
    again.close()
    reader.close()
