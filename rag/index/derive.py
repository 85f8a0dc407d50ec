"""Make what a search needs from the rows of an index, article by article: columns, words, vectors, who speaks.

It is written after Chroma's rows and stands for them: a token says for which state of the articles' records. What is
missing, torn or of another version is made anew from Chroma.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.index import columns, server, words
from rag.index.amending import keys_given, story_of
from rag.index.columns import ColumnsError, packed
from rag.index.damage import open_database
from rag.index.notes import moment_of
from rag.index.rows import ARTICLE_FIELDS, Entry, Rows, article_of, channel_of, sentence_of
from rag.index.seal import article_sum, broken, record_sum, row_sum, shown_sum
from rag.index.trouble import chroma_errors
from rag.index.vectors import VectorsError, VectorWriter, named
from rag.index.words import WordsError, WordsWriter, check_files, day_of, text_of
from rag.people.register import Registrar
from rag.schema import Article
from rag.text import terms

QUOTES, PASSAGES = "quotes.f16", "passages.f16"
# What is put is made seen when it is this share of what there is, or so many rows: each commit costs 50 ms.
SHARE, MOST = 0.05, 4000
# The files of vectors are written anew when this share of their rows, and so many, are of what is gone.
GONE, LEAST_GONE = 0.5, 1000
# Of the files of vectors: what counts their rows, which of these are there, and how they get another number.
FILES = {QUOTES: "statements", PASSAGES: "passages"}
ROWS = {name: f"SELECT row FROM {table} ORDER BY row" for name, table in FILES.items()}
RENUMBER = {
    QUOTES: ("UPDATE statements SET row = ? WHERE row = ?",),
    PASSAGES: (
        "UPDATE passages SET row = ? WHERE row = ?",
        "UPDATE statements SET passage = ? WHERE passage = ?",
    ),
}
Errors = (ColumnsError, WordsError, VectorsError, sqlite3.Error)
COUNTERS = ("docs", "passages", "statements", "articles", "lines", "sentence_stems", "article_stems")


@dataclass(frozen=True, slots=True)
class Made:
    """An article with all rows that were made of it, as Chroma has them. `vectors` of the rows are those given."""

    id: str
    text: str
    metadata: dict[str, Any]
    passages: Rows
    quotes: Rows


def token_of(index: Path) -> str:
    """What names the state of the articles' records in Chroma: it changes with each write to them. Empty: unknown."""
    if place := server.place_of(index):
        with chroma_errors(index):
            return server.state_of(place)
    query = (
        "SELECT s.id, m.seq_id FROM segments s JOIN collections c ON c.id = s.collection "
        "JOIN max_seq_id m ON m.segment_id = s.id WHERE c.name = 'articles' AND s.scope = 'METADATA'"
    )
    with suppress(sqlite3.Error), closing(open_database(index)) as database:
        return ":".join(map(str, database.execute(query).fetchone() or ()))
    return ""


def discard(index: Path) -> None:
    """Take all that is derived away; whoever has it open keeps it."""
    for name in (columns.FOLDER, words.FOLDER):
        shutil.rmtree(index / name, ignore_errors=True)


class Deriver:
    """What is derived of one index, to be written to by the one process that may."""

    def __init__(self, index: Path, dimension: int) -> None:
        """Open it; begin it anew where it is missing, torn or of another version. `make_words` comes next."""
        self._index, self._dimension = index, dimension
        try:
            self._open()
        except Errors:
            self.close()
            discard(index)
            try:
                self._open()
            except Errors:
                self.close()
                raise

    def _open(self) -> None:
        folder = self._index / columns.FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._words: WordsWriter | None = None
        self._vectors: dict[str, VectorWriter] = {}
        # One that is there and empty may be open elsewhere: another is begun in its place, not in it.
        is_new = not (folder / columns.FILE).exists()
        self._database = columns.connect(folder / columns.FILE)
        if is_new:
            columns.create(self._database)
            form = {"version": str(columns.VERSION), "dimension": str(self._dimension)}
            begun = form | {"token": columns.MAKING, "opstamp": "0"}
            self._database.executemany("INSERT INTO meta VALUES (?, ?)", begun.items())
        self._meta = columns.read_meta(self._database)
        wanted = (str(columns.VERSION), str(self._dimension))
        if (self._meta.get("version"), self._meta.get("dimension")) != wanted:
            raise ColumnsError("they are of another version")
        self._counts = {key: int(self._meta.get(key, "0")) for key in COUNTERS}
        self._records = int(self._meta.get("records", "0"), 16)
        for name, key in FILES.items():
            file = self._file(name)
            if self._counts[key] and (
                not file.is_file() or file.stat().st_size < 2 * self._counts[key] * self._dimension
            ):
                raise VectorsError(f"{file} is cut")
            self._vectors[name] = VectorWriter(file, self._dimension)
        self._remove_others()
        self._registrar = Registrar(self._database)
        self._waiting = 0
        self._database.execute("BEGIN IMMEDIATE")

    def make_words(self) -> None:
        """Open the words, or make them anew from the columns: a kill can come between the two commits."""
        folder = self._index / words.FOLDER
        if self._counts["docs"] and words.state_of(folder) == int(self._meta["opstamp"]):
            with suppress(WordsError):
                check_files(folder)
                self._words = WordsWriter(folder)
                return
        shutil.rmtree(folder, ignore_errors=True)
        self._words = WordsWriter(folder)
        self._waiting += 1
        self._add_words()

    def _add_words(self) -> None:
        for row, doc, sentence, published in self._database.execute(
            "SELECT s.row, s.doc, s.sentence, a.published FROM statements s JOIN articles a USING(doc)"
        ):
            self._writer.add(doc, row, "sentence", sentence, day_of(published))
        for doc, bag, published in self._database.execute(
            "SELECT doc, bag, published FROM texts JOIN articles USING(doc)"
        ):
            counted = (part.split(":") for part in bag.split())
            self._writer.add(
                doc, doc, "article", " ".join(f"{stem} " * int(n) for stem, n, _ in counted), day_of(published)
            )

    # ------------------------------------------------------------------ what there is

    @property
    def token(self) -> str:
        """The state of the articles' records that this stands for; empty when it stands for none."""
        return self._meta.get("token", "")

    @property
    def records(self) -> str:
        """The checksum of the articles' ids and fingerprints, as the last commit left it."""
        return self._meta.get("records", shown_sum(0))

    @property
    def articles(self) -> int:
        """How many articles there are."""
        return self._counts["articles"]

    def entries(self) -> dict[str, Entry]:
        """Every article's record, by id."""
        return {row[0]: Entry.kept(*row) for row in self._database.execute(columns.ENTRIES)}

    # ------------------------------------------------------------------ writing

    def put(self, made: Made) -> None:
        """Put an article in, in place of what there is under its id."""
        self.remove(made.id)
        article, entry = article_of(made.id, made.text, made.metadata), Entry.of(made.id, made.metadata)
        doc = self._counts["docs"] = self._counts["docs"] + 1
        passages = self._put_passages(doc, made.passages)
        lines = [*self._lines(doc, article, made.quotes, passages)]
        self._put_article(doc, article, entry, made, [line[-1] for line in lines])
        self._put_lines(doc, lines, made.quotes, article)
        self._records += record_sum(article.id, entry.fingerprint)
        self._counts["articles"] += 1
        self._counts["lines"] += len(lines)
        self._waiting += 1 + len(made.quotes.ids) + len(made.passages.ids)

    def remove(self, article_id: str) -> None:
        """Take an article out."""
        row = self._database.execute("SELECT doc, fingerprint FROM articles WHERE id = ?", (article_id,)).fetchone()
        if row is None:
            return
        doc, fingerprint = row
        found = (doc,)
        sentences = [s for (s,) in self._database.execute("SELECT sentence FROM statements WHERE doc = ?", found)]
        [bag] = self._database.execute("SELECT bag FROM texts WHERE doc = ?", found).fetchone()
        stems = Counter({part.split(":")[0]: int(part.split(":")[1]) for part in bag.split()})
        self._count(sentences, stems, -1)
        for table in ("statements", "passages", "texts", "amending", "articles"):
            self._database.execute(f"DELETE FROM {table} WHERE doc = ?", found)
        self._records -= record_sum(article_id, fingerprint)
        self._counts["articles"] -= 1
        self._counts["lines"] -= len(sentences)
        self._registrar.remove(doc)
        self._writer.remove(doc)
        self._waiting += 1

    def move(self, article_id: str, path: str) -> None:
        """Note that an article comes from another file; `path` as it is kept."""
        self._database.execute("UPDATE articles SET path = ? WHERE id = ?", (path, article_id))
        self._waiting += 1

    def is_due(self) -> bool:
        """True when so much waits that it is worth a commit."""
        held = self._counts["passages"] + self._counts["statements"]
        return self._waiting >= min(MOST, 1 + SHARE * held)

    def commit(self, token: str) -> None:
        """Make what was put seen by whoever opens the index from now on; `token` names the state it stands for."""
        if not self._waiting and token == self.token:
            return
        for vectors in self._vectors.values():
            vectors.flush()
        self._meta |= {"token": token, "opstamp": str(self._writer.commit()), "records": shown_sum(self._records)}
        self._meta |= {key: str(value) for key, value in self._counts.items()}
        self._database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", self._meta.items())
        self._database.execute("COMMIT")
        self._database.execute("BEGIN IMMEDIATE")
        self._waiting = 0
        self._remove_others()

    def reclaim(self) -> None:
        """Write the vectors anew without those of what is gone, where these are many; seen from the next commit on.

        The rows get other numbers, so the words are added again. Readers keep the files that they have opened.
        """
        rows = {name: [row for (row,) in self._database.execute(query)] for name, query in ROWS.items()}
        held = sum(self._counts[key] for key in FILES.values())
        gone = held - sum(map(len, rows.values()))
        if gone < max(LEAST_GONE, GONE * held):
            return
        old = {name: self._file(name) for name in FILES}
        self._meta["generation"] = str(int(self._meta.get("generation", "0")) + 1)
        for name, key in FILES.items():
            self._vectors[name].close()
            self._file(name).unlink(missing_ok=True)  # of a run that was killed
            self._vectors[name] = VectorWriter(self._file(name), self._dimension)
            self._vectors[name].copy(old[name], rows[name])
            self._counts[key] = len(rows[name])
            # Upwards: no row gets a number that another still has.
            moved = [(new, row) for new, row in enumerate(rows[name], 1) if new != row]
            for statement in RENUMBER[name]:
                self._database.executemany(statement, moved)
        for (doc,) in self._database.execute("SELECT doc FROM articles"):
            self._writer.remove(doc)
        self._add_words()
        self._waiting += 1

    def _file(self, name: str) -> Path:
        return self._index / columns.FOLDER / named(name, int(self._meta.get("generation", "0")))

    def _remove_others(self) -> None:
        """Delete the files of vectors that stand for none of the columns' states any more."""
        for file in {*self._file(QUOTES).parent.glob("*.f16")} - {self._file(name) for name in FILES}:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of it; what was not committed is lost."""
        if self._words:
            with suppress(WordsError):
                self._words.close()
        for vectors in self._vectors.values():
            with suppress(OSError):  # what it still holds does not fit on the disk
                vectors.close()
        if database := getattr(self, "_database", None):  # None where it could not be opened
            with suppress(sqlite3.Error):
                database.close()

    @property
    def _writer(self) -> WordsWriter:
        assert self._words is not None
        return self._words

    def _put_passages(self, doc: int, passages: Rows) -> dict[str, int]:
        first = self._counts["passages"] + 1
        numbers = {id: first + n for n, id in enumerate(passages.ids)}
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            [(numbers[id], id, doc, sum_of(id, text, meta)) for id, text, meta in passages.each()],
        )
        if passages.ids:
            self._vectors[PASSAGES].put(first, passages.vectors)
        self._counts["passages"] += len(passages.ids)
        return numbers

    def _lines(self, doc: int, article: Article, quotes: Rows, passages: dict[str, int]) -> Iterator[tuple[Any, ...]]:
        """The rows of an article's statements, without their numbers; the last column are the stems of the sentence."""
        for id, text, meta in quotes.each():
            yield (
                *(id, doc, passages.get(str(meta["passage"]), 0), str(meta["speaker"]), str(meta["role"])),
                *(str(meta.get("speaker_kind", "unnamed")), channel_of(meta, article.text)),
                *(str(meta["kind"]), len(text.split()), sum_of(id, text, meta), text, text_of(terms(text))),
                day_of(article.published),
                text_of(terms(sentence_of(meta, article.text))),
            )

    def _put_article(self, doc: int, article: Article, entry: Entry, made: Made, sentences: list[str]) -> None:
        stems = Counter(terms(f"{article.title or ''} {article.text}"))
        # Several quotes can stand in one sentence.
        held = Counter(stem for sentence in set(sentences) for stem in set(sentence.split()))
        bag = "".join(f" {stem}:{count}:{held[stem]}" for stem, count in stems.items())
        bag += "".join(f" {stem}:0:{count}" for stem, count in held.items() if stem not in stems)
        fields = {name: made.metadata[name] for name in ARTICLE_FIELDS if name != "path" and made.metadata.get(name)}
        values = (
            *(doc, article.id, entry.fingerprint, str(made.metadata.get("path") or ""), entry.seal),
            *(entry.passages, entry.quotes, article.published, article.publication, story_of(article)),
            *(moment_of(article), stems.total(), len(set(sentences))),
        )
        self._database.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(values))})", values)
        self._database.execute("INSERT INTO texts VALUES (?, ?, ?)", (doc, packed(article, fields), f"{bag} "))
        given = [(key, doc, place) for key, place in keys_given(article)]
        self._database.executemany("INSERT INTO amending VALUES (?, ?, ?)", given)
        self._count(sentences, stems, 1)
        text = " ".join(f"{stem} " * count for stem, count in stems.items())
        self._writer.add(doc, doc, "article", text, day_of(article.published))

    def _put_lines(self, doc: int, lines: list[tuple[Any, ...]], quotes: Rows, article: Article) -> None:
        first = self._counts["statements"] + 1
        marks = ", ".join("?" * 15)
        rows = [(first + n, *line) for n, line in enumerate(lines)]
        self._database.executemany(f"INSERT INTO statements VALUES ({marks})", rows)
        for row in rows:
            self._writer.add(doc, row[0], "sentence", row[-1], day_of(article.published))
        if lines:
            self._vectors[QUOTES].put(first, quotes.vectors)
        self._registrar.add(doc, Counter((str(meta["speaker"]), str(meta["role"])) for meta in quotes.metadatas))
        also = {(str(meta["speaker"]), str(name)) for meta in quotes.metadatas for name in meta.get("also") or ()}
        self._registrar.add_aliases(doc, article.id, also)
        self._counts["statements"] += len(lines)

    def _count(self, sentences: list[str], stems: Counter[str], sign: int) -> None:
        """Add to, or take from, how often each stem stands anywhere."""
        within = Counter(stem for sentence in sentences for stem in set(sentence.split()))
        present = {stem for stem, count in stems.items() if count}
        values = [(stem, sign * within[stem], sign * (stem in present)) for stem in sorted({*within, *present})]
        self._database.executemany(
            "INSERT INTO stems VALUES (?, ?, ?) ON CONFLICT(stem) DO UPDATE SET "
            "statements = statements + excluded.statements, articles = articles + excluded.articles",
            values,
        )
        self._counts["sentence_stems"] += sign * sum(len(sentence.split()) for sentence in sentences)
        self._counts["article_stems"] += sign * stems.total()


def wrong_with(made: Made) -> str:
    """What of an article and its rows is not what was written, by their number and checksums; empty when all is."""
    try:
        entry = Entry.of(made.id, made.metadata)
        if broken(entry.seal, 0, article_sum(article_of(made.id, made.text, made.metadata))):
            return f"the article {made.id!r} is not what was written"
    except (KeyError, TypeError, ValueError, AttributeError):
        return f"the record of the article {made.id!r} is torn"
    parts = (("passages", made.passages, entry.passages), ("statements", made.quotes, entry.quotes))
    for number, (what, rows, expected) in enumerate(parts, start=1):
        if len(rows.ids) != expected:
            return f"{what} of {made.id!r} are missing"
        if broken(entry.seal, number, sum(row_sum(*row) for row in rows.each())):
            return f"{what} of {made.id!r} are not what was written"
    return ""


def sum_of(id: str, text: str | None, meta: Any) -> str:
    """The checksum of one row, as the columns keep it."""
    return shown_sum(row_sum(id, text, meta))


def changed(before: dict[str, Entry], now: Iterable[Entry]) -> tuple[list[str], list[str]]:
    """Which articles have to be derived anew and which have to go, by what is derived and what Chroma has."""
    current = {entry.id: entry for entry in now}
    anew = [id for id, entry in current.items() if id not in before or before[id] != entry]
    return anew, [id for id in before if id not in current]
