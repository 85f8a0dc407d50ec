"""Find the statements that bear on a query: several searches for candidates, then one exact score for each.

Candidates are the statements nearest by vector, those in the nearest passages, those whose words match,
all of the best articles, and all of whom the query names. The lexical indexes are derived from the store,
held in memory, and made anew whenever the store's version changes.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.duplicates import group
from rag.embeddings import Embedder
from rag.lexical import LocalShares, WordIndex, WordShares
from rag.people import OWNER, Directory
from rag.profiles import Profiles, description
from rag.query import topic_terms
from rag.ranking import (
    DATE_BONUS,
    OUTLET_BONUS,
    SHORT_WORDS,
    SPEAKER_BONUS,
    Measures,
    phrase_bonus,
    weigh,
)
from rag.roles import is_body
from rag.rows import Vectors
from rag.schema import Hit, Query, Statement
from rag.store import Store
from rag.text import quotations, terms

logger = logging.getLogger(__name__)

Rows = NDArray[np.intp]

QUOTE_CANDIDATES = 60
PASSAGE_CANDIDATES = 25
WORD_CANDIDATES = 60
# The right article is the first by its words for 0.90 of the development questions, among the first three for 0.93.
ARTICLE_CANDIDATES = 3
# A speaker's statements are all scored up to this many: behind a hundred near-equal vectors Chroma's
# graph lost one in 18 of 25 trials, filtered or not.
ALL_OF_SPEAKERS = 300
# A description is held against the speakers of this many articles, and adds all statements of those who hold this
# share of it. Of the development questions the one meant is first by it, or second to a namesake, in 0.70.
DESCRIBED_ARTICLES = 10
MIN_DESCRIBED = 0.5
# Who holds less than this share of what the best holds is not whom a description means.
FITS_FROM = 0.7
# Nobody whom a description fits has anything to say when their best statement scores less than this share of the best
# of all: then the words mean somebody whom the articles put otherwise.
BEARS_FROM = 0.7
# Read for k hits, since repetitions are folded into one.
SPARE = 10
CHECKED_VECTORS = 20
RECENT = 8  # Questions whose vector is kept.


class Retriever:
    """Search over one opened store."""

    def __init__(self, store: Store, embeddings: Embedder) -> None:
        """Read the store's catalogue and build the lexical indexes of it.

        Raises StoreError when the index has lost its vectors.
        """
        self._store = store
        self._embeddings = embeddings
        known = self._catalogue = store.catalogue()
        self._ids = np.array(known.ids, dtype=object)
        self._rows = {id: row for row, id in enumerate(known.ids)}
        self._by_passage = _places(known.passages)
        self._by_speaker = _places(known.speakers)
        self._by_article = _places(known.articles)
        articles = store.articles()
        self._articles = [articles[id] for id in self._by_article]
        place = {id: n for n, id in enumerate(self._by_article)}
        self._article_of = np.array([place[id] for id in known.articles], dtype=int)
        self.people = Directory(
            zip(known.speakers, known.roles, strict=True),
            known.articles,
            (article.publication or "" for article in self._articles),
        )
        self._profiles = Profiles(lambda id: articles[id].text)
        sentences = [terms(text) for text in known.sentences]
        self._words = WordIndex(sentences)
        self._texts = WordIndex([terms(f"{a.title or ''} {a.text}") for a in self._articles])
        self._local = LocalShares(known.texts, sentences, known.articles)
        labels = [terms(f"{name} {role}") for name, role in zip(known.speakers, known.roles, strict=True)]
        self._labels = WordShares(labels, sentences)
        sizes = np.array([len(text.split()) for text in known.texts], dtype=np.float32)
        self._short = (sizes < SHORT_WORDS).astype(np.float32)
        self._length = (np.log(np.maximum(sizes, 1)) / 5).astype(np.float32)
        self._direct = np.array([kind != "indirect" for kind in known.kinds], dtype=np.float32)
        # A question is asked of several speakers in turn, and reading it takes longer than all else.
        self._asked = lru_cache(maxsize=RECENT)(self._read)
        store.vectors(known.ids[:: 1 + len(known.ids) // CHECKED_VECTORS])

    def retrieve(self, query: Query, *, k: int, speakers: Sequence[str] = ()) -> list[Hit]:
        """The k best statements for a query, best first; of these speakers only when any is given.

        Whom, when and where the query asks about are wishes: statements that meet them come first, and
        each hit's `missed` says which it does not meet. Repetitions are folded into one hit.
        """
        rows, measures = self._measured(query, speakers)
        fits = self._fits(query, rows)
        scores = weigh(measures) + self._wishes(query, rows, fits) + self._quoted(query, rows)
        best = sorted(range(len(rows)), key=lambda n: (-scores[n], self._ids[rows[n]]))[: k + SPARE]
        score_of = {self._ids[rows[n]]: float(scores[n]) for n in best}
        apart = {self._ids[rows[n]] for n in _apart(query, best, scores, fits)}
        found = self._store.statements(list(score_of))
        return group([Hit(s, score_of[s.id], missed=_missed(query, s, apart)) for s in found])[:k]

    def measure(self, query: Query, *, speakers: Sequence[str] = ()) -> tuple[list[str], Measures]:
        """The ids of all candidates with what is measured of them, for fitting the weights."""
        rows, measures = self._measured(query, speakers)
        return [str(id) for id in self._ids[rows]], measures

    def _measured(self, query: Query, speakers: Sequence[str]) -> tuple[Rows, Measures]:
        asked, vector, articles = self._asked(_text_of(query))
        topic = topic_terms(query.topic) or asked
        words = self._words.scores(topic)
        rows, quotes, passages = self._vectors(self._candidates(query, vector, words, articles, speakers))
        return rows, Measures(
            quote=quotes @ vector,
            passage=passages @ vector,
            words=words[rows],
            article=articles[self._article_of[rows]],
            local=self._local.of(topic, rows.tolist()),
            label=self._labels.of(asked)[rows],
            direct=self._direct[rows],
            short=self._short[rows],
            length=self._length[rows],
        )

    def _read(self, question: str) -> tuple[tuple[str, ...], Vectors, Vectors]:
        """A question's stems and vector, and the scores of all articles for it."""
        asked = tuple(topic_terms(question) or terms(question))
        return asked, self._embeddings.embed([question])[0], self._texts.scores(asked)

    def _candidates(
        self, query: Query, vector: Vectors, words: Vectors, articles: Vectors, speakers: Sequence[str]
    ) -> list[int]:
        """Rows of the catalogue worth an exact score."""
        own = [row for name in dict.fromkeys(speakers) for row in self._by_speaker.get(name, ())]
        if speakers and len(own) <= ALL_OF_SPEAKERS:
            return own
        ids = self._store.search_quotes(vector, QUOTE_CANDIDATES, speakers=speakers)
        found = dict.fromkeys(self._rows[id] for id in ids if id in self._rows)
        for passage in self._store.search_passages(vector, PASSAGE_CANDIDATES):
            found.update(dict.fromkeys(self._by_passage.get(passage, ())))
        found.update(dict.fromkeys(_best(words, WORD_CANDIDATES)))
        for article in _best(articles, ARTICLE_CANDIDATES):
            found.update(dict.fromkeys(self._by_article[self._articles[article].id]))
        named = [row for name in query.speakers for row in self._by_speaker.get(name, ())]
        found.update(dict.fromkeys(named[:ALL_OF_SPEAKERS]))
        if query.described:
            near = [row for a in _best(articles, DESCRIBED_ARTICLES) for row in self._by_article[self._articles[a].id]]
            told = self._told(query, near)
            found.update(dict.fromkeys(row for row, share in zip(near, told, strict=True) if share >= MIN_DESCRIBED))
        wanted = set(speakers)
        return [row for row in found if not wanted or self._catalogue.speakers[row] in wanted]

    def _vectors(self, rows: Sequence[int]) -> tuple[Rows, Vectors, Vectors]:
        """The rows that have a vector, with their vectors and their passages' (zeros where there is no passage)."""
        known = self._catalogue
        quotes = self._store.vectors([known.ids[row] for row in rows])
        kept = [row for row in rows if known.ids[row] in quotes]
        if len(kept) < len(rows):
            logger.warning("%d statements have no vector yet and are left out.", len(rows) - len(kept))
        passages = self._store.vectors([p for p in {known.passages[row] for row in kept} if p], of="passages")
        none = np.zeros(self._embeddings.dimension, dtype=np.float32)
        shape = (len(kept), self._embeddings.dimension)
        return (
            np.array(kept, dtype=np.intp),
            np.array([quotes[known.ids[row]] for row in kept], dtype=np.float32).reshape(shape),
            np.array([passages.get(known.passages[row], none) for row in kept], dtype=np.float32).reshape(shape),
        )

    def _wishes(self, query: Query, rows: Rows, fits: Vectors) -> Vectors:
        """What statements earn for being by whom, when and where the query asks about."""
        earned = SPEAKER_BONUS * fits
        for place, row in enumerate(rows):
            article = self._articles[self._article_of[row]]
            earned[place] += DATE_BONUS * _is_within(query, article.published)
            earned[place] += OUTLET_BONUS * (article.publication in query.outlets)
        return earned

    def _fits(self, query: Query, rows: Rows) -> Vectors:
        """How well (0 to 1) the speaker of each row fits whom the query names or describes."""
        by_label: dict[str, float] = {}
        for phrase in query.described:
            for name, share in self.people.fit(phrase).items():
                by_label[name] = max(share, by_label.get(name, 0.0))
        by_label.update(dict.fromkeys(query.speakers, 1.0))
        speakers = self._catalogue.speakers
        fits = np.array([by_label.get(speakers[row], 0.0) for row in rows], dtype=np.float32)
        return np.maximum(fits, self._told(query, rows)) if query.described else fits

    def _told(self, query: Query, rows: Iterable[int]) -> Vectors:
        """How much (0 to 1) of a description in the query the article of each row tells of its speaker."""
        known = self._catalogue
        pairs = [(known.articles[row], known.speakers[row]) for row in rows]
        shares = dict.fromkeys(pairs, 0.0)
        found = {party.phrase for party in query.asked if party.speakers}
        for phrase in query.described:
            if phrase in found or is_body(phrase):
                continue
            owners = self.people.owners(phrase)
            labels = {label for owner in owners for label in owner.labels}
            text = " ".join([OWNER.sub(" ", phrase) if owners else phrase, *(owner.words[-1] for owner in owners)])
            wanted = {word: self._labels.rarity(word) for word in description(text)}
            for article, speaker in shares:
                if speaker not in labels:
                    share = self._profiles.share(wanted, article, speaker)
                    shares[article, speaker] = max(share, shares[article, speaker])
        return np.array([shares[pair] for pair in pairs], dtype=np.float32)

    def _quoted(self, query: Query, rows: Rows) -> Vectors:
        """What statements earn for holding a quotation that stands in the question."""
        phrases = quotations(query.question)
        texts = self._catalogue.texts
        return np.array([max((phrase_bonus(p, texts[row]) for p in phrases), default=0.0) for row in rows], np.float32)


def _text_of(query: Query) -> str:
    """What to look for: the question, with what a follow-up takes over; one party's own topic where it has one."""
    if any(party.topic == query.topic for party in query.asked):
        return query.topic
    told = set(terms(query.question))
    wanted = [query.topic, *query.described]
    return " ".join([*(words for words in wanted if not told.issuperset(terms(words))), query.question])


def _missed(query: Query, statement: Statement, apart: Collection[str]) -> tuple[str, ...]:
    """What of a query's wishes a statement does not meet; `apart` are ids of those by somebody else."""
    article = statement.article
    missed = {
        "speaker": statement.id in apart,
        "date": bool(query.since or query.until) and not _is_within(query, article.published),
        "outlet": bool(query.outlets) and article.publication not in query.outlets,
    }
    return tuple(wish for wish, is_missed in missed.items() if is_missed)


def _apart(query: Query, best: Sequence[int], scores: Vectors, fits: Vectors) -> list[int]:
    """Which of the best statements are by somebody else than whom the query asks about."""
    least = FITS_FROM * float(fits.max(initial=0.0))
    fitting = max((float(scores[n]) for n in best if fits[n] >= least), default=0.0)
    # A verdict on a claim is never to rest on who merely said it best.
    is_sure = bool(query.speakers) or query.kind == "did_say"
    if not least or (best and not is_sure and fitting < BEARS_FROM * scores[best[0]]):
        return []
    return [n for n in best if fits[n] < least]


def _is_within(query: Query, published: str | None) -> bool:
    """True when the query asks about a time and a date lies in it."""
    if not (query.since or query.until) or not published:
        return False
    day = published[:10]
    return (query.since or day)[:10] <= day <= (query.until or day)[:10]


def _places(keys: Iterable[str]) -> dict[str, list[int]]:
    """Where each key stands."""
    places: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        places.setdefault(key, []).append(row)
    return places


def _best(scores: Vectors, k: int) -> list[int]:
    """Rows of the k best scores above 0, best first."""
    return [int(row) for row in np.argsort(-scores, kind="stable")[:k] if scores[row] > 0]
