"""A few numbers for monitoring, each from a small index: what is delivered long ago is never counted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from state import pulses, seals
from state.standing import Standing
from state.tables import delivery, letter

SHOWN = (Standing.QUEUED, Standing.SENDING, Standing.FAILED)
"""Standings that have an index of their own."""


@dataclass(frozen=True, slots=True)
class Figures:
    letters: dict[str, int]
    """By standing, those of SHOWN."""
    oldest: datetime | None
    """When the oldest queued letter was written."""
    ticked: datetime | None
    """When the tick last came to its end."""
    unsealed: int
    """Lines of the account that wait for their seal, counted up to ten thousand."""


def figures(connection: Connection) -> Figures:
    counts = {
        one.value: connection.scalar(select(func.count()).select_from(delivery).where(_is(one)))
        or 0
        for one in SHOWN
    }
    queued = select(func.min(delivery.c.letter_id)).where(_is(Standing.QUEUED))
    first = queued.scalar_subquery()
    oldest = connection.scalar(select(letter.c.written_at).where(letter.c.id == first))
    return Figures(counts, oldest, pulses.ticked(connection), seals.unsealed(connection))


def _is(standing: Standing) -> ColumnElement[bool]:
    """Written out, so that a plan that PostgreSQL keeps finds the partial index, too."""
    return delivery.c.state == literal_column(f"'{standing.value}'")
