"""Search over real Chroma with the fake embedding model: what comes first, and what may not come at all."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import StoreError
from rag.index.columns import FOLDER
from rag.index.derive import QUOTES
from rag.retrieval.ranking import EXACT_BONUS, SPEAKER_BONUS
from rag.retrieval.retriever import PASSAGE_CANDIDATES, Retriever
from rag.schema import Article, Party, Query
from tests.fakes import FakeEmbeddings, party, quote, read_index, record, speaker_name, write_index

TOLL = Article(
    "toll",
    "“The toll stays at four crowns,” said minister Ida Hale.\n"
    "“The toll is daylight robbery,” said driver Karl Poole.\n"
    "“We don’t know the toll yet,” said clerk Ann Reed.",
)
SCHOOL = Article("school", "“The school stays open,” said Karl Poole.\n“Nobody asked us,” a mother said.")
HALE = quote(TOLL, "The toll stays at four crowns", by="Ida Hale", role="minister")
ROBBERY = quote(TOLL, "The toll is daylight robbery", by="Karl Poole", role="driver")
REED = quote(TOLL, "We don’t know the toll yet", by="Ann Reed", role="clerk")
OPEN = quote(SCHOOL, "The school stays open", by="Karl Poole", role="driver")
MOTHER = quote(SCHOOL, "Nobody asked us")


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    index = tmp_path_factory.mktemp("retriever")
    write_index(index, record(TOLL, HALE, ROBBERY, REED), record(SCHOOL, OPEN, MOTHER))
    return Retriever(read_index(index), FakeEmbeddings())


def texts(retriever: Retriever, question: str, *parties: Party, k: int = 10) -> list[str]:
    query = Query(question, question, parties=parties)
    return [hit.statement.quote.text for hit in retriever.retrieve(query, k=k)]


def score(retriever: Retriever, question: str, text: str) -> float:
    hits = retriever.retrieve(Query(question, question), k=10)
    return next(hit.score for hit in hits if hit.statement.quote.text == text)


def unquoted(question: str) -> str:
    return re.sub("[“”\"]|(?<!\\w)[‘']|[’'](?!\\w)", "", question)


def test_the_nearest_statement_comes_first(retriever: Retriever) -> None:
    assert texts(retriever, "will the school stay open", k=1) == [OPEN.text]
    assert texts(retriever, "four crowns", k=1) == [HALE.text]


def test_hits_are_in_the_order_of_their_scores_and_no_more_than_asked_for(retriever: Retriever) -> None:
    hits = retriever.retrieve(Query("the toll", "the toll"), k=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits == retriever.retrieve(Query("the toll", "the toll"), k=3)


def test_words_of_speaker_and_role_count(retriever: Retriever) -> None:
    assert texts(retriever, "clerk", k=1) == [REED.text]


def test_the_same_stem_counts(retriever: Retriever) -> None:
    assert texts(retriever, "robberies", k=1) == [ROBBERY.text]


def test_whom_the_question_names_earns_a_bonus_and_nobody_is_left_out(retriever: Retriever) -> None:
    asked = "What did they say about the toll of four crowns?"
    plain, wishing = (
        {hit.statement.quote.text: hit.score for hit in retriever.retrieve(Query(asked, asked, parties=parties), k=10)}
        for parties in ((), (party("Karl Poole"),))
    )
    assert set(plain) == set(wishing) == {HALE.text, ROBBERY.text, REED.text, OPEN.text, MOTHER.text}
    for text, earned in ((ROBBERY.text, SPEAKER_BONUS), (OPEN.text, SPEAKER_BONUS), (HALE.text, 0), (MOTHER.text, 0)):
        assert wishing[text] == pytest.approx(plain[text] + earned, abs=1e-5)


def test_a_hit_comes_with_the_passage_that_it_stands_in(retriever: Retriever) -> None:
    for found in retriever.retrieve(Query("the toll", "the toll"), k=5):
        assert found.passage is not None
        [place] = found.statement.quote.content
        assert found.passage.start <= place.start < place.end <= found.passage.end
        assert place.text in found.passage.text


@pytest.mark.parametrize(
    "question",
    [
        "Who said “the toll is daylight robbery”?",
        'Who said "The toll is daylight robbery"?',
        "Who said ‘toll is daylight’?",
        "Who said 'toll is daylight'?",
    ],
)
def test_a_quotation_in_the_question_that_stands_in_a_statement_settles_it(retriever: Retriever, question: str) -> None:
    plain = unquoted(question)
    assert score(retriever, question, ROBBERY.text) == pytest.approx(
        score(retriever, plain, ROBBERY.text) + EXACT_BONUS
    )
    assert score(retriever, question, HALE.text) == pytest.approx(score(retriever, plain, HALE.text))


@pytest.mark.parametrize(
    "question", ["“We don't know”", '"we don’t know the toll"', "‘We don’t know’", "'We don't know'"]
)
def test_a_quotation_may_hold_an_apostrophe(retriever: Retriever, question: str) -> None:
    assert score(retriever, question, REED.text) > EXACT_BONUS
    assert score(retriever, question, ROBBERY.text) < EXACT_BONUS


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("“toll is moonlight robbery”", ROBBERY.text),
        ("“robbery”", ROBBERY.text),
        ("“”", ROBBERY.text),
        ("“We don’t care”", REED.text),
        ('"We don\'t want to"', REED.text),
        ("the clerks’ view ‘know the toll", REED.text),
    ],
)
def test_other_words_in_quotation_marks_or_one_word_earn_nothing(
    retriever: Retriever, question: str, text: str
) -> None:
    assert score(retriever, question, text) == pytest.approx(score(retriever, unquoted(question), text))


@pytest.mark.parametrize("question", ["", "?!", "the of and", "xylophone", "\0", "“"])
def test_a_question_of_no_known_word_is_searched_without_failing(retriever: Retriever, question: str) -> None:
    hits = retriever.retrieve(Query(question, question), k=10)
    assert all(hit.score < 0.5 for hit in hits)


def test_the_speakers_of_the_index_are_known(retriever: Retriever) -> None:
    assert set(retriever.people.names) == {"Ida Hale", "Karl Poole", "Ann Reed"}
    assert retriever.people.find("the minister") == ("Ida Hale",)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    write_index(tmp_path)
    retriever = Retriever(read_index(tmp_path), FakeEmbeddings())
    assert texts(retriever, "anything") == []
    assert retriever.people.names == ()


def test_an_index_of_articles_in_which_nobody_speaks_finds_nothing(tmp_path: Path) -> None:
    write_index(tmp_path, record(Article("plain", "It rained on Tuesday.")))
    assert texts(Retriever(read_index(tmp_path), FakeEmbeddings()), "rain on Tuesday") == []


def test_a_statement_without_words_to_index_does_not_break_the_search(tmp_path: Path) -> None:
    article = Article("dots", "“…” said Ida Hale.")
    write_index(tmp_path, record(article, quote(article, "…", by="Ida Hale")))
    assert texts(Retriever(read_index(tmp_path), FakeEmbeddings()), "Hale") == ["…"]


def test_a_speaker_s_statement_is_found_behind_many_nearer_ones_of_others(tmp_path: Path) -> None:
    size = PASSAGE_CANDIDATES + 5
    many = [
        Article(f"many{n}", "\n".join(f"“The toll rises, number {n}{line},” said A." for line in range(size)))
        for n in range(1, 5)
    ]
    said = [
        [quote(article, f"The toll rises, number {n}{line},", by="Ann Reed") for line in range(size)]
        for n, article in enumerate(many, start=1)
    ]
    far = Article("far", "It rained. “I sell the toll bread and butter,” said B. The baker smiled, and it rained on.")
    bread = quote(far, "I sell the toll bread and butter,", by="Ida Hale")
    write_index(tmp_path, record(far, bread), *(record(a, *s) for a, s in zip(many, said, strict=True)))
    retriever = Retriever(read_index(tmp_path), FakeEmbeddings())
    assert bread.text not in texts(retriever, "the toll rises", k=200)
    assert bread.text in texts(retriever, "the toll rises", party("Ida Hale"), k=200)


OUTLETS = [
    Article(f"news{n}", f"“The ferry stops in May,” said {name}.", publication=outlet, published=day)
    for n, (name, outlet, day) in enumerate(
        [("Ann Reed", "Tarn Post", "2024-03-01"), ("Ida Hale", "Tarn Post", "2025-03-01"), ("Jo Olm", "Echo", None)]
    )
]


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    index = tmp_path_factory.mktemp("ferry")
    names = ("Ann Reed", "Ida Hale", "Jo Olm")
    made = [
        record(article, quote(article, "The ferry stops in May", by=name))
        for article, name in zip(OUTLETS, names, strict=True)
    ]
    write_index(index, *made)
    return Retriever(read_index(index), FakeEmbeddings())


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ({"parties": (party("Ida Hale"),)}, "Ida Hale"),
        ({"parties": (party("Ann Reed"),)}, "Ann Reed"),
        ({"since": "2025-01-01"}, "Ida Hale"),
        ({"until": "2024-12-31"}, "Ann Reed"),
        ({"since": "2025-03-01", "until": "2025-03-01"}, "Ida Hale"),
        ({"outlets": ("Echo",)}, "Jo Olm"),
    ],
)
def test_what_a_query_wishes_for_comes_first_and_leaves_nothing_out(
    ferry: Retriever, wish: dict[str, Any], first: str
) -> None:
    found = ferry.retrieve(Query("when does the ferry stop", "when does the ferry stop", **wish), k=3)
    assert speaker_name(found[0]) == first
    assert len(found) == 3


def test_wishes_that_nothing_meets_change_nothing(ferry: Retriever) -> None:
    plain = Query("when does the ferry stop", "when does the ferry stop")
    wishing = replace(plain, since="2030-01-01", outlets=("Nowhere",), parties=(Party("Harlan Quist", named=True),))
    assert ferry.retrieve(wishing, k=3) == ferry.retrieve(plain, k=3)


def test_the_same_words_in_two_articles_are_one_hit(tmp_path: Path) -> None:
    wire = [Article(id, "“The ferry stops in May for good,” said Ida Hale.") for id in ("one", "two")]
    write_index(tmp_path, *(record(a, quote(a, "The ferry stops in May for good", by="Ida Hale")) for a in wire))
    [found] = Retriever(read_index(tmp_path), FakeEmbeddings()).retrieve(Query("ferry", "ferry"), k=5)
    assert {found.statement.article.id, *(s.article.id for s in found.also)} == {"one", "two"}


def test_a_vector_that_is_lost_is_told_and_never_scored(tmp_path: Path) -> None:
    write_index(tmp_path, record(TOLL, HALE, ROBBERY, REED))
    file = tmp_path / FOLDER / QUOTES
    file.write_bytes(bytes(file.stat().st_size))
    retriever = Retriever(read_index(tmp_path), FakeEmbeddings())
    with pytest.raises(
        StoreError, match=r"is damaged \(.* a vector is not what was written\): run `python -m ingest --c"
    ):
        texts(retriever, "the toll stays at four crowns")


def test_a_question_that_is_asked_again_is_embedded_once(tmp_path: Path) -> None:
    write_index(tmp_path, record(TOLL, HALE, ROBBERY, REED))
    model = FakeEmbeddings()
    retriever = Retriever(read_index(tmp_path), model)
    for parties in ((), (party("Ida Hale"),), (party("Karl Poole"),)):
        assert texts(retriever, "who pays the toll", *parties)
    assert model.embedded == ["who pays the toll"]


def test_whom_a_description_fits_by_the_role_earns_something_for_it(tmp_path: Path) -> None:
    article = Article(
        "ferry",
        "“The ferry toll doubles on Monday,” said glazier Vera Stone.\n"
        "“The ferry toll doubles on Monday now,” said sculptor Otto Brand.",
    )
    stone = quote(article, "The ferry toll doubles on Monday,", by="Vera Stone", role="glazier from Tarn")
    brand = quote(article, "The ferry toll doubles on Monday now,", by="Otto Brand", role="sculptor from Tarn")
    write_index(tmp_path, record(article, stone, brand), record(SCHOOL, OPEN))
    retriever = Retriever(read_index(tmp_path), FakeEmbeddings())
    asked = "does the ferry toll double"
    for phrase, first in (("the sculptor", brand), ("the glazier", stone)):
        assert texts(retriever, asked, Party(phrase), k=1) == [first.text]
