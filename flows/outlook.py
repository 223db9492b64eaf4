"""The outlook: which letters went out and which will, computed by the functions that write them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from duban.agenda import Agenda
from duban.agenda import agenda as agenda_of
from duban.assignment import Assignment
from duban.desk import Desk
from duban.diff import compare
from duban.digest import Times
from duban.letter import Letter
from duban.preview import letters, mornings
from flows.premises import Site
from state import assignments, digests, heard, outbox, sent


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
        about = heard.of_changes(connection, items)
        written = [_recorded(desk, row) for row in sent.letters(connection, office, first, last)]
    elsewhere = _above(desk, start, last, lambda above: _coming(site, above, start, last))
    played = mornings(desk, agenda, items, start, last, told, mailed, site.times, elsewhere, about)
    return written + [line(desk, letter) for letter in letters(played)]


def fresh(
    desk: Desk, agenda: Agenda, items: list[Assignment], first: date, last: date, times: Times
) -> list[Line]:
    """The same for a calendar that is not applied yet."""
    elsewhere = _above(desk, first, last, lambda above: _fresh(above, first, last, times))
    played = mornings(desk, agenda, items, first, last, times=times, elsewhere=elsewhere)
    return [line(desk, letter) for letter in letters(played)]


def _above(
    desk: Desk, first: date, last: date, written: Callable[[Desk], Iterable[Letter]]
) -> dict[date, set[str]]:
    """By day: who of this office gets the morning's letter of the office above, which writes first."""
    found: dict[date, set[str]] = {}
    above = desk.above
    shared = desk.shared.get(above.office.id) if above else None
    if above and shared and first <= last:
        for letter in written(above):
            if letter.recipient in shared and not letter.mark:
                found.setdefault(letter.day, set()).add(letter.recipient)
    return found


def _coming(site: Site, desk: Desk, first: date, last: date) -> list[Letter]:
    office = desk.office.id
    with site.database.reading() as connection:
        items = assignments.all_of(connection, office)
        told = digests.told(connection, office)
        mailed = outbox.mailed(connection, office, first, desk.shared)
        about = heard.of_changes(connection, items)
    elsewhere = _above(desk, first, last, lambda above: _coming(site, above, first, last))
    played = mornings(
        desk, agenda_of(desk), items, first, last, told, mailed, site.times, elsewhere, about
    )
    return letters(played)


def _fresh(desk: Desk, first: date, last: date, times: Times) -> list[Letter]:
    wanted = agenda_of(desk)
    items = [change.after for change in compare(desk, wanted, ()).new]
    elsewhere = _above(desk, first, last, lambda above: _fresh(above, first, last, times))
    return letters(mornings(desk, wanted, items, first, last, times=times, elsewhere=elsewhere))


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
