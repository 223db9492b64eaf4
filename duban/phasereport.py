"""The report of a phase of a programme (阶段报告): what it asked, what became of it, where targets stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from duban.desk import Desk
from duban.lamp import Lamp
from duban.measure import Counting, Measure, aim, worded
from duban.phases import Fate, Owed, Sum, by_department, by_task, summed
from duban.programme import Phase, Programme, Task
from duban.programmeview import Values, followed, starts
from duban.progress import Course, Mark
from duban.rule import Span


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of a programme, for a report of one of its phases."""

    programme: Programme
    phase: Phase
    owed: Iterable[Owed] = ()
    """What the programme asks for."""
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """How many reports of a department, a task or the whole phase had which fate."""

    name: str
    asked: int
    kept: int
    late: int
    missing: int
    open: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a target stands, in words."""

    name: str
    baseline: str
    """`2020年8.9%`; empty where there is none."""
    reached: str
    """`2025年12.6%`; empty where nothing was reported."""
    aim: str
    """`2025年至少13%`; empty where none is set."""
    lamp: Lamp
    words: str
    """Against the line, or the target in its year: `略低于参考线12.2%`, `已达到目标`."""


@dataclass(frozen=True, slots=True)
class PhaseReport:
    programme: str
    """Its id."""
    name: str
    """The programme's."""
    phase: str
    """Its name."""
    span: Span
    whole: Part
    departments: tuple[Part, ...]
    """The worst first."""
    tasks: tuple[Part, ...]
    """In the programme's order."""
    targets: tuple[Standing, ...]
    following: str = ""
    """The name of the phase that comes next."""

    @property
    def done(self) -> int:
        return self.whole.kept + self.whole.late

    @property
    def punctual(self) -> int:
        """Departments that handed in everything in time."""
        return sum(one.kept == one.asked for one in self.departments if one.asked)

    @property
    def behind(self) -> tuple[Part, ...]:
        """Departments that were late with something, or are overdue."""
        return tuple(one for one in self.departments if one.late or one.missing)

    @property
    def said(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.whole.asked or any(one.reached for one in self.targets))


def report(desk: Desk, found: Followed, day: date) -> PhaseReport:
    """As it stands on `day`."""
    programme, phase = found.programme, found.phase
    owed = [one for one in found.owed if one.within(phase)]
    tasks = by_task(owed, day)
    departments = by_department(owed, day)
    worst = sorted(departments.items(), key=lambda pair: (*pair[1].worst, desk.called(pair[0])))
    return PhaseReport(
        programme.id,
        programme.name,
        phase.name,
        Span(phase.start, phase.end),
        _part(phase.name, summed(owed, day)),
        tuple(_part(desk.called(id), one) for id, one in worst),
        tuple(_tasks(programme, tasks)),
        tuple(_targets(desk, found)),
        _following(programme, phase),
    )


def _part(name: str, sum: Sum) -> Part:
    return Part(name, sum.asked, *(sum.of(fate) for fate in Fate))


def _tasks(programme: Programme, sums: Mapping[str, Sum]) -> Iterator[Part]:
    for task in programme.asked:
        if sum := sums.get(f"{programme.id}.{task.id}"):
            yield _part(task.name, sum)


def _following(programme: Programme, phase: Phase) -> str:
    later = [one for one in programme.phases if one.start > phase.end]
    return min(later, key=lambda one: one.start).name if later else ""


def _targets(desk: Desk, found: Followed) -> Iterator[Standing]:
    programme = found.programme
    begin = starts(programme, desk.branch.programmes, found.values)
    for task in programme.tasks:
        course = followed(programme, task, found.values, begin.get(task.id))
        if course:
            yield _standing(task, course, found.phase.end.year)


def _standing(task: Task, course: Course, until: int) -> Standing:
    measure = course.measure
    known = [one for one in course.marks if one.year <= until and one.value is not None]
    mark = known[-1] if known else None
    baseline = course.baseline
    return Standing(
        task.name,
        f"{baseline.year}年{worded(baseline.value, measure.unit)}" if baseline else "",
        _reached(measure, mark),
        aim(measure),
        mark.lamp if mark else Lamp.GREY,
        _words(measure, mark),
    )


def _reached(measure: Measure, mark: Mark | None) -> str:
    if mark is None or mark.reached is None:
        return ""
    whole = "累计" if measure.counts is Counting.YEARLY else ""
    return f"{mark.year}年{whole}{worded(mark.reached, measure.unit)}"


def _words(measure: Measure, mark: Mark | None) -> str:
    if mark is None or mark.reached is None:
        return "没有报送数值"
    if measure.met(mark.reached):
        return "已达到目标"
    if measure.target and mark.year >= measure.target.year:
        return "没有达到目标"
    if mark.path is None or not mark.words:
        return ""
    return f"{mark.words}参考线{worded(mark.path, measure.unit)}"
