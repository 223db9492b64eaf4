"""Receipts: the registered contact is told, once, of what was done through a link."""

from typing import Any

from sqlalchemy import func, select

from duban.account import Role
from duban.completion import Act
from duban.letter import Kind
from state import assignments, receipts
from state.standing import Standing
from state.tables import delivery, letter, receipt
from tests.books import book
from tests.console.conftest import House, people
from tests.console.pagereader import Page
from tests.console.replying import EVENT, KEXIE, PLAN, SHUILI, do, link, mails, row, text


def told(house: House, recipient: str = SHUILI) -> list[str]:
    return [text(one) for one in mails(house, recipient, Kind.RECEIPT)]


async def test_what_was_done_through_a_link_is_one_letter_said_once(house: House) -> None:
    await house.tick()
    path, browser = link(house), house.client()
    do(browser, f"{path}/{row(house)}", "report", text="方案已印发")
    do(browser, f"{path}/{row(house, EVENT)}", "acknowledge", name="李四")

    for moment in ("2026-03-02T10:05", "2026-03-02T10:15", "2026-03-02T10:20", "2026-03-03T09:00"):
        house.wind(moment)
        await house.tick()

    (said,) = told(house)
    facts = [
        "已报送",
        "张三（自称，市水利局）",
        "方案已印发",
        PLAN,
        "已签收",
        "李四（自称，市水利局）",
        EVENT,
    ]
    assert [fact for fact in facts if fact not in said] == []
    assert told(house, KEXIE) == []


async def test_a_receipt_goes_out_beside_the_mornings_letter(cottage: House) -> None:
    await cottage.tick()
    do(cottage.client(), f"{link(cottage)}/{row(cottage)}", "acknowledge")
    cottage.wind("2026-03-02T10:30")

    await cottage.tick()

    query = (
        select(letter.c.key, delivery.c.state).join(delivery).where(letter.c.recipient == SHUILI)
    )
    with cottage.site.database.reading() as connection:
        found = connection.execute(query.order_by(letter.c.id)).all()
    assert [one.state for one in found] == [Standing.ACCEPTED.value] * 2
    assert [one.key.count("/") for one in found] == [2, 3]


async def test_a_receipt_of_yesterday_does_not_keep_the_mornings_letter_away(house: House) -> None:
    await house.tick()
    do(house.client(), f"{link(house)}/{row(house, EVENT)}", "acknowledge")
    house.wind("2026-03-06T08:35")
    _quiet(house)

    await house.tick()

    kinds = [str(one["X-Duban-Kind"]) for one in mails(house, SHUILI)]
    assert sorted(kinds[1:]) == ["receipt", "reminder"]


def _quiet(house: House) -> None:
    """Nothing: what was done four days ago has rested long enough."""
    with house.site.database.reading() as connection:
        assert len(receipts.untold(connection, "ceshi", house.now.replace(day=1))) == 1


async def test_a_queued_receipt_is_not_withdrawn_when_the_item_moves_on(house: House) -> None:
    await house.tick()
    browser, page = house.client(), f"{link(house)}/{row(house)}"
    do(browser, page, "acknowledge")
    house.wind("2026-03-02T10:30")
    _post_only(house)
    do(browser, page, "report", text="好了")
    house.wind("2026-03-03T09:00")

    await house.tick()

    states = _states(house)
    assert states == [Standing.ACCEPTED.value] * 2


def _post_only(house: House) -> None:
    """The receipts are written and nobody hands them over."""
    from flows.premises import use
    from flows.receipts import write_receipts

    use(house.site)
    written, faults = write_receipts("ceshi", house.now)
    assert (len(written), faults) == (1, ())


def _states(house: House) -> list[str]:
    query = select(delivery.c.state).join(letter).where(letter.c.kind == Kind.RECEIPT.value)
    with house.site.database.reading() as connection:
        return list(connection.scalars(query))


async def test_two_ticks_at_once_tell_it_once(house: House) -> None:
    await house.tick()
    do(house.client(), f"{link(house)}/{row(house)}", "acknowledge")
    house.wind("2026-03-02T10:30")
    frozen = _frozen(house)

    with house.site.database.writing() as connection:
        first = receipts.post(connection, "ceshi", frozen, at=house.now)
    with house.site.database.writing() as connection:
        second = receipts.post(connection, "ceshi", frozen, at=house.now)

    assert (len(first), len(second)) == (1, 0)
    assert len(told(house)) == _count(house) == 1


def _frozen(house: House) -> Any:
    from duban.morning import Morning
    from duban.receipt import letters
    from flows.freezing import freeze
    from flows.receipts import untold

    desk, _ = house.site.desk("ceshi")
    with house.site.database.reading() as connection:
        owed = untold(connection, desk, house.now)
    wanted = letters(desk, house.now.date(), house.now, owed)
    return freeze(house.site, house.site.letters, desk, Morning(wanted), house.now)[0]


def _count(house: House) -> int:
    with house.site.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(receipt)) or 0


async def test_a_return_is_told_with_its_reason_and_its_link_opens_the_item(house: House) -> None:
    await house.tick()
    do(house.client(), f"{link(house)}/{row(house)}", "report", text="第一稿")
    _decide(house, Act.RETURN, "缺少活动地点")
    house.wind("2026-03-02T10:30")
    await house.tick()

    (said,) = told(house)
    page = house.client().get(link(house))

    assert "退回" in said
    assert "缺少活动地点" in said
    assert page.status_code == 200
    assert PLAN in page.text


async def test_what_the_command_line_did_needs_no_receipt(cottage: House) -> None:
    await cottage.tick()
    _decide(cottage, Act.REPORT, "", via="")
    _decide(cottage, Act.RETURN, "再改改", via="")
    cottage.wind("2026-03-02T10:30")

    await cottage.tick()

    assert told(cottage) == []


async def test_where_nobody_is_registered_the_office_sees_it(house: House) -> None:
    await house.tick()
    do(house.client(), f"{link(house)}/{row(house)}", "acknowledge")
    house.apply(book(contacts=[one for one in people() if one["email"] != SHUILI]))
    house.wind("2026-03-02T10:30")
    await house.tick()

    words = Page(house.browser(Role.SECRETARIAT).get("/o/ceshi/today").text).words

    assert told(house) == []
    assert "没有人收到回执（1 项）" in words
    assert "张三（自称，市水利局）" in words


async def test_out_of_hours_nobody_is_told(cottage: House) -> None:
    await cottage.tick()
    do(cottage.client(), f"{link(cottage)}/{row(cottage)}", "acknowledge")

    for moment in ("2026-03-02T20:00", "2026-03-03T07:00"):
        cottage.wind(moment)
        await cottage.tick()

    assert told(cottage) == []


def _decide(house: House, act: Act, reason: str, via: str = "console 10.0.0.8") -> None:
    desk, _ = house.site.desk("ceshi")
    with house.site.database.writing() as connection:
        assignments.act(
            connection,
            desk,
            PLAN,
            act,
            at=house.now,
            today=house.now.date(),
            actor="王主任",
            reason=reason,
            via=via,
        )
