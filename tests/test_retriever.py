"""Search over real Chroma with the fake embedding model: what comes first, and what may not come at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.ranking import EXACT_BONUS
from rag.retriever import PASSAGE_CANDIDATES, Retriever
from rag.schema import Article, Query
from tests.fakes import FakeEmbeddings, quote, read_index, record, write_index

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


def texts(retriever: Retriever, question: str, *, k: int = 10, speakers: tuple[str, ...] = ()) -> list[str]:
    query = Query(question, "said_what", question)
    return [hit.statement.quote.text for hit in retriever.retrieve(query, k=k, speakers=speakers)]


def score(retriever: Retriever, question: str, text: str) -> float:
    hits = retriever.retrieve(Query(question, "said_what", question), k=10)
    return next(hit.score for hit in hits if hit.statement.quote.text == text)


def unquoted(question: str) -> str:
    return re.sub("[“”\"]|(?<!\\w)[‘']|[’'](?!\\w)", "", question)


def test_the_nearest_statement_comes_first(retriever: Retriever) -> None:
    assert texts(retriever, "will the school stay open", k=1) == [OPEN.text]
    assert texts(retriever, "four crowns", k=1) == [HALE.text]


def test_hits_are_in_the_order_of_their_scores_and_no_more_than_asked_for(retriever: Retriever) -> None:
    hits = retriever.retrieve(Query("the toll", "said_what", "the toll"), k=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits == retriever.retrieve(Query("the toll", "said_what", "the toll"), k=3)


def test_words_of_speaker_and_role_count(retriever: Retriever) -> None:
    assert texts(retriever, "clerk", k=1) == [REED.text]


def test_the_same_stem_counts(retriever: Retriever) -> None:
    assert texts(retriever, "robberies", k=1) == [ROBBERY.text]


def test_only_the_speakers_asked_for_are_found(retriever: Retriever) -> None:
    assert set(texts(retriever, "toll four crowns", speakers=("Karl Poole",))) == {ROBBERY.text, OPEN.text}
    assert texts(retriever, "toll four crowns", speakers=("Karl Poole",))[0] == ROBBERY.text
    assert texts(retriever, "toll four crowns", speakers=("Nobody",)) == []
    assert set(texts(retriever, "toll", speakers=("Ida Hale", "Ann Reed"))) == {HALE.text, REED.text}


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
    hits = retriever.retrieve(Query(question, "said_what", ""), k=10)
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
    lines = [f"“The toll rises, number {n},” said A." for n in range(4 * PASSAGE_CANDIDATES)]
    article = Article("many", "\n".join([*lines, "“I sell the toll bread and butter,” said B."]))
    said = [quote(article, f"The toll rises, number {n},", by="Ann Reed") for n in range(len(lines))]
    bread = quote(article, "I sell the toll bread and butter,", by="Ida Hale")
    write_index(tmp_path, record(article, *said, bread))
    retriever = Retriever(read_index(tmp_path), FakeEmbeddings())
    assert texts(retriever, "the toll rises", speakers=("Ida Hale",)) == [bread.text]


def test_the_statements_of_a_speaker_with_very_many_are_searched(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.retriever.ALL_OF_SPEAKERS", 1)
    assert set(texts(retriever, "toll four crowns", speakers=("Karl Poole",))) == {ROBBERY.text, OPEN.text}
