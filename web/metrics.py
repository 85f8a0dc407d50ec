"""Figures for whoever runs the program, in the text format of Prometheus: questions, seconds, the line, the index.

Numbers alone: neither a question nor a name stands in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from rag import lookup
from rag.errors import OnTheRecordError
from web.line import Outcome, Place

METRICS_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OUTCOMES: tuple[Outcome, ...] = ("answered", "not_answered", "failed", "stopped")
SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 30, 60, 120)


class Metrics:
    """Watches a line and counts; one registry for each application."""

    def __init__(self, index: Path) -> None:
        self._registry = registry = CollectorRegistry()
        self._asked = Counter("otr_questions_asked", "Questions asked, on the page and by programs.", registry=registry)
        self._ended = Counter("otr_questions_ended", "Questions by how they ended.", ["outcome"], registry=registry)
        for outcome in OUTCOMES:
            self._ended.labels(outcome)  # A series that begins at its first event hides that event.
        self._worked = Histogram(
            "otr_answer_seconds", "Seconds that an answer took, without waiting.", buckets=SECONDS, registry=registry
        )
        self._waited = Histogram(
            "otr_wait_seconds", "Seconds that a question waited for its turn.", buckets=SECONDS, registry=registry
        )
        places: set[Place] = set()
        self._places = places
        waiting = Gauge("otr_questions_waiting", "Questions that wait for their turn.", registry=registry)
        waiting.set_function(lambda: sum(bool(place.ahead) for place in tuple(places)))
        answering = Gauge("otr_questions_answering", "Questions that are being answered.", registry=registry)
        answering.set_function(lambda: sum(not place.ahead for place in tuple(places)))
        registry.register(_Index(index))
        ProcessCollector(registry=registry)

    def entered(self, place: Place) -> None:
        """Count a question."""
        self._asked.inc()
        self._places.add(place)

    def left(self, place: Place) -> None:
        """Count how it ended, and how long it took."""
        self._places.discard(place)
        self._ended.labels(place.outcome).inc()
        self._waited.observe(place.waited)
        if place.outcome != "stopped":
            self._worked.observe(place.worked)

    def text(self) -> bytes:
        """All figures as they are now."""
        return generate_latest(self._registry)


class _Index(Collector):
    """What is indexed, read when it is asked for; nothing while there is no index that can be read."""

    def __init__(self, index: Path) -> None:
        self._index = index

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            articles, statements = lookup.size(index=self._index)
        except OnTheRecordError:
            return
        yield GaugeMetricFamily("otr_articles", "Articles in the index.", value=articles)
        yield GaugeMetricFamily("otr_statements", "Statements in the index.", value=statements)
