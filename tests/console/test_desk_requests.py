"""Requests of departments: granted with what follows, refused with a reason, decided once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from duban.account import Role
from duban.completion import State
from duban.ladder import CHANGE
from duban.request import Kind, Standing
from state import requests
from state.scope import Scope
from state.tables import letter, letter_item
from tests.console.conftest import OFFICE, House
from tests.console.desking import BASE, PLAN, ask, item, page, row, send
from tests.console.pagereader import Page

WANTED = date(2026, 3, 16)
THEIRS = "ceshi/shui/2026/plan/keji"


async def asked(house: House, kind: Kind, **more: object) -> str:
    """The path of an item with an open request; its department was told of the item this morning."""
    await house.tick()
    ask(house, kind, **more)
    return f"{BASE}/items/{row(house)}"


async def test_a_granted_extension_owes_the_department_a_change_notice(house: House) -> None:
    path = await asked(house, Kind.EXTENSION, wanted=WANTED)
    browser = house.browser(Role.SECRETARIAT)

    said = send(browser, page(browser, path), "/grant")

    assert said.status_code == 303
    assert (item(house).extended, item(house).next_stage) == (WANTED, CHANGE)
    house.wind("2026-03-03T10:00")
    await house.tick()
    assert (item(house).told, item(house).next_stage) == (WANTED, "before5")


async def test_another_date_than_the_one_asked_for_can_be_granted(cottage: House) -> None:
    path = await asked(cottage, Kind.EXTENSION, wanted=WANTED)
    browser = cottage.browser(Role.SECRETARIAT)

    send(browser, page(browser, path), "/grant", until="2026-03-11")

    assert item(cottage).extended == date(2026, 3, 11)


@pytest.mark.parametrize("until", ["2026-03-01", "2026-03-05", "三月"])
async def test_a_date_that_extends_nothing_is_refused(cottage: House, until: str) -> None:
    path = await asked(cottage, Kind.EXTENSION, wanted=WANTED)
    browser = cottage.browser(Role.SECRETARIAT)

    said = send(browser, page(browser, path), "/grant", until=until, answer="好的")

    assert said.status_code == 422
    assert Page(said.text).form("/grant").fields["answer"] == ["好的"]
    assert item(cottage).extended is None


async def test_a_refusal_says_why_and_leaves_the_date(house: House) -> None:
    path = await asked(house, Kind.EXTENSION, wanted=WANTED)
    browser = house.browser(Role.SECRETARIAT)

    silent = send(browser, page(browser, path), "/refuse", answer="")
    said = send(browser, page(browser, path), "/refuse", answer="时间足够")

    assert (silent.status_code, said.status_code) == (422, 303)
    assert item(house).extended is None
    shown = page(browser, path).words
    assert "未同意" in shown
    assert "时间足够" in shown


async def test_a_request_is_decided_once(house: House) -> None:
    path = await asked(house, Kind.EXTENSION, wanted=WANTED)
    first, second = house.browser(Role.SECRETARIAT), house.browser(Role.SECRETARIAT, login="b")
    shown = page(second, path)

    granted = send(first, page(first, path), "/grant")
    refused = send(second, shown, "/refuse", answer="时间足够")

    assert (granted.status_code, refused.status_code) == (303, 409)
    assert "已同意" in Page(refused.text).words
    assert item(house).extended == WANTED


async def test_a_transfer_cancels_here_and_notifies_there(house: House) -> None:
    path = await asked(house, Kind.TRANSFER, towards="keji")
    browser = house.browser(Role.SECRETARIAT)

    said = send(browser, page(browser, path), "/grant", answer="职责已划转")
    house.wind("2026-03-03T10:00")
    await house.tick()

    assert said.status_code == 303
    assert item(house).state is State.WITHDRAWN
    assert item(house, THEIRS).state is State.NOTIFIED
    assert sorted(sections(house, PLAN)) == ["change", "notice"]
    assert sections(house, THEIRS) == ["notice"]


def sections(house: House, key: str) -> list[str]:
    """Of the letters that spoke of an item."""
    query = (
        select(letter_item.c.kind)
        .join(letter, letter.c.id == letter_item.c.letter_id)
        .where(letter_item.c.assignment_id == row(house, key))
    )
    with house.site.database.reading() as connection:
        return list(connection.scalars(query))


async def test_a_transfer_is_written_into_the_calendar(cottage: House) -> None:
    path = await asked(cottage, Kind.NOT_OURS)
    browser = cottage.browser(Role.SECRETARIAT)

    send(browser, page(browser, path), "/grant", to="keji", answer="职责已\n划转")

    file = cottage.site.settings.path("calendar/offices/ceshi/transfers.yaml")
    text = file.read_text(encoding="utf-8")
    assert 'from: "shuili"\n    to: "keji"' in text
    assert 'reason: "职责已 划转"' in text
    (record,) = cottage.site.desk(OFFICE)[0].branch.transfers
    assert (record.from_, record.to) == ("shuili", "keji")


async def test_a_transfer_survives_the_next_calendar(house: House) -> None:
    path = await asked(house, Kind.TRANSFER, towards="keji")
    browser = house.browser(Role.SECRETARIAT)
    send(browser, page(browser, path), "/grant")

    house.apply(house.site.desk(OFFICE)[0].book)

    assert item(house).state is State.WITHDRAWN
    assert item(house, THEIRS).state.open


async def test_a_transfer_that_fails_leaves_everything_as_it_was(house: House) -> None:
    path = await asked(house, Kind.TRANSFER, towards="keji")
    browser = house.browser(Role.SECRETARIAT)
    file = house.site.settings.path("calendar/offices/ceshi/transfers.yaml")
    file.parent.mkdir(parents=True)
    file.write_text("transfers: []\n", encoding="utf-8")

    said = send(browser, page(browser, path), "/grant")

    assert said.status_code == 422
    assert "不能往后加记录" in Page(said.text).words
    assert file.read_text(encoding="utf-8") == "transfers: []\n"
    assert item(house).state is State.NOTIFIED
    with house.site.database.reading() as connection:
        assert requests.count_open(connection, Scope(OFFICE)) == 1


async def test_a_transfer_granted_twice_at_once_is_written_once(house: House) -> None:
    path = await asked(house, Kind.TRANSFER, towards="keji")
    browser = house.browser(Role.SECRETARIAT)
    shown = page(browser, path)

    said = [send(browser, shown, "/grant").status_code for _ in range(2)]

    assert said == [303, 409]
    file = house.site.settings.path("calendar/offices/ceshi/transfers.yaml")
    assert file.read_text(encoding="utf-8").count("- activity") == 1


async def test_a_transfer_within_the_department_changes_no_item(house: House) -> None:
    path = await asked(house, Kind.TRANSFER, towards="李四 <li@shuili.ceshi.example>")
    browser = house.browser(Role.SECRETARIAT)
    before = item(house)

    said = send(browser, page(browser, path), "/grant")

    assert said.status_code == 303
    assert item(house) == before
    with house.site.database.reading() as connection:
        (made,) = requests.of_item(connection, Scope(OFFICE), row(house))
    assert made.standing is Standing.GRANTED


async def test_what_is_nobodys_business_is_exempted(house: House) -> None:
    path = await asked(house, Kind.NOT_OURS)
    browser = house.browser(Role.SECRETARIAT)

    send(browser, page(browser, path), "/grant", to="@exempt")

    assert item(house).state is State.EXEMPTED


@pytest.mark.parametrize("to", ["", "shuili", "nobody", "@office"])
async def test_a_transfer_to_nobody_else_is_refused(cottage: House, to: str) -> None:
    path = await asked(cottage, Kind.NOT_OURS)
    browser = cottage.browser(Role.SECRETARIAT)

    said = send(browser, page(browser, path), "/grant", to=to)

    assert said.status_code == 422
    assert item(cottage).state is State.NOTIFIED


async def test_requests_wait_in_the_order_in_which_they_came(cottage: House) -> None:
    await asked(cottage, Kind.EXTENSION, wanted=WANTED)
    cottage.now += timedelta(hours=1)
    ask(cottage, Kind.NOT_OURS, "ceshi/shui/2026/summary/kexie")

    shown = page(cottage.browser(Role.MANAGER), f"{BASE}/requests").words

    assert shown.index("延到 2026年3月16日") < shown.index("非本单位")
