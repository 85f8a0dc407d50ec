"""What is derived of an index: kept article by article, made anew when it is missing, torn or old, never trusted."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from rag.errors import StaleError, StoreError
from rag.index import columns
from rag.index.chroma import Chroma
from rag.index.columns import FILE, FOLDER, Columns
from rag.index.damage import DATABASE
from rag.index.derive import QUOTES, discard
from rag.index.opening import open_writer
from rag.index.renew import is_current
from rag.index.seal import open_sums
from rag.index.words import FOLDER as WORDS
from rag.index.words import Words
from rag.index.writer import Writer
from rag.retrieval import retriever as retrieval
from rag.retrieval.retriever import Retriever
from rag.schema import Article, Party, Query
from rag.text import terms
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, party, quote, read_all, read_index, record, write_index

MODEL = FakeEmbeddings()
NAMES = ("Ida Hale", "Karl Poole", "Poole", "Ann Reed", "Reed", "Ida", "the mayor", "she")


def article(number: int, day: str = "Monday") -> Article:
    text = f"On {day} “the bridge number{number} will hold,” said Ida Hale.\n“Quay{number} is closed,” said Karl Poole."
    return Article(f"a{number}", text, title=f"Bridge {number}", published=f"2026-01-{number + 1:02}")


def made(number: int, day: str = "Monday") -> Any:
    one = article(number, day)
    hale = quote(one, f"the bridge number{number} will hold,", by="Ida Hale", role="mayor")
    poole = quote(one, f"Quay{number} is closed,", by="Karl Poole")
    return record(one, hale, poole, fingerprint=day)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_index(tmp_path / "index", *map(made, range(4)))
    return tmp_path / "index"


def found(index: Path, words: str, *parties: Party) -> list[str]:
    hits = Retriever(read_index(index), MODEL).retrieve(Query(words, words, parties=parties), k=3)
    return [hit.statement.quote.text for hit in hits]


def execute(index: Path, statement: str) -> None:
    with closing(sqlite3.connect(index / FOLDER / FILE)) as database:
        database.execute(statement)
        database.commit()


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def overwrite(file: Path) -> None:
    """Noise in the middle of a file, whose end stays as it is."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 4)
        opened.write(b"\xa5" * 9)


HARMS: dict[str, Callable[[Path], Any]] = {
    "all of it is gone": discard,
    "the columns are gone": lambda index: (index / FOLDER / FILE).unlink(),
    "the columns are noise": lambda index: (index / FOLDER / FILE).write_bytes(b"noise" * 999),
    "the columns are empty": lambda index: os.truncate(index / FOLDER / FILE, 0),
    "they are of another version": lambda index: execute(index, "UPDATE meta SET value = '0' WHERE key = 'version'"),
    "they stand for another state": lambda index: execute(index, "UPDATE meta SET value = 'x:1' WHERE key = 'token'"),
    "the vectors are gone": lambda index: (index / FOLDER / QUOTES).unlink(),
    "the vectors are cut": lambda index: cut(index / FOLDER / QUOTES),
    "the words are gone": lambda index: shutil.rmtree(index / WORDS),
    "the list of the words is noise": lambda index: (index / WORDS / "meta.json").write_text("noise"),
    "the words are cut": lambda index: cut(next((index / WORDS).glob("*.idx"))),
    "the words are noise": lambda index: overwrite(next((index / WORDS).glob("*.idx"))),
    "the lengths of the words' texts are noise": lambda index: overwrite(next((index / WORDS).glob("*.fieldnorm"))),
    "some words are gone": lambda index: next((index / WORDS).glob("*.term")).unlink(),
    "the words are of another state": lambda index: execute(index, "UPDATE meta SET value = 1 WHERE key = 'opstamp'"),
}


@pytest.mark.parametrize("opened_by", ["a reader", "a writer"])
@pytest.mark.parametrize("harm", HARMS)
def test_it_is_made_anew_when_it_is_not_there(index: Path, harm: str, opened_by: str) -> None:
    wanted = read_all(read_index(index))
    HARMS[harm](index)
    assert not is_current(index)
    if opened_by == "a writer":
        write_index(index)
        assert is_current(index)
    assert read_all(read_index(index)) == wanted
    assert is_current(index)
    assert found(index, "bridge number2 hold")[0] == "the bridge number2 will hold,"
    assert Retriever(read_index(index), MODEL).people.find("Hale") == ("Ida Hale",)


def test_an_index_of_a_model_of_another_dimension_is_not_made_of_its_vectors(index: Path) -> None:
    execute(index, "UPDATE meta SET value = 3 WHERE key = 'dimension'")
    write_index(index, made(5))
    assert found(index, "bridge number5 hold")[0] == "the bridge number5 will hold,"


# A process that ends at once where it is told to, as by a kill.
KILLED = """
import os, sys
from pathlib import Path
from rag.index import derive, vectors, words
from tests.test_derived import made
from tests.fakes import write_index
where = sys.argv[2]
def end(*_, **__): os._exit(9)
def end_behind(*args):
    commit(*args)
    os._exit(9)
if where == "before": derive.Deriver.put = end
if where == "unseen": derive.Deriver.commit = end
if where == "flushed": commit, vectors.VectorWriter.flush = vectors.VectorWriter.flush, end_behind
if where == "between": commit, words.WordsWriter.commit = words.WordsWriter.commit, end_behind
if sys.argv[3] == "reclaiming":
    derive.GONE, derive.LEAST_GONE = 0, 1
    derive.Deriver.is_due = lambda _: False
write_index(Path(sys.argv[1]), made(1, "Tuesday"), made(7))
"""


@pytest.mark.parametrize("opened_by", ["a reader", "a writer"])
@pytest.mark.parametrize(
    "where", ["before", "unseen", "flushed", "between", "unseen reclaiming", "flushed reclaiming", "between reclaiming"]
)
def test_what_chroma_has_before_a_kill_is_caught_up_with(index: Path, where: str, opened_by: str) -> None:
    step, _, is_reclaiming = where.partition(" ")
    done = subprocess.run([sys.executable, "-c", KILLED, str(index), step, is_reclaiming], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert not is_current(index)
    if opened_by == "a writer":
        write_index(index)
    opened = read_index(index)
    assert "Tuesday" in opened.article("a1").text
    assert {*read_all(opened).articles} == {"a0", "a1", "a2", "a3", "a7"}
    assert found(index, "bridge number7 hold")[0] == "the bridge number7 will hold,"
    assert is_current(index)


def only_noted(index: Path, *records: Any) -> None:
    """Leave an index as a kill does when Chroma has noted what it was given and has not yet made it rows."""
    written = index.parent / "written"
    shutil.copytree(index, written)
    write_index(written, *records)
    queue = "SELECT * FROM embeddings_queue ORDER BY seq_id"
    with closing(sqlite3.connect(written / DATABASE)) as database:
        noted = database.execute(queue).fetchall()
    open_sums(index)
    with closing(sqlite3.connect(index / DATABASE)) as database:
        new = noted[len(database.execute(queue).fetchall()) :]
        added = new[: 1 + max(n for n, row in enumerate(new) if row[4] in {one.article.id for one in records})]
        database.executemany(f"INSERT INTO embeddings_queue VALUES ({', '.join('?' * len(new[0]))})", added)
        database.commit()


@pytest.mark.parametrize("opened_by", ["a reader", "a writer"])
def test_what_chroma_has_only_noted_before_a_kill_is_caught_up_with(index: Path, opened_by: str) -> None:
    only_noted(index, made(1, "Tuesday"), made(7))
    if opened_by == "a reader":
        read_index(index)
    write_index(index, made(8))
    opened = read_index(index)
    assert "Tuesday" in opened.article("a1").text
    assert {*read_all(opened).articles} == {"a0", "a1", "a2", "a3", "a7", "a8"}
    assert is_current(index)


def test_a_reader_keeps_its_state_while_a_run_writes_and_another_sees_what_is_written(index: Path) -> None:
    reader = read_index(index)
    old, before = Retriever(reader, MODEL), read_all(reader)
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        writer.write([made(0, "Tuesday"), made(9)])
        writer.remove(["a2"])
        writer.finish()
        assert read_all(reader) == before
        assert "Monday" in reader.article("a0").text
        hits = old.retrieve(Query("number9 number2 bridge", "number9 number2 bridge"), k=9)
        assert {hit.statement.article.id for hit in hits} == {"a0", "a1", "a2", "a3"}
        assert {*read_all(read_index(index)).articles} == {"a0", "a1", "a3", "a9"}
    with pytest.raises(StaleError, match="ask again"):
        old.retrieve(Query("quay2", "quay2"), k=9)
    assert found(index, "quay9 closed")[0] == "Quay9 is closed,"


def test_a_reader_that_searches_only_after_a_run_has_ended_does_not_take_its_vectors(index: Path) -> None:
    reader = read_index(index)
    write_index(index, made(9))
    with pytest.raises(StaleError):
        reader.search_quotes(MODEL.embed(["quay"])[0], 3)


def test_opening_reads_no_article_and_no_row(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("a row is read")

    monkeypatch.setattr(Chroma, "_rows", read)
    monkeypatch.setattr(Columns, "article", read)
    Retriever(read_index(index), MODEL)


def test_a_run_over_unchanged_articles_reads_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("“It rains,” said Ida Hale.")
    ingest([tmp_path / "a.txt"], index=tmp_path / "index", embeddings=MODEL)
    monkeypatch.setattr(Writer, "_read_records", None)
    model = FakeEmbeddings()
    report = ingest([tmp_path / "a.txt"], index=tmp_path / "index", embeddings=model)
    assert (report.unchanged, model.embedded, report.findings) == (("a",), [], ())


def test_an_article_that_was_altered_beside_chroma_is_told_and_the_check_makes_it_anew(index: Path) -> None:
    article = Article("a0", "Somebody else's words.")
    with closing(sqlite3.connect(index / FOLDER / FILE)) as database:
        database.execute("UPDATE texts SET record = ? WHERE doc = 1", (columns.packed(article, {}),))
        database.commit()
    with pytest.raises(StoreError, match=r"the article 'a0' is not what was written\): run `python -m ingest --check"):
        read_index(index).article("a0")
    ingest(index=index, check=True, embeddings=MODEL)
    assert read_index(index).article("a0").title == "Bridge 0"


def test_a_statement_whose_checksum_differs_is_told_before_it_is_shown(index: Path) -> None:
    execute(index, "UPDATE statements SET total = '0' WHERE text LIKE 'Quay1%'")
    opened = read_index(index)
    with pytest.raises(StoreError, match=r"statements of 'a1' are not what was written\): run `python -m ingest"):
        Retriever(opened, MODEL).retrieve(Query("quay1", "quay1"), k=9)


def test_the_tables_after_many_changes_are_those_made_at_once(tmp_path: Path) -> None:
    chance = random.Random(5)
    index = tmp_path / "index"
    for _ in range(12):
        with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
            for number in chance.sample(range(8), 3):
                one = article(number, chance.choice(("Monday", "Tuesday", "Friday")))
                said = [
                    quote(one, words, by=chance.choice(NAMES), role=chance.choice((None, "mayor", "mayor of Tarn")))
                    for words in (f"number{number} will hold", f"Quay{number} is closed")
                ]
                writer.write([record(one, *said, fingerprint=one.text + str(said))])
            writer.remove([f"a{chance.randrange(8)}"])
    kept = tables(index)
    discard(index)
    read_index(index)
    assert tables(index) == kept


def tables(index: Path) -> list[list[Any]]:
    """What the tables hold, without the numbers of their rows."""
    queries = (
        "SELECT key, value FROM meta WHERE key NOT IN ('docs', 'passages', 'statements', 'opstamp') ORDER BY key",
        "SELECT stem, statements, articles FROM stems WHERE statements <> 0 OR articles <> 0 ORDER BY stem",
        "SELECT a.id, fingerprint, path, seal, passages, quotes, published, stems, sentences, bag "
        "FROM articles a JOIN texts USING(doc) ORDER BY a.id",
        "SELECT s.id, a.id, p.id, speaker, role, kind, size, s.total, text, s.stems, sentence FROM statements s "
        "JOIN articles a USING(doc) LEFT JOIN passages p ON p.row = s.passage ORDER BY s.id",
        "SELECT name, plain, words, surname, given, many FROM labels ORDER BY name",
        "SELECT name, o.stems, a.id, s.many FROM said s JOIN labels USING(label) JOIN offices o USING(office) "
        "JOIN articles a ON a.doc = s.article ORDER BY name, o.stems, a.id",
        "SELECT stem, name, o.stems FROM described d JOIN labels USING(label) JOIN offices o USING(office) "
        "ORDER BY stem, name, o.stems",
    )
    with closing(sqlite3.connect(index / FOLDER / FILE)) as database:
        return [database.execute(query).fetchall() for query in queries]


def test_of_a_frequent_speaker_the_nearest_statements_are_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QUOTE_CANDIDATES", "PASSAGE_CANDIDATES", "WORD_CANDIDATES", "ARTICLE_CANDIDATES"):
        monkeypatch.setattr(retrieval, name, 1)
    monkeypatch.setattr(retrieval, "OF_SPEAKERS", 3)
    write_index(tmp_path, *map(made, range(9)))
    hits = Retriever(read_index(tmp_path), MODEL).retrieve(
        Query("bridge number4 number7", "bridge number4 number7", parties=(party("Ida Hale"),)), k=9
    )
    assert {"the bridge number4 will hold,", "the bridge number7 will hold,"} <= {h.statement.quote.text for h in hits}


def test_what_was_said_in_a_time_is_found_behind_many_of_other_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QUOTE_CANDIDATES", "PASSAGE_CANDIDATES", "WORD_CANDIDATES", "ARTICLE_CANDIDATES", "OF_SPEAKERS"):
        monkeypatch.setattr(retrieval, name, 1)
    write_index(tmp_path, *map(made, range(9)))
    opened = Retriever(read_index(tmp_path), MODEL)
    for parties in ((), (party("Karl Poole"),)):
        query = Query("closed", "closed", parties=parties, since="2026-01-08", until="2026-01-08")
        assert "Quay7 is closed," in [hit.statement.quote.text for hit in opened.retrieve(query, k=9)]


@pytest.mark.parametrize("common", [0, 1, 99])
def test_in_a_time_what_has_a_rare_word_is_found_and_a_common_one_where_there_is_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    for name in ("QUOTE_CANDIDATES", "PASSAGE_CANDIDATES", "WORD_CANDIDATES", "ARTICLE_CANDIDATES", "OF_SPEAKERS"):
        monkeypatch.setattr(retrieval, name, 1)
    monkeypatch.setattr(retrieval, "COMMON", common)
    write_index(tmp_path, *map(made, range(9)))
    opened = Retriever(read_index(tmp_path), MODEL)
    for words in ("closed quay7", "closed"):
        hits = opened.retrieve(Query(words, words, since="2026-01-08", until="2026-01-08"), k=9)
        assert "Quay7 is closed," in [hit.statement.quote.text for hit in hits]


def test_words_of_articles_that_are_gone_or_changed_are_not_found(index: Path) -> None:
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        writer.write([made(0, "Tuesday")])
        writer.remove(["a1"])
    opened = read_index(index)
    there = opened.columns.standing("statements", opened.statement_ids())
    assert {*opened.words.best("sentence", terms("bridge quay"), 99)} <= {row for row, *_ in there.values()}
    assert len(opened.words.best("article", terms("bridge"), 99)) == 3


def test_words_are_those_of_the_state_that_was_opened(index: Path) -> None:
    held = Words(index / WORDS)
    write_index(index, made(9))
    assert held.best("sentence", ["number9"], 5) == []
    assert len(Words(index / WORDS).best("sentence", ["number9"], 5)) == 1
    assert held.best("sentence", [], 5) == []


def test_words_that_were_copied_without_their_times_are_as_they_were(index: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(index, copy, copy_function=shutil.copyfile)
    later = (copy / WORDS / "meta.json").stat().st_mtime_ns + 10**9
    for file in (copy / WORDS).iterdir():
        if file.name != "meta.json":
            os.utime(file, ns=(later, later))
    assert is_current(copy)
