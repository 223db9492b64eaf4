"""The chart of months: a column each, placed in percent of the width, so that it fits every screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from duban.punctual import Month

TOP, FLOOR = 26, 176
"""Where a column of 100 and one of 0 end, in pixels from above."""


@dataclass(frozen=True, slots=True)
class Column:
    month: Month
    left: str
    middle: str
    width: str
    top: int
    height: int
    year: str
    """Said under the first column and under each January."""


def draw(months: Sequence[Month]) -> list[Column]:
    share = 100 / len(months)
    return [_column(month, number, share) for number, month in enumerate(months)]


def _column(month: Month, number: int, share: float) -> Column:
    height = round((FLOOR - TOP) * (month.percent or 0) / 100)
    says_year = number == 0 or month.first.month == 1
    return Column(
        month,
        f"{share * (number + 0.2):.2f}%",
        f"{share * (number + 0.5):.2f}%",
        f"{share * 0.6:.2f}%",
        FLOOR - height,
        height,
        f"{month.first.year}" if says_year else "",
    )
