"""Names made exact, the cast of an article, labels fit to print, and the trained linker's say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest import extract_quotes
from ingest.speaking.cast import Places, gathered
from ingest.speaking.first_person import in_own_words
from ingest.speaking.labels import described
from ingest.speaking.linker import Link, Linker
from ingest.speaking.named import People
from ingest.speaking.namer import Namer
from ingest.speaking.resolver import speaker_of
from ingest.speaking.speakers import Speakers
from ingest.text.names import Mention, mentions
from ingest.text.pieces import cut
from ingest.text.sources import heads, listed
from rag.errors import ModelError
from rag.schema import Quote, Span, Speaker


def names(text: str) -> list[str]:
    return [" ".join(mention.tokens) for mention in mentions(text)]


def speakers(text: str, title: str | None = None) -> list[str | None]:
    return [quote.speaker.name if quote.speaker else None for quote in extract_quotes(text, title)]


def test_a_name_behind_whose_paper_it_is_stands_by_itself() -> None:
    assert names("The Courier’s Ida Brandt wrote it.") == ["Courier", "Ida Brandt"]
    assert [" ".join(m.tokens) for m in heads("The Courier’s Ida Brandt")] == ["Ida Brandt"]


def test_points_of_initials_stay_and_that_of_a_sentence_goes() -> None:
    assert names("On the quay he met sailors of the U.S. Coast Guard, and much later also Ida Brandt.") == [
        "U.S. Coast Guard",
        "Ida Brandt",
    ]


def test_no_name_ends_with_a_particle() -> None:
    assert names("They sailed with Tam Orme de la boats.") == ["Tam Orme"]


def test_a_role_does_not_take_in_what_leads_to_it() -> None:
    (mention,) = mentions("in a note that thanked their former coach Ida Brandt")
    assert mention.role == "former coach"


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("He", "he"),
        ("The keeper, a man of few words", "the keeper"),
        ("A survey that was carried out by phone", "a survey"),
        ("the ferryman’s", "the ferryman"),
        ("the pilots’", "the pilots"),
        ("“ferryman”", "ferryman"),
        ("Orme’s", "Orme’s"),
        ("clerks, porters and guards", "clerks, porters and guards"),
        ("a clerk (off duty)", "a clerk"),
    ],
)
def test_a_description_is_short(source: str, label: str) -> None:
    assert described(source) == label


def test_persons_with_brackets_behind_them_are_a_list() -> None:
    assert [m.surname for m in listed("Ida Brandt (north) and Tam Orme (south)")] == ["brandt", "orme"]


def cast_of(text: str, title: str = "") -> list[str]:
    people = People(text, [], title, mentions(text))
    return [member.name for member in gathered(people, [], Places(text)).members]


def test_short_names_and_initials_are_the_person_named_in_full() -> None:
    text = (
        "Ida Marie Brandt met the National Tide Agency. "
        "It was late when Ida Brandt stayed, and the NTA did not; nor did Brandt."
    )
    assert cast_of(text) == ["Ida Marie Brandt", "National Tide Agency (NTA)"]


def test_a_short_first_name_is_the_same_person() -> None:
    assert cast_of("William Orme rowed. On Friday Bill Orme rested.") == ["William Orme"]


def test_namesakes_stay_apart() -> None:
    assert cast_of("They saw Ida Orme, then Tam Orme.") == ["Ida Orme", "Tam Orme"]


def test_the_headline_gives_the_full_name() -> None:
    assert cast_of("On Friday Brandt rowed.", "Ida Brandt rows again") == ["Ida Brandt"]


def cast_with(text: str, bodies: set[str]) -> list[str]:
    """The cast of a text in which the names of these bodies are known, and all others are persons'."""
    found = [replace(mention, body=" ".join(mention.tokens) in bodies) for mention in mentions(text)]
    return [member.name for member in gathered(People(text, [], "", found), [], Places(text)).members]


@pytest.mark.parametrize(
    ("text", "cast"),
    [
        ("On Monday Orsa Rail paid. It was late when they saw how Orsa slept.", ["Orsa Rail"]),
        ("On Monday Orsa paid. It was late when they saw how Orsa Pay slept.", ["Orsa", "Orsa Pay"]),
        ("On Monday the Board paid. It was late when they saw how Orsa Board slept.", ["Orsa Board"]),
    ],
)
def test_a_bodys_first_word_is_the_longer_name_only_behind_it(text: str, cast: list[str]) -> None:
    assert cast_with(text, {"Orsa", "Orsa Rail", "Orsa Pay", "Orsa Board", "Board"}) == cast


def test_an_article_with_a_capital_within_a_sentence_is_part_of_the_name() -> None:
    text = (
        "They told The Kestrel Post that it rained. The Tarn Mail had left, and the Orsa Board stayed. The Kestrel "
        "Post knew. Then a singer, The Heron, sang, as did The Ida Brandt Band."
    )
    bodies = {"Kestrel Post", "Tarn Mail", "Orsa Board"}
    assert cast_with(text, bodies) == ["The Kestrel Post", "Tarn Mail", "Orsa Board", "The Heron", "Ida Brandt Band"]


def test_a_person_is_named_behind_the_office() -> None:
    text = "“It floats,” said Tarn Mail VP and chief of crews and boats, Ann Lee, on Monday."
    source = "Tarn Mail VP and chief of crews and boats, Ann Lee"
    found = [replace(m, body=False if m.tokens[-1] == "Lee" else None) for m in mentions(text)]
    assert Speakers(People(text, [], "", found)).speaker(source, text.index(source)).name == "Ann Lee"


@pytest.mark.parametrize("source", ["Swiss lender Torlas Bank", "Dutch union Haven Group"])
def test_a_body_speaks_behind_its_trade(source: str) -> None:
    text = f"{source} called for a truce."
    assert Speakers(People(text, [], "", mentions(text))).speaker(source, 0).name == " ".join(source.split()[2:])


@pytest.mark.parametrize("source", ["a lawyer for union Haven Group", "the Torlas Bank", "voters in Torlas Group"])
def test_a_body_that_a_source_does_not_lead_up_to_as_its_trade_does_not_speak(source: str) -> None:
    text = f"On Friday {source} called for a truce."
    assert Speakers(People(text, [], "", mentions(text))).speaker(source, text.index(source)).name == source


class Says(Namer):
    """Gives each word in `none` no place in a name, and each in `bodies` one in a body's."""

    def __init__(self, text: str, none: set[str], bodies: set[str]) -> None:
        runs = [text[m.start : m.end].split() for m in mentions(text)]
        self.rows = [[0.99, 0.01, 0, 0, 0] if w in none else [0, 0, 0, 0.5, 0.5] if w in bodies else [0, 0.5, 0.5, 0, 0]
                     for run in runs for w in run]  # fmt: skip

    def chances(self, vectors: np.ndarray, flags: np.ndarray) -> np.ndarray:
        return np.array(self.rows, dtype=np.float32)


def exact(text: str, none: set[str], bodies: set[str]) -> list[Mention]:
    pieces = cut(text)
    words = (np.zeros((30522, 2), dtype=np.int8), np.ones((30522, 1), dtype=np.float32))
    states = np.zeros((len(pieces), 2), dtype=np.float32)
    return Says(text, none, bodies).named(text, mentions(text), pieces, states, words)


def test_words_that_belong_to_no_name_are_cut_off_and_runs_of_them_are_no_mention() -> None:
    text = (
        "Because Brandt rowed, all of the others stopped by the water. Loading More was next. "
        "It was late when they saw how Tarn Keeper Ida Brandt rested."
    )
    found = exact(text, {"Because", "Loading", "More", "Tarn", "Keeper"}, set())
    assert [(" ".join(m.tokens), text[m.start : m.end]) for m in found] == [
        ("Brandt", "Brandt"),
        ("Ida Brandt", "Ida Brandt"),
    ]


def test_two_persons_side_by_side_are_one() -> None:
    text = "The water has been kept clean for years by Ana María Ruiz Ortega."
    namer = Says(text, set(), set())
    namer.rows = [[0, 0.9, 0.1, 0, 0], [0, 0.1, 0.9, 0, 0]] * 2
    pieces, words = cut(text), (np.zeros((30522, 2), dtype=np.int8), np.ones((30522, 1), dtype=np.float32))
    found = namer.named(text, mentions(text), pieces, np.zeros((len(pieces), 2), dtype=np.float32), words)
    assert [" ".join(mention.tokens) for mention in found] == ["Ana María Ruiz Ortega"]


def test_a_bodys_name_is_known_for_one() -> None:
    found = exact("They asked Orsa Rail and Ida Brandt.", set(), {"Orsa", "Rail"})
    assert [m.is_body for m in found] == [True, False]


def test_a_person_whose_name_is_a_word_as_well_is_no_body() -> None:
    text = "Ferry sold\n\nPer Aldous kept the mill for thirty years. The agency says that the wheel was rotten by then."
    assert "Per Aldous" not in speakers(text)


@pytest.mark.parametrize("part", [Linker, Namer])
def test_missing_weights_say_how_to_get_them(part: type[Linker | Namer], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make install"):
        part.load(tmp_path / "gone.npz")


def test_an_article_that_begins_with_the_speaker_knows_who_he_is() -> None:
    text = "Tam Orme has rowed the ferry for forty years. He said that he had never missed a crossing."
    assert speakers(text) == ["Tam Orme"]


def test_who_speaks_has_its_confidence_from_nought_to_one() -> None:
    text = "Ida Brandt met Tam Orme on the quay. “It leaks,” she said. He said that it did not."
    assert all(0 < quote.speaker.confidence <= 1 for quote in extract_quotes(text) if quote.speaker)


def said(text: str, words: str, source: str) -> Quote:
    """The quote of these words with the source, both where they first stand."""
    start, at = text.index(words), text.index(source)
    spans = (Span.of(text, start, start + len(words)),), (Span.of(text, at, at + len(source)),)
    return Quote(*spans, (), kind="direct" if words[0] == "“" else "indirect")


def test_we_within_words_that_somebody_is_quoted_with_is_that_somebody() -> None:
    text = "“It will fall, for we know that it is old,” Ann Lee said. Per Lund left."
    around = said(text, "“It will fall, for we know that it is old,”", "Ann Lee")
    within = said(text, "that it is old", "we")
    lee = Speaker("Ann Lee", "the mayor", 1.0)
    found = in_own_words(text, [around, within], [lee, Speaker("Per Lund", None, 0.9)])
    assert found == [lee, replace(lee, confidence=0.7)]


@pytest.mark.parametrize(("mark", "name"), [(":", "a company spokesperson"), (".", "we")])
def test_we_in_a_statement_that_a_colon_leads_on_to_is_whose_statement_it_is(mark: str, name: str) -> None:
    text = f"A company spokesperson sent us this statement on the fire{mark}\nToday we believe the plant is safe."
    lead, own = said(text, "on the fire", "A company spokesperson"), said(text, "the plant is safe", "we")
    whose = [Speaker("a company spokesperson", None, 0.6), Speaker("we", None, 0.3)]
    assert [speaker and speaker.name for speaker in in_own_words(text, [lead, own], whose)][1] == name


def test_a_name_that_small_words_hold_together_is_one_body() -> None:
    text = (
        "Ida Brandt rowed to the Department of Rivers and Harbours on Monday. The Department of Rivers and Harbours "
        "said that the ferry may sail. Brandt said that the Harbour Bank for Fisheries and Forests will pay."
    )
    assert {"the Department of Rivers and Harbours", "Department of Rivers and Harbours"} & set(speakers(text))


def test_a_short_name_in_brackets_is_the_name_before_it() -> None:
    text = (
        "The Northern Tide Board (NTD) closed the lock on Friday. Ida Brandt had waited for hours. "
        "The NTD said that the gate was broken. “It will take a week,” Brandt said."
    )
    assert speakers(text) == ["Northern Tide Board", "Ida Brandt"]


def test_a_body_has_the_letters_that_the_article_calls_it_by() -> None:
    text = (
        "The Harbour and Canal Workers Union called a strike on Monday. HCWU members left the quay. Ida Brandt had "
        "waited for hours. The HCWU said that four hundred would stay away. “It will take a week,” Brandt said."
    )
    assert set(speakers(text)) >= {"Harbour and Canal Workers Union (HCWU)", "Ida Brandt"}


def test_letters_that_are_not_those_of_the_whole_name_are_left_out() -> None:
    text = (
        "The Northern Tide Board (NTD) closed the lock on Friday. The NTD said that the gate was broken. "
        "The Northern Tide Board said that it will take a week."
    )
    assert set(speakers(text)) == {"Northern Tide Board"}


def test_a_couple_whose_surname_is_said_once_both_have_it() -> None:
    text = (
        "Peter and Ida Brandt sell their ferry after forty years on the fjord.\n\n"
        "“My knees have had enough,” Peter said on Monday. “I shall miss the gossip,” Ida said."
    )
    assert set(speakers(text)) == {"Peter Brandt", "Ida Brandt"}


def test_a_surname_before_and_is_not_the_first_name_of_who_stands_behind() -> None:
    text = (
        "Peter and Ida Brandt met on Monday to save the ferry. “We are not there yet,” Peter told reporters. "
        "The harbour master, Karl Peter, has led the talks since May. “The gap is small,” Brandt said."
    )
    assert "Peter Brandt" not in speakers(text)


def test_a_priest_short_for_father_is_who_is_named_in_full() -> None:
    text = (
        "Dan Okrell has blessed the boats of Halvick for thirty years. “The sea forgives nobody,” Fr. Okrell said. "
        "Later he said that the boats were old."
    )
    assert set(speakers(text)) == {"Dan Okrell"}


def test_a_list_of_bodies_is_all_of_them() -> None:
    text = "The harbour was full. Orsa Rail and Tarn Lines said that the pier is safe. They sail there."
    assert "Orsa Rail and Tarn Lines" in speakers(text)


def test_she_is_not_a_man_who_was_named_last() -> None:
    text = (
        "Caroline Brandt runs the ferry with George Lund. “The pier is rotten,” Brandt said on Monday. "
        "George Lund has worked at the pier for years. “I would not walk on it,” she said."
    )
    assert set(speakers(text)) == {"Caroline Brandt"}


def test_a_description_of_a_person_is_not_the_club_that_it_names() -> None:
    text = (
        "Orsa United won again on Monday. Ida Brandt, who coaches the club, smiled on the quay.\n\n"
        "“We were lucky,” the Orsa United coach said. “It was late.”"
    )
    assert set(speakers(text)) == {"Ida Brandt"}


def test_what_is_no_label_is_nobodys_even_where_the_network_means_it_again() -> None:
    text = "Ida Brandt rowed. Let’s say that it leaks."
    cast = gathered(People(text, [], "", mentions(text)), [], Places(text))
    quote = said(text, "that it leaks", "Let’s")
    link = Link((18, 23), "Let’s", None, nobody=False, sure=0.9, kind="group", as_picked=False)
    assert speaker_of(quote, None, link, cast) is None
    assert speaker_of(quote, None, replace(link, name="Ida Brandt"), cast) is not None
