"""People joined, parted and renamed by hand: who is found then, on what evidence, and what becomes of the file."""

from __future__ import annotations

import errno
import json
import shutil
import sys
from pathlib import Path

import pytest

import ingest.__main__ as cli
import ingest.people
import rag
from ingest import ingest as index_files
from ingest.people import Named, open_people
from rag import lookup, pipeline
from rag.config import Settings
from rag.errors import ConfigError
from rag.people.by_hand import FILE, KEPT, LARGEST, NOTHING, ByHand, read_by_hand, write_by_hand
from rag.people.directory import Directory
from rag.people.persons import AGREE, BY_HAND, GIVEN, ONLY, SAME, Person
from rag.schema import Article
from rag.understanding.parties import identify
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, quote, record, write_index

sys.path.insert(0, str(ROOT / "bench"))

import damages

SAID = [
    ("Ida Hale", "mayor"),
    ("Ida Hale", "mayor"),
    ("Ida Hale", "mayor"),
    ("I. Hale", ""),
    ("Ms. Ida Hale", ""),
    ("Ada Moe", "pilot"),
    ("Tom Brook", "ferryman"),
    ("the minister", ""),
]


def people(by_hand: ByHand = NOTHING, said: list[tuple[str, str]] = SAID) -> Directory:
    return Directory.of(said, [str(number) for number in range(len(said))], by_hand=by_hand)


def labels(found: list[Person]) -> list[list[str]]:
    return [sorted(person.labels) for person in found]


# ---------------------------------------------------------------------- who is found


@pytest.mark.parametrize("phrase", ["Ada Moe", "Moe", "Ada", "Ida Hale", "Hale", "Ms. Hale"])
def test_joined_people_are_found_by_the_name_of_either(phrase: str) -> None:
    party = identify(phrase, people(ByHand(joined=(("Ada Moe", "Ida Hale"),))))
    assert sorted(party.labels) == ["Ada Moe", "I. Hale", "Ida Hale", "Ms. Ida Hale"]
    assert (party.people, party.named) == (("Ida Hale",), True)


def test_joined_people_are_found_over_a_chain_of_labels() -> None:
    chain = ByHand(joined=(("Ada Moe", "I. Hale"), ("Ms. Ida Hale", "Tom Brook")))
    assert labels(people(chain).people("Brook")) == [["Ada Moe", "I. Hale", "Ida Hale", "Ms. Ida Hale", "Tom Brook"]]


def test_joined_people_are_counted_and_listed_once() -> None:
    most = people(ByHand(joined=(("Ada Moe", "Ida Hale"),))).most_quoted(9)
    assert [(person.name, person.count, len(person.articles)) for person in most] == [
        ("Ida Hale", 6, 6),
        ("Tom Brook", 1, 1),
    ]


def test_a_label_that_names_nobody_can_be_somebody_s_by_hand() -> None:
    decided = people(ByHand(joined=(("the minister", "Ada Moe"),)))
    assert set(decided.find("the minister")) == set(decided.find("Ada Moe")) == {"Ada Moe", "the minister"}
    assert [person.name for person in decided.holding(["the minister"])] == ["Ada Moe"]


def test_a_bare_surname_is_theirs_who_are_its_two_bearers_joined() -> None:
    said = [("Ida Hale", ""), ("Adelheid Brand Hale", ""), ("Hale", "")]
    assert labels(people(said=said).people("Ida Hale")) == [["Ida Hale"]]
    joined = ByHand(joined=(("Ida Hale", "Adelheid Brand Hale"),))
    assert labels(people(joined, said).people("Hale")) == [["Adelheid Brand Hale", "Hale", "Ida Hale"]]


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("Ida Hale", [["Ida Hale", "Ms. Ida Hale"]]),
        ("I. Hale", [["I. Hale"]]),
        ("Hale", [["Ida Hale", "Ms. Ida Hale"], ["I. Hale"]]),
    ],
)
def test_parted_labels_of_one_surname_are_two_people(phrase: str, found: list[list[str]]) -> None:
    assert labels(people().people(phrase)) == [["I. Hale", "Ida Hale", "Ms. Ida Hale"]]
    assert labels(people(ByHand(parted=(("Ida Hale", "I. Hale"),))).people(phrase)) == found


def test_of_two_parted_people_with_one_given_name_the_one_of_exactly_this_name_is_meant() -> None:
    said = [("Ida Hale", ""), ("Ida Hale", ""), ("Ida M. Hale", "")]
    parted = people(ByHand(parted=(("Ida M. Hale", "Ida Hale"),)), said)
    assert labels(parted.people("Ida Hale")) == [["Ida Hale"]]
    assert labels(parted.people("Ida M. Hale")) == [["Ida M. Hale"]]


@pytest.mark.parametrize("bare", ["Hale", "Ida"])
def test_a_bare_name_can_be_parted_from_its_only_bearer(bare: str) -> None:
    said = [("Ida Hale", ""), (bare, "")]
    where = Directory.of(said, ["a", "a"])
    assert labels(where.holding([bare])) == [sorted(["Ida Hale", bare])]
    parted = Directory.of(said, ["a", "a"], by_hand=ByHand(parted=((bare, "Ida Hale"),)))
    assert labels(parted.holding([bare])) == [[bare]]
    assert labels(parted.people("Ida Hale")) == [["Ida Hale"]]


def test_what_was_joined_to_a_parted_label_is_parted_with_it() -> None:
    decided = ByHand(joined=(("I. Hale", "Ada Moe"),), parted=(("Ada Moe", "Ida Hale"),))
    assert labels(people(decided).people("Moe")) == [["Ada Moe", "I. Hale"]]


@pytest.mark.parametrize("phrase", ["Baroness Brandt", "Brandt", "Ida Brandt", "Ida Hale", "Hale"])
def test_a_renamed_person_is_found_by_both_names_and_shown_by_the_new_one(phrase: str) -> None:
    party = identify(phrase, people(ByHand(renamed=(("I. Hale", "Baroness Ida Brandt"),))))
    assert (party.people, sorted(party.labels)) == (("Baroness Ida Brandt",), ["I. Hale", "Ida Hale", "Ms. Ida Hale"])


def test_a_renamed_person_is_listed_and_looked_up_by_the_new_name() -> None:
    decided = people(ByHand(renamed=(("the minister", "The woman with the hat"), ("Ida Hale", "Ida Brandt"))))
    listed = [person.name for person in decided.most_quoted(9)]
    assert listed == ["Ida Brandt", "Ada Moe", "The woman with the hat", "Tom Brook"]
    assert labels(decided.like("brand", 5)) == [["I. Hale", "Ida Hale", "Ms. Ida Hale"]]
    assert labels(decided.called("The woman with the hat")) == [["the minister"]]
    assert decided.find("the woman with the hat") == ("the minister",)


def test_what_is_decided_about_unknown_labels_changes_nobody() -> None:
    stale = ByHand((("Ida Hale", "Gone One"),), (("Gone One", "Gone Two"),), (("Gone Two", "Nobody"),))
    assert labels(people(stale).most_quoted(9)) == labels(people().most_quoted(9))
    assert people(stale).find("Nobody") == ()


def test_each_label_has_the_evidence_on_which_it_is_theirs() -> None:
    said = [("Ida Hale", ""), ("Ida Hale", ""), ("Ms. Ida Hale", ""), ("I. Hale", ""), ("Hale", ""), ("Ida", "")]
    directory = Directory.of([*said, ("Ada Moe", "")], ["a"] * 7, by_hand=ByHand(joined=(("Ada Moe", "Hale"),)))
    [person] = directory.people("Moe")
    # A surname that is joined to somebody else is no longer the only bearer's.
    assert sorted(person.labels) == ["Ada Moe", "Hale"]
    assert person.because == {"Hale": BY_HAND}
    [person] = Directory.of(said, ["a"] * 6).people("Hale")
    assert person.because == {"Ms. Ida Hale": SAME, "I. Hale": AGREE, "Hale": ONLY, "Ida": GIVEN}


# ---------------------------------------------------------------------- the file


def test_what_is_written_is_read_again_whatever_a_label_holds(tmp_path: Path) -> None:
    odd = ("No", "1984", "a: b # c", "- [x", "é “q” 🦉", "!!python/name:os.system", "two\nlines", "*a", "~")
    decided = ByHand((odd,), ((odd[0], "Ida"),), tuple((label, f"{label}!") for label in odd))
    write_by_hand(tmp_path, decided)
    assert read_by_hand(tmp_path) == decided
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, KEPT]


def test_without_a_file_and_with_an_empty_one_nothing_is_decided(tmp_path: Path) -> None:
    assert read_by_hand(tmp_path) == NOTHING
    (tmp_path / FILE).write_text("# nothing yet\n")
    assert read_by_hand(tmp_path) == NOTHING
    write_by_hand(tmp_path, NOTHING)
    assert read_by_hand(tmp_path) == NOTHING


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"join: [[a", "no valid YAML"),
        (b"\xff\xfe", "no valid YAML"),
        (b"- a\n", "expected nothing but join, part and rename"),
        (b"joined: []\n", "expected nothing but join, part and rename"),
        (b"join: Ida\n", "under join, each line must be a list of labels"),
        (b"join: [[Ida]]\n", "under join, each line must be a list of labels"),
        (b"join: [[Ida, {a: b}]]\n", "lists within lists"),
        (b"join: [!!python/object/apply:os.system [x]]\n", "under join, each line must be a list of labels"),
        (b"part: [[a, b, c]]\n", "under part, 'a', 'b', 'c' are not two labels"),
        (b"part: [[a, c]]\njoin: [[a, b], [b, c]]\n", "under part, 'a', 'c' are joined as well"),
        (b"part: [[a, a]]\n", "under part, 'a', 'a' are joined as well"),
        (b"rename: [a]\n", "under rename, each line must be a label and a name"),
        (b"rename: {a: [b]}\n", "under rename, each line must be a label and a name"),
        (b"rename: {a: ''}\n", "under rename, each line must be a label and a name"),
        (b"join: [&a [x, y], *a]\n", "it has an alias"),
        (b"[" * 900, "lists within lists"),
        (b"#" * (LARGEST + 1), "it is larger than 1,048,576 bytes"),
    ],
    ids=lambda value: None if isinstance(value, str) else repr(value[:30]),
)
def test_a_broken_file_is_told_in_one_sentence_and_stays(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ConfigError) as told:
        read_by_hand(tmp_path)
    assert what in str(told.value)
    assert str(told.value).startswith(f"{tmp_path / FILE}, which says who is who by hand, cannot be used (")
    assert "\n" not in str(told.value)
    assert (tmp_path / FILE).read_bytes() == content


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_by_hand(tmp_path, ByHand(renamed=(("a", "b"),)))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigError, match=r"cannot be written \(No space left on device\): it is as it was"):
        write_by_hand(tmp_path, NOTHING)
    assert read_by_hand(tmp_path) == ByHand(renamed=(("a", "b"),))
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, KEPT]


# ---------------------------------------------------------------------- over an index

TEXT = "“The night ferry will not sail,” said Ida Hale. “The toll will end,” said Ada Moe. “No,” said I. Hale."
FERRY = Article("ferry", TEXT, publication="Echo", published="2026-03-02")


@pytest.fixture
def index(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ingest.people, "load_embeddings", FakeEmbeddings)
    said = (("The night ferry will not sail,", "Ida Hale"), ("The toll will end,", "Ada Moe"), ("No,", "I. Hale"))
    write_index(tmp_path / "index", record(FERRY, *(quote(FERRY, words, by=name) for words, name in said)))
    return tmp_path / "index"


def test_a_running_chat_takes_a_decision_in_with_its_next_question_and_opens_nothing_anew(index: Path) -> None:
    settings = Settings.load(index=index)
    before = pipeline.open_chain(settings)
    with open_people(index) as opened:
        opened.join("Ada Moe", "Ida Hale")
    after = pipeline.open_chain(settings)
    assert before.retriever.people.find("Ada Moe") == ("Ada Moe",)
    assert sorted(after.retriever.people.find("Ada Moe")) == ["Ada Moe", "I. Hale", "Ida Hale"]
    assert after.store is before.store
    assert pipeline.open_chain(settings) is after


def test_what_one_said_answers_about_the_other_once_joined_under_the_label_of_the_article(index: Path) -> None:
    asked = "Did Ada Moe say the night ferry will not sail?"
    assert rag.ask(asked, index=index).verdict == "no"
    write_by_hand(index, ByHand(joined=(("Ada Moe", "Ida Hale"),), renamed=(("Ada Moe", "Ada Brandt"),)))
    answer = rag.ask(asked, index=index)
    assert (answer.verdict, [citation.speaker for citation in answer.citations]) == ("yes", ["Ida Hale"])


def test_the_people_view_lists_and_opens_whom_it_shows_by_the_new_name(index: Path) -> None:
    with open_people(index) as opened:
        opened.rename("I. Hale", "Ida Brandt")
    listed = lookup.list_people(index=index)
    assert [(person.name, person.names, person.statements) for person in listed] == [
        ("Ida Brandt", ("Ida Hale", "I. Hale"), 2),
        ("Ada Moe", ("Ada Moe",), 1),
    ]
    assert [c.speaker for c in lookup.statements_of("Ida Brandt", index=index)] == ["Ida Hale", "I. Hale"]


def test_a_question_over_a_broken_file_says_so_and_goes_on_once_it_is_mended(index: Path) -> None:
    (index / FILE).write_text("join: [")
    with pytest.raises(ConfigError, match="mend it, or move it out of the folder"):
        rag.ask("What did Ada Moe say?", index=index)
    (index / FILE).unlink()
    assert rag.ask("What did Ada Moe say?", index=index).answered


def test_a_decision_is_refused_over_a_broken_file(index: Path) -> None:
    with open_people(index) as opened:
        (index / FILE).write_text("join: [")
        with pytest.raises(ConfigError, match="cannot be used"):
            opened.join("Ada Moe", "Ida Hale")
    assert (index / FILE).read_text() == "join: ["


def test_the_last_word_on_two_labels_counts_and_can_be_taken_back(index: Path) -> None:
    with open_people(index) as opened:
        opened.part("Ida Hale", "I. Hale")
        assert opened.by_hand == ByHand(parted=(("Ida Hale", "I. Hale"),))
        joined = opened.join("I. Hale", "Ida Hale")
        assert opened.by_hand == ByHand(joined=(("I. Hale", "Ida Hale"),))
        assert joined.labels == (Named("Ida Hale", 1, ""), Named("I. Hale", 1, AGREE))
        opened.part("Ida Hale", "I. Hale")
        assert opened.by_hand == ByHand(parted=(("Ida Hale", "I. Hale"),))
        assert [person.name for person in opened.undo("I. Hale", "Ida Hale")] == ["Ida Hale"]
        assert opened.by_hand == NOTHING


def test_what_was_decided_elsewhere_meanwhile_is_kept(index: Path) -> None:
    with open_people(index) as one, open_people(index) as other:
        other.rename("Ada Moe", "Ada Brandt")
        one.part("Ida Hale", "I. Hale")
    assert read_by_hand(index) == ByHand(parted=(("Ida Hale", "I. Hale"),), renamed=(("Ada Moe", "Ada Brandt"),))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("join", "Ada Mow", "Ida Hale"), "is called 'Ada Mow': did you mean 'Ada Moe'"),
        (("join", "I. Hale", "Ida Hale"), "'I. Hale' and 'Ida Hale' are one person already."),
        (("part", "Ida Hale", "Ida Hale"), "are one label, 'Ida Hale': give two labels"),
        (("rename", "Ida Hale", "Ada Moe"), "'Ada Moe' is the name of somebody else here"),
        (("rename", "Ida Hale", " \n"), "has 1 to 200 characters, not 0"),
        (("rename", "Ida Hale", "x" * 201), "has 1 to 200 characters, not 201"),
        (("undo", "Ida Hale"), "Nothing is decided by hand about 'Ida Hale'."),
        (("join", "../../etc/passwd", "Ida Hale"), "is called '../../etc/passwd'"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_written(
    index: Path, call: tuple[str, ...], message: str
) -> None:
    with open_people(index) as opened, pytest.raises(ConfigError) as told:
        getattr(opened, call[0])(*call[1:])
    assert message in str(told.value)
    assert not (index / FILE).exists()


def test_labels_joined_through_others_are_not_parted_silently(index: Path) -> None:
    write_by_hand(index, ByHand(joined=(("Ida Hale", "Ada Moe"), ("Ada Moe", "I. Hale"))))
    with (
        open_people(index) as opened,
        pytest.raises(ConfigError, match=r"joined by hand through other labels: .* undo"),
    ):
        opened.part("Ida Hale", "I. Hale")


def test_a_join_that_contradicts_what_was_parted_from_a_label_that_is_gone_is_refused(index: Path) -> None:
    decided = ByHand(joined=(("Ada Moe", "Gone"),), parted=(("Ida Hale", "Gone"),))
    write_by_hand(index, decided)
    with open_people(index) as opened, pytest.raises(ConfigError, match=r"joined and parted at once: .* undo"):
        opened.join("Ada Moe", "Ida Hale")
    assert read_by_hand(index) == decided


# ---------------------------------------------------------------------- indexing


def test_indexing_checking_and_putting_an_index_aside_keep_what_was_decided(tmp_path: Path, fake_models: None) -> None:
    index, folder = tmp_path / "index", tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("“The bridge is open,” said Ana Torvik, the mayor, on Monday.", encoding="utf-8")
    index_files([folder], index=index, embeddings=FakeEmbeddings())
    write_by_hand(index, ByHand(renamed=(("Ana Torvik", "Ana Brandt"),)))
    before = (index / FILE).read_bytes()

    (folder / "b.txt").write_text("“It rains,” Ida Hale said.", encoding="utf-8")
    index_files([], index=index, embeddings=FakeEmbeddings())
    assert (index / FILE).read_bytes() == before
    assert index_files([], index=index, embeddings=FakeEmbeddings(), check=True).findings == ()
    assert (index / FILE).read_bytes() == before
    damages.execute(index, "DELETE FROM segments")
    shutil.rmtree(folder)
    report = index_files([], index=index, embeddings=FakeEmbeddings(), check=True)
    assert "could not be opened" in report.findings[0]
    assert (index / FILE).read_bytes() == before
    assert not (index / "damaged-1" / FILE).exists()
    assert [person.name for person in lookup.list_people(index=index)] == ["Ana Brandt", "Ida Hale"]


def test_indexing_goes_on_over_a_broken_file(tmp_path: Path, fake_models: None) -> None:
    (tmp_path / "a.txt").write_text("“It rains,” Ida Hale said.", encoding="utf-8")
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / FILE).write_text("join: [")
    assert not index_files([tmp_path / "a.txt"], index=tmp_path / "index", embeddings=FakeEmbeddings()).failed
    assert (tmp_path / "index" / FILE).read_text() == "join: ["


# ---------------------------------------------------------------------- the command


def test_the_command_lists_people_with_their_labels_and_the_evidence(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["people", "join", "Ada Moe", "Ida Hale", "--index", str(index)]) == 0
    lines = [
        "Ida Hale: 3 statements",
        "    Ida Hale, 1 statement",
        "    I. Hale, 1 statement: surname and given name agree",
        "    Ada Moe, 1 statement: joined by hand",
    ]
    assert capsys.readouterr() == ("\n".join(lines) + "\n", "")
    assert cli.main(["people", "--index", str(index)]) == 0
    assert capsys.readouterr().out.splitlines() == lines
    assert cli.main(["people", "--index", str(index), "undo", "Ada Moe"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Ida Hale: 2 statements",
        "    Ida Hale, 1 statement",
        "    I. Hale, 1 statement: surname and given name agree",
        "Ada Moe: 1 statement",
    ]


def test_the_command_prints_json(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["people", "--json", "--like", "moe", "--index", str(index)]) == 0
    named = {"label": "Ada Moe", "statements": 1, "because": ""}
    assert json.loads(capsys.readouterr().out) == [{"name": "Ada Moe", "statements": 1, "labels": [named], "also": []}]


def test_the_command_ends_with_one_line_for_an_unknown_label(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["people", "rename", "Ada\x1b[31m Moee", "x", "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: Nobody in the index in ")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_the_command_names_labels_that_no_article_has(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_by_hand(index, ByHand(renamed=(("Gone One", "Gone Two"),)))
    assert cli.main(["people", "--index", str(index)]) == 0
    assert "something is decided about 'Gone One', and no article has that label" in capsys.readouterr().err
    assert cli.main(["people", "undo", "Gone One", "--index", str(index)]) == 0
    assert read_by_hand(index) == NOTHING


def test_what_would_steer_a_terminal_is_escaped(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_by_hand(index, ByHand(renamed=(("Ada Moe", "Ada\x1b[31m\nMoe"),)))
    assert cli.main(["people", "--index", str(index)]) == 0
    assert "Ada\\x1b[31m\\nMoe: 1 statement" in capsys.readouterr().out.splitlines()
