"""Scores (考核): verdicts summed up by department, month and phase of a programme."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from duban.lamp import Lamp
from duban.programme import Programme
from duban.scoring import Lamps
from duban.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Score:
    """Of a department, or several, over some time."""

    kept: int = 0
    late: int = 0
    missing: int = 0
    omitted: int = 0
    weight: int = 0
    points: int = 0
    """Each counted item's points times its weight."""

    @property
    def due(self) -> int:
        """Items that are counted."""
        return self.kept + self.late + self.missing

    @property
    def percent(self) -> int | None:
        """Kept of what is counted, rounded down; None where nothing is."""
        return self.kept * 100 // self.due if self.due else None

    @property
    def tenths(self) -> int | None:
        """The score in tenths of a point, half of one rounded up; None where nothing is counted."""
        return (20 * self.points + self.weight) // (2 * self.weight) if self.weight else None

    def lamp(self, lamps: Lamps) -> Lamp:
        """Grey where nothing is counted."""
        if not self.weight:
            return Lamp.GREY
        if self.points >= lamps.green * self.weight:
            return Lamp.GREEN
        return Lamp.YELLOW if self.points >= lamps.yellow * self.weight else Lamp.RED

    def of(self, outcome: Outcome) -> int:
        return int(getattr(self, outcome.value))

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.kept + other.kept,
            self.late + other.late,
            self.missing + other.missing,
            self.omitted + other.omitted,
            self.weight + other.weight,
            self.points + other.points,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What is summed up: a department's month or programme phase."""

    department: str
    """Empty: all of them."""
    first: date
    phase: str = ""
    """`programme/phase`; empty: the month."""


def tally(verdicts: Iterable[Verdict], phases: Mapping[str, Sequence["Term"]]) -> dict[Part, Score]:
    """By department and for all together. `phases`: of each programme."""
    found: dict[Part, Score] = {}
    for verdict in verdicts:
        alone = _alone(verdict)
        for part in _parts(verdict, phases):
            found[part] = found.get(part, _NONE) + alone
    return found


_NONE = Score()


def _alone(verdict: Verdict) -> Score:
    if verdict.outcome is Outcome.OMITTED:
        return Score(omitted=1)
    counted = Score(weight=verdict.weight, points=verdict.weight * verdict.points)
    return replace(counted, **{verdict.outcome.value: 1})


@dataclass(frozen=True, slots=True)
class Term:
    """A phase of a programme. `id`: `programme/phase`."""

    id: str
    name: str
    first: date
    last: date


def terms(programmes: Iterable[Programme]) -> dict[str, tuple[Term, ...]]:
    """By programme."""
    return {
        one.id: tuple(
            Term(f"{one.id}/{phase.id}", f"{one.name}：{phase.name}", phase.start, phase.end)
            for phase in one.phases
        )
        for one in programmes
    }


def _parts(verdict: Verdict, phases: Mapping[str, Sequence[Term]]) -> Iterator[Part]:
    department, month = verdict.item.department, verdict.day.replace(day=1)
    yield Part(department, month)
    yield Part("", month)
    programme = verdict.item.activity.partition(".")[0]
    for term in phases.get(programme, ()):
        if falls_in(verdict, term.first, term.last, term.id):
            yield Part(department, term.first, term.id)


def falls_in(verdict: Verdict, first: date, last: date, phase: str = "") -> bool:
    """Whether it is a part of the score of these days; a programme's phase has that programme's tasks."""
    programme = phase.partition("/")[0]
    mine = not phase or verdict.item.activity.startswith(f"{programme}.")
    return mine and first <= verdict.day <= last
