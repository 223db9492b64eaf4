"""What the tests of the reply page share: a department's letters, its link, its items, its forms."""

import email
import email.policy
import hashlib
import re
from email.message import EmailMessage
from typing import Any

from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from duban.letter import Kind
from state.tables import assignment, event, letter, letter_body, metadata
from tests.console.conftest import HOST, House
from tests.console.pagereader import Page

SHUILI, KEXIE = "liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
EVENT = "ceshi/shui/2026/event/shuili"
THEIRS = "ceshi/shui/2026/event/kexie"
_LINK = re.compile(rf"^{HOST}(/\S+)$", re.MULTILINE)


def mails(house: House, recipient: str, *kinds: Kind) -> list[EmailMessage]:
    """As they were frozen, the oldest first."""
    query = (
        select(letter_body.c.mime)
        .join(letter, letter.c.id == letter_body.c.letter_id)
        .where(letter.c.recipient == recipient)
        .order_by(letter.c.id)
    )
    if kinds:
        query = query.where(letter.c.kind.in_(kinds))
    with house.site.database.reading() as connection:
        return [
            email.message_from_bytes(mime, policy=email.policy.default)  # type: ignore[misc]
            for mime in connection.scalars(query)
        ]


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def link(house: House, recipient: str = SHUILI, number: int = -1) -> str:
    """The path that a letter leads to."""
    found = _LINK.search(text(mails(house, recipient)[number]))
    assert found
    return found[1]


def row(house: House, key: str = PLAN) -> int:
    with house.site.database.reading() as connection:
        number: int = connection.scalar(select(assignment.c.id).where(assignment.c.key == key))
    return number


def state(house: House, key: str = PLAN) -> str:
    with house.site.database.reading() as connection:
        now: str = connection.scalar(select(assignment.c.state).where(assignment.c.key == key))
    return now


def events(house: House, act: str, key: str = PLAN) -> list[Any]:
    query = (
        select(event)
        .join(assignment, assignment.c.id == event.c.assignment_id)
        .where(event.c.act == act, assignment.c.key == key)
        .order_by(event.c.id)
    )
    with house.site.database.reading() as connection:
        return list(connection.execute(query))


def form(browser: TestClient, page: str, act: str, **fields: str) -> tuple[str, dict[str, Any]]:
    """The form of that act on the page, filled in."""
    found = Page(browser.get(page).text).form(f"/{act}")
    return found.action, found.filled(**({"name": "张三"} | fields))


def do(browser: TestClient, page: str, act: str, files: Any = None, **fields: str) -> Response:
    action, filled = form(browser, page, act, **fields)
    return browser.post(action, data=filled, files=files)


def fingerprint(house: House) -> str:
    """Of everything that is remembered."""
    digest = hashlib.sha256()
    with house.site.database.reading() as connection:
        for table in metadata.sorted_tables:
            rows = sorted(map(repr, connection.execute(select(table))))
            digest.update(repr((table.name, rows)).encode())
    return digest.hexdigest()
