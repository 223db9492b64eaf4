"""How far a target has come: what was reported of each year, against a straight line as orientation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from duban.assignment import Duties, Duty
from duban.desk import Desk
from duban.lamp import Lamp
from duban.measure import Bound, Counting, Measure, Point, keeps, places_of
from duban.step import Answer

NEAR = Decimal("0.8")
"""Of the way that the line says: who has come so far is a little behind (yellow), else far (red)."""


def measure_of(desk: Desk, item: Duties) -> Measure | None:
    """By what this item is to be reported in numbers; None where only words are asked for."""
    found = desk.task(item.activity)
    if found is None or item.duty is not Duty.LEAD or item.answer is not Answer.REPORT:
        return None
    return found[1].measure


@dataclass(frozen=True, slots=True)
class Reported:
    """What a department reported of a year and the secretariat did not return."""

    year: int
    department: str
    """Its id."""
    value: Decimal | None
    """None: there is no figure for that year."""
    unit: str
    at: datetime
    row: int
    """The assignment's number."""
    accepted: bool
    """By the secretariat."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One year of a target."""

    year: int
    said: tuple[Reported, ...]
    """The last report first."""
    value: Decimal | None
    """The year's own figure, as it was last reported or as the calendar has it."""
    reached: Decimal | None
    """Where it stands by that year's figure; of 当年数 all years together."""
    path: Decimal | None
    """Where the line is; None where there is none."""
    lamp: Lamp

    @property
    def differs(self) -> bool:
        """Whether departments that lead together reported different figures."""
        return len({one.value for one in self.said if one.value is not None}) > 1

    @property
    def words(self) -> str:
        if self.lamp is Lamp.GREY:
            return ""
        return (
            "达到" if self.lamp is Lamp.GREEN else "略低于" if self.lamp is Lamp.YELLOW else "低于"
        )


@dataclass(frozen=True, slots=True)
class Course:
    measure: Measure
    baseline: Point | None
    inherited: bool
    """The baseline is the last value of the former programme."""
    marks: tuple[Mark, ...]
    """Every year of the programme."""

    @property
    def last(self) -> Mark | None:
        """The last year with a figure."""
        return next((one for one in reversed(self.marks) if one.value is not None), None)

    @property
    def lamp(self) -> Lamp:
        return self.last.lamp if self.last else Lamp.GREY

    @property
    def met(self) -> bool:
        reached = self.last.reached if self.last else None
        return reached is not None and self.measure.met(reached)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Years before the last figure of which there is none."""
        until = self.last.year if self.last else 0
        return tuple(one.year for one in self.marks if one.year < until and one.value is None)

    @property
    def end(self) -> Point | None:
        """Where it stood at last, as the baseline of a programme that follows."""
        last = self.last
        if last is None or last.reached is None or self.measure.counts is Counting.YEARLY:
            return None
        return Point(year=last.year, value=last.reached)


def course(
    measure: Measure, years: range, said: Iterable[Reported], former: Point | None = None
) -> Course:
    """`years`: of the programme. `former`: where the former programme's target stood at last, which is the
    baseline unless the calendar gives one."""
    by_year: dict[int, list[Reported]] = {}
    for one in said:
        by_year.setdefault(one.year, []).append(one)
    baseline = measure.baseline or former
    line = _line(measure, years, baseline)
    marks: list[Mark] = []
    known = {one.year: one.value for one in measure.values}
    total = Decimal(0)
    for year in years:
        found = tuple(sorted(by_year.get(year, ()), key=lambda one: one.at, reverse=True))
        value = next((one.value for one in found if one.value is not None), known.get(year))
        total += value or 0
        reached = total if measure.counts is Counting.YEARLY and value is not None else value
        path = _on(line, year, max(measure.places, places_of(former.value) if former else 0))
        start = line[0].value if line else None
        lamp = _lamp(measure, year, reached, path, start)
        marks.append(Mark(year, found, value, reached, path, lamp))
    inherited = measure.baseline is None and former is not None
    return Course(measure, baseline, inherited, tuple(marks))


def _line(measure: Measure, years: range, baseline: Point | None) -> Sequence[Point]:
    """Its corners by year: where it began, what was planned, the target."""
    if measure.target is None:
        return ()
    begin = baseline
    if measure.counts is Counting.YEARLY and begin is None:
        begin = Point(year=years.start - 1, value=Decimal(0))
    corners = {one.year: one for one in (*([begin] if begin else []), *measure.planned)}
    corners[measure.target.year] = measure.target
    return [corners[year] for year in sorted(corners)]


def _on(line: Sequence[Point], year: int, places: int) -> Decimal | None:
    """Rounded as the figures are written; None before its first corner and after its last."""
    for one in line:
        if one.year == year:
            return one.value
    for left, right in pairwise(line):
        if left.year < year < right.year:
            part = Decimal(year - left.year) / (right.year - left.year)
            exact = left.value + (right.value - left.value) * part
            return exact.quantize(Decimal(1).scaleb(-places))
    return None


def _lamp(
    measure: Measure,
    year: int,
    reached: Decimal | None,
    path: Decimal | None,
    start: Decimal | None,
) -> Lamp:
    """Green: on the line or better. Yellow: a little behind. Red: far behind, or the target missed."""
    target = measure.target
    if reached is None or target is None:
        return Lamp.GREY
    if year >= target.year:
        return Lamp.GREEN if measure.met(reached) else Lamp.RED
    if path is None:
        return Lamp.GREY
    if keeps(reached, path, Bound.MOST if measure.falling else Bound.LEAST):
        return Lamp.GREEN
    way = path - start if start is not None else Decimal(0)
    near = start is None or (way != 0 and (reached - start) / way >= NEAR)
    return Lamp.YELLOW if near else Lamp.RED
