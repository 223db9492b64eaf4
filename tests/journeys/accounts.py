"""The account of a year, read anew in plain Python: what digests ought to say. Nothing here is the
product's: rows are read as they lie in the database, working days come from another library."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday
from sqlalchemy import Connection, text

BEIJING = ZoneInfo("Asia/Shanghai")
OWES = {"notified", "acknowledged", "returned"}
SPEAKS = {"acknowledge", "report", "return", "extension", "transfer", "not-ours", "grant", "refuse"}


@dataclass
class Job:
    id: int
    key: str
    department: str
    answer: str
    due: date | None


@dataclass
class Deed:
    at: datetime
    act: str
    actor: str
    state: str | None
    reason: str


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Account:
    """Of one office."""

    def __init__(self, connection: Connection, office: str) -> None:
        asked = (
            "SELECT id, key, department, answer, due, extended FROM assignment WHERE office = :o"
        )
        self.jobs = [
            Job(row.id, row.key, row.department, row.answer, day_of(row.extended or row.due))
            for row in connection.execute(text(asked), {"o": office})
        ]
        done = "SELECT * FROM event WHERE office = :o AND assignment_id IS NOT NULL ORDER BY id"
        self.deeds: dict[int, list[Deed]] = defaultdict(list)
        for row in connection.execute(text(done), {"o": office}):
            deed = Deed(instant(row.at), row.act, row.actor, row.to_state, row.reason)
            self.deeds[row.assignment_id].append(deed)

    @cached_property
    def reports(self) -> list[Job]:
        return [job for job in self.jobs if job.answer == "报送" and job.due]

    def state(self, job: Job, at: datetime) -> str:
        known = [one.state for one in self.deeds[job.id] if one.at < at and one.state]
        return known[-1] if known else "planned"

    def overdue(self, at: datetime) -> dict[str, int]:
        """Keys, and working days since they were due."""
        today = at.astimezone(BEIJING).date()
        return {
            job.key: worked(job.due, today)
            for job in self.reports
            if job.due and job.due < today and self.state(job, at) in OWES
        }

    def last(self, key: str, at: datetime) -> tuple[str, str, str] | None:
        """Who did what last, and with which words."""
        job = next(job for job in self.jobs if job.key == key)
        said = [one for one in self.deeds[job.id] if one.at < at and one.act in SPEAKS]
        return (said[-1].actor, said[-1].act, said[-1].reason) if said else None

    def rate(self, first: date, last: date, at: datetime, department: str = "") -> tuple[int, int]:
        """How many reports were due in these days, and how many came in time."""
        owed = [
            job
            for job in self.reports
            if job.due and first <= job.due <= last and department in ("", job.department)
            if self.state(job, at) not in ("withdrawn", "exempted")
        ]
        return len(owed), sum(self._kept(job, at) for job in owed)

    def _kept(self, job: Job, at: datetime) -> bool:
        came = [one.at for one in self.deeds[job.id] if one.act == "report" and one.at < at]
        return bool(came) and job.due is not None and came[0].astimezone(BEIJING).date() <= job.due

    def handed_in(self, first: date, last: date, at: datetime, department: str) -> set[str]:
        """What was reported or closed in these days and needs nothing more."""
        begin = datetime.combine(first, time(), BEIJING)
        end = datetime.combine(last + timedelta(1), time(), BEIJING)
        return {
            job.key
            for job in self.reports
            if job.department == department
            and self.state(job, at) in ("reported", "completed")
            and any(
                d.act in ("report", "complete") and begin <= d.at < end for d in self.deeds[job.id]
            )
        }

    def coming(self, at: datetime, department: str) -> set[str]:
        """What has to be handed in within 31 days from today on."""
        today = at.astimezone(BEIJING).date()
        return {
            job.key
            for job in self.reports
            if job.department == department
            and job.due
            and today <= job.due <= today + timedelta(31)
            and self.state(job, at) in OWES
        }


def worked(after: date, until: date) -> int:
    days = (after + timedelta(number) for number in range(1, (until - after).days + 1))
    return sum(map(is_workday, days))


def first_working(day: date) -> date:
    while not is_workday(day):
        day += timedelta(1)
    return day


def mondays(year: int) -> dict[date, date]:
    """The day of each weekly digest, and the Monday that it is of; a week without a working day has none."""
    first = date(year, 1, 1)
    every = [first + timedelta(n) for n in range(365) if (first + timedelta(n)).weekday() == 0]
    return {first_working(one): one for one in every if first_working(one).year == year}


def firsts(year: int) -> dict[date, date]:
    """The day of each monthly digest, and the first of its month."""
    return {first_working(date(year, month, 1)): date(year, month, 1) for month in range(1, 13)}
