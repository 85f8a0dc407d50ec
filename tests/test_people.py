"""Who a name, a surname or a role means, and whom it must not mean."""

from __future__ import annotations

import pytest

from rag.people.directory import Directory
from rag.people.names import name_words

# The invented speakers of seeds/, as an index gives them: one (name, role) for each quote.
PEOPLE = Directory.of(
    [
        ("Ingrid Solvane", "mayor"),
        ("Ingrid Solvane", ""),
        ("Tomas Solvane", "leader of the Halvick pilots’ union"),
        ("Ruta Belmane", "harbour engineer"),
        ("Delphine Hale", "coach"),
        ("Wilma Hale", "chair of the supporters’ trust"),
        ("Miriam Achterberg", "head nurse"),
        ("the minister", ""),
        ("he", ""),
        ("", "nobody in particular"),
    ]
)
SOLVANES = ("Ingrid Solvane", "Tomas Solvane")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ingrid Solvane", ("ingrid", "solvane")),
        ("Mayor Solvane’s", ("mayor", "solvane")),
        ("Dr. Ida Hale", ("ida", "hale")),
        ("Jean-Luc O’Hara", ("jean-luc", "o'hara")),
        ("the", ("the",)),
        ("42!", ()),
    ],
)
def test_the_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


def test_nobody_and_pronouns_are_no_speakers() -> None:
    assert PEOPLE.names == (
        "Ingrid Solvane",
        "Tomas Solvane",
        "Ruta Belmane",
        "Delphine Hale",
        "Wilma Hale",
        "Miriam Achterberg",
        "the minister",
    )


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("Ruta Belmane", ("Ruta Belmane",)),
        ("Belmane", ("Ruta Belmane",)),
        ("belmane", ("Ruta Belmane",)),
        ("BELMANE’S", ("Ruta Belmane",)),
        ("Ms. Belmane", ("Ruta Belmane",)),
        ("R. Belmane", ("Ruta Belmane",)),
        ("Ruta Ann Belmane", ("Ruta Belmane",)),
        ("Ruta Belmane Jr.", ("Ruta Belmane",)),
        ("Solvane", SOLVANES),
        ("Ingrid Solvane", ("Ingrid Solvane",)),
        ("Anna Solvane", ()),
        ("Hale", ("Delphine Hale", "Wilma Hale")),
        ("W. Hale", ("Wilma Hale",)),
        ("Halle", ()),
        ("Ruta", ("Ruta Belmane",)),
        ("the minister", ("the minister",)),
        ("minister", ("the minister",)),
        ("", ()),
        ("!?", ()),
    ],
)
def test_by_name(phrase: str, names: tuple[str, ...]) -> None:
    assert PEOPLE.by_name(phrase) == names


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("the mayor", ("Ingrid Solvane",)),
        ("the harbour’s engineer", ("Ruta Belmane",)),
        ("the pilots' union leader", ("Tomas Solvane",)),
        ("Mayor Solvane", ("Ingrid Solvane",)),
        ("the nurse", ("Miriam Achterberg",)),
        ("the head pilot", ()),
        ("the mayor of Tarnmouth", ()),
        ("the", ()),
        ("", ()),
    ],
)
def test_by_role(phrase: str, names: tuple[str, ...]) -> None:
    assert PEOPLE.by_role(phrase) == names


@pytest.mark.parametrize(
    ("described", "phrase", "is_meant"),
    [
        ("a badge on the porter's coat", "the porter", False),
        ("a sign above the old baker’s door", "the baker", False),
        ("a lawyer in the mayors' office", "the mayors", False),
        ("the pilot's widow", "the pilot", False),
        ("the daughter of the pilot", "the pilot", False),
        ("a badge on the porter's coat", "the badge", True),
        ("the pilot's widow", "the widow", True),
        ("the ferry company's spokesman", "the ferry company", True),
        ("a spokesman for the company's board", "the company", True),
        ("the porter's mate", "the porter's mate", True),
        ("one of the divers", "the divers", True),
        ("the porter at the baker's door", "the porter", True),
    ],
)
def test_who_owns_what_speaks_is_not_who_speaks(described: str, phrase: str, is_meant: bool) -> None:
    assert Directory.of([(described, "")]).find(phrase) == ((described,) if is_meant else ())


def test_a_given_name_alone_is_looked_up_as_part_of_name_and_role() -> None:
    assert PEOPLE.find("Ingrid") == ("Ingrid Solvane",)
    assert PEOPLE.find("coach Delphine") == ("Delphine Hale",)
    assert PEOPLE.find("Harlan Quist") == ()


def test_a_bare_surname_is_the_only_bearer_s() -> None:
    people = Directory.of([("Voss", ""), ("Director Stellan Voss", ""), ("Voss, 61", ""), ("Voss’s", "")])
    assert people.by_name("Stellan Voss") == ("Director Stellan Voss", "Voss", "Voss, 61", "Voss’s")
    assert people.by_name("Mara Voss") == ()


def test_a_bare_surname_of_two_people_is_neither_s() -> None:
    people = Directory.of([("Voss", ""), ("Stellan Voss", "director"), ("Mara Voss", "")])
    assert people.by_name("Stellan Voss") == ("Stellan Voss",)
    assert people.by_name("Voss") == ("Voss", "Stellan Voss", "Mara Voss")
    assert people.by_name("Ilse Voss") == ()


def test_senior_and_junior_are_two_people() -> None:
    people = Directory.of([("Karl Poole Sr.", ""), ("Karl Poole Jr.", "")])
    assert people.by_name("Karl Poole Jr.") == ("Karl Poole Jr.",)
    assert people.by_name("Karl Poole") == ("Karl Poole Sr.", "Karl Poole Jr.")


def test_an_index_without_speakers_knows_nobody() -> None:
    nobody = Directory.of([])
    assert nobody.names == nobody.find("Ingrid Solvane") == nobody.find("the mayor") == ()


class TestFit:
    """How well a description fits a speaker."""

    def test_rare_words_of_the_role_count_more(self) -> None:
        people = Directory.of(
            [("Ida Olm", "harbour pilot"), ("Bo Reay", "harbour engineer"), ("Una Voss", "harbour nurse")]
        )
        fits = people.fit("the harbour engineer", people.names)
        assert max(fits, key=lambda name: fits[name]) == "Bo Reay"
        assert fits["Bo Reay"] == 1.0
        assert fits["Ida Olm"] < 0.5

    def test_another_word_for_the_office_counts_less_than_the_word(self) -> None:
        people = Directory.of([("Ida Olm", "physician from Tarn"), ("Bo Reay", "surgeon from Tarn")])
        fits = people.fit("the surgeon from Tarn", people.names)
        assert fits["Bo Reay"] == 1.0
        assert 0.5 < fits["Ida Olm"] < 1.0

    def test_two_roles_of_one_person_are_not_one(self) -> None:
        people = Directory.of([("Ida Olm", "secretary of Tarn"), ("Ida Olm", "minister of health")])
        assert people.by_role("the secretary of health") == ()
        assert people.by_role("the secretary of Tarn") == ("Ida Olm",)

    def test_a_possessor_is_not_who_is_described_but_the_family_may_be(self) -> None:
        people = Directory.of([("Stellan Voss", ""), ("Mara Voss", ""), ("Ida Olm", "")])
        assert people.fit("Stellan Voss's niece", people.names) == {"Mara Voss": 0.5}
        assert people.fit("stellans niece", people.names) == {"Mara Voss": 0.5}
        assert people.fit("Stellan Voss's lawyer", people.names) == {
            "Mara Voss": people.fit("Stellan Voss's lawyer", people.names)["Mara Voss"]
        }

    def test_nothing_fits_an_empty_description(self) -> None:
        assert PEOPLE.fit("the", PEOPLE.names) == PEOPLE.fit("", PEOPLE.names) == {}


def test_a_bare_surname_is_whose_article_it_stands_in() -> None:
    pairs = [("Stellan Voss", ""), ("Voss", ""), ("Mara Voss", "")]
    people = Directory.of(pairs, ["a", "a", "b"])
    assert people.by_name("Stellan Voss") == ("Stellan Voss", "Voss")
    assert people.by_name("Mara Voss") == ("Mara Voss",)


def test_a_bare_given_name_is_whose_article_it_stands_in() -> None:
    pairs = [("Mara Voss", ""), ("Mara", ""), ("Ida", ""), ("Ida Olm", "")]
    people = Directory.of(pairs, ["a", "a", "a", "b"])
    assert people.by_name("Mara Voss") == ("Mara Voss", "Mara")
    assert people.by_name("Ida Olm") == ("Ida Olm",)


def test_a_surname_is_the_one_s_who_is_quoted_by_far_the_most() -> None:
    people = Directory.of([("Stellan Voss", "")] * 16 + [("Mara Voss", ""), ("Voss", ""), ("Ms. Voss", "")])
    assert people.by_name("Stellan Voss") == ("Stellan Voss", "Voss")
    assert people.by_name("Mara Voss") == ("Mara Voss",)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Castelane", "Femi Castellane"),
        ("femi castellan", "Femi Castellane"),
        ("Femi Kastellane", None),
        ("Hake", None),
        ("Anna Castellane", None),
        ("Ida Hael", "Ida Hale"),
        ("Ada Hale", None),
        ("Achterbegr", "Miriam Achterberg"),
        ("Brandt", None),
        ("", None),
    ],
)
def test_one_slip_of_spelling_is_forgiven_where_only_one_can_be_meant(phrase: str, name: str | None) -> None:
    people = Directory.of([("Femi Castellane", ""), ("Ida Hale", ""), ("Miriam Achterberg", ""), ("Brand", "")])
    person = people.respelt(phrase)
    assert (person.name if person else None) == name


def test_names_are_known_without_accents_titles_and_ages() -> None:
    people = Directory.of([("Zoë Márquez, 69", ""), ("the Rev. Bo O’Hara of Tarn", ""), ("supporters of Ida Hale", "")])
    assert people.by_name("Zoe Marquez") == ("Zoë Márquez, 69",)
    assert people.by_name("Father O'Hara") == ("the Rev. Bo O’Hara of Tarn",)
    assert people.by_name("Ida Hale") == ()


@pytest.mark.parametrize("phrase", ["HFU", "the HFU", "hfu", "Harbour Fishers Union", "the harbour fishers union"])
def test_a_body_is_found_by_its_name_and_by_its_letters_under_all_its_labels(phrase: str) -> None:
    known = ["Harbour Fishers Union (HFU)", "HFU", "Harbour Fishers Union"]
    found = Directory.of([(name, "") for name in [*known, "Tarn Union"]]).find(phrase)
    assert {"Harbour Fishers Union (HFU)", "HFU"} <= set(found)
    assert "Tarn Union" not in found


def test_two_bodies_of_the_same_letters_are_two() -> None:
    people = Directory.of([("Harbour Fishers Union (HFU)", ""), ("Halvick Football Union (HFU)", "")])
    assert people.find("Harbour Fishers Union") == ("Harbour Fishers Union (HFU)",)
    assert people.find("Halvick Football Union (HFU)") == ("Halvick Football Union (HFU)",)
    assert [person.name for person in people.people("HFU")] == [
        "Harbour Fishers Union (HFU)",
        "Halvick Football Union (HFU)",
    ]


@pytest.mark.parametrize("phrase", ["Said Voss", "Mr. Said Voss", "To Voss", "Omar Said"])
def test_a_name_with_a_small_word_in_it_is_nobody_s_who_has_but_the_rest(phrase: str) -> None:
    people = Directory.of([("Mara Voss", "keeper of the lock"), ("Omar Quist", "")])
    assert people.find(phrase) == ()


def test_small_words_in_capitals_within_a_description_are_none_of_its_words() -> None:
    assert Directory.of([("Mara Voss", "keeper of the lock")]).find("The Keeper Of The Lock") == ("Mara Voss",)


def named(phrase: str, *labels: str) -> list[str]:
    """Whom a phrase means of the people of these labels, each of an article of its own."""
    people = Directory.of([(label, "") for label in labels], [str(number) for number, _ in enumerate(labels)])
    return [person.name for person in people.people(phrase)]


@pytest.mark.parametrize("label", ["T.K.R. Vasan", "T. K. R. Vasan", "TKR Vasan"])
@pytest.mark.parametrize("asked", ["TKR Vasan", "tkr vasan", "T K R Vasan", "T.K.R. Vasan", "T. K. R. Vasan"])
def test_initials_are_found_with_points_and_without(label: str, asked: str) -> None:
    assert named(asked, label) == [label]


def test_initials_as_one_word_are_those_of_the_first_names() -> None:
    assert named("PJ Oduya", "Per Johan Oduya") == ["Per Johan Oduya"]
    assert named("PK Oduya", "Per Johan Oduya") == []
    assert named("Pj Oduya", "Per Johan Oduya") == []


def test_a_is_an_initial_before_another() -> None:
    assert named("AK Oduya", "A. K. Oduya") == ["A. K. Oduya"]


def test_other_initials_are_another_person() -> None:
    labels = ("P. J. Oduya", "P. K. Oduya")
    assert [named(asked, *labels) for asked in ("PJ Oduya", "P.K. Oduya")] == [["P. J. Oduya"], ["P. K. Oduya"]]


def test_first_names_alone_find_the_only_one_of_them() -> None:
    assert named("Galina Petrovna", "Galina Petrovna Sedova") == ["Galina Petrovna Sedova"]
    assert named("Galina Petrovna", "Galina Petrovna Sedova", "Galina Petrovna Orlik") == []
    assert named("Galina Petrovna", "Galina Ivanovna Sedova") == []
