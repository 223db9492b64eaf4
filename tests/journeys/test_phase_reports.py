"""The report of a phase: once, by the database's key, and equal to an independent count of the events."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from adapters.settings import load_settings
from app.rehearsal.play import Year, play
from duban.digest import Which
from duban.foreseeing import Foresight
from duban.letter import Kind, Letter
from duban.phasereport import Part, PhaseReport
from tests.books import contact, opened
from tests.databases import sqlite_in
from tests.journeys.accounts import BEIJING, day_of, instant
from tests.journeys.conftest import REPOSITORY
from tests.programmes import programme, programmed, target, task
from tests.sitting import Sitting, sitting

NAMES = {"shuili": "市水利局", "kexie": "市科协", "keji": "市科技局"}
BOSS, CLERK = "boss@kx.ceshi.example", "desk@kx.ceshi.example"
PEOPLE = [
    *(contact(name, f"liaison@{id}.ceshi.example") for id, name in NAMES.items()),
    contact(None, BOSS, "管理者"),
    contact(None, CLERK, "经办人"),
]
SPRING = {"id": "spring", "name": "启动实施", "start": "2026-01-01", "end": "2026-06-30"}


def busy() -> dict[str, Any]:
    """Twenty tasks with a report at the end of May and one of a phase that comes later."""
    steps = [
        {"id": "half", "name": "半年情况", "due": "5月29日"},
        {"id": "year", "name": "全年情况", "due": "12月31日"},
    ]
    everybody = {"support": "市水利局、市科技局", "steps": steps, "notice": "到期前60天"}
    tasks = [task(f"t{n}", f"第{n}项任务", "市科协", **everybody) for n in range(20)]
    return programme(phases=[SPRING], start="2026-01-01", tasks=[*tasks, target()])


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The first seven months; departments answer as they do."""
    folder = tmp_path_factory.mktemp("phases")
    settings = load_settings(REPOSITORY, database=sqlite_in(folder), seats=folder)
    book = programmed(busy(), contacts=PEOPLE)
    return asyncio.run(play(book, settings, 2026, seed=11, until=date(2026, 7, 31)))


def reports(year: Year) -> list[tuple[Letter, PhaseReport]]:
    return [
        (letter, section.phase)
        for letter in year.letters
        for section in letter.sections
        if section.phase
    ]


def counted(connection: Connection, until: datetime) -> dict[tuple[str, str], Counter[str]]:
    """By `task` and `department`: what became of each report that was due in the phase, read from the rows
    and events as they lie in the database."""
    rows = connection.execute(
        text("SELECT id, activity, name, department, due, extended, answer FROM assignment")
    )
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        due = day_of(row.extended or row.due)
        if row.answer != "报送" or not row.activity.startswith("outline.") or not due:
            continue
        if not date(2026, 1, 1) <= due <= date(2026, 6, 30):
            continue
        fate = _fate(connection, row.id, due, until)
        for key in (("task", row.name), ("department", NAMES[row.department]), ("whole", "")):
            found.setdefault(key, Counter())[fate] += 1
    return found


def _fate(connection: Connection, id: int, due: date, until: datetime) -> str:
    asked = text("SELECT at, act, to_state FROM event WHERE assignment_id = :id ORDER BY id")
    events = [one for one in connection.execute(asked, {"id": id}) if instant(one.at) < until]
    state = [one.to_state for one in events if one.to_state][-1]
    first = [instant(one.at).astimezone(BEIJING).date() for one in events if one.act == "report"]
    if state in ("reported", "completed"):
        return "late" if first and first[0] > due else "kept"
    return "missing" if state != "planned" and due < until.date() else "open"


def told(part: Part) -> Counter[str]:
    fates = ("kept", "late", "missing", "open")
    return Counter({fate: getattr(part, fate) for fate in fates if getattr(part, fate)})


def test_the_report_equals_an_independent_count_over_the_events(year: Year) -> None:
    letter, report = reports(year)[0]
    morning = datetime.combine(letter.day, datetime.min.time(), BEIJING) + timedelta(hours=9)
    with year.site.database.reading() as connection:
        known = counted(connection, morning)

    assert told(report.whole) == known["whole", ""]
    assert {one.name: told(one) for one in report.tasks} == {
        name: found for (what, name), found in known.items() if what == "task"
    }
    assert {one.name: told(one) for one in report.departments} == {
        name: found for (what, name), found in known.items() if what == "department"
    }
    assert report.whole.asked == 60
    assert {"kept", "late"} <= set(told(report.whole))


def test_it_comes_ten_working_days_after_the_end_once_to_managers_and_the_secretariat(
    year: Year,
) -> None:
    found = reports(year)

    assert [(one.recipient, one.day.isoformat()) for one, _ in found] == [
        (BOSS, "2026-07-14"),
        (CLERK, "2026-07-14"),
    ]


def test_the_preview_foretells_it(year: Year) -> None:
    kinds = {(line.day.isoformat(), line.recipient) for line in year.foreseen}

    assert ("2026-07-14", BOSS) in kinds


def test_nothing_but_the_programme_is_foreseen_in_it() -> None:
    desk, _, items = opened(programmed(quiet(), contacts=PEOPLE))

    found = Foresight(desk).find(date(2026, 3, 2), items)

    followed = next(one.followed for one in found if one.due.which is Which.PHASE)
    assert followed is not None
    assert [one.activity for one in followed.owed] == ["outline.water"]


# --- the database's key --------------------------------------------------------------------------


def quiet(**changes: Any) -> dict[str, Any]:
    return programme(
        start="2026-01-01",
        phases=[{**SPRING, "end": "2026-02-28", "report": "结束后1个工作日"}],
        tasks=[task("water", "节水宣传", "市水利局", steps=[STEP])],
        **changes,
    )


STEP = {"id": "once", "name": "情况报送", "due": "2月20日"}


async def phases_at(site: Sitting, *mornings: str) -> list[str]:
    ticks = [await site.tick(morning) for morning in mornings]
    return [
        letter.recipient
        for ticked in ticks
        for one in ticked.written
        for letter in one.letters
        if any(section.kind is Kind.PHASE for section in letter.sections)
    ]


async def test_however_often_it_ticks_a_phase_is_reported_once(empty_url: str) -> None:
    async with sitting(empty_url, programmed(quiet(), contacts=PEOPLE)) as site:
        found = await phases_at(
            site, "2026-03-02T09:00", "2026-03-02T11:00", "2026-03-03T09:00", "2026-04-01T09:00"
        )

    assert sorted(found) == [BOSS, CLERK]


async def test_a_machine_that_was_down_reports_it_late_and_one_that_was_down_too_long_not(
    empty_url: str,
) -> None:
    async with sitting(empty_url, programmed(quiet(), contacts=PEOPLE)) as site:
        late = await phases_at(site, "2026-04-20T09:00")

    assert sorted(late) == [BOSS, CLERK]


async def test_months_after_a_phase_nobody_is_told_of_it(empty_url: str) -> None:
    async with sitting(empty_url, programmed(quiet(), contacts=PEOPLE)) as site:
        late = await phases_at(site, "2026-07-20T09:00")

    assert late == []


async def test_a_phase_that_asked_for_nothing_is_not_reported_and_the_log_says_so(
    empty_url: str,
) -> None:
    book = programmed({**quiet(), "tasks": []}, contacts=PEOPLE)
    async with sitting(empty_url, book) as site:
        found = await phases_at(site, "2026-03-02T09:00")
        with site.site.database.reading() as connection:
            settled = connection.execute(
                text("SELECT period, letters FROM digest WHERE which = 'phase'")
            ).all()

    assert found == []
    assert [tuple(row) for row in settled] == [("outline/spring", 0)]
