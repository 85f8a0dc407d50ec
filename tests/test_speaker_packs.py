"""The packs that people read: every source numbered where it stands, every tenth article in two packs."""

import json
from collections import Counter
from pathlib import Path

from training.speakers.packs import Marked, marked, packs, write

TEXT = "“We will mend the weir,” said Ida Torvik.\n\nShe said the town would pay. “Not a penny more.”"


def _article(name: str, words: int = 800) -> Marked:
    return Marked(name, name, "words", words, ())


def test_every_source_is_numbered_where_it_stands() -> None:
    article = marked({"id": "weir", "text": TEXT})

    assert "[[1:Ida Torvik]]" in article.text
    assert "[[2:She]]" in article.text
    assert TEXT[slice(*article.places[0])] == "Ida Torvik"
    assert TEXT[slice(*article.places[1])] == "She"


def test_a_long_article_is_read_to_its_first_words_and_numbers_nothing_behind_them() -> None:
    article = marked({"id": "weir", "text": TEXT + "\n\n" + "The weir is old. " * 300 + "\n\n“Never,” said Per Aaker."})

    assert article.words == 1100
    assert "Aaker" not in article.text
    assert article.text.count("[[") == len(article.places)


def test_every_tenth_article_lies_in_two_packs_that_are_apart() -> None:
    found = list(packs([_article(str(number)) for number in range(60)]))
    counts = Counter(article.id for pack in found for article in pack)

    assert {id_ for id_, count in counts.items() if count == 2} == {"0", "10", "20", "30", "40", "50"}
    assert all(len({article.id for article in pack}) == len(pack) for pack in found)
    assert all(sum(article.words for article in pack) <= 9000 for pack in found)


def test_a_pack_says_where_each_number_stands(tmp_path: Path) -> None:
    article = marked({"id": "weir", "title": "The weir", "text": TEXT})
    write(tmp_path, 3, [article])

    assert (tmp_path / "pack03.txt").read_text(encoding="utf-8").startswith("===== ARTICLE 1: The weir\n")
    [row] = (tmp_path / "key03.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row) == {"a": 1, "id": "weir", "places": [list(place) for place in article.places]}
