"""Links in letters: what a letter's address holds, and nothing about it in the database.

A token is the letter's own number (the UUID of its Message-ID) and the last day on which it opens, sealed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from adapters.secret import Secret, bytes_of, text_of

PURPOSE = "link"
EPOCH = date(2020, 1, 1)
NUMBER, DAYS = 16, 4
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Link:
    number: UUID
    """The left side of the letter's Message-ID."""
    until: date
    """The last day on which it opens."""


def make(secret: Secret, message_id: str, until: date) -> str:
    """The token that stands in the letter with this Message-ID: 48 characters, fit for an address."""
    number = UUID(message_id.strip("<>").partition("@")[0])
    days = max((until - EPOCH).days, 0)
    return text_of(secret.seal(PURPOSE, number.bytes + days.to_bytes(DAYS, "big")))


def read(secret: Secret, token: str) -> Link | None:
    """None for everything that was not made here, down to its last bit."""
    sealed = bytes_of(token)
    data = secret.open(PURPOSE, sealed) if sealed else None
    if data is None or len(data) != NUMBER + DAYS:
        return None
    days = int.from_bytes(data[NUMBER:], "big")
    return Link(UUID(bytes=data[:NUMBER]), _day(days))


def _day(days: int) -> date:
    try:
        return EPOCH + timedelta(days)
    except OverflowError:
        return date.max
