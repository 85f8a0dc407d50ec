"""Speakers whose names, offices or companies news of the world puts in other ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import extract_quotes
from ingest.text.names import mentions
from ingest.text.stand_ins import with_stand_ins
from rag.schema import Citation, Speaker
from rag.writing.compose import text_of


def whose(text: str) -> dict[str, Speaker]:
    """Who says what, by the first words of it."""
    return {" ".join(q.text.strip('“”"').split()[:2]): q.speaker for q in extract_quotes(text) if q.speaker}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Fatima al-Zahrani, the nurses' delegate, said the ward would stay open. “Nobody slept,” al-Zahrani said.",
            "Fatima al-Zahrani",
        ),
        (
            "Yusuf bin Hamad Al Kaabi, the hospital's director, said beds were few. “We asked for ten,” Al Kaabi said.",
            "Yusuf bin Hamad Al Kaabi",
        ),
        (
            "Marta Ruiz Ortega, the harbour pilot, said the channel was shallow. “Three metres,” Ruiz Ortega said.",
            "Marta Ruiz Ortega",
        ),
        (
            "Pieter van der Meer, the dike warden, said the pumps had failed. “The sea rises,” Van der Meer said.",
            "Pieter van der Meer",
        ),
        (
            "Li Meifang, the factory's head of safety, opened the gate. “We lost four days,” Li said.",
            "Li Meifang",
        ),
        (
            "Kovács Ágnes, a potter from Pécs, said the kiln was cold. “I will light it in May,” Kovács said.",
            "Kovács Ágnes",
        ),
        (
            "Harold “Buck” Tanner, who tends the lock, said the gate had stuck twice. “I told them,” Buck said.",
            "Harold Tanner",
        ),
        (
            "MEP Anna van ’t Hof said the lock was closed. “Nobody asked us,” Van ’t Hof said.",
            "Anna van ’t Hof",
        ),
        (
            "Piet in 't Hout said the lock was closed. “Nobody asked us,” said Piet in 't Hout.",
            "Piet in 't Hout",
        ),
        (
            "Lotte op den Berg said the lock was closed. “Nobody asked us,” Op den Berg said.",
            "Lotte op den Berg",
        ),
    ],
)
def test_a_name_is_whole_in_every_order_and_shape(text: str, name: str) -> None:
    assert {speaker.name for speaker in whose(text).values()} == {name}
    assert {speaker.kind for speaker in whose(text).values()} == {"person"}


@pytest.mark.parametrize("office", ["Fishmonger", "Midwife", "Engineer", "Bus driver"])
def test_an_office_before_a_name_is_no_part_of_it(office: str) -> None:
    text = f"{office} Ruth Lund, who was there, said nobody was hurt. “It was luck,” Lund said."
    assert {speaker.name for speaker in whose(text).values()} == {"Ruth Lund"}


@pytest.mark.parametrize(
    "office", ["Secretary of State", "Minister of Health", "Director of Communications", "Chief of Police"]
)
@pytest.mark.parametrize("name", ["Clayton", "Ida Clayton"])
def test_the_last_word_of_an_office_is_no_first_name(office: str, name: str) -> None:
    (speaker,) = whose(f"{office} {name} said the plan was wrong.").values()
    assert (speaker.name, speaker.role) == (name, office)


def test_the_last_word_of_an_office_in_small_letters_is_no_first_name() -> None:
    text = (
        "Ida Brandt spoke on Monday in Ohio.\n\nFormer secretary of State Brandt was for the treaty before she was "
        "against it. She has proposed a plan for steel."
    )
    assert {speaker.name for speaker in whose(text).values()} == {"Ida Brandt"}


def test_the_first_word_of_a_place_is_no_office() -> None:
    text = "The mayor of Port Halden said it would close. “It leaks,” Mayor Ida Holm said."
    assert {speaker.name for speaker in whose(text).values()} == {"Ida Holm"}
    text = "Ida Holm, mayor of Port Halden, said it would close. “It leaks,” Holm said."
    assert {(speaker.name, speaker.role) for speaker in whose(text).values()} == {("Ida Holm", "mayor of Port Halden")}


@pytest.mark.parametrize("surname", ["Judge", "Sergeant", "Prince", "Mayor"])
def test_an_office_behind_a_first_name_is_a_surname(surname: str) -> None:
    text = (
        f"Hettie {surname}, who bakes in Tarn, was fined on Thursday.\n\n“I swept that floor,” she said.\n\n"
        f"Ms. {surname} has until June. “It will be hard,” {surname} said."
    )
    assert {speaker.name for speaker in whose(text).values()} == {f"Hettie {surname}"}
    (speaker,) = whose(f"Tarn {surname} Ida Holm said the case was closed.").values()
    assert (speaker.name, speaker.role) == ("Ida Holm", f"Tarn {surname}")


def test_whose_office_it_is_stays_a_name() -> None:
    assert (
        whose("Stephen Bale, the chairman of Ida Clayton, said the plan was wrong.")["the plan"].name == "Stephen Bale"
    )


def test_according_to_is_no_first_name_where_the_article_has_another() -> None:
    text = "Dana Meller wrote the study. Per Meller, the advertisements were shown to two million people."
    assert [(s.name, s.role) for s in whose(text).values()] == [("Dana Meller", None)]
    assert whose("Per Lund said the plan was wrong. Lund is a mayor.")["the plan"].name == "Per Lund"


@pytest.mark.parametrize("body", ["European Commission", "New York Times", "West Tarn Council"])
def test_a_body_has_the_first_word_of_its_name_and_a_short_name_means_it(body: str) -> None:
    short = body.split()[-1]
    said = whose(f"The {body} said it would look at the deal. “We will see,” the {short} said.")
    assert {(speaker.name, speaker.kind) for speaker in said.values()} == {(body, "body")}


@pytest.mark.parametrize("body", ["Republican National Committee", "American Civil Liberties Union"])
def test_a_party_or_country_begins_the_name_of_a_body(body: str) -> None:
    assert [(s.name, s.kind) for s in whose(f"The {body} said it would not pay.").values()] == [(body, "body")]


@pytest.mark.parametrize("opening", ["Republican", "Democratic Sen.", "European diplomat", "American", "House Speaker"])
def test_a_party_or_country_before_a_person_is_no_part_of_the_name(opening: str) -> None:
    assert {s.name for s in whose(f"{opening} Ann Lee said no. Lee left at noon.").values()} == {"Ann Lee"}


def test_a_name_in_marks_behind_the_source_is_nothing_said() -> None:
    text = "“It was cold out there,” said a fisherman who goes by the name “Moss.” The boats stayed."
    assert [quote.text for quote in extract_quotes(text)] == ["“It was cold out there,”"]


def test_two_who_speak_together_are_both_and_then_each() -> None:
    text = (
        "“We share the bill and the blame,” councillors Greta Holm of Asker and Paul Reyes of Tynset said in a letter."
        "\n\nHolm and Reyes had quarrelled since spring. “He shouted,” she said. “She did not listen,” he said."
    )
    said = whose(text)
    assert (said["We share"].name, said["We share"].kind) == ("Greta Holm and Paul Reyes", "group")
    assert (said["He shouted,"].name, said["She did"].name) == ("Greta Holm", "Paul Reyes")


def test_who_sends_a_statement_is_the_person_and_not_the_office() -> None:
    text = (
        "Reactions\n\nFrom the office of Petra Lang, head of research, Tarn Institute:\n\n“The figures are older than "
        "the law.”\n\nAnd from Mayor Nils Brandt:\n\n“We will read them with care.”"
    )
    said = whose(text)
    assert (said["The figures"].name, said["The figures"].role) == ("Petra Lang", "head of research, Tarn Institute")
    assert said["We will"].name == "Nils Brandt"


def test_the_only_holder_of_an_office_holds_it_by_its_long_title_too() -> None:
    text = (
        "TARN, Aug 9 (Kestwire) - The sheriff of Tarn County said on Monday that the road was open.\n\n"
        '"We worked all night," Sheriff Della Pryce told reporters.'
    )
    assert {speaker.name for speaker in whose(text).values()} == {"Della Pryce"}


def test_the_owner_who_is_named_later_is_the_owner_of_the_first_line() -> None:
    text = "The inn will open in spring, its owner said on Friday. “I have the paint,” said the owner, Karin Moe."
    assert {(speaker.name, speaker.role) for speaker in whose(text).values()} == {("Karin Moe", "owner")}


@pytest.mark.parametrize("name", ["Dale Winter", "Rose Field", "Per Dahl"])
def test_a_body_is_not_the_person_named_before_it(name: str) -> None:
    text = f"{name} kept the mill for nine years. The authority says that the wheel had rotted."
    assert {(speaker.name, speaker.kind) for speaker in whose(text).values()} == {("the authority", "unnamed")}


def test_the_place_in_a_clause_about_the_source_does_not_speak() -> None:
    text = "The firm, which was founded in Lund, said that the lease had run out."
    assert {speaker.name for speaker in whose(text).values()} == {"the firm"}


MARSH = Citation(
    number=1, quote="“A toll is a tax,”", speaker="Ida Marsh", role="senator", article_id="a", title=None,
    publication=None, published=None, url=None, start=0, end=18, direct=True, context="“A toll is a tax,”",
    context_start=0, spans=((0, 18),), sha256="", speaker_kind="person",
)  # fmt: skip


def test_namesakes_with_different_offices_stand_under_no_common_heading() -> None:
    other = replace(MARSH, number=2, role="the goalkeeper", article_id="b")
    assert text_of("", [MARSH, other]).splitlines() == [
        "- Ida Marsh, senator, said: “A toll is a tax,” [1]",
        "- Ida Marsh, the goalkeeper, said: “A toll is a tax,” [2]",
    ]
    assert text_of("", [MARSH, replace(other, role="the senator")]).startswith("Ida Marsh, senator:")


def under(*roles: tuple[str | None, str]) -> list[str]:
    """The beginnings of the lines of an answer by one name; each statement with a role and an article."""
    found = [replace(MARSH, number=n, role=role, article_id=id) for n, (role, id) in enumerate(roles, start=1)]
    return [line.partition(" said:")[0].partition(": “")[0].rstrip(",") for line in text_of("", found).splitlines()]


def test_a_place_that_two_offices_share_makes_no_one_person() -> None:
    assert under(("baker in Orsa", "a"), ("pilot in Orsa", "b")) == [
        "- Ida Marsh, baker in Orsa",
        "- Ida Marsh, pilot in Orsa",
    ]
    assert under(("mayor of Orsa", "a"), ("former mayor", "b"))[0] == "Ida Marsh, mayor of Orsa:"


def test_an_article_without_an_office_stands_below_the_common_heading() -> None:
    assert under(("pilot", "a"), (None, "b"))[0] == "Ida Marsh, pilot:"
    assert under((None, "a"), (None, "b"))[0] == "Ida Marsh:"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Sidi ould Maham", "Ould Maham"),
        ("Rui dos Reis Lima", "dos Reis Lima"),
        ("Ana do Carmo", "Do Carmo"),
        ("Ida zur Linden", "Zur Linden"),
    ],
)
def test_small_words_within_a_name_part_nobody_from_himself(name: str, short: str) -> None:
    text = f"{name}, a pilot, said that the sea was calm. “It was not,” {short} said."
    text += f"\n\n{short[0].upper()}{short[1:]} said it was."
    assert {quote.speaker.name for quote in extract_quotes(text) if quote.speaker} == {name}


@pytest.mark.parametrize("name", ["Bloom Van Haesendonck", "Ferry Van Stappen", "Merit Van Gils"])
def test_a_first_name_that_is_a_word_stays_before_a_large_particle(name: str) -> None:
    surname = name.partition(" ")[2]
    text = f"The barn is run by a farmer, {name}. Her firm denied that it leaked. “It is dry,” {surname} said."
    assert whose(text)["It is"].name == name


def test_a_capital_within_a_sentence_begins_a_name_and_at_its_head_a_trade() -> None:
    name = "Íñigo Anselmo Urrutikoetxea Galdós"
    text = f"The herd belongs to twelve families led by {name}. He said that the barn had stood open for a night."
    text += " “The grass is gone,” Urrutikoetxea said by telephone."
    assert whose(text)["The grass"].name == name
    text = "Fishmonger Ole Gunnar Strand said that nobody was hurt. “It was luck,” Strand said."
    assert whose(text)["It was"].name == "Ole Gunnar Strand"


@pytest.mark.parametrize("short", ["In ’t Zandhof", "In 't Zandhof"])
def test_a_dutch_preposition_at_the_head_of_a_surname_is_part_of_it(short: str) -> None:
    name = short.replace("In", "Wiebe in")
    text = (
        f"{name}, a miller, had bought the wheel. “I need it by May. I do not care who turns it,” said {short}, who "
        f"has since moved to Norway.\n\n“It is old,” {short} said."
    )
    assert {key: speaker.name for key, speaker in whose(text).items()} == {"I need": name, "It is": name}
    assert " ".join(mentions(text)[-1].tokens) == short


def test_a_surname_of_two_letters_ends_a_sentence_before_he() -> None:
    text = "The barn belongs to the farmer, Quynh Ngan Vo. He said that it leaked. “It is wet,” he said."
    assert {speaker.name for speaker in whose(text).values()} == {"Quynh Ngan Vo"}


@pytest.mark.parametrize(
    "text",
    [
        "Yara Said has mended clocks in Orsa for years. “This one is older than the church,” Said said.",
        "The council chose Yara Said as its clerk on Monday. Said told the town that the books were in order.",
        "The court met Yara Said on Friday. Asked for the key, Said said she had none. “I lost it,” Said added.",
        "“The pump is old,” said Mrs. Said, who mends it. Said said that it would hold until May.",
    ],
)
def test_a_surname_that_is_the_verb_of_saying_is_a_name(text: str) -> None:
    assert {speaker.name for speaker in whose(text).values()} <= {"Yara Said", "Said"}
    assert not any(quote.text.startswith("has") for quote in extract_quotes(text))


def test_whoever_is_named_within_a_quotation_by_such_a_surname_does_not_speak_there() -> None:
    said = whose("Yara Said mended the clock. “Said has my thanks,” the mayor, Bo Marr, told the council.")
    assert {words: speaker.name for words, speaker in said.items()} == {"Said has": "Bo Marr"}


@pytest.mark.parametrize("work", ["", " She Said, a film by Kim Roe, is shown at eight."])
def test_a_verb_of_saying_at_the_head_of_a_sentence_is_no_name(work: str) -> None:
    said = whose(f"The lock is shut. Said the mayor, Ann Lee: “We will mend it.” Said Bo Marr: “Never.”{work}")
    assert {speaker.name for speaker in said.values()} == {"Ann Lee", "Bo Marr"}
    clerk = "Yara Said is the clerk. Said the mayor, Ann Lee: “She can count.”"
    assert {speaker.name for speaker in whose(clerk).values()} == {"Ann Lee"}


def test_a_verb_of_saying_in_a_headline_with_capitals_is_no_name() -> None:
    text = "The Best Things Ringers Said In Spring\n\nIt rained. Ann Lee said, “Ring anyway.”"
    assert with_stand_ins(text) == text


def test_letters_in_brackets_stay_with_a_body_whose_letters_alone_look_like_a_person_s_name() -> None:
    text = (
        "The Kelso Association of Bell Ringers (KABR) has a new tower. KABR said it would ring at noon.\n\n"
        "“It hums,” said KABR, which wants nobody but KABR to climb it."
    )
    assert {(s.name, s.kind) for s in whose(text).values()} == {("Kelso Association of Bell Ringers (KABR)", "body")}
