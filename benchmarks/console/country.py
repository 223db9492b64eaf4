"""A country of offices: one lives through a year of letters and answers, the others are its copies."""

import asyncio
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Table, func, insert, literal, select

from adapters.settings import Settings, load_settings
from app.rehearsal.play import play
from benchmarks.process import REPOSITORY
from duban.book import Book
from flows import scoring
from flows.premises import Site
from state import applied
from state.tables import (
    assignment,
    delivery,
    event,
    letter,
    letter_body,
    letter_item,
    request,
    score,
    scored,
)
from tests.books import STEPS, activity, contact, document

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 15, 10, tzinfo=ZONE)
"""What the clock of the console says."""
DEPARTMENTS, ACTIVITIES, CITY = 40, 21, 40
"""21 activities ask 40 departments for 81 things each: 1,701. Every fortieth office is a city, the
offices after it are its districts."""
BODIES = 20
"""Offices whose letters have their bytes: those that are visited."""
STRIDE = 100_000
"""Between the numbers of one office's rows and of the next one's."""
TABLES: tuple[Table, ...] = (
    assignment,
    letter,
    delivery,
    letter_item,
    event,
    request,
    score,
    scored,
)


def name(number: int) -> str:
    return f"o{number:03}"


def settings(url: str, folder: Path, port: int = 0) -> Settings:
    return load_settings(
        REPOSITORY,
        database=url,
        seats=folder / "seats",
        mail={"folder": folder / "mail"},
        console={
            "url": "http://duban.test",
            "port": port,
            "secret_file": folder / "secret",
            "uploads": folder / "uploads",
        },
    )


def fill(url: str, folder: Path, offices: int) -> None:
    """The first office's year is rehearsed by the real flows; then it is copied in the database."""
    site = Site(settings(url, folder))
    asyncio.run(play(_book(1), site.settings, 2026, until=date(2026, 9, 15)))
    scoring.run(site, NOW)
    with site.database.writing() as connection:
        applied.save(connection, _book(offices), NOW, "benchmark")
        _ask(connection)
        for number in range(1, offices):
            for table in TABLES:
                _copy(connection, table, number)
            if number < BODIES:
                _copy(connection, letter_body, number)
    _tidy(site)
    site.database.close()


def _book(offices: int) -> Book:
    plain = document()
    dates = (date(2026, 1, 12 + number % 15).replace(month=1 + number % 12) for number in range(99))
    plain["common"]["activities"] = [
        activity(f"a{number}", f"第{number}项活动", f"{day.month}月{day.day}日")
        for number, day in enumerate(islice(dates, ACTIVITIES))
    ]
    plain["branches"] = [_branch(plain["branches"][0], number) for number in range(offices)]
    return Book.model_validate(plain)


def _branch(plain: dict[str, Any], number: int) -> dict[str, Any]:
    id, city = name(number), number - number % CITY
    parent = {"parent": name(city)} if city != number else {}
    names = [f"第{n}局" for n in range(DEPARTMENTS)]
    office = {"id": id, "short": f"{id}纲要办", "name": f"{id}全民科学素质纲要实施工作办公室"}
    return {
        "office": {**plain["office"], **office, **parent, "sender": f"duban@{id}.example"},
        "departments": [
            {"id": f"d{n}", "name": f"{id}市{short}", "short": short, "groups": ["各责任单位"]}
            for n, short in enumerate(names)
        ],
        "contacts": [
            *(contact(short, f"d{n}@{id}.example") for n, short in enumerate(names)),
            contact(None, f"boss@{id}.example", "管理者"),
            contact(None, f"desk@{id}.example", "经办人"),
        ],
        "years": [
            {
                "office": id,
                "year": 2026,
                "activities": [
                    {
                        "activity": f"a{n}",
                        "lead": names[n % DEPARTMENTS],
                        "support": "各责任单位",
                        "steps": STEPS,
                        "notice": "开始前30天",
                    }
                    for n in range(ACTIVITIES)
                ],
            }
        ],
    }


def _ask(connection: Connection) -> None:
    """Requests that wait for a decision."""
    query = select(assignment).where(assignment.c.state == "notified").limit(30)
    for row in connection.execute(query).all():
        connection.execute(
            insert(request).values(
                assignment_id=row.id,
                office=row.office,
                department=row.department,
                kind="extension",
                state="open",
                asked_at=NOW,
                asked_by="李四（自称）",
                reason="材料还在会签",
                wanted=date(2026, 12, 1),
            )
        )


def _copy(connection: Connection, table: Table, number: int) -> None:
    """Every row of the first office, for that office."""
    columns = list(table.c)
    values = [_copied(column, number) for column in columns]
    first = select(*values).where(_first(table))
    connection.execute(insert(table).from_select(columns, first, include_defaults=False))


def _first(table: Table) -> Any:
    if "office" in table.c:
        return table.c.office == name(0)
    return table.c.letter_id < STRIDE


def _copied(column: Column[Any], number: int) -> Any:
    """Numbers are moved on, names of the office are replaced."""
    known = column.name
    if known in ("id", "letter_id", "assignment_id", "upto"):
        return column + number * STRIDE
    if known == "office":
        return literal(name(number))
    if known in ("key", "recipient"):
        return func.replace(column, name(0), name(number))
    if known == "message_id":
        its_own = func.substr(func.replace(column, name(0), name(number)), 6)
        return literal(f"<{number:04x}").concat(its_own)
    if known == "sent_key":
        return func.replace(column, ":", f":{number}:")
    return column


def _tidy(site: Site) -> None:
    """As a database that has lived for a while: its statistics are there, nothing is left over."""
    with site.database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT", duban_write=True)
        connection.exec_driver_sql(
            "ANALYZE" if site.database.dialect == "sqlite" else "VACUUM ANALYZE"
        )
