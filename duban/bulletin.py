"""From what the database knows to the sections that say so: to whom each digest goes, and with what."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from duban.assignment import Assignment
from duban.desk import OFFICE, Desk
from duban.digest import Answered, Below, Digest, Due, Line, Which, Work
from duban.lamp import late_by
from duban.letter import Item, Kind, Section
from duban.office import Contact, Role
from duban.phasereport import Followed, report
from duban.punctual import Bar, Kept, Rate, rated
from duban.rule import Span

WEEKS, MONTHS = 8, 12
"""Columns of the chart."""

Build = Callable[[Assignment], Item]


@dataclass(frozen=True, slots=True)
class Found:
    """What the database knows for one digest that is owed."""

    due: Due
    overdue: Sequence[Assignment] = ()
    owing: Sequence[Assignment] = ()
    """For accounts: what departments have to hand in within the next month."""
    done: Sequence[Assignment] = ()
    """For accounts: what they handed in, or had done, in the month."""
    kept: Sequence[Kept] = ()
    """Reports that were due in the days of the chart and of the comparison."""
    answers: Mapping[str, Answered] = field(default_factory=dict)
    """The last answers, by the assignment's key."""
    previous: frozenset[str] | None = None
    """Keys of what was overdue in the last digest of this kind; None where there was none."""
    work: Work = field(default_factory=Work)
    followed: Followed | None = None
    """For the report of a phase; None: the calendar has dropped it."""
    below: tuple[Below, ...] = ()
    told: frozenset[str] = frozenset()
    """Addresses that have this digest already."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A digest that is said, or that had nothing to say."""

    due: Due
    facts: Mapping[str, Any]
    """What is remembered of it: of which days it told (`first`, `last`), what was overdue (`overdue`, keys)
    and the rate (`due`, `kept`); in accounts the rate by department (`departments`)."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One digest, and who gets which section."""

    settled: Settled
    said: bool
    """Whether there is anything to say."""
    to: tuple[tuple[Contact, Section], ...] = ()
    covered: bool = False
    """The month's says it, too."""


def bulletins(desk: Desk, day: date, found: Iterable[Found], build: Build) -> list[Bulletin]:
    """One for each. The week's is part of the month's where both come with the same letter."""
    every = [_bulletin(desk, day, one, build) for one in found]
    monthly = {one.settled.due.alone for one in every if _is(one, Which.MONTHLY) and one.to}
    return [
        replace(one, to=(), covered=True)
        if _is(one, Which.WEEKLY) and one.settled.due.alone in monthly
        else one
        for one in every
    ]


def _is(one: Bulletin, which: Which) -> bool:
    return one.settled.due.which is which


def _bulletin(desk: Desk, day: date, found: Found, build: Build) -> Bulletin:
    which = found.due.which
    if which is Which.WORK:
        return _work(desk, day, found)
    if which is Which.PHASE:
        return _phase(desk, day, found)
    return (
        _accounts(desk, day, found, build)
        if which is Which.ACCOUNT
        else _report(desk, day, found, build)
    )


# --- for managers --------------------------------------------------------------------------------


def _report(desk: Desk, day: date, found: Found, build: Build) -> Bulletin:
    made = _digest(desk, day, found)
    facts = {
        **_days(found.due),
        "overdue": sorted(item.key for item in found.overdue),
        "due": made.rate.due,
        "kept": made.rate.kept,
    }
    said = bool(found.overdue) or (found.due.which is Which.MONTHLY and made.rate.due > 0)
    settled = Settled(found.due, facts)
    if not said:
        return Bulletin(settled, said=False)
    items = _items(found.overdue, found, build)
    section = Section(Kind.DIGEST, items, digest=made, period=found.due.period)
    readers = [one for one in desk.managers(day) if one.email not in found.told]
    return Bulletin(settled, said=True, to=tuple((one, section) for one in readers))


def _days(due: Due) -> dict[str, str]:
    return {"first": due.span.start.isoformat(), "last": due.span.last.isoformat()}


def _digest(desk: Desk, day: date, found: Found) -> Digest:
    due, kept = found.due, found.kept
    now = {item.key for item in found.overdue}
    then = found.previous
    lines = _lines(desk, day, found)
    return Digest(
        which=due.which,
        span=due.span,
        rate=_rate(kept, due.span),
        rate_before=_rate(kept, due.before),
        before=None if then is None else len(then),
        new=len(now - then) if then is not None else 0,
        gone=len(then - now) if then is not None else 0,
        lines=tuple(line for line in lines if line.overdue or line.rate.late),
        punctual=sum(not (line.overdue or line.rate.late) for line in lines),
        bars=tuple(bars(due, kept)),
        picture=f"chart-{due.which.value}@duban",
        below=found.below,
    )


def _lines(desk: Desk, day: date, found: Found) -> list[Line]:
    """Departments that owed something or are overdue, the worst first."""
    late: dict[str, list[Assignment]] = {}
    for item in found.overdue:
        late.setdefault(item.asked.department, []).append(item)
    owed: dict[str, list[Kept]] = {}
    for one in found.kept:
        owed.setdefault(one.department, []).append(one)
    lines = [
        _line(
            desk, day, id, late.get(id, []), _rate(owed.get(id, ()), found.due.span), found.previous
        )
        for id in late.keys() | owed.keys()
    ]
    known = [line for line in lines if line.overdue or line.rate.due]
    return sorted(known, key=lambda one: (-one.overdue, -one.longest, -one.rate.late, one.name))


def _line(
    desk: Desk,
    day: date,
    id: str,
    late: Sequence[Assignment],
    rate: Rate,
    previous: frozenset[str] | None,
) -> Line:
    before = None if previous is None else sum(key.endswith(f"/{id}") for key in previous)
    longest = max((late_by(item, day, desk.workdays) for item in late), default=0)
    return Line(desk.called(id), len(late), before, longest, rate)


def _rate(kept: Iterable[Kept], span: Span) -> Rate:
    return rated(kept, span.start, span.last)


def bars(due: Due, kept: Sequence[Kept]) -> Iterator[Bar]:
    """The last weeks or months up to the span, the oldest first."""
    for span in spans(due):
        label = (
            f"{span.start.month}/{span.start.day}"
            if due.which is Which.WEEKLY
            else f"{span.start.month}"
        )
        rate = _rate(kept, span)
        yield Bar(rate.due, rate.kept, label)


def spans(due: Due) -> list[Span]:
    """The days of each column of the chart."""
    if due.which is Which.WEEKLY:
        week = timedelta(7)
        return [
            Span(due.span.start - week * back, due.span.last - week * back)
            for back in reversed(range(WEEKS))
        ]
    found = [due.span]
    while len(found) < MONTHS:
        last = found[0].start - timedelta(1)
        found.insert(0, Span(last.replace(day=1), last))
    return found


# --- for heads of departments --------------------------------------------------------------------


def _accounts(desk: Desk, day: date, found: Found, build: Build) -> Bulletin:
    facts: dict[str, Any] = {}
    to: list[tuple[Contact, Section]] = []
    for department, mine in sorted(_apart(found).items()):
        section = _account(desk, department, mine, build)
        if section is None:
            continue
        made = section.digest
        facts[department] = [made.rate.due, made.rate.kept] if made else []
        readers = desk.holders(department, Role.LEADER, day)
        to += [(one, section) for one in readers if one.email not in found.told]
    settled = Settled(found.due, {**_days(found.due), "departments": facts})
    return Bulletin(settled, said=bool(to), to=tuple(to))


def _apart(found: Found) -> dict[str, Found]:
    """By department; not the office's own."""
    ids = {
        item.asked.department for some in (found.overdue, found.owing, found.done) for item in some
    }
    ids |= {one.department for one in found.kept}

    def of(items: Sequence[Assignment], id: str) -> tuple[Assignment, ...]:
        return tuple(item for item in items if item.asked.department == id)

    return {
        id: replace(
            found,
            overdue=of(found.overdue, id),
            owing=of(found.owing, id),
            done=of(found.done, id),
            kept=tuple(one for one in found.kept if one.department == id),
        )
        for id in ids - {OFFICE}
    }


def _account(desk: Desk, department: str, found: Found, build: Build) -> Section | None:
    """None where there is nothing to say."""
    rate = _rate(found.kept, found.due.span)
    every = (*found.overdue, *found.owing, *found.done)
    if not every and not rate.due:
        return None
    made = Digest(
        which=found.due.which,
        span=found.due.span,
        rate=rate,
        rate_before=_rate(found.kept, found.due.before),
        department=desk.called(department),
    )
    return Section(Kind.ACCOUNT, _items(every, found, build), digest=made, period=found.due.period)


# --- for the secretariat -------------------------------------------------------------------------


def _work(desk: Desk, day: date, found: Found) -> Bulletin:
    settled, work, person = Settled(found.due, {}), found.work, desk.liaison(OFFICE, day)
    first = desk.workdays.after(day - timedelta(day.weekday())) == day
    worth = work.reports or work.requests or work.today or (work.week and first)
    if not worth or person is None or person.email in found.told:
        return Bulletin(settled, said=False)
    return Bulletin(
        settled,
        said=True,
        to=((person, Section(Kind.WORK, (), work=work, period=found.due.period)),),
    )


# --- of a phase of a programme -------------------------------------------------------------------


def _phase(desk: Desk, day: date, found: Found) -> Bulletin:
    made = report(desk, found.followed, day) if found.followed else None
    if made is None or not made.said:
        return Bulletin(Settled(found.due, {}), said=False)
    whole = made.whole
    facts = {"asked": whole.asked, "done": made.done, "late": whole.late, "missing": whole.missing}
    section = Section(Kind.PHASE, (), phase=made, period=found.due.period)
    people = {one.email: one for one in desk.managers(day)}
    if person := desk.liaison(OFFICE, day):
        people.setdefault(person.email, person)
    to = tuple((one, section) for one in people.values() if one.email not in found.told)
    return Bulletin(Settled(found.due, {**_days(found.due), **facts}), said=True, to=to)


def _items(items: Iterable[Assignment], found: Found, build: Build) -> tuple[Item, ...]:
    """Overdue first, then by due date."""
    made = [replace(build(item), last=found.answers.get(item.key)) for item in items]
    return tuple(
        sorted(made, key=lambda one: (not one.overdue, one.due, one.occasion.key, one.assignment))
    )
