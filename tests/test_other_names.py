"""One person under several names: what an article says of it, and who is found by either name in an index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ingest.__main__ as cli
from ingest import extract_quotes, ingest
from ingest.people import Besides, open_people
from rag import ask
from rag.people.aliases import OTHER_ORDER
from rag.people.by_hand import NOTHING, ByHand
from rag.people.directory import Directory
from rag.people.names import personal
from rag.people.persons import Person


def also(text: str) -> dict[str, tuple[str, ...]]:
    """The other names of each speaker."""
    return {quote.speaker.name: quote.speaker.also for quote in extract_quotes(text) if quote.speaker}


@pytest.mark.parametrize(
    ("text", "label", "other"),
    [
        ("“The ice is free,” said Lorna “Dusty” Verrick, who sells it.", "Lorna Verrick", "Dusty Verrick"),
        ("Edmund (Ned) Farrow said that the lock would stay shut.", "Edmund Farrow", "Ned Farrow"),
        ("Jory Abbas (born Karim Wells) said the pitch was frozen.", "Jory Abbas", "Karim Wells"),
        ("“It is not warm,” said Hanne Lund, who was born Hanne Riis in Odda.", "Hanne Lund", "Hanne Riis"),
        ("Ottoline van Reede, née de Graaf, said the dyke would rise.", "Ottoline van Reede", "Ottoline de Graaf"),
        ("Petra Nordhus (formerly Solli) said the school would stay.", "Petra Nordhus", "Petra Solli"),
        ("“I agree,” said Kim Roe, formerly Kim Vale.", "Kim Roe", "Kim Vale"),
        ("“The rain was kind,” said Salma Idris, also known as Salma Okoro.", "Salma Idris", "Salma Okoro"),
        ("“Never,” said Bo Marr, 41, aka Big Tuna.", "Bo Marr", "Big Tuna"),
        (
            "“We sing until the lights go,” said Mira Tolland, who performs as Vesper. It rained.",
            "Mira Tolland",
            "Vesper",
        ),
        ("“Yes,” said Ole Tarn, known to friends as “Bear”.", "Ole Tarn", "Bear"),
        (
            "Yelda Brannoch, who was known as Yelda Fosse until 2019, chairs the board. “It will hold,” Brannoch said.",
            "Yelda Brannoch",
            "Yelda Fosse",
        ),
    ],
)
def test_a_speaker_has_the_other_names_that_the_article_gives(text: str, label: str, other: str) -> None:
    assert also(text)[label] == (other,)


@pytest.mark.parametrize(
    "text",
    [
        "Petra Nordhus, formerly Minister of Ports, said the school would stay.",
        "“It is cheap,” said Tomas Elk, born in Leeds.",
        "“Not now,” said Ida Karr, known as Orsa's toughest judge.",
        "“Not now,” said Ida Karr, known as South Orsa senator.",
        "“Maybe,” said Ulf Barr, who married a woman known as Nora Tell.",
        "“It is not,” said Per Holt, who worked as Karl Brand’s agent.",
        "Ida Karr (née Karr) said no.",
    ],
)
def test_what_is_no_name_of_the_speaker_is_none(text: str) -> None:
    assert set(also(text).values()) == {()}


@pytest.mark.parametrize(
    "clause",
    [
        "whom the whole quay calls “Smudge,”",
        'whom everybody on the quay called "Smudge",',
        "whom everyone calls Smudge,",
        "51, nicknamed “Smudge” at school,",
        "who is called “Smudge” by all,",
        "“Smudge” to her friends,",
    ],
)
def test_a_nickname_that_a_clause_gives_is_the_same_person_by_itself(clause: str) -> None:
    quotes = extract_quotes(f"Orla van Penhal, {clause} said the rent had doubled. “I sell eels,” Smudge said.")
    known = {(quote.text, quote.speaker.name, quote.speaker.also) for quote in quotes if quote.speaker}
    assert ("“I sell eels,”", "Orla van Penhal", ("Smudge van Penhal",)) in known
    assert len({name for _, name, _ in known}) == 1


@pytest.mark.parametrize(
    "clause",
    [
        "who sang “Smudge,”",
        "who wrote a book called “Smudge,”",
        "whom the papers compared with “Smudge,”",
        "whom the quay calls “a smudge,”",
    ],
)
def test_what_a_clause_has_in_marks_and_nobody_is_called_is_no_nickname(clause: str) -> None:
    assert set(also(f"Orla van Penhal, {clause} spoke first. “I sell eels,” Van Penhal said.").values()) == {()}


@pytest.mark.parametrize("how", ["titled", "entitled", "called", "nicknamed"])
def test_what_a_work_by_somebody_is_called_is_no_nickname_of_hers(how: str) -> None:
    text = f"A film by Orla Penhal, {how} “Smudge,” opens on Friday. “I sell eels,” Penhal said."
    assert set(also(text).values()) == {()}


@pytest.mark.parametrize("how", ["titled", "entitled", "released"])
def test_a_title_in_marks_behind_a_name_is_no_nickname(how: str) -> None:
    text = f"The new book of Orla Penhal, {how} “Smudge,” is out on Friday. “I sell eels,” Penhal said."
    assert set(also(text).values()) == {()}


def test_whom_a_clause_tells_of_has_a_nickname_behind_by_too() -> None:
    text = "The pier was built by Orla Penhal, who was nicknamed “Smudge” at school. “I sell eels,” Penhal said."
    assert set(also(text).values()) == {("Smudge Penhal",)}


def test_a_clause_that_tells_what_others_call_somebody_is_no_role() -> None:
    quotes = extract_quotes("Orla Penhal, whom the whole quay calls “Smudge,” said the rent had doubled.")
    assert {quote.speaker.role for quote in quotes if quote.speaker} == {None}


def test_who_speaks_under_both_names_of_an_article_has_the_other_beside_each() -> None:
    found = also("“We sing,” said Mira Tolland, who performs as Vesper. Vesper said she would be back in June.")
    assert found == {"Mira Tolland": ("Vesper",), "Vesper": ("Mira Tolland",)}


def test_labels_of_a_conversation_tell_of_nicknames_too() -> None:
    text = "\n".join(
        ["The inquiry sat on Monday.", "", "JONAS FALK: The pump failed.", "Edmund “Ned” Farrow: It did not fail."] * 3
    )
    assert also(text)["Edmund Farrow"] == ("Ned Farrow",)


# ---------------------------------------------------------------------- over an index

SAID = {
    "levy": ["Yelda Brannoch", "Yelda Brannoch", "Goran Brannoch"],
    "wells": ["Yelda Fosse"],
    "lock": ["Edmund Farrow", "Farrow"],
    "swell": ["Ned Farrow"],
    "ice": ["Lorna Verrick"],
    "fire": ["Peter Verrick"],
    "hall": ["Mira Tolland"],
    "van": ["Vesper"],
}
ALIASES = [
    ("Yelda Brannoch", "Yelda Fosse", "levy"),
    ("Edmund Farrow", "Ned Farrow", "lock"),
    ("Lorna Verrick", "Dusty Verrick", "ice"),
    ("Mira Tolland", "Vesper", "hall"),
]
NAMESAKE = ("Peter Verrick", "Dusty Verrick", "fire")


def people(*more: tuple[str, str, str], by_hand: ByHand = NOTHING, said: dict[str, list[str]] = SAID) -> Directory:
    labels = [(label, "") for names in said.values() for label in names]
    articles = [article for article, names in said.items() for _ in names]
    return Directory.of(labels, articles, by_hand=by_hand, aliases=[*ALIASES, *more])


def labels(found: list[Person]) -> list[list[str]]:
    return [sorted(person.labels) for person in found]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("Yelda Fosse", ["Yelda Brannoch", "Yelda Fosse"]),
        ("Yelda Brannoch", ["Yelda Brannoch", "Yelda Fosse"]),
        ("Fosse", ["Yelda Brannoch", "Yelda Fosse"]),
        ("Ned Farrow", ["Edmund Farrow", "Farrow", "Ned Farrow"]),
        ("Farrow", ["Edmund Farrow", "Farrow", "Ned Farrow"]),
        ("Ned", ["Edmund Farrow", "Farrow", "Ned Farrow"]),
        ("Dusty", ["Lorna Verrick"]),
        ("dusty verrick", ["Lorna Verrick"]),
        ("Vesper", ["Mira Tolland", "Vesper"]),
        ("Mira Tolland", ["Mira Tolland", "Vesper"]),
    ],
)
def test_either_name_finds_the_one_person_under_both(phrase: str, found: list[str]) -> None:
    assert labels(people().people(phrase)) == [found]


def test_the_evidence_for_a_name_is_the_article_that_gives_it() -> None:
    [person] = people().people("Yelda Fosse")
    assert person.because == {"Yelda Fosse": "also called Yelda Fosse in levy"}


@pytest.mark.parametrize("phrase", ["Dusty", "Dusty Verrick"])
def test_a_nickname_of_two_people_joins_nobody_and_leaves_a_question_open(phrase: str) -> None:
    assert labels(people(NAMESAKE).people(phrase)) == [["Lorna Verrick"], ["Peter Verrick"]]
    assert labels(people(NAMESAKE).people("Peter Verrick")) == [["Peter Verrick"]]


def test_a_nickname_that_is_short_for_another_s_name_is_not_that_one() -> None:
    known = people(("Lorna Verrick", "Bill Verrick", "ice"), said=SAID | {"flood": ["William Verrick", "Bill Verrick"]})
    assert labels(known.people("Lorna Verrick")) == [["Lorna Verrick"]]


def test_a_single_word_joins_nobody_where_others_have_it_in_their_names() -> None:
    for other in ("Anna Vesper", "Vesper Dahl"):
        assert labels(people(said=SAID | {"vote": [other]}).people("Mira Tolland")) == [["Mira Tolland"]]


def test_a_name_that_somebody_had_before_does_not_blur_whose_surname_it_is_now() -> None:
    found = people(("Goran Brannoch", "Goran Verrick", "levy")).people("Verrick")
    assert labels(found) == [["Lorna Verrick"], ["Peter Verrick"]]


def test_a_slip_in_another_name_is_forgiven() -> None:
    person = people(said=SAID | {"wells": []}).respelt("Lorna Verrik") or pytest.fail("nobody is found")
    assert person.labels == ["Lorna Verrick"]
    person = people(("Goran Brannoch", "Goran Castellane", "levy")).respelt("Goran Castelane") or pytest.fail("nobody")
    assert person.labels == ["Goran Brannoch"]


def test_what_was_decided_by_hand_has_its_way() -> None:
    apart = people(by_hand=ByHand(parted=(("Yelda Brannoch", "Yelda Fosse"),)))
    assert labels(apart.people("Yelda Fosse")) == [["Yelda Fosse"]]
    assert labels(apart.people("Yelda Brannoch")) == [["Yelda Brannoch"]]
    one = people(NAMESAKE, by_hand=ByHand(joined=(("Lorna Verrick", "Peter Verrick"),)))
    assert labels(one.people("Dusty")) == [["Lorna Verrick", "Peter Verrick"]]


def test_the_words_of_a_name_in_a_question_are_those_of_the_index() -> None:
    assert personal("Žabka Řehák") == ("zabka", "rehak")
    accented = Directory.of([("Tomáš Řehák", "")], ["boat"], aliases=[("Tomáš Řehák", "Žabka Řehák", "boat")])
    assert labels(accented.people("zabka")) == [["Tomáš Řehák"]]


# ---------------------------------------------------------------------- the family name first


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zsolnay Ildikó", "Ildikó Zsolnay"), ("Bartos Edit Flóra", "Edit Flóra Bartos"), ("Okabe Ren", "Ren Okabe")],
)
def test_a_name_with_the_family_name_first_is_the_same_person_s(one: str, other: str) -> None:
    known = Directory.of([(one, ""), (other, ""), (other, ""), ("Bram Tolle", "")], ["home", "abroad", "march", "home"])
    for phrase in (one, other, other.lower(), other.split()[-1]):
        assert labels(known.people(phrase)) == [sorted([one, other])], phrase
    [person] = known.people(one)
    assert (person.name, person.because) == (other, {one: OTHER_ORDER})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        # Both words are first names, or they hold other offices: then they are two people.
        ([("Thomas James", "skipper"), ("James Thomas", "vet")], 2),
        ([("Thomas James", "skipper of the Tern"), ("James Thomas", "skipper")], 1),
        ([("Zsolnay Ildikó", "skipper"), ("Ildikó Zsolnay", "vet")], 2),
        ([("Ildo Varga", ""), ("Varga Ildo", ""), ("Varga Bence", ""), ("Ildo Moss", "")], 2),
        ([("Ildo Varga", "vet"), ("Varga Ildo", "vet"), ("Varga Bence", ""), ("Ildo Moss", "")], 1),
    ],
)
def test_two_words_that_both_are_first_names_make_two_people_unless_they_hold_one_office(
    said: list[tuple[str, str]], found: int
) -> None:
    directory = Directory.of(said, [f"article {number}" for number in range(len(said))])
    wholes = [directory.people(name)[0].labels for name, _ in said[:2]]
    assert len({tuple(sorted(whole)) for whole in wholes}) == found


def test_two_who_speak_in_one_article_are_not_one_in_two_orders() -> None:
    known = Directory.of([("Ildo Varga", ""), ("Varga Ildo", "")], ["camp", "camp"])
    assert labels(known.people("Ildo Varga")) == [["Ildo Varga"]]


def test_who_was_taken_apart_by_hand_is_not_one_in_two_orders() -> None:
    apart = ByHand(parted=(("Ildo Varga", "Varga Ildo"),))
    known = Directory.of([("Ildo Varga", ""), ("Varga Ildo", "")], ["camp", "lake"], by_hand=apart)
    assert labels(known.people("Ildo Varga")) == [["Ildo Varga"]]


def test_a_name_asked_for_in_the_other_order_is_taken_for_the_one_that_articles_have() -> None:
    person = Directory.of([("Zsolnay Ildikó", ""), ("Bram Tolle", "")]).respelt("Ildikó Zsolnay")
    assert person is not None
    assert person.labels == ["Zsolnay Ildikó"]


PEER = "{} opened the fair. “It is small,” Orme said. It rained. {} Thornmere said the goat was sold."


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Philippa Orme, Baroness Thornmere,", "Lady"),
        ("Philippa Orme, Baroness Thornmere of Skelby,", "Lady"),
        ("Philippa Orme (Lady Thornmere)", "Lady"),
        ("Philippa Orme, who has sat in the upper house as Baroness Thornmere since May,", "Lady"),
        ("Edgar Orme, 3rd Earl of Thornmere,", "Lord"),
        ("Edgar Orme, the third Viscount Thornmere,", "Lord"),
    ],
)
def test_a_peer_is_who_bears_the_name_before_the_title(name: str, title: str) -> None:
    text = PEER.format(name, title)
    found = [quote.speaker for quote in extract_quotes(text) if quote.speaker]
    assert {speaker.name for speaker in found} == {" ".join(name.replace(",", "").split()[:2])}
    assert all(personal(other) == ("thornmere",) for speaker in found for other in speaker.also)


@pytest.mark.parametrize(
    "name",
    [
        "Philippa Orme, Baroness Thornmere, and Una Moss",
        "Philippa Orme, Lady Thornmere, Una Moss and others",
        "Philippa Orme, who met Lady Thornmere,",
        "Philippa Orme, who worked as Lady Thornmere’s driver,",
        "Philippa Orme, Baroness Thornmere, with Ida Thornmere",
    ],
)
def test_a_peer_is_nobody_who_is_only_named_beside_the_title(name: str) -> None:
    sold = [quote.speaker for quote in extract_quotes(PEER.format(name, "Lady")) if "goat" in quote.text]
    assert [speaker and (speaker.name == "Philippa Orme", speaker.also) for speaker in sold] == [(False, ())]


ARTICLES = [
    {
        "id": "vet-2016",
        "title": "Vet warns of ticks",
        "text": "Ticks have come early.\n\nMarit Solheim, the district vet, said the winter had been too mild. “The "
        "vaccine will not come this year,” Solheim said.",
    },
    {
        "id": "vet-2024",
        "title": "Vaccine to be free",
        "text": "Marit Djurgard (née Solheim), the county's head of animal health, said on Friday that the vaccine "
        "against ticks would be free. “Nobody will pay a krone for it,” Djurgard said.",
    },
]


def test_an_index_keeps_other_names_and_answers_by_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, index = tmp_path / "vets.jsonl", tmp_path / "index"
    file.write_text("\n".join(map(json.dumps, ARTICLES)), encoding="utf-8")
    ingest([file], index=index)
    answer = ask("What did Marit Solheim say about the vaccine?", index=index)
    assert {citation.speaker for citation in answer.citations} == {"Marit Solheim", "Marit Djurgard"}
    claim = ask("Did Marit Djurgard say that the vaccine would come this year?", index=index)
    assert claim.verdict == "no"
    assert [citation.article_id for citation in claim.citations] == ["vet-2016"]
    with open_people(index) as known:
        assert [person.also for person in known.all()] == [(Besides("Marit Solheim", "vet-2024"),)]
        assert {person.name for person in known.part("Marit Solheim", "Marit Djurgard")} == {
            "Marit Solheim",
            "Marit Djurgard",
        }
        known.undo("Marit Djurgard")
    capsys.readouterr()
    assert cli.main(["people", "--index", str(index)]) == 0
    assert "also called Marit Solheim in vet-2024" in capsys.readouterr().out
