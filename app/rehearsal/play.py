"""Playing one year: a tick each working day, then the day's answers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from adapters.catcher import Catcher, Caught
from adapters.post import Server
from adapters.settings import Settings
from app.reading import prepare
from app.rehearsal.temper import Plan, answers, figure, review
from duban.assignment import Assignment
from duban.book import Book
from duban.completion import Act, IllegalMove
from duban.desk import Desk
from duban.letter import Item, Kind, Letter
from duban.progress import measure_of
from duban.trouble import Trouble
from duban.workdays import WorkCalendar
from flows import applying
from flows.outlook import Line, outlook
from flows.premises import Site, use
from flows.tick import Ticked, tick
from state import assignments
from state.answers import hand_in
from state.database import Connection
from state.scope import Scope

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class Year:
    """What happened: every letter, every mail that was caught, and the preview made beforehand."""

    site: Site
    year: int
    letters: list[Letter] = field(default_factory=list)
    caught: list[Caught] = field(default_factory=list)
    foreseen: list[Line] = field(default_factory=list)
    unsent: list[tuple[str, str]] = field(default_factory=list)
    acts: int = 0


def since(book: Book, day: date) -> Book:
    """The same book, with every office using duban from `day` on."""
    branches = tuple(
        branch.model_copy(update={"office": branch.office.model_copy(update={"since": day})})
        for branch in book.branches
    )
    return book.model_copy(update={"branches": branches})


async def play(
    book: Book,
    settings: Settings,
    year: int,
    *,
    seed: int | None = 7,
    folder: Path | None = None,
    progress: Callable[[date], None] = lambda _: None,
    until: date | None = None,
) -> Year:
    """Rehearse `year`, or its days up to `until`, in the database of `settings`.

    `seed` None: nobody answers.
    """
    site = Site(settings)
    prepare(site)
    use(site)
    begin = since(book, date(year, 1, 1))
    start = datetime(year, 1, 1, tzinfo=ZONE)
    applying.apply(site, begin, applying.plan(site, begin, start), start, "rehearsal")
    played = Year(site, year)
    for desk, agenda in site.desks().values():
        played.foreseen += outlook(site, desk, agenda, date(year, 1, 1), date(year, 12, 31))
    async with Catcher(folder) as catcher:
        site.server = Server(host=catcher.host, port=catcher.port, tls="none")
        await _days(played, until or date(year, 12, 31), seed, progress)
        played.caught = list(catcher.caught)
    return played


async def _days(
    played: Year, last: date, seed: int | None, progress: Callable[[date], None]
) -> None:
    workdays = next(iter(played.site.desks().values()))[0].workdays
    plans: dict[date, list[Plan]] = {}
    day = date(last.year, 1, 1)
    while day <= last:
        progress(day)
        if workdays.working(day):
            ticked = await tick(datetime.combine(day, time(9), ZONE))
            _note(played, ticked)
            if seed is not None:
                _plan(played.site, plans, ticked, seed, day, workdays)
                _answer(played, plans.pop(day, []), day)
        day += timedelta(1)


def _note(played: Year, ticked: Ticked) -> None:
    """Raises Trouble when the letters of that morning could not be handed over."""
    if ticked.delivered.closed:
        raise Trouble(f"{ticked.at:%Y-%m-%d} 的信没有寄出：{ticked.delivered.closed}")
    for one in ticked.written:
        played.letters += one.letters
        played.unsent += one.unsent


def _plan(
    site: Site,
    plans: dict[date, list[Plan]],
    ticked: Ticked,
    seed: int,
    day: date,
    days: WorkCalendar,
) -> None:
    for one in ticked.written:
        below = _below(site, one.office) if one.letters else frozenset()
        for item in _noticed(one.letters):
            for plan in answers(seed, item, one.office, day, days, item.department in below):
                plans.setdefault(plan.day, []).append(plan)
    for key in ticked.rolled:
        for plan in review(seed, key, _own(site, key), day, days):
            plans.setdefault(plan.day, []).append(plan)


def _below(site: Site, office: str) -> frozenset[str]:
    """Departments that are offices themselves: duban reports for them."""
    desk, _ = site.desk(office)
    return frozenset(one.id for one in desk.branch.departments if one.office)


def _own(site: Site, key: str) -> str:
    """One of the district's items by which the city's was done."""
    adopted = (agenda.adopted for _, agenda in site.desks().values())
    return next(own[0] for known in adopted if (own := known.get(key)))


def _noticed(letters: Iterable[Letter]) -> Iterator[Item]:
    for letter in letters:
        for section in letter.sections:
            if section.kind is Kind.NOTICE:
                yield from section.items


def _answer(played: Year, plans: list[Plan], day: date) -> None:
    """The day's answers, in one transaction; what is not possible any more is left out."""
    at = datetime.combine(day, time(15), ZONE)
    desks = played.site.desks()
    with played.site.database.writing() as connection:
        for plan in plans:
            desk, _ = desks[plan.key.split("/")[0]]
            try:
                _do(connection, desk, plan, at, day)
            except IllegalMove:
                continue
            played.acts += 1


def _do(connection: Connection, desk: Desk, plan: Plan, at: datetime, day: date) -> None:
    """Who leads a target reports its figure, too. Raises IllegalMove."""
    via = "" if plan.by_office else "demo"
    said: dict[str, Any] = {"at": at, "today": day, "actor": plan.actor, "via": via}
    if plan.act is not Act.REPORT:
        assignments.act(connection, desk, plan.key, plan.act, reason=plan.reason, **said)
        return
    item = assignments.find(connection, plan.key)
    number = figure(desk, item) if _measured(desk, item) else None
    words = "演示数值，不是真实数据" if number else plan.reason
    scope = Scope(desk.office.id)
    hand_in(connection, desk, scope, item.row, words, measured=number, quota=0, **said)


def _measured(desk: Desk, item: Assignment) -> bool:
    """Whether a figure is to be reported with it."""
    found = desk.task(item.asked.activity)
    return bool(found and found[1].measure and measure_of(desk, item.asked))
