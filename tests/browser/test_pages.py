"""Every page of the console, in a browser, on a desk and on a phone: made from DOORS."""

import os
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import Table, select

from adapters import links
from adapters.uploads import Uploads
from app.console.door import Door
from app.console.routes import DOORS
from duban.account import Role
from duban.assignment import Assignment
from duban.completion import Act, State
from duban.request import Kind
from flows import scoring
from flows.premises import today
from flows.sealing import run
from state import answers, assignments, requests, tables
from state.answers import Stored
from state.scope import Scope
from tests.browser.axe import grave
from tests.browser.conftest import DESK, PHONE, Open
from tests.browser.town import OFFICE, Town
from tests.doors import addresses

MACHINES = ("/healthz", "/readyz", "/metrics")
PAGES = [door for door in DOORS if door.method == "GET" and door.path not in MACHINES]
BY_NUMBER = (
    tables.assignment,
    tables.letter,
    tables.request,
    tables.answer,
    tables.attachment,
    tables.account,
    tables.applied,
    tables.template,
)


@pytest.fixture(scope="module")
def lived_in(shared: Town) -> Town:
    """The shared town after a morning with letters, an answer with a file, a request, a failed letter, a
    letter with the head of the seals, and scores of two months later."""
    shared.tick()
    site, at = shared.site, shared.now
    desk, _ = site.desk(OFFICE)
    day, scope = today(desk.office, at), Scope(OFFICE)
    kept = Uploads(site.settings.path(site.settings.console.uploads)).keep(BytesIO(b"plan"))
    file = Stored("世界水日活动方案.docx", kept.size, kept.sha256)
    said: dict[str, Any] = {"at": at, "today": day, "via": "link 10.0.0.8"}
    with site.database.writing() as connection:
        every = assignments.all_of(connection, OFFICE)
        notified = [one for one in every if one.state is State.NOTIFIED]
        first = next(one for one in notified if one.asked.reviewers)
        second, *_, last = (one for one in notified if one is not first)
        answers.hand_in(
            connection,
            desk,
            scope,
            first.row,
            "方案已经报送，见附件。",
            [file],
            quota=1 << 20,
            actor="李四（自称，市水利局）",
            **said,
        )
        assignments.act(
            connection, desk, second.key, Act.ACKNOWLEDGE, actor="李四（自称，市水利局）", **said
        )
        requests.ask(
            connection,
            scope,
            last.row,
            Kind.EXTENSION,
            reason="承办人员出差",
            progress="已经起草",
            wanted=(last.target or day) + timedelta(10),
            actor="王五（自称，市教委）",
            **said,
        )
        failed = tables.delivery.c.letter_id == 1
        values = {"state": "failed", "reply": "550 5.1.1 no such user", "code": 550}
        connection.execute(tables.delivery.update().where(failed).values(values))
        connection.execute(tables.letter_item.insert().values(_digested(last)))
    run(site, at)
    scoring.run(site, at + timedelta(60))
    return shared


def _digested(item: Assignment) -> dict[str, object]:
    """The first letter told of it in a digest too."""
    said = {"letter_id": 1, "assignment_id": item.row, "kind": "digest", "stage": "digest"}
    return {**said, "version": item.version, "due": item.target}


def _choices(name: str, town: Town) -> list[str]:
    """Whatever there is; somebody has to answer to one of the addresses."""
    if name == "office":
        return [OFFICE]
    if name == "token":
        return _tokens(town)
    words = [
        "water-day",
        "outline",
        "shui",
        "kexie",
        "li@shui.cq.example",
        "2026",
        "notice",
        "body.html",
    ]
    return [
        *dict.fromkeys(str(number) for table in BY_NUMBER for number in _ids(town, table)),
        *words,
    ]


def _ids(town: Town, table: Table) -> list[int]:
    with town.site.database.reading() as connection:
        return list(connection.scalars(select(table.c.id).order_by(table.c.id).limit(3)))


def _tokens(town: Town) -> list[str]:
    with town.site.database.reading() as connection:
        ids = list(connection.scalars(select(tables.letter.c.message_id)))
    until = town.now.date() + timedelta(100)
    return [links.make(town.site.secret, id, until) for id in ids]


def opened(page: Page, door: Door, town: Town) -> bool:
    """Whether it is a page of HTML that can be opened; one that is a file of another kind cannot."""
    other = False
    for path in addresses(door, lambda name: _choices(name, town)):
        answer = page.request.get(f"{town.address}{path}", max_redirects=0)
        html = "text/html" in answer.headers.get("content-type", "")
        frozen = "sandbox" in answer.headers.get("content-security-policy", "")  # no script runs
        if answer.status == 200 and html and not frozen:
            page.goto(f"{town.address}{path}")
            return True
        other = other or answer.status in (200, 303)
    assert other, f"nothing opens {door.path}"
    return False


@pytest.mark.parametrize("door", PAGES, ids=[door.path for door in PAGES])
def test_a_page_is_accessible_and_fits_the_screen(
    door: Door, visitor: Open, lived_in: Town
) -> None:
    page = visitor()
    if door.path != "/login":
        lived_in.enter(page, "all", *Role)
    if not opened(page, door, lived_in):
        return

    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        _keep_picture(page, door, width)

        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title().endswith("督办")


def test_an_error_is_accessible(visitor: Open, lived_in: Town) -> None:
    page = visitor()
    lived_in.enter(page, "all", *Role)

    page.goto(f"{lived_in.address}/o/{OFFICE}/items/999999")

    assert grave(page) == []


def _keep_picture(page: Page, door: Door, width: int) -> None:
    """For people to look at: `DUBAN_PICTURES=folder python -m pytest tests/browser/test_pages.py`."""
    if folder := os.environ.get("DUBAN_PICTURES"):
        name = re.sub(r"\W+", "-", door.path).strip("-") or "home"
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
