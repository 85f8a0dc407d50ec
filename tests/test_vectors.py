"""What of an article is embedded: passages with statements, statements within them, and who speaks."""

from __future__ import annotations

import numpy as np

from ingest.indexing.vectors import NAME_SHARE, Prepared, records_of
from rag.models.windows import unit
from rag.schema import Article, Quote, Span, Speaker
from tests.fakes import FakeEmbeddings

TEXT = "The dam leaks, Hale said. It rains. It must go. It is old."
ARTICLE = Article(id="a", text=TEXT, title="The dam")
PASSAGES = [Span.of(TEXT, 0, 25), Span.of(TEXT, 26, 35), Span.of(TEXT, 36, 47), Span.of(TEXT, 48, 58)]
HALE = Speaker("Ida Hale")


def quote(*spans: tuple[int, int], speaker: Speaker | None = None) -> Quote:
    return Quote(tuple(Span.of(TEXT, *span) for span in spans), speaker=speaker)


def prepared(*quotes: Quote) -> Prepared:
    return Prepared.of(ARTICLE, "made", PASSAGES, list(quotes))


def words(found: Prepared, first: int = 0) -> list[list[str]]:
    texts = found.texts()
    return [[texts[one.text - first][one.start : one.end] for one in place] for place in found.places(first)]


def test_passages_without_words_of_a_statement_are_left_out() -> None:
    found = prepared(quote((0, 13)), quote((36, 40)))
    assert found.texts() == ["The dam. The dam leaks, Hale said.", "The dam. It must go."]


def test_sentences_without_words_of_a_statement_are_left_out_and_places_move_with_them() -> None:
    found = Prepared.of(ARTICLE, "made", [Span(0, 58, TEXT)], [quote((0, 13), (40, 58))])
    assert found.texts() == ["The dam. The dam leaks, Hale said. It must go. It is old."]
    assert words(found) == [["The dam leaks", "ust go.", "It is old."]]


def test_a_statement_in_several_passages_stands_in_each() -> None:
    found = prepared(quote((0, 13), (36, 58)))
    assert words(found) == [["The dam leaks", "It must go.", "It is old."]]


def test_a_statement_ends_where_its_passage_does() -> None:
    assert words(prepared(quote((30, 40)))) == [["ains.", "It m"]]


def test_places_count_on_from_the_texts_of_other_articles() -> None:
    found = prepared(quote((36, 47)))
    assert [one.text for place in found.places(7) for one in place] == [7]
    assert words(found, 7) == [["It must go."]]


def test_each_article_has_its_own_vectors_and_the_speaker_is_part_of_a_statement() -> None:
    model = FakeEmbeddings()
    silent = Prepared.of(ARTICLE, "made", PASSAGES, [])
    (none, one, two), embedded = records_of(
        [silent, prepared(quote((0, 13), speaker=HALE)), prepared(quote((36, 47)), quote((48, 58), speaker=HALE))],
        model,
    )
    assert model.embedded[-1:] == ["Ida Hale"]
    assert embedded == len(model.embedded) == 3 + 3 + 1
    assert (none.passage_vectors.shape, none.quote_vectors.shape) == ((0, 1024), (0, 1024))
    leaks, go, old, name = model.embed(["The dam leaks", "It must go.", "It is old.", "Ida Hale"])

    expected = unit((1 - NAME_SHARE) * np.stack([leaks, old]) + NAME_SHARE * name)
    np.testing.assert_allclose(one.quote_vectors, expected[:1], atol=1e-6)
    np.testing.assert_allclose(two.quote_vectors, [go, expected[1]], atol=1e-6)
    np.testing.assert_allclose(two.passage_vectors, model.embed(["The dam. It must go.", "The dam. It is old."]))


def test_an_article_in_which_nobody_speaks_has_no_vectors() -> None:
    [record], embedded = records_of([Prepared.of(ARTICLE, "made", PASSAGES, [])], FakeEmbeddings())
    assert (record.passages, record.quotes, embedded) == ([], [], 0)
