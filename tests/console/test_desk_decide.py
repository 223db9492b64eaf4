"""What the secretariat decides on an item, from its page: each act once, guarded, in the account."""

import re

import pytest
from sqlalchemy import select

from duban.account import Role
from duban.completion import Act, State
from state.tables import answer, event
from tests.console.conftest import House
from tests.console.desking import BASE, PLAN, do, item, page, row, send
from tests.console.pagereader import Page


async def reported(house: House) -> str:
    """The path of an item that its department handed in."""
    await house.tick()
    do(house, Act.REPORT)
    return f"{BASE}/items/{row(house)}"


async def test_return_then_report_again_then_accept(house: House) -> None:
    browser, path = house.browser(Role.SECRETARIAT), await reported(house)

    sent_back = send(browser, page(browser, path), "/return", reason="缺少经费预算")
    returned = item(house).state
    do(house, Act.REPORT)
    accepted = send(browser, page(browser, path), "/complete")

    assert (sent_back.status_code, accepted.status_code) == (303, 303)
    assert (returned, item(house).state) == (State.RETURNED, State.COMPLETED)
    assert "缺少经费预算" in page(browser, path).words
    assert item(house).next_on is None


async def test_an_act_is_in_the_account_with_who_and_from_where(house: House) -> None:
    browser, path = house.browser(Role.SECRETARIAT), await reported(house)

    send(browser, page(browser, path), "/complete", reason="")

    query = select(event).where(event.c.act == "complete")
    with house.site.database.reading() as connection:
        (line,) = connection.execute(query)
    assert (line.actor, line.via) == ("secretariat同志（secretariat）", "console testclient")


async def test_of_two_who_decide_at_once_the_second_is_told(house: House) -> None:
    first = house.browser(Role.SECRETARIAT)
    second = house.browser(Role.SECRETARIAT, login="second")
    path = await reported(house)
    shown = page(first, path), page(second, path)

    one = send(first, shown[0], "/return", reason="缺少经费预算")
    other = send(second, shown[1], "/complete")

    assert (one.status_code, other.status_code) == (303, 409)
    assert "现在是“退回”" in words(other.text)
    assert item(house).state is State.RETURNED


async def test_the_same_form_twice_acts_once(house: House) -> None:
    browser, path = house.browser(Role.SECRETARIAT), await reported(house)
    shown = page(browser, path)

    said = [send(browser, shown, "/complete").status_code for _ in range(2)]

    assert said == [303, 409]


async def test_a_return_without_a_reason_comes_back_with_what_is_missing(cottage: House) -> None:
    browser, path = cottage.browser(Role.SECRETARIAT), await reported(cottage)

    said = send(browser, page(browser, path), "/return", reason=" ")

    assert said.status_code == 422
    assert "请写明原因" in words(said.text)
    assert item(cottage).state is State.REPORTED


async def test_an_exempted_item_is_not_chased_any_more(cottage: House) -> None:
    await cottage.tick()
    browser, path = cottage.browser(Role.SECRETARIAT), f"{BASE}/items/{row(cottage)}"

    send(browser, page(browser, path), "/exempt", reason="今年不办")

    assert (item(cottage).state, item(cottage).next_on) == (State.EXEMPTED, None)


async def test_a_report_by_phone_is_written_down_for_the_department(house: House) -> None:
    await house.tick()
    browser, path = house.browser(Role.SECRETARIAT), f"{BASE}/items/{row(house)}"

    said = send(browser, page(browser, path), "/report", who="王小川", text="方案已寄出")

    with house.site.database.reading() as connection:
        (given,) = connection.execute(select(answer))
    assert said.status_code == 303
    assert item(house).state is State.REPORTED
    assert given.text == "市水利局 王小川告知，代报：\n方案已寄出"
    assert given.actor == "secretariat同志（secretariat）"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
async def test_who_only_looks_finds_no_act(cottage: House, role: Role) -> None:
    path = await reported(cottage)

    shown = page(cottage.browser(role), path)

    assert not [form for form in shown.forms if "/items/" in form.action]


async def test_several_reports_are_accepted_at_once(house: House) -> None:
    browser, _ = house.browser(Role.SECRETARIAT), await reported(house)
    do(house, Act.REPORT, "ceshi/shui/2026/summary/kexie")
    shown = browser.get(f"{BASE}/reports").text
    ticked = ticks(shown)

    said = browser.post(f"{BASE}/reports", data={"item": ticked, "token": token(shown)})

    assert (len(ticked), said.status_code) == (2, 303)
    states = {item(house, key).state for key in (PLAN, "ceshi/shui/2026/summary/kexie")}
    assert states == {State.COMPLETED}


async def test_when_one_of_several_has_moved_none_is_accepted(house: House) -> None:
    browser, _ = house.browser(Role.SECRETARIAT), await reported(house)
    do(house, Act.REPORT, "ceshi/shui/2026/summary/kexie")
    shown = browser.get(f"{BASE}/reports").text
    do(house, Act.RETURN, "ceshi/shui/2026/summary/kexie")

    said = browser.post(f"{BASE}/reports", data={"item": ticks(shown), "token": token(shown)})

    assert said.status_code == 409
    assert "没有一项办结" in said.text
    assert item(house).state is State.REPORTED


def ticks(html: str) -> list[str]:
    return re.findall(r'name="item" value="([^"]+)"', html)


def token(html: str) -> str:
    return Page(html).form("/reports").fields["token"][0]


def words(html: str) -> str:
    return Page(html).words
