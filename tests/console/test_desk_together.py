"""Many at the same moment: one act happens, the others are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from duban.account import Role
from duban.completion import Act, State
from duban.request import Kind
from state.tables import event
from tests.console.conftest import House
from tests.console.desking import BASE, ask, do, item, page, row

CROWD = 8


def together(house: House, path: str, action: str) -> Counter[int]:
    """The same form, sent by a crowd of accounts at once: how often each status came."""
    browsers = [house.browser(Role.SECRETARIAT, login=f"one{n}") for n in range(CROWD)]
    forms = [page(browser, path).form(action) for browser in browsers]
    with ThreadPoolExecutor(CROWD) as pool:
        sent = [
            pool.submit(browser.post, form.action, data=form.fields)
            for browser, form in zip(browsers, forms, strict=True)
        ]
        return Counter(one.result(60).status_code for one in sent)


def events(house: House, act: str) -> int:
    with house.site.database.reading() as connection:
        return connection.scalar(select(func.count()).where(event.c.act == act)) or 0


async def test_one_of_a_crowd_accepts_a_report(house: House) -> None:
    await house.tick()
    do(house, Act.REPORT)

    said = together(house, f"{BASE}/items/{row(house)}", "/complete")

    assert said == {303: 1, 409: CROWD - 1}
    assert (item(house).state, events(house, "complete")) == (State.COMPLETED, 1)


async def test_one_of_a_crowd_grants_a_transfer_and_it_is_written_once(house: House) -> None:
    await house.tick()
    ask(house, Kind.TRANSFER, towards="keji")

    said = together(house, f"{BASE}/items/{row(house)}", "/grant")

    file = house.site.settings.path("calendar/offices/ceshi/transfers.yaml")
    assert said == {303: 1, 409: CROWD - 1}
    assert file.read_text(encoding="utf-8").count("- activity") == 1
    assert (item(house).state, events(house, "grant")) == (State.WITHDRAWN, 1)
