"""Ids: an article's own, else the stem of its file made unique by folders; and which articles are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.indexing.ledger import Ledger
from ingest.loading.loaders import LoadError
from rag.index.rows import Entry
from rag.schema import Article


def ledger(**paths: Path) -> Ledger:
    """A ledger of an index that holds these articles, by id."""
    return Ledger({id: Entry(id, str(path), "", 1, 1) for id, path in paths.items()})


def article(path: Path, *, id: str = "", text: str = "A text.") -> Article:
    return Article(id=id, text=text, path=str(path))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two files with one stem in two folders."""
    for folder in ("east", "west"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bridge.txt").write_text("A text.")
    return tmp_path / "east" / "bridge.txt", tmp_path / "west" / "bridge.txt"


def test_the_id_of_a_lone_article_is_the_stem_of_its_file(tmp_path: Path) -> None:
    assert ledger().identify(article(tmp_path / "bridge.opening.txt"), alone=True) == "bridge.opening"


def test_an_id_of_its_own_comes_first(tmp_path: Path) -> None:
    assert ledger().identify(article(tmp_path / "bridge.json", id="B-7"), alone=True) == "B-7"


def test_one_stem_in_two_folders_gives_two_ids(two: tuple[Path, Path]) -> None:
    ids = ledger()
    assert [ids.identify(article(path), alone=True) for path in two] == ["bridge", "west/bridge"]


def test_one_stem_with_two_suffixes_gives_two_ids(tmp_path: Path) -> None:
    for name in ("bridge.md", "bridge.txt"):
        (tmp_path / name).write_text("A text.")
    ids = ledger()
    first, second = (ids.identify(article(tmp_path / name), alone=True) for name in ("bridge.md", "bridge.txt"))
    assert (first, second) == ("bridge", f"{tmp_path.name}/bridge")


def test_an_id_stays_with_its_file_when_a_namesake_comes_before_it(two: tuple[Path, Path]) -> None:
    east, west = two
    ids = ledger(bridge=west)
    assert ids.identify(article(east), alone=True) == "east/bridge"
    assert ids.identify(article(west), alone=True) == "bridge"


def test_an_id_goes_to_the_new_place_of_a_moved_file(two: tuple[Path, Path], tmp_path: Path) -> None:
    assert ledger(bridge=tmp_path / "gone" / "bridge.txt").identify(article(two[0]), alone=True) == "bridge"


def test_articles_of_one_file_without_ids_are_told_apart_by_their_text(tmp_path: Path) -> None:
    ids = ledger()
    one, two = (ids.identify(article(tmp_path / "wire.jsonl", text=t), alone=False) for t in ("One.", "Two."))
    assert one != two
    assert {one.rpartition("-")[0], two.rpartition("-")[0]} == {"wire"}
    again = ledger().identify(article(tmp_path / "wire.jsonl", text="One."), alone=False)
    assert again == one


@pytest.mark.parametrize("id", ["B-7", ""])
def test_a_second_article_of_one_id_is_refused_and_the_first_is_named(id: str, tmp_path: Path) -> None:
    ids = ledger()
    given = ids.identify(article(tmp_path / "a.jsonl", id=id), alone=False)
    with pytest.raises(LoadError) as error:
        ids.identify(article(tmp_path / "a.jsonl", id=id), alone=False)
    assert str(error.value) == (
        f"the article id {given!r} is taken by {tmp_path / 'a.jsonl'}: give one of them another id"
    )


def test_an_id_that_another_file_of_the_index_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")
    with pytest.raises(LoadError, match=r"'B-7' is taken by .*old\.json"):
        ledger(**{"B-7": tmp_path / "old.json"}).identify(article(tmp_path / "new.json", id="B-7"), alone=True)


def test_an_id_of_its_own_may_come_from_another_file_that_the_run_reads(tmp_path: Path) -> None:
    old, new = tmp_path / "b.jsonl", tmp_path / "a.jsonl"
    old.write_text("{}")
    ids = Ledger({"B-7": Entry("B-7", str(old), "", 1, 1)}, [new, old])
    assert ids.identify(article(new, id="B-7"), alone=True) == "B-7"
    with pytest.raises(LoadError, match=r"'B-7' is taken by .*a\.jsonl"):
        ids.identify(article(old, id="B-7"), alone=True)


def test_what_was_not_met_under_the_roots_is_gone(tmp_path: Path) -> None:
    ids = ledger(a=tmp_path / "in" / "a.txt", b=tmp_path / "in" / "sub" / "b.txt", c=tmp_path / "inside" / "c.txt")
    ids.identify(article(tmp_path / "in" / "a.txt"), alone=True)
    assert ids.gone([tmp_path / "in"], []) == ["b"]


def test_a_file_as_a_root_covers_itself_alone(tmp_path: Path) -> None:
    ids = ledger(a=tmp_path / "wire.jsonl", b=tmp_path / "wire.txt")
    assert ids.gone([tmp_path / "wire.jsonl"], []) == ["a"]


def test_what_stands_in_an_unreadable_file_or_folder_is_not_gone(tmp_path: Path) -> None:
    ids = ledger(a=tmp_path / "a.txt", b=tmp_path / "locked" / "deep" / "b.txt", c=tmp_path / "locked.txt")
    assert ids.gone([tmp_path], [str(tmp_path / "a.txt"), str(tmp_path / "locked")]) == ["c"]
