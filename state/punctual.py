"""How an office's departments kept their dates, month by month: sums of the stored scores."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from duban.punctual import Month, months_until
from duban.score import Score
from state import scores


def by_month(
    connection: Connection, offices: Collection[str], today: date
) -> dict[str, list[Month]]:
    """By office: the last twelve months, the present one as far as it was scored."""
    months = months_until(today)
    found = scores.by_month(connection, offices, months[0], months[-1])
    return {
        office: [_month(first, found.get((office, first), Score())) for first in months]
        for office in offices
    }


def _month(first: date, score: Score) -> Month:
    return Month(first, score.due, score.kept)
