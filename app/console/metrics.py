"""What is counted while the console runs, for Prometheus: by door, never by address, for a link's address is
a key."""

import threading
import time
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from flows.premises import Site
from state.figures import SHOWN, Figures, figures

KEPT = 10.0
"""Seconds for which the database is not asked again."""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        registry = self._registry
        self._seconds = Histogram(
            "duban_request_seconds",
            "How long answers took",
            ["method", "door"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._answers = Counter(
            "duban_requests", "Answers by status", ["method", "door", "status"], registry=registry
        )
        self._letters = Gauge("duban_letters", "Letters by state", ["state"], registry=registry)
        self._oldest = Gauge(
            "duban_oldest_queued_seconds", "Age of the oldest queued letter", registry=registry
        )
        self._tick = Gauge(
            "duban_last_tick_seconds", "Since the last tick; -1: never", registry=registry
        )
        self._unsealed = Gauge(
            "duban_unsealed_lines", "Lines of the account without a seal", registry=registry
        )
        self._lock = threading.Lock()
        self._asked: float | None = None

    def answered(self, method: str, door: str, status: int, seconds: float) -> None:
        """`door`: its path as it is written in the routes."""
        self._seconds.labels(method, door).observe(seconds)
        self._answers.labels(method, door, str(status)).inc()

    def text(self, site: Site, at: datetime) -> bytes:
        """In Prometheus' own format. Raises DatabaseFault."""
        with self._lock:
            now = time.monotonic()
            if self._asked is None or now - self._asked > KEPT:
                with site.database.reading() as connection:
                    self._show(figures(connection), at)
                self._asked = now
        return generate_latest(self._registry)

    def _show(self, found: Figures, at: datetime) -> None:
        for standing in SHOWN:
            self._letters.labels(standing.value).set(found.letters[standing.value])
        self._oldest.set(_age(found.oldest, at) if found.oldest else 0)
        self._tick.set(_age(found.ticked, at) if found.ticked else -1)
        self._unsealed.set(found.unsealed)


def _age(then: datetime, at: datetime) -> float:
    return max((at - then).total_seconds(), 0)
