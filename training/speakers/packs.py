"""Write packs of articles for people to read: every source of a statement numbered where it stands.

    python -m training.speakers.packs OUT POLNEAR.jsonl:300 NEWS.jsonl:150

In: files of articles, each with how many to take, evenly spread. Out: in OUT, packNN.txt to read and keyNN.jsonl,
which says where each number stands (characters of the article's text). Every tenth article lies in two packs.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import extract_quotes
from rag.schema import Quote

LONGEST = 1100  # Words of an article that are read.
PACK_WORDS, PACK_ARTICLES = 9000, 12
FEWEST = 3  # Sources: an article with fewer teaches too little for its length.
TWICE = 10  # Every so many articles is read by a second person.
WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Marked:
    """An article to read: `text` has its numbers in it, `places` is (start, end) of each, from number 1 on.

    A place without a length is where words begin that have no source.
    """

    id: str
    title: str
    text: str
    words: int
    places: tuple[tuple[int, int], ...]


def marked(row: dict[str, str]) -> Marked:
    """The beginning of an article with the sources that extraction finds in it."""
    text, title = row["text"], row.get("title") or ""
    words = list(WORD.finditer(text))
    end = words[LONGEST - 1].end() if len(words) > LONGEST else len(text)
    quotes = extract_quotes(text, title=title)
    places = sorted({place for quote in quotes for place in _place(quote) if place[1] <= end})
    return Marked(row["id"], title, _numbered(text[:end], places), min(len(words), LONGEST), tuple(places))


def _place(quote: Quote) -> Iterator[tuple[int, int]]:
    if quote.source:
        yield quote.source[0].start, quote.source[-1].end
    else:
        yield quote.content[0].start, quote.content[0].start


def _numbered(text: str, places: Sequence[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for number, (start, end) in enumerate(places, 1):
        begin = max(start, done)
        pieces += [text[done:begin], f"[[{number}:{text[begin:end]}]]" if end > start else f"[[{number}]]"]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def spread(rows: Sequence[dict[str, str]], count: int) -> Iterator[Marked]:
    """So many articles, evenly spread; where one has too few sources, the next that is not taken stands in."""
    wanted = [number * len(rows) // count for number in range(count)]
    others = iter(sorted(set(range(len(rows))) - set(wanted)))
    for number in wanted:
        article: Marked | None = marked(rows[number])
        while article and len(article.places) < FEWEST:
            spare = next(others, None)
            article = None if spare is None else marked(rows[spare])
        if article:
            yield article


def packs(articles: Sequence[Marked]) -> Iterator[list[Marked]]:
    """The articles in packs, every tenth in a second one half of all packs away."""
    half = len(articles) // 2
    order = []
    for number, article in enumerate(articles):
        order.append(article)
        other = (number + half) % len(articles)
        if other % TWICE == 0:
            order.append(articles[other])
    pack: list[Marked] = []
    for article in order:
        if pack and (len(pack) == PACK_ARTICLES or sum(a.words for a in pack) + article.words > PACK_WORDS):
            yield pack
            pack = []
        pack.append(article)
    yield pack


def mixed(groups: Iterable[Sequence[Marked]]) -> list[Marked]:
    """All articles, those of each group at even distances."""
    placed = [(number / len(group), article) for group in groups for number, article in enumerate(group)]
    return [article for _, article in sorted(placed, key=lambda item: item[0])]


def write(folder: Path, number: int, pack: Sequence[Marked]) -> None:
    """packNN.txt and keyNN.jsonl of one pack."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [f"===== ARTICLE {n}: {a.title}\n\n{a.text}\n" for n, a in enumerate(pack, 1)]
    (folder / f"pack{number:02}.txt").write_text("\n".join(parts), encoding="utf-8")
    keys = [{"a": n, "id": a.id, "places": a.places} for n, a in enumerate(pack, 1)]
    (folder / f"key{number:02}.jsonl").write_text("".join(json.dumps(k) + "\n" for k in keys), encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write the packs that the command line asks for."""
    folder, *files = arguments
    groups = []
    for file in files:
        name, _, count = file.rpartition(":")
        rows = [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]
        groups.append(list(spread(rows, int(count))))
    for number, pack in enumerate(packs(mixed(groups)), 1):
        write(Path(folder), number, pack)


if __name__ == "__main__":
    main(sys.argv[1:])
