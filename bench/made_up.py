"""Made-up news in any number: people, offices, outlets and words drawn as often as they are in real news.

Nothing is anybody's: words are syllables, drawn by Zipf's law; people are quoted by it, too, some every day and most
once. Each article is given with its passages and statements, so that nothing has to be found in it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from rag.index.rows import Vectors
from rag.models.windows import Stretch, words_of
from rag.schema import Article, Passage, Quote, Span, Speaker

WORDS, SURNAMES, GIVEN, PLACES, OUTLETS = 30_000, 20_000, 800, 2_000, 300
PEOPLE_AN_ARTICLE = 2.2  # New people with every article; real news has that many who are quoted nowhere before.
OFFICES = (
    "mayor minister engineer spokesman director lawyer nurse analyst professor captain farmer coach judge pilot owner "
    "secretary activist economist teacher doctor resident chairman commissioner researcher officer"
).split()
STARTS = "b br c ch d dr f fl g gr h j k kl l m n p pr r s st t tr v w z".split()
VOWELS = "a e i o u ai ea ou".split()
ENDS = ["", "", "n", "r", "l", "s", "t", "nd", "ck", "m"]
FIRST_DAY, DAYS = date(2016, 1, 1), 3_900
STATEMENTS, A_PASSAGE = 10, 2


class News:
    """Articles one after the other; the same seed gives the same ones."""

    def __init__(self, articles: int, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self.count = articles
        self._words = self._distinct(WORDS, 1, 4)
        self._word_weights = zipf(WORDS)
        self._surnames = [word.capitalize() for word in self._distinct(SURNAMES, 2, 3)]
        self._given = [word.capitalize() for word in self._distinct(GIVEN, 2, 2)]
        self._places = [word.capitalize() for word in self._distinct(PLACES, 2, 3)]
        self._outlets = [f"The {place} {kind}" for place in self._places[:100] for kind in ("Post", "Echo", "Herald")]
        self.people = [self._person() for _ in range(max(50, int(articles * PEOPLE_AN_ARTICLE)))]
        self._person_weights = zipf(len(self.people), 0.8)

    def articles(self) -> Iterator[tuple[Article, list[Passage], list[Quote]]]:
        """Each article with its passages and statements."""
        for number in range(self.count):
            yield self._article(number)

    def questions(self, many: int, seed: int = 2) -> list[tuple[str, str, str]]:
        """(words, a speaker's name, a month as 2020-05) to ask about: half of the people are the most quoted."""
        chance = random.Random(seed)
        found = []
        for number in range(many):
            name, _ = chance.choice(self.people[:20] if number % 2 else self.people)
            words = " ".join(chance.choices(self._words, cum_weights=self._word_weights, k=5))
            found.append((words, name, f"{chance.randint(2016, 2025)}-{chance.randint(1, 12):02}"))
        return found

    def _article(self, number: int) -> tuple[Article, list[Passage], list[Quote]]:
        chance = self._chance
        cast = chance.choices(self.people, cum_weights=self._person_weights, k=4)
        topic = chance.choices(self._words, k=12)
        text, quotes, ends = "", list[Quote](), list[int]()
        for place in range(STATEMENTS):
            name, role = chance.choice(cast)
            text, quote = self._said(text, name, role, topic)
            quotes.append(quote)
            if (place + 1) % A_PASSAGE == 0:
                ends.append(len(text))
                text += "\n\n"
        starts = [0, *(end + 2 for end in ends[:-1])]
        text = text.rstrip()
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        article = Article(
            f"news-{number}",
            text,
            title=self._sentence(topic, 7),
            publication=self._outlets[min(int(chance.paretovariate(0.5)) - 1, len(self._outlets) - 1)],
            published=day.isoformat(),
        )
        passages = [Passage(Span.of(text, start, end)) for start, end in zip(starts, ends, strict=True)]
        return article, passages, quotes

    def _said(self, text: str, name: str, role: str, topic: Sequence[str]) -> tuple[str, Quote]:
        """The text with one more sentence, and the statement in it."""
        words = self._sentence(topic, self._chance.randint(6, 24))
        text += "" if text.endswith("\n") or not text else " "
        is_direct = self._chance.random() < 0.6
        before, behind = ("“", f",” said {name}, {role}.") if is_direct else (f"{name}, {role}, said that ", ".")
        start = len(text) + len(before)
        text += before + (words if is_direct else words[0].lower() + words[1:]) + behind
        content = Span.of(text, start, start + len(words))
        return text, Quote((content,), speaker=Speaker(name, role, 0.9), kind="direct" if is_direct else "indirect")

    def _sentence(self, topic: Sequence[str], size: int) -> str:
        """Words of the topic among words of the language."""
        own = size // 4
        words = [
            *self._chance.choices(self._words, cum_weights=self._word_weights, k=size - own),
            *self._chance.choices(topic, k=own),
        ]
        self._chance.shuffle(words)
        return " ".join(words).capitalize()

    def _person(self) -> tuple[str, str]:
        name = f"{self._chance.choice(self._given)} {self._chance.choice(self._surnames)}"
        return name, f"{self._chance.choice(OFFICES)} of {self._chance.choice(self._places)}"

    def _distinct(self, many: int, shortest: int, longest: int) -> list[str]:
        """Words that are made of syllables, each once."""
        found: dict[str, None] = {}
        while len(found) < many:
            size = self._chance.randint(shortest, longest)
            parts = (
                self._chance.choice(STARTS) + self._chance.choice(VOWELS) + self._chance.choice(ENDS)
                for _ in range(size)
            )
            found["".join(parts)] = None
        return [*found]


def zipf(many: int, power: float = 1.0) -> list[float]:
    """How often the first, the second and each further of so many is drawn, added up."""
    return [*accumulate(1 / (rank + 1) ** power for rank in range(many))]


class WordVectors:
    """Stands in for the embedding model: a text is the sum of its words, each a direction of its own."""

    name, max_tokens = "made-up", 256

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.embedded = 0
        self._known: dict[str, Vectors] = {}

    def count_tokens(self, text: str) -> int:
        """How many words there are."""
        return len(text.split())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one, one a text."""
        import numpy as np

        self.embedded += len(texts)
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.lower().split() or ["nothing"]:
                if word not in self._known:
                    made = np.random.default_rng(abs(hash_of(word))).standard_normal(self.dimension, dtype=np.float32)
                    self._known[word] = made / np.linalg.norm(made)
                row += self._known[word]
            row /= np.linalg.norm(row) or 1
        return found

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        """Vectors of texts and of the words of places in them."""
        return self.embed(texts), self.embed(words_of(texts, places))


def hash_of(word: str) -> int:
    """A number of a word that is the same in every process."""
    import zlib

    return zlib.crc32(word.encode())
