"""Articles that are not in English: passages, quotations in marks and the nearest name, and nothing pretended."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes, ingest
from ingest.text.language import is_english, language_of
from tests.fakes import FakeEmbeddings, articles_of, read_index

SPANISH = (
    "La esclusa de Holm seguirá cerrada durante el resto del mes mientras los buzos miran su pie, dijo el puerto.\n\n"
    "«No firmaré ninguna orden que la suba ni una piedra», dijo Ana Torvik a los prácticos. “La ola” se vende.\n\n"
    "“Nos vamos mañana por la mañana”, escribieron los prácticos."
)
GERMAN = (
    "Die Schleuse von Holm bleibt für den Rest des Monats geschlossen, teilte der Hafen am Montag mit.\n\n"
    "„Wir warten nicht länger auf den Hafen“, sagte der Lotse Per Lund. Die Wärterin Ana Torvik war nicht dabei."
)
FRENCH = (
    "L’écluse de Holm restera fermée jusqu’à la fin du mois, a annoncé le port lundi matin.\n\n"
    "« Je ne signerai rien de tel », a dit Ana Torvik aux pilotes. « Personne ne m’a demandé. »"
)
ENGLISH = "The lock at Holm stays shut for a month, the port said.\n\n“It leaks,” Ana Torvik told the pilots on Monday."


def said(text: str, **options: str) -> list[tuple[str | None, str]]:
    return [(q.speaker.name if q.speaker else None, q.text) for q in extract_quotes(text, **options)]


@pytest.mark.parametrize(("text", "language"), [(SPANISH, "es"), (GERMAN, "de"), (FRENCH, "fr"), (ENGLISH, "en")])
def test_the_language_of_an_article_is_told_by_its_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_text_too_short_to_tell_has_the_language_that_its_file_declares() -> None:
    assert (language_of("Ana Torvik."), language_of("Ana Torvik.", "no")) == (None, "no")
    assert is_english(None)


def test_quotations_in_marks_are_of_the_nearest_name_and_titles_are_left_out() -> None:
    assert said(SPANISH) == [
        ("Ana Torvik", "«No firmaré ninguna orden que la suba ni una piedra»"),
        (None, "“Nos vamos mañana por la mañana”"),
    ]


def test_where_nouns_have_capitals_a_name_is_two_words() -> None:
    assert said(GERMAN) == [("Per Lund", "„Wir warten nicht länger auf den Hafen“")]


def test_french_marks_stand_apart_from_the_words() -> None:
    assert said(FRENCH) == [
        ("Ana Torvik", "« Je ne signerai rien de tel »"),
        ("Ana Torvik", "« Personne ne m’a demandé. »"),
    ]


def test_such_a_speaker_is_unsure() -> None:
    assert [q.speaker.confidence for q in extract_quotes(SPANISH) if q.speaker] == [0.3]


def test_a_name_within_a_quotation_is_not_its_speaker() -> None:
    text = SPANISH.replace(", dijo Ana Torvik a los prácticos", ", oyó decir").replace("orden", "orden de Per Lund")
    assert said(text)[0][0] is None


def test_an_english_article_with_foreign_quotations_is_read_as_english() -> None:
    text = (
        f"{ENGLISH}\n\n“No firmaré ninguna orden,” she wrote in Spanish, and the pilots of the harbour laughed at it."
    )
    assert language_of(text) == "en"
    assert ("Ana Torvik", "“It leaks,”") in said(text)


def test_the_index_knows_the_language(tmp_path: Path) -> None:
    (tmp_path / "es.txt").write_text(SPANISH, encoding="utf-8")
    (tmp_path / "en.txt").write_text(ENGLISH, encoding="utf-8")
    ingest([tmp_path], index=tmp_path / "index", embeddings=FakeEmbeddings())
    articles = articles_of(read_index(tmp_path / "index"))
    assert {id: article.language for id, article in articles.items()} == {"es": "es", "en": "en"}


def test_who_speaks_stands_behind_the_quotation_in_its_sentence_or_else_before_it() -> None:
    text = (
        "El faro de Cabo Negro cerrará. «Nadie mira ya la luz del faro», dijo la farera, Inés Otero Paz. «Yo la miraba "
        "cada noche.» El Ayuntamiento Viejo calla."
    )
    assert said(text, language="es") == [
        ("Inés Otero Paz", "«Nadie mira ya la luz del faro»"),
        ("Inés Otero Paz", "«Yo la miraba cada noche.»"),
    ]


ROBLEDAL = (
    "La alcaldesa de Robledal, Ainhoa Mendizábal, se negó este lunes a vender el molino pese a una oferta que el pleno "
    "ha discutido durante tres semanas."
)


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("«No voy a vender el último molino», dijo Mendizábal en el pleno.", "Ainhoa Mendizábal"),
        ("Y Mendizábal insistió: «No voy a vender el último molino.»", "Ainhoa Mendizábal"),
        ("Según Mendizábal, «nadie va a vender el último molino».", "Ainhoa Mendizábal"),
        ("El pleno recordó a Mendizábal. «No voy a vender el último molino.»", None),
        ("«No voy a vender el último molino», dijo Garrido.", None),
    ],
)
def test_a_surname_beside_a_quotation_is_the_one_full_name_that_ends_in_it(paragraph: str, speaker: str | None) -> None:
    assert said(f"{ROBLEDAL} Fue así según el acta.\n\n{paragraph}", language="es")[0][0] == speaker


def test_a_surname_of_two_people_is_nobody_s() -> None:
    text = f"{ROBLEDAL}\n\nEl concejal Iker Mendizábal calló.\n\n«No voy a vender el último molino», dijo Mendizábal."
    assert said(text, language="es")[0][0] is None
