"""The one place that asks what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def running_from(at: datetime) -> Callable[[], datetime]:
    """A clock that shows `at` now and goes on from there; a step of the system's clock is not felt."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


class Comparison:
    """The system's clock against one that only ever runs: how far it was set in between.

    A machine that slept looks like one whose clock was set forward.
    """

    def __init__(self) -> None:
        self._shown, self._passed = now(), time.monotonic()

    def step(self) -> timedelta:
        """Since the last call: positive when the clock was set forward."""
        shown, passed = now(), time.monotonic()
        step = (shown - self._shown) - timedelta(seconds=passed - self._passed)
        self._shown, self._passed = shown, passed
        return step
