"""The page that a letter's link opens: what it shows, to whom, and that looking changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert
from sqlalchemy.event import listen, remove

from duban.account import Role
from duban.completion import Act
from duban.letter import Kind
from state import links
from state.tables import letter
from tests.console.conftest import House
from tests.console.pagereader import Page
from tests.console.replying import (
    EVENT,
    KEXIE,
    PLAN,
    SHUILI,
    THEIRS,
    do,
    fingerprint,
    link,
    mails,
    row,
    text,
)


async def test_the_link_of_a_letter_opens_its_departments_items(house: House) -> None:
    await house.tick()

    page = Page(house.client().get(link(house)).text)

    assert "市水利局的督办事项" in page.words
    assert all(key in page.words for key in (PLAN, EVENT))
    assert THEIRS not in page.words


@pytest.mark.parametrize("name", ["", "  ", "<b>"])
async def test_a_name_that_is_none_is_asked_for_again_beside_the_items(
    house: House, name: str
) -> None:
    await house.tick()
    browser, path = house.client(), link(house)

    said = do(browser, path, "name", name=name)

    assert said.status_code == 422
    assert "姓名" in Page(said.text).words
    assert PLAN in Page(said.text).words


async def test_overdue_items_come_first_and_then_those_due_next(house: House) -> None:
    await house.tick()
    house.wind("2026-03-24T10:00")

    words = Page(house.client().get(link(house)).text).words

    assert "已逾期" in words
    assert words.index(PLAN) < words.index("ceshi/shui/2026/summary/shuili")


async def test_what_had_only_to_be_known_is_folded_away_after_its_day(cottage: House) -> None:
    await cottage.tick()
    cottage.wind("2026-03-24T10:00")

    words = Page(cottage.client().get(link(cottage)).text).words

    assert words.index("活动开展") > words.index("今年已经办结")


async def test_looking_changes_nothing_whoever_looks(house: House) -> None:
    await house.tick()
    path, number = link(house), row(house)
    before = fingerprint(house)

    browser = house.client()
    for page in (path, f"{path}/{number}", f"{path}/{number}?do=report", f"{path}?page=9"):
        assert browser.get(page).status_code == 200
        assert browser.head(page).status_code == 200
    acts = ("acknowledge", "report", "extension", "transfer", "not-ours")
    refused = [browser.get(f"{path}/{number}/{act}").status_code for act in acts]

    assert set(refused) == {405}
    assert fingerprint(house) == before


@pytest.mark.parametrize("page", ["", "?do=report"])
async def test_another_departments_item_does_not_exist(house: House, page: str) -> None:
    await house.tick()

    said = house.client().get(f"{link(house)}/{row(house, THEIRS)}{page}")

    assert said.status_code == 404
    assert "市科协" not in said.text


async def test_another_departments_item_cannot_be_acted_on_with_ones_own_form(
    house: House,
) -> None:
    await house.tick()
    browser, path = house.client(), link(house)
    mark = Page(browser.get(f"{path}/{row(house, EVENT)}").text).form("/acknowledge").fields["mark"]
    before = fingerprint(house)

    said = browser.post(
        f"{path}/{row(house, THEIRS)}/acknowledge", data={"mark": mark, "name": "张三"}
    )

    assert said.status_code == 404
    assert fingerprint(house) == before


async def test_a_link_ends_with_its_days(cottage: House) -> None:
    await cottage.tick()
    path = link(cottage)

    cottage.wind("2026-06-30T23:00")
    last = cottage.client().get(path)
    cottage.wind("2026-07-01T00:10")
    over = cottage.client().get(path)

    assert (last.status_code, over.status_code) == (200, 410)
    assert "最近一封督办邮件" in over.text


async def test_a_revoked_link_opens_nothing_and_says_what_to_do(house: House) -> None:
    await house.tick()
    path = link(house)
    with house.site.database.writing() as connection:
        ended = links.revoke_all(
            connection, "ceshi", SHUILI, at=house.now, actor="王主任", via="console x"
        )

    said = house.client().get(path)

    assert ended == 1
    assert said.status_code == 410
    assert "已由纲要办停用" in said.text


async def test_a_link_of_a_letter_that_is_not_in_this_database_opens_nothing(
    cottage: House,
) -> None:
    await cottage.tick()
    path = link(cottage)
    with cottage.site.database.writing() as connection:
        connection.execute(
            letter.update()
            .values(message_id="<gone@ceshi.example>")
            .where(letter.c.recipient == SHUILI)
        )

    assert cottage.client().get(path).status_code == 404


async def test_a_link_opens_although_the_office_has_another_address_now(house: House) -> None:
    await house.tick()
    path = link(house)
    with house.site.database.writing() as connection:
        old = letter.c.message_id
        connection.execute(letter.update().values(message_id=func.replace(old, "@kx.", "@old.")))

    assert house.client().get(path).status_code == 200


async def test_what_a_digest_says_of_others_opens_nobodys_items(house: House) -> None:
    await house.tick()
    house.wind("2026-03-09T10:00")
    await house.tick()
    (digest,) = mails(house, "boss@kx.ceshi.example", Kind.DIGEST)
    token = link(house, "boss@kx.ceshi.example").removeprefix("/b/")

    said = house.client().get(f"/r/{token}")

    assert PLAN in text(digest)
    assert said.status_code == 404
    assert PLAN not in said.text


async def test_a_page_holds_fifty_items_and_turns(cottage: House) -> None:
    await cottage.tick()
    _many(cottage, 120)
    browser, path = cottage.client(), link(cottage)

    first, third = (Page(browser.get(f"{path}?page={n}").text) for n in (1, 3))

    assert sum(link_.count("/") == 3 and "?" not in link_ for link_ in first.links) == 50
    assert "第 3 页，共 3 页" in third.words


def _many(house: House, count: int) -> None:
    """More assignments of 市水利局, like its plan."""
    table = links.assignment
    with house.site.database.writing() as connection:
        old = connection.execute(table.select().where(table.c.key == PLAN)).one()._asdict()
        del old["id"]
        rows = [{**old, "key": f"{PLAN}-{n}", "activity": f"more-{n}"} for n in range(count)]
        connection.execute(insert(table), rows)


async def test_a_colleague_sees_who_did_what_and_why_it_came_back(house: House) -> None:
    await house.tick()
    browser, page = house.client(), f"{link(house)}/{row(house)}"
    do(browser, page, "report", text="方案已印发")
    _sent_back(house, "缺少活动地点")

    words = Page(browser.get(page).text).words

    assert "纲要办退回： 缺少活动地点" in words
    assert "张三（自称，市水利局）" in words
    assert "方案已印发" in words


def _sent_back(house: House, reason: str) -> None:
    from state import assignments

    desk, _ = house.site.desk("ceshi")
    with house.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            PLAN,
            Act.RETURN,
            at=house.now,
            today=house.now.date(),
            actor="王主任（wang）",
            reason=reason,
            via="console 10.0.0.8",
        )


async def test_people_of_the_office_are_not_named_to_departments(cottage: House) -> None:
    await cottage.tick()
    browser, page = cottage.client(), f"{link(cottage)}/{row(cottage)}"
    do(browser, page, "report", text="好了")
    _sent_back(cottage, "再改改")

    assert "王主任" not in browser.get(page).text


async def test_a_link_gives_no_way_into_the_console(cottage: House) -> None:
    await cottage.tick()
    browser = cottage.client()
    browser.get(link(cottage))

    said = browser.get("/o/ceshi/today")

    assert said.status_code in (303, 404)
    assert cottage.browser(Role.MANAGER).get(link(cottage, KEXIE)).status_code == 200


async def test_a_page_asks_as_much_of_few_items_as_of_many(house: House) -> None:
    await house.tick()
    browser, path = house.client(), link(house)
    browser.get(path)
    few = _asked(house, lambda: browser.get(path))
    _many(house, 45)

    many = _asked(house, lambda: browser.get(path))

    assert len(many) == len(few) < 25


def _asked(house: House, look: Callable[[], Any]) -> list[str]:
    """The statements that one look needs."""
    said: list[str] = []

    def note(*args: Any) -> None:
        if args[2].startswith("SELECT"):  # not what a new connection is told
            said.append(args[2])

    engine = house.site.database.engine
    listen(engine, "before_cursor_execute", note)
    look()
    remove(engine, "before_cursor_execute", note)
    return said
