"""When an account is locked because somebody guesses at its password."""

from datetime import datetime, timedelta

AFTER = 5
"""Failures in a row."""
SPANS = (timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60))
"""The first time, the second, every further one; a log-in that succeeds begins anew."""


def locked_until(failures: int, at: datetime) -> datetime | None:
    """After that many failures in a row, the last one now; None: not locked."""
    if failures == 0 or failures % AFTER:
        return None
    times = failures // AFTER
    return at + SPANS[min(times, len(SPANS)) - 1]
