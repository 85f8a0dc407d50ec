"""The index on disk, in real Chroma with the fake embedding model."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from ingest import ingest
from rag import pipeline
from rag.config import Settings
from rag.errors import StoreError
from rag.index import chroma
from rag.index.opening import open_writer
from rag.index.rows import Record, item_id, quote_id
from rag.index.store import Store, open_store, read_version
from rag.schema import Article, Passage, Quote, Span, Speaker
from rag.text import terms
from tests.fakes import FakeEmbeddings, articles_of, quote, read_all, read_index, record, span, write_index

DAM = Article(
    "dam",
    "“The dam will hold,” said mayor Ida Hale, “for a year.”\nKarl Poole said that it would not.",
    title="Dam holds",
    author="Ann Reed",
    publication="The Post",
    published="2026-01-02",
    url="https://post.example/dam",
    path="/articles/dam.txt",
)
HALE = Quote(
    (span(DAM.text, "The dam will hold,"), span(DAM.text, "for a year.")),
    (span(DAM.text, "mayor Ida Hale"),),
    (span(DAM.text, "said"),),
    Speaker("Ida Hale", "mayor", 0.9),
    "direct",
)
POOLE = quote(DAM, "it would not", by="Karl Poole", kind="indirect")
ECHO = Article("echo", "“No comment.” “No comment.”")
MODEL = FakeEmbeddings()


def ids(article: Article, *quotes: Quote) -> list[str]:
    return [quote_id(article.id, "f1", each) for each in quotes]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_index(tmp_path / "index", record(DAM, HALE, POOLE))
    return tmp_path / "index"


def test_what_is_written_is_read_back_whole(index: Path) -> None:
    opened = read_index(index)
    assert opened.article("dam") == DAM
    [hale, poole] = opened.statements(ids(DAM, HALE, POOLE))
    assert (hale.quote, poole.quote) == (HALE, POOLE)
    assert dataclasses.asdict(hale.article) == {
        "id": "dam",
        "title": "Dam holds",
        "author": "Ann Reed",
        "publication": "The Post",
        "published": "2026-01-02",
        "url": "https://post.example/dam",
        "sha256": DAM.sha256,
    }
    assert hale.context.text == "“The dam will hold,” said mayor Ida Hale, “for a year.”"
    assert poole.context.text == "Karl Poole said that it would not."
    assert DAM.text[hale.context.start : hale.context.end] == hale.context.text
    assert opened.counts() == (1, 2, 2)


def test_what_an_article_does_not_say_of_itself_is_none(tmp_path: Path) -> None:
    said = Quote((span(ECHO.text, "No comment."),))
    write_index(tmp_path, record(ECHO, said))
    opened = read_index(tmp_path)
    assert opened.article("echo") == ECHO
    [statement] = opened.statements(ids(ECHO, said))
    assert statement.quote == said
    assert statement.article.title is statement.article.published is None


def test_statements_come_in_the_order_asked_for_without_unknown_ids(index: Path) -> None:
    hale, poole = ids(DAM, HALE, POOLE)
    opened = read_index(index)
    assert [s.id for s in opened.statements([poole, "nothing", hale])] == [poole, hale]
    assert [s.id for s in opened.statements([hale, poole])] == [hale, poole]
    assert [s.id for s in opened.statements([hale, hale])] == [hale, hale]
    assert opened.statements([]) == []
    assert opened.statements(["nothing"]) == []


def test_an_unknown_article_is_named(index: Path) -> None:
    with pytest.raises(StoreError, match=rf"The index in {index} has no article 'flood'\."):
        read_index(index).article("flood")


def test_the_same_words_at_two_places_or_by_two_speakers_are_two_quotes(tmp_path: Path) -> None:
    first, second = span(ECHO.text, "No comment."), span(ECHO.text, "No comment.", nth=1)
    smith, jones = quote(ECHO, first, by="Ann Smith"), quote(ECHO, second, by="Ben Jones")
    other = Article("other", ECHO.text)
    write_index(tmp_path, record(ECHO, smith, jones), record(other, smith))
    opened = read_index(tmp_path)
    found = opened.statements([*ids(ECHO, smith, jones), *ids(other, smith)])
    assert [(s.article.id, s.quote.speaker.name, s.quote.content[0].start) for s in found if s.quote.speaker] == [
        ("echo", "Ann Smith", first.start),
        ("echo", "Ben Jones", second.start),
        ("other", "Ann Smith", first.start),
    ]


def test_ids_hash_where_a_thing_stands() -> None:
    assert item_id("a", "f", [1, 2]) == item_id("a", "f", (1, 2))
    others = {item_id("a", "f", [12]), item_id("a", "f", [2, 1]), item_id("a", "g", [1, 2]), item_id("b", "f", [1, 2])}
    assert len({item_id("a", "f", [1, 2]), *others}) == 5
    assert item_id("a\ud800", "f", [1]) != item_id("a", "f", [1])


def test_writing_an_article_again_leaves_nothing_of_the_old_one(index: Path) -> None:
    changed = Article("dam", "Karl Poole said: “It broke.”")
    broke = quote(changed, "It broke.", by="Karl Poole")
    write_index(index, record(changed, broke, fingerprint="f2"))
    opened = read_index(index)
    # Chroma merges metadata on update: the old title must not survive.
    assert opened.article("dam") == changed
    assert opened.counts() == (1, 1, 1)
    assert read_all(opened).texts == ("It broke.",)
    assert opened.entries()["dam"].fingerprint == "f2"


def test_removing_an_article_removes_all_that_was_made_from_it(index: Path) -> None:
    write_index(index, record(ECHO, quote(ECHO, "No comment.")))
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        writer.remove(["dam", "never heard of"])
        writer.remove([])
    opened = read_index(index)
    assert opened.counts() == (1, 1, 1)
    assert set(opened.entries()) == {"echo"}
    assert opened.statements(ids(DAM, HALE)) == []


def test_an_article_in_which_nobody_speaks_can_be_written(tmp_path: Path) -> None:
    write_index(tmp_path, record(Article("plain", "Nobody spoke.")))
    opened = read_index(tmp_path)
    assert opened.counts() == (1, 1, 0)
    assert opened.article("plain").text == "Nobody spoke."
    assert read_all(opened).ids == ()


def test_a_moved_article_keeps_everything_but_its_path(index: Path) -> None:
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        writer.move("dam", "/archive/dam.txt")
    assert read_index(index).article("dam") == dataclasses.replace(DAM, path="/archive/dam.txt")


class TestCrash:
    """A process that died while it wrote: nothing of its article is shown, and the next writer clears it away."""

    @pytest.fixture
    def torn(self, index: Path) -> Path:
        torn = record(Article("torn", "Ann Reed said: “We tried.”"))
        words = quote(torn.article, "We tried.", by="Ann Reed")
        # The vector of the wrong length makes the last step before the record fail.
        broken = dataclasses.replace(torn, quotes=[words], quote_vectors=np.ones((1, 3), dtype=np.float32))
        with (
            open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer,
            pytest.raises(StoreError, match="dimension"),
        ):
            writer.write([broken])
        return index

    def test_an_article_without_its_record_is_invisible(self, torn: Path) -> None:
        opened = read_index(torn)
        assert opened.counts() == (1, 3, 2)
        assert {*opened.entries()} == {"dam"}
        assert set(read_all(opened).articles) == {"dam"}
        with pytest.raises(StoreError, match="has no article 'torn'"):
            opened.article("torn")

    def test_the_quotes_of_an_article_without_its_record_are_invisible(self, index: Path) -> None:
        with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
            writer._articles.delete(ids=["dam"])
        (index / "sums.json").unlink()  # which a run that is killed does not write
        opened = read_index(index)
        assert read_all(opened).ids == ()
        assert opened.statements(ids(DAM, HALE)) == []
        assert opened.search_quotes(MODEL.embed([HALE.text])[0], 5) == []

    def test_the_next_indexing_clears_it_away(self, torn: Path, tmp_path: Path) -> None:
        (tmp_path / "new.txt").write_text("Ben Jones said: “We start again.”")
        ingest([tmp_path / "new.txt"], index=torn, embeddings=MODEL)
        opened = read_index(torn)
        assert set(opened.entries()) == {"dam", "new"}
        assert opened.counts() == (2, 3, 3)


def test_a_second_writer_is_refused_at_once(tmp_path: Path) -> None:
    def write() -> None:
        with open_writer(tmp_path, model=MODEL.name, dimension=MODEL.dimension):
            pass

    with open_writer(tmp_path, model=MODEL.name, dimension=MODEL.dimension):
        with pytest.raises(StoreError, match=rf"Another process is writing to the index in {tmp_path}: wait"):
            write()
        read_index(tmp_path)
    write()


def test_a_writer_that_fails_gives_up_the_lock_and_tells_readers(index: Path) -> None:
    before = read_version(index)
    with pytest.raises(KeyError), open_writer(index, model=MODEL.name, dimension=MODEL.dimension):
        raise KeyError
    assert read_version(index) != before
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension):
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(
            StoreError, match=r"The index folder .*file cannot be written \(.+\): choose another with --index"
        ),
        open_writer(tmp_path / "file", model="m", dimension=3),
    ):
        pass


def test_a_missing_index_is_named_with_the_command_that_makes_one(tmp_path: Path) -> None:
    missing = tmp_path / "none"
    command = rf"There is no index in {missing}: make one with `python -m ingest seeds/ --index {missing}`\."
    with pytest.raises(StoreError, match=command):
        read_index(missing)
    assert not missing.exists()


@pytest.mark.parametrize(
    ("model", "dimension", "found"),
    [
        ("other", MODEL.dimension, "model 'fake-words', this program uses 'other': set OTR_EMBEDDINGS to 'fake.+', or"),
        (MODEL.name, 3, "dimension 1024, this program uses 3:"),
    ],
)
def test_an_index_of_another_model_is_refused(index: Path, model: str, dimension: int, found: str) -> None:
    refused = rf"The index in {index} was built with {found} make it anew, .* with `python -m ingest --check"
    with pytest.raises(StoreError, match=refused):
        open_store(index, model=model, dimension=dimension)
    with pytest.raises(StoreError, match=refused), open_writer(index, model=model, dimension=dimension):
        pass
    assert read_index(index).counts() == (1, 2, 2)


def test_an_index_of_another_schema_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma, "SCHEMA_VERSION", 99)
    with pytest.raises(StoreError, match=r"schema 3, this program uses 99: make it anew, .* `python -m ingest --check"):
        read_index(index)


def test_a_check_makes_an_index_of_another_schema_anew_from_what_is_in_it(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = articles_of(read_index(index))
    monkeypatch.setattr(chroma, "SCHEMA_VERSION", 99)
    report = ingest(index=index, check=True, embeddings=MODEL)
    assert report.added == tuple(sorted(before))
    assert "built with schema 3, this program uses 99" in report.findings[0]
    after = articles_of(read_index(index))
    assert {id: article.text for id, article in after.items()} == {id: a.text for id, a in before.items()}


def test_a_damaged_index_is_named_with_the_way_out(index: Path) -> None:
    (index / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(
        StoreError, match=rf"The index in {index} cannot be opened \(.*\): put a copy of chroma.sqlite3"
    ):
        read_index(index)


def test_the_version_changes_with_each_writer(tmp_path: Path) -> None:
    versions = {read_version(tmp_path)}
    for _ in range(3):
        write_index(tmp_path)
        versions.add(read_version(tmp_path))
    assert len(versions) == 4
    assert "" in versions


def test_a_reader_keeps_its_version_and_a_new_one_sees_what_was_written(index: Path) -> None:
    old = read_index(index)
    write_index(index, record(ECHO, quote(ECHO, "No comment.")))
    new = read_index(index)
    assert old.version != read_version(index) == new.version
    assert set(read_all(new).articles) == {"dam", "echo"}
    vector = MODEL.embed(["No comment."])[0]
    assert new.search_quotes(vector, 1) == ids(ECHO, quote(ECHO, "No comment."))


def test_the_chain_is_opened_once_and_again_after_a_write(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(pipeline, "_chains", {})
    settings = Settings.load(index=index, llm="none")
    first = pipeline.open_chain(settings)
    assert pipeline.open_chain(settings) is first
    write_index(index, record(ECHO, quote(ECHO, "No comment.", by="Ann Smith")))
    second = pipeline.open_chain(settings)
    assert second is not first
    assert second.store.article("echo") == ECHO
    assert pipeline.open_chain(settings) is second


def test_the_chain_of_an_index_that_is_gone_says_so(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(pipeline, "_chains", {})
    settings = Settings.load(index=index, llm="none")
    pipeline.open_chain(settings)
    shutil.rmtree(index)
    with pytest.raises(StoreError, match="There is no index in"):
        pipeline.open_chain(settings)


def test_the_catalogue_is_in_step(index: Path) -> None:
    write_index(index, record(ECHO, quote(ECHO, "No comment.")))
    catalogue = read_all(read_index(index))
    rows = set(zip(catalogue.texts, catalogue.speakers, catalogue.roles, catalogue.articles, strict=True))
    assert rows == {
        ("The dam will hold, for a year.", "Ida Hale", "mayor", "dam"),
        ("it would not", "Karl Poole", "", "dam"),
        ("No comment.", "", "", "echo"),
    }
    assert dict(zip(catalogue.ids, catalogue.texts, strict=True)) == {
        id: text
        for id, text in zip(
            [*ids(DAM, HALE, POOLE), *ids(ECHO, quote(ECHO, "No comment."))],
            [HALE.text, POOLE.text, "No comment."],
            strict=True,
        )
    }
    assert list(catalogue.ids) == sorted(catalogue.ids)
    first, second = (item_id("dam", "f1", (p.start, p.end)) for p in paragraph_spans(DAM))
    assert dict(zip(catalogue.texts, catalogue.passages, strict=True))[HALE.text] == first
    assert dict(zip(catalogue.texts, catalogue.passages, strict=True))[POOLE.text] == second


def paragraph_spans(article: Article) -> list[Span]:
    return [passage.span for passage in record(article).passages]


def test_vectors_are_those_written(index: Path) -> None:
    opened = read_index(index)
    hale, poole = ids(DAM, HALE, POOLE)
    vectors = opened.vectors([hale, "nothing", poole, hale])
    assert set(vectors) == {hale, poole}
    np.testing.assert_allclose(vectors[hale], MODEL.embed([HALE.text])[0], atol=1e-6)
    passages = [item_id("dam", "f1", (p.start, p.end)) for p in paragraph_spans(DAM)]
    kept = opened.vectors(passages, of="passages")
    np.testing.assert_allclose(kept[passages[1]], MODEL.embed([paragraph_spans(DAM)[1].text])[0], atol=1e-6)
    assert opened.vectors([]) == {}


def test_search_gives_the_nearest_first(index: Path) -> None:
    opened = read_index(index)
    hale, poole = ids(DAM, HALE, POOLE)
    vector = MODEL.embed(["the dam will hold"])[0]
    assert opened.search_quotes(vector, 5) == [hale, poole]
    assert opened.search_quotes(vector, 1) == [hale]
    assert opened.search_passages(vector, 1) == [
        item_id("dam", "f1", (p.start, p.end)) for p in paragraph_spans(DAM)[:1]
    ]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_index(tmp_path)
    opened = read_index(tmp_path)
    vector = MODEL.embed(["anything"])[0]
    assert (opened.search_quotes(vector, 5), opened.search_passages(vector, 5), opened.entries()) == ([], [], {})
    assert read_all(opened).ids == ()


def test_the_folders_that_were_indexed_are_remembered(index: Path) -> None:
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        assert writer.roots() == []
        writer.remember_roots(["/news/b", "/news/ä, c"])
        writer.remember_roots(["/news/a", "/news/b"])
    opened = read_index(index)
    assert opened.roots() == ["/news/a", "/news/b", "/news/ä, c"]
    assert opened.counts() == (1, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "nul \0 byte said “No.”",
        "\ufeffbom, \u202eright to left\u202c, \u2028 line said “No.”",
        "𝔘nicode beyond 𐍈 and 👩‍👩‍👧 said “No.”",
        "e\u0301 apart, é together said “No.”\r\n",
        "noncharacter \ufffe \uffff said “No.”",
    ],
)
def test_any_text_survives_the_round_trip(tmp_path: Path, text: str) -> None:
    article = Article("odd", text, title=text)
    said = quote(article, "No.", by=text[:4])
    write_index(tmp_path, record(article, said))
    opened = read_index(tmp_path)
    assert opened.article("odd") == article
    [statement] = opened.statements(ids(article, said))
    assert statement.quote == said
    assert statement.article.sha256 == article.sha256


def test_a_record_s_quote_outside_every_passage_is_still_found(tmp_path: Path) -> None:
    article = Article("gap", "One. “Two.”")
    made = record(article, quote(article, "Two.", by="Ann Reed"))
    cut = Passage(Span.of(article.text, 0, 4))
    write_index(
        tmp_path,
        Record(article, "f", [cut], MODEL.embed([cut.span.text]), made.quotes, made.quote_vectors),
    )
    opened: Store = read_index(tmp_path)
    assert read_all(opened).passages == ("",)
    assert [s.quote.text for s in opened.statements(opened.statement_ids())] == ["Two."]


def test_lost_vectors_are_an_error_that_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chromadb.errors import InternalError

    article = Article("a1", "“The dam will hold,” said Ida Hale.")
    write_index(tmp_path, record(article, quote(article, "The dam will hold", by="Ida Hale")))
    store = read_index(tmp_path)

    def lost(**_: object) -> None:
        raise InternalError("Error finding id")

    monkeypatch.setattr(store._quotes, "get", lost)
    with pytest.raises(StoreError, match=r"is damaged \(Error finding id\): run `python -m ingest --check --index"):
        store.vectors(["x"])


def test_the_catalogue_has_the_sentence_around_a_quote_with_its_source(tmp_path: Path) -> None:
    article = Article("a1", "It rained. “The dam,” Ida Hale said, “will hold.” Then it stopped.\nNobody else spoke.")
    made = quote(article, "“The dam,”", "“will hold.”", by="Ida Hale")
    write_index(tmp_path, record(article, made))
    catalogue = read_all(read_index(tmp_path))
    assert catalogue.sentences == (" ".join(terms("“The dam,” Ida Hale said, “will hold.”")),)
    assert catalogue.kinds == ("direct",)
    assert articles_of(read_index(tmp_path)) == {"a1": article}
