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
