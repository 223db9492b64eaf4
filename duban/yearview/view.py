"""A year at a glance: how many mails go out on which day, to whom, and what is due when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.agenda import Agenda
from duban.desk import Desk
from duban.yearview.mails import Mail, Tally, tally
from duban.yearview.months import Day, Month, months_of
from duban.yearview.rows import Row, rows_of


@dataclass(frozen=True, slots=True)
class View:
    """One office's year."""

    office: str
    name: str
    short: str
    year: int
    tentative: bool
    """Whether the notice on the year's holidays is still awaited."""
    months: tuple[Month, ...]
    mails: Tally
    rows: tuple[Row, ...]

    @property
    def days(self) -> list[Day]:
        return [day for month in self.months for day in month.days]

    @property
    def workdays(self) -> int:
        return sum(cell.working for month in self.months for cell in month.cells)

    @property
    def busiest(self) -> Day | None:
        """The earliest of those with the most mails."""
        return max(self.days, key=lambda day: day.mails.count, default=None)

    @property
    def unknown(self) -> int:
        """Items whose date is not known."""
        return sum(len(row.unknown) for row in self.rows)


def view(desk: Desk, agenda: Agenda, year: int, mails: Iterable[Mail]) -> View:
    """The office's year; mails of other offices and other years are left out."""
    office = desk.office
    own = [mail for mail in mails if mail.office == office.id and mail.day.year == year]
    months = tuple(months_of(desk, agenda, year, own))
    return View(
        office.id,
        office.name,
        office.short,
        year,
        desk.workdays.tentative(date(year, 1, 1)),
        months,
        tally(own),
        rows_of(desk, agenda, year),
    )
