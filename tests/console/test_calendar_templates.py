"""Templates of letters in the console: tried out, saved only when they write letters, in force at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from duban.account import Role
from duban.letter import Kind
from duban.samples import samples
from state import tables
from tests.console.conftest import House
from tests.console.estate import Estate, make_estate
from tests.console.pagereader import Page
from tests.sitting import REPOSITORY

TEMPLATES = "/o/ceshi/templates"
SUBJECT = f"{TEMPLATES}/notice/subject.txt"
BODY = f"{TEMPLATES}/notice/body.txt"


def send(browser: TestClient, path: str, action: str = "", **values: str) -> Response:
    """The editor's form, filled in, to its own address or another one."""
    form = Page(browser.get(path).text).form(path.removeprefix("/o/ceshi"))
    return browser.post(form.action + action, data=form.filled(**values))


@pytest.fixture
def browser(house: House) -> TestClient:
    return house.browser(Role.SECRETARIAT)


def test_every_kind_of_letter_has_its_parts(cottage: House) -> None:
    page = Page(cottage.browser(Role.SECRETARIAT).get(TEMPLATES).text)

    assert all(f"{TEMPLATES}/{kind.value}/body.html" in page.links for kind in Kind)


def test_the_editor_shows_the_file(cottage: House) -> None:
    page = Page(cottage.browser(Role.SECRETARIAT).get(BODY).text)

    shipped = (REPOSITORY / "templates/letters/notice/body.txt").read_text("utf-8")
    assert page.form("body.txt").fields["source"] == [shipped]


def test_a_saved_template_writes_the_next_letter(house: House, browser: TestClient) -> None:
    said = send(browser, SUBJECT, source="【重要】请看")

    (letter, _) = samples(Kind.NOTICE, "ceshi", house.now.date())
    desk, _ = house.site.desk("ceshi")
    assert said.status_code == 303
    assert house.site.letters.render(letter, desk.office).subject == "【重要】请看"
    assert "已修改" in browser.get(TEMPLATES).text


async def test_the_tick_uses_the_newest(house: House, browser: TestClient) -> None:
    await house.tick()
    send(browser, SUBJECT, source="【重要】请看")
    house.wind("2026-04-27T10:00")

    await house.tick()

    with house.site.database.reading() as connection:
        told = tables.letter.c
        query = select(told.subject).where(told.day > date(2026, 3, 2), told.kind == "notice")
        later = set(connection.scalars(query))
    assert later <= {"【重要】请看"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", 1),
        ("好\n{{ letter.wrong }}", 2),
        ("好\n好\n{{ letter.__class__ }}", 3),
        ("好\n{% for x in section.items %}", 2),
        ("{{ section.returned[0].reason }}", 1),
    ],
)
def test_a_broken_template_is_not_saved_and_the_line_is_told(
    cottage: House, source: str, line: int
) -> None:
    browser = cottage.browser(Role.SECRETARIAT)

    said = send(browser, BODY, source=source)

    assert said.status_code == 422
    assert f"第{line}行" in Page(said.text).words
    assert Page(said.text).form("body.txt").fields["source"] == [source]
    with cottage.site.database.reading() as connection:
        assert connection.execute(select(tables.template)).all() == []


def test_the_way_back_to_the_file(house: House, browser: TestClient) -> None:
    send(browser, SUBJECT, source="【重要】请看")
    said = send(browser, SUBJECT, "/reset")

    (letter, _) = samples(Kind.NOTICE, "ceshi", house.now.date())
    desk, _ = house.site.desk("ceshi")
    assert said.status_code == 303
    assert house.site.letters.render(letter, desk.office).subject.startswith("【通知】")


def test_two_people_at_once_do_not_overwrite_each_other(house: House, browser: TestClient) -> None:
    page = Page(browser.get(SUBJECT).text).form("subject.txt")
    send(browser, SUBJECT, source="第一个")

    said = browser.post(page.action, data=page.filled(source="第二个"))

    assert said.status_code == 409
    assert "第一个" in browser.get(SUBJECT).text


def test_trying_changes_nothing_and_shows_the_letter(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT)

    said = send(browser, BODY, "/look", source="请办：{{ section.items[0].step_name }}")

    assert "请办：" in said.text
    assert "sandbox" in said.headers["content-security-policy"]
    assert "已修改" not in browser.get(TEMPLATES).text


def test_trying_a_broken_one_says_why(cottage: House) -> None:
    said = send(cottage.browser(Role.SECRETARIAT), BODY, "/look", source="{{ range(9) }}")

    assert "range" in said.text
    assert said.headers["content-type"].startswith("text/plain")


def test_an_account_of_one_office_may_only_look(cottage: House) -> None:
    browser = cottage.browser(Role.SECRETARIAT, offices=("ceshi",))

    assert browser.get(BODY).status_code == 200
    assert send(browser, BODY, source="好").status_code == 403
    assert send(browser, BODY, "/look", source="好").status_code == 200


@pytest.mark.parametrize("name", ["base/html", "notice/x.txt", "seal/body.txt", "../notice"])
def test_other_templates_cannot_be_opened(cottage: House, name: str) -> None:
    assert cottage.browser(Role.SECRETARIAT).get(f"{TEMPLATES}/{name}").status_code == 404


def test_the_account_says_who_changed_it(house: House, browser: TestClient) -> None:
    send(browser, SUBJECT, source="【重要】请看")

    with house.site.database.reading() as connection:
        row = connection.execute(select(tables.event).where(tables.event.c.act == "template")).one()
    assert (row.actor, row.via, row.reason) == (
        "secretariat同志（secretariat）",
        "console testclient",
        "通知 · 标题",
    )


@pytest.fixture
def estate(migrated_file: Path, tmp_path: Path) -> Iterator[Estate]:
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_estate(f"sqlite:///{file}", tmp_path)


def test_a_real_letter_is_tried_where_there_is_one(estate: Estate) -> None:
    path = "/o/cq/templates/notice/body.txt"
    form = estate.page(path).form("body.txt")

    said = estate.browser.post(
        f"{form.action}/look", data=form.filled(source="{{ section.items[0].occasion.name }}")
    )

    assert "全国低碳日" in said.text or "世界水日" in said.text
    assert "农民素质提升" in said.text or "世界水日" in said.text
