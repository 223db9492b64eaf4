"""The outlook: which letters went out and which will, computed by the functions that write them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from duban.agenda import Agenda
from duban.assignment import Assignment
from duban.desk import Desk
from duban.digest import Times
from duban.letter import Letter
from duban.preview import letters, mornings
from flows.premises import Site
from state import assignments, digests, outbox, sent


@dataclass(frozen=True, slots=True)
class Line:
    """One letter in a preview. `at`: the office's hour on its day, with the zone's offset."""

    at: datetime
    office: str
    kind: str
    recipient: str
    department: str
    items: tuple[dict[str, Any], ...]
    """{activity, step, stage, due, certainty, assignment}, dates as ISO text."""

    @property
    def day(self) -> date:
        return self.at.date()


def outlook(site: Site, desk: Desk, agenda: Agenda, first: date, last: date) -> list[Line]:
    """Letters of one office from `first` to `last`, if nobody answers from now on.

    Days up to the last letter that was written come from the record; the rest is played through.
    """
    office = desk.office.id
    with site.database.reading() as connection:
        items = assignments.all_of(connection, office)
        told = digests.told(connection, office)
        newest = outbox.newest_day(connection, office)
        start = max(first, newest) if newest else first
        mailed = outbox.mailed(connection, office, start, desk.shared)
        written = [_recorded(desk, row) for row in sent.letters(connection, office, first, last)]
    coming = letters(mornings(desk, agenda, items, start, last, told, mailed, site.times))
    return written + [line(desk, letter) for letter in coming]


def fresh(
    desk: Desk, agenda: Agenda, items: list[Assignment], first: date, last: date, times: Times
) -> list[Line]:
    """The same for a calendar that is not applied yet."""
    coming = mornings(desk, agenda, items, first, last, times=times)
    return [line(desk, letter) for letter in letters(coming)]


def line(desk: Desk, letter: Letter) -> Line:
    items = tuple(
        {
            "activity": item.occasion.id,
            "step": item.step,
            "stage": item.stage,
            "due": item.due.isoformat(),
            "certainty": item.occasion.certainty.value,
            "assignment": item.assignment,
        }
        for item in letter.items
    )
    return Line(
        _at(desk, letter.day),
        letter.office,
        letter.kind.value,
        letter.recipient,
        "、".join(letter.departments),
        items,
    )


def _recorded(desk: Desk, row: sent.Sent) -> Line:
    return Line(_at(desk, row.day), row.office, row.kind, row.recipient, row.departments, row.items)


def _at(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, desk.office.hour, ZoneInfo(desk.office.zone))


def year_days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1) - timedelta(1)
