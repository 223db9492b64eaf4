"""What the desk shows: today, the lists, one item, the year, one activity."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from duban.account import Role
from duban.completion import Act
from duban.request import Kind
from state.tables import delivery, event, letter, mail_server
from tests.console.conftest import OFFICE, House
from tests.console.counting import queries
from tests.console.desking import BASE, PLAN, ask, do, page, row
from tests.ladders import LEADER, PEOPLE, SUBSTITUTE, alone

SUMMARY = "ceshi/shui/2026/summary/kexie"


def test_with_nothing_to_do_the_day_says_so(cottage: House) -> None:
    shown = page(cottage.browser(Role.SECRETARIAT), f"{BASE}/today").words

    assert "没有等您处理的事" in shown
    assert "辛苦了" in shown


async def test_the_day_shows_what_waits(house: House) -> None:
    await house.tick()
    do(house, Act.REPORT)
    ask(house, Kind.NOT_OURS, SUMMARY)
    failed(house)

    shown = page(house.browser(Role.SECRETARIAT), f"{BASE}/today")

    assert "有 3 件事等您处理" in shown.words
    assert "550 无此用户" in shown.words
    assert f"{BASE}/items/{row(house)}" in shown.links
    assert f"{BASE}/items/{row(house, SUMMARY)}" in shown.links


async def test_the_day_names_whom_the_ladder_cannot_reach(house: House) -> None:
    people = [one for one in PEOPLE if one["email"] not in (SUBSTITUTE, LEADER)]
    house.apply(alone(contacts=people))
    house.wind("2026-03-09T10:00")
    await house.tick()
    browser = house.browser(Role.SECRETARIAT)
    before = page(browser, f"{BASE}/today").words
    house.apply(alone())

    after = page(browser, f"{BASE}/today").words

    assert "市水利局的AB岗、分管领导" in before
    assert "没有人收的催办" not in after


def failed(house: House, name: str = "x") -> None:
    """A letter that was refused."""
    with house.site.database.writing() as connection:
        number = connection.execute(
            insert(letter).values(
                key=f"ceshi/2026-02-27/{name}",
                office=OFFICE,
                day=house.now.date() - timedelta(3),
                kind="notice",
                recipient=f"{name}@kx.ceshi.example",
                recipient_name="王",
                departments="",
                subject="关于做好世界水日的通知",
                message_id=f"<{name}@kx.ceshi.example>",
                written_at=house.now,
            )
        ).inserted_primary_key[0]
        connection.execute(
            insert(delivery).values(
                letter_id=number,
                office=OFFICE,
                state="failed",
                try_at=house.now,
                attempts=1,
                possible_duplicates=0,
                reply="550 无此用户",
            )
        )


def test_a_stopped_post_is_told(cottage: House) -> None:
    with cottage.site.database.writing() as connection:
        values = {"name": "mail:25", "stopped_at": cottage.now, "reason": "太多了", "rests": 0}
        connection.execute(insert(mail_server).values(values))

    assert (
        "寄信已经停下（mail:25）：太多了"
        in page(cottage.browser(Role.MANAGER), f"{BASE}/today").words
    )


async def test_a_service_that_did_not_run_is_told(cottage: House) -> None:
    await cottage.tick()
    cottage.wind("2026-03-03T10:00")

    shown = page(cottage.browser(Role.SECRETARIAT), f"{BASE}/today").words

    assert "督办服务没有按时运行" in shown


async def test_reports_wait_in_the_order_in_which_they_came(house: House) -> None:
    await house.tick()
    do(house, Act.REPORT, SUMMARY)
    do(house, Act.REPORT, PLAN)

    shown = page(house.browser(Role.SECRETARIAT), f"{BASE}/reports")

    ours = [path for path in shown.links if path.startswith(f"{BASE}/items/")]
    assert ours == [f"{BASE}/items/{row(house, key)}" for key in (SUMMARY, PLAN)]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 9),
        ("department=kexie", 2),
        ("activity=shui", 5),
        ("activity=shui&department=shuili&words=方案", 1),
        ("words=100%25", 0),
        ("year=2025", 0),
        ("lamp=red", 0),
        ("lamp=blue&state=x&year=abc&page=-1", 9),
        ("state=planned", 9),
        ("department=@office", 1),
    ],
)
def test_the_list_is_filtered_by_its_address(house: House, query: str, number: int) -> None:
    shown = page(house.browser(Role.MANAGER), f"{BASE}/items?{query}")

    assert f"共 {number} 项" in shown.words
    assert len([path for path in shown.links if path.startswith(f"{BASE}/items/")]) == number


async def test_an_item_shows_all_that_is_known_of_it(house: House) -> None:
    await house.tick()

    shown = page(house.browser(Role.MANAGER), f"{BASE}/items/{row(house)}")

    for words in ("市水利局", "牵头", "2026年3月6日", "到期当天提醒", "通知", PLAN, "规则推算"):
        assert words in shown.words
    assert [path for path in shown.links if "/outbox/" in path]


async def test_one_mornings_letters_to_several_people_are_one_line_of_the_history(
    house: House,
) -> None:
    await house.tick()
    said = {"office": OFFICE, "assignment_id": row(house), "act": "urge", "actor": "duban"}
    with house.site.database.writing() as connection:
        for number in (1, 2):
            values = {**said, "at": house.now, "letter_id": number, "reason": "红色督办函"}
            connection.execute(insert(event).values(**values))

    shown = page(house.browser(Role.MANAGER), f"{BASE}/items/{row(house)}")

    assert shown.words.count("红色督办函") == 1
    assert {f"{BASE}/outbox/{number}" for number in (1, 2)} <= set(shown.links)


def test_an_item_of_nowhere_is_not_there(cottage: House) -> None:
    said = cottage.browser(Role.MANAGER).get(f"{BASE}/items/99999")

    assert said.status_code == 404


def test_the_year_shows_activities_with_their_months(house: House) -> None:
    shown = page(house.browser(Role.MANAGER), f"{BASE}/year?year=2026")

    assert "世界水日" in shown.words
    assert "规则推算" in shown.words
    assert "通常在 5月19日 至 6月1日" in shown.words
    assert f"{BASE}/activity/shui?year=2026" in shown.links


def test_an_activity_shows_steps_by_department(house: House) -> None:
    shown = page(house.browser(Role.MANAGER), f"{BASE}/activity/shui?year=2026")

    assert f"{BASE}/items/{row(house)}" in shown.links
    for words in ("方案报送", "总结报送", "市科协", "列入"):
        assert words in shown.words


def test_an_activity_that_is_not_there_is_told(cottage: House) -> None:
    assert cottage.browser(Role.MANAGER).get(f"{BASE}/activity/xyz").status_code == 404


PAGES = ["today", "reports", "requests", "dates", "items", "year", "activity/shui", "items/{row}"]


@pytest.mark.parametrize("path", PAGES)
async def test_the_number_of_queries_does_not_grow_with_the_rows(house: House, path: str) -> None:
    browser = house.browser(Role.SECRETARIAT)
    address = f"{BASE}/{path.format(row=row(house))}"
    do(house, Act.REPORT)
    ask(house, Kind.NOT_OURS, SUMMARY)
    failed(house)
    few = queries(house, browser, address)

    await house.tick()
    do(house, Act.REPORT, "ceshi/shui/2026/summary/shuili")
    ask(house, Kind.NOT_OURS, "ceshi/shui/2026/event/shuili")
    failed(house, "y")

    assert queries(house, browser, address) == few


def test_without_a_timetable_the_day_is_shown_all_the_same(cottage: House) -> None:
    cottage.site.settings.path("config/timetable.yaml").unlink()

    shown = page(cottage.browser(Role.SECRETARIAT), f"{BASE}/today").words

    assert "读不了时刻表" in shown
