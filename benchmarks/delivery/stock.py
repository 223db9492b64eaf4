"""A site with mail in its queue: applied calendar, assignments, and letters as they are frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from adapters.settings import load_settings
from app.reading import prepare
from benchmarks.delivery.mails import AT, HTML, OFFICE, SENDER, SUBJECT, TEXT, Mould, message_id
from benchmarks.delivery.mails import recipient as address
from benchmarks.process import REPOSITORY
from duban.completion import State
from flows import applying
from flows.premises import Site
from state.standing import Standing
from state.tables import assignment, delivery, letter, letter_body, letter_item
from tests.books import book

AT_ONCE = 1000
"""Rows an INSERT."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one sender works: a database, a folder for its seat, and the port of the mail server."""

    database: str
    folder: Path
    port: int = 0
    connections: int = 4
    per_day: int | None = None
    """Stop after so many; None: send all."""

    def site(self) -> Site:
        mail: dict[str, Any] = {
            "mode": "smtp",
            "host": "127.0.0.1",
            "port": self.port or 25,
            "tls": "none",
            "breaker": 0,
            "connections": self.connections,
            "per_day": self.per_day,
        }
        return Site(
            load_settings(
                REPOSITORY, database=self.database, seats=self.folder / "seats", mail=mail
            )
        )


def fill(place: Place, letters: int, text: str = TEXT, html: str = HTML) -> None:
    """Make the site and queue so many letters, each about two assignments that still hold."""
    site = place.site()
    prepare(site)
    calendar = book()
    applying.apply(site, calendar, applying.plan(site, calendar, AT), AT, "benchmark")
    with site.database.writing() as connection:
        about = _told(connection)
        _write(connection, about, letters, Mould(text, html))
    site.database.close()


def _told(connection: Connection) -> list[Any]:
    """Two assignments of which the letters may speak."""
    rows = connection.execute(
        select(assignment).where(assignment.c.due.is_not(None)).order_by(assignment.c.id).limit(2)
    ).all()
    ids = [row.id for row in rows]
    notified = update(assignment).where(assignment.c.id.in_(ids))
    connection.execute(notified.values(state=State.NOTIFIED.value, told=assignment.c.due))
    return list(rows)


def _write(connection: Connection, about: list[Any], letters: int, mould: Mould) -> None:
    numbers = range(1, letters + 1)
    _insert(connection, letter, (_letter(number) for number in numbers))
    _insert(
        connection,
        letter_body,
        ({"letter_id": n, "sender": SENDER, "mime": mould.mime(n)} for n in numbers),
    )
    _insert(
        connection,
        delivery,
        (
            {"letter_id": n, "office": OFFICE, "state": Standing.QUEUED.value, "try_at": AT}
            for n in numbers
        ),
    )
    _insert(connection, letter_item, (_item(n, one) for n in numbers for one in about))


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), some)


def _letter(number: int) -> dict[str, Any]:
    to = address(number)
    return {
        "id": number,
        "key": f"{OFFICE}/{AT.date()}/{to}",
        "office": OFFICE,
        "day": AT.date(),
        "kind": "reminder",
        "recipient": to,
        "recipient_name": "市水利局联络员",
        "departments": "市水利局",
        "subject": SUBJECT,
        "message_id": message_id(number),
        "written_at": AT,
    }


def _item(number: int, about: Any) -> dict[str, Any]:
    return {
        "letter_id": number,
        "assignment_id": about.id,
        "kind": "reminder",
        "stage": "before5",
        "version": about.version,
        "due": about.due,
    }
