"""What each digest that is owed has to tell, asked of the database."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from duban.assignment import Assignment
from duban.bulletin import Found, spans
from duban.demanded import Count, Part, counted, demanded
from duban.desk import Desk
from duban.digest import Answered, Below, Due, Task, Times, Which, Work, owed
from duban.foreseeing import AHEAD, sunday, task
from duban.request import Request
from duban.vacancy import vacancies
from flows.following import follow_phase
from flows.premises import local, today
from state import assignments, cascade, digests, history, inbox, requests
from state.database import Connection
from state.digests import Said
from state.inbox import Report
from state.scope import Scope

FEW = 20
"""Reports and requests that the work list names."""
LATELY = timedelta(30)
"""Letters that failed longer ago are not counted."""
LONGEST = 60
"""Characters of an answer."""


def find(connection: Connection, desk: Desk, times: Times, at: datetime) -> list[Found]:
    """Of every digest that is owed at `at` and was not said yet."""
    open_ones = digests.unsettled(connection, desk.office.id, owed(desk, times, at))
    return gather(connection, desk, open_ones, at)


def gather(connection: Connection, desk: Desk, dues: Iterable[Due], at: datetime) -> list[Found]:
    return [_told(connection, desk, _gather(connection, desk, due, at)) for due in dues]


def _told(connection: Connection, desk: Desk, found: Found) -> Found:
    told = digests.readers(connection, desk.office.id, found.due.period)
    return replace(found, told=told) if told else found


def _gather(connection: Connection, desk: Desk, due: Due, at: datetime) -> Found:
    if due.which is Which.WORK:
        return Found(due, work=_work(connection, desk, at))
    if due.which is Which.PHASE:
        return Found(due, followed=follow_phase(connection, desk, due.period))
    day, office = today(desk.office, at), desk.office.id
    overdue = assignments.overdue(connection, office, day)
    owing: list[Assignment] = []
    done: list[Assignment] = []
    if due.which is Which.ACCOUNT:
        owing = digests.owing(connection, office, day, day + AHEAD)
        done = digests.done(connection, office, *_instants(desk, due.span.start, due.span.last))
    first = min(spans(due)[0].start, due.before.start)
    kept = history.kept(connection, office, first, due.span.last, ZoneInfo(desk.office.zone))
    last = digests.said(connection, office, due.which, due.period)
    return Found(
        due,
        overdue,
        owing,
        done,
        kept,
        _answers(connection, desk, [*overdue, *owing, *done]),
        frozenset(last["overdue"]) if last and "overdue" in last else None,
        below=_below(connection, desk, day) if due.which is not Which.ACCOUNT else (),
    )


def _below(connection: Connection, desk: Desk, day: date) -> tuple[Below, ...]:
    """How far the districts are with what the city asks this year."""
    linked = frozenset(one.id for one in desk.branch.departments if one.office in desk.below)
    if not linked:
        return ()
    asked = cascade.asked_of(connection, Scope(desk.office.id, linked), day.year)
    own = cascade.progress(connection, desk.below, day, day.year)
    counts = counted(demanded(desk, asked, own, day), lambda one: one.item.asked.department)
    return tuple(_line(desk.called(id), count) for id, count in counts.items())


def _line(name: str, count: Count) -> Below:
    parts = count.parts
    return Below(
        name,
        count.every,
        parts[Part.UNDIVIDED],
        parts[Part.DECLINED],
        parts[Part.DONE],
        parts[Part.LATE],
    )


def _instants(desk: Desk, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(desk.office.zone)
    until = datetime.combine(last + timedelta(1), time(), zone)
    return datetime.combine(first, time(), zone), until


def _answers(
    connection: Connection, desk: Desk, items: Iterable[Assignment]
) -> dict[str, Answered]:
    said = digests.answers(connection, [item.row for item in items])
    return {one.key: _answered(desk, one) for one in said}


def _answered(desk: Desk, said: Said) -> Answered:
    return Answered(said.actor, local(desk.office, said.at), said.act, shortened(said.reason))


def shortened(text: str) -> str:
    """One line, at most `LONGEST` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


# --- the work list -------------------------------------------------------------------------------


def _work(connection: Connection, desk: Desk, at: datetime) -> Work:
    day, scope = today(desk.office, at), Scope(desk.office.id)
    week = digests.due_within(connection, desk.office.id, day, sunday(day))
    waits = inbox.waiting(connection, scope, day, day - LATELY)
    return Work(
        reports=waits.reports,
        first_reports=_reports(connection, desk, scope) if waits.reports else (),
        requests=waits.requests,
        first_requests=_requests(connection, desk, scope) if waits.requests else (),
        dates=waits.dates,
        failed=waits.failed,
        today=tuple(task(desk, item) for item in week if item.target == day),
        week=tuple(task(desk, item) for item in week if item.target != day),
        vacant=vacancies(desk, inbox.chased(connection, scope, day), day),
    )


def _reports(connection: Connection, desk: Desk, scope: Scope) -> tuple[Task, ...]:
    return tuple(_report(desk, one) for one in inbox.reports(connection, scope, most=FEW))


def _report(desk: Desk, one: Report) -> Task:
    at = local(desk.office, one.at) if one.at else None
    return replace(task(desk, one.item), who=one.actor, at=at, said=shortened(one.said))


def _requests(connection: Connection, desk: Desk, scope: Scope) -> tuple[Task, ...]:
    asked = requests.open_ones(connection, scope, FEW)
    about = inbox.of_rows(connection, scope, [one.row for one in asked])
    return tuple(_request(desk, one, about[one.row]) for one in asked if one.row in about)


def _request(desk: Desk, one: Request, item: Assignment) -> Task:
    wanted = f"（延到{one.wanted.month}月{one.wanted.day}日）" if one.wanted else ""
    return replace(
        task(desk, item),
        what=one.kind.label,
        who=one.asked_by,
        at=local(desk.office, one.asked_at),
        said=shortened(one.reason) + wanted,
    )
