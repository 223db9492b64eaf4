"""The chart of a target: the line as orientation, and a dot for each year's figure. Places from left in
percent of the width, so that it fits every screen."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from duban.progress import Course

TOP, FLOOR = 30, 150
"""Where the highest and the lowest figure stand, in pixels from above."""


@dataclass(frozen=True, slots=True)
class Dot:
    year: int
    left: str
    top: int
    value: Decimal
    lamp: str


@dataclass(frozen=True, slots=True)
class Segment:
    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True, slots=True)
class Chart:
    years: tuple[tuple[int, str], ...]
    line: tuple[Segment, ...]
    dots: tuple[Dot, ...]


def draw(course: Course) -> Chart | None:
    """None where there are not two figures to draw."""
    line = {one.year: one.path for one in course.marks if one.path is not None}
    if course.baseline:
        line.setdefault(course.baseline.year, course.baseline.value)
    reached = {one.year: one for one in course.marks if one.reached is not None}
    values = [*line.values(), *(one.reached for one in reached.values() if one.reached is not None)]
    years = sorted({*line, *(one.year for one in course.marks)})
    if len(values) < 2:
        return None
    low, high = min(values), max(values)

    def left(year: int) -> str:
        return f"{100 * (years.index(year) + 0.5) / len(years):.2f}%"

    def top(value: Decimal) -> int:
        part = (value - low) / (high - low) if high > low else Decimal("0.5")
        return round(FLOOR - (FLOOR - TOP) * part)

    return Chart(
        tuple((year, left(year)) for year in years),
        tuple(
            Segment(left(one), top(line[one]), left(two), top(line[two]))
            for one, two in pairwise(sorted(line))
        ),
        tuple(
            Dot(year, left(year), top(one.reached), one.reached, one.lamp.value)
            for year, one in reached.items()
            if one.reached is not None
        ),
    )
