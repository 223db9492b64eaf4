"""A correction is for who has read what it corrects: a letter that failed has told nobody anything."""

from datetime import date

from sqlalchemy import select, update

from duban.bounce import Bounce, Fate
from duban.completion import Act
from flows import applying
from state import assignments, bounces
from state.bounces import About
from state.standing import Standing
from state.tables import delivery, event, letter
from tests.books import activity
from tests.journeys.test_ladder import BLUE, NOTICED, RED, YELLOW, accept, extend, told, written
from tests.ladders import CLERK, HEAD, LEADER, LIAISON, PEOPLE, PLAN, SUBSTITUTE, alone
from tests.sitting import Sitting, at, sitting

MOVED = "2026-02-26T09:00"
NEXT = "2026-02-27T09:00"


def fail(one: Sitting, recipient: str, phase: str | None = None) -> None:
    """Servers have refused, or returned, whatever that person was sent."""
    mine = select(letter.c.id).where(letter.c.recipient == recipient)
    with one.site.database.writing() as connection:
        connection.execute(
            update(delivery)
            .where(delivery.c.letter_id.in_(mine), delivery.c.state != "withdrawn")
            .values(state="failed", phase=phase)
        )


def last_kind(one: Sitting) -> str:
    with one.site.database.reading() as connection:
        query = select(letter.c.kind).order_by(letter.c.id.desc()).limit(1)
        return connection.execute(query).scalar_one()


def body(one: Sitting) -> str:
    return one.catcher.caught[-1].part("plain")


async def test_who_never_read_the_old_date_gets_a_notice_of_the_new_one(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        fail(one, LIAISON)
        extend(one, "2026-03-31", MOVED)

        assert LIAISON in await told(one, NEXT)
        assert "更正" not in body(one)
        assert "原时限" not in body(one)
        assert "3月31日" in body(one)


async def test_what_may_have_been_read_is_corrected(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        fail(one, LIAISON, phase="body")
        extend(one, "2026-03-31", MOVED)

        await one.tick(NEXT)
        assert last_kind(one) == "change"
        assert "3月6日" in body(one)


async def test_a_correction_names_the_date_that_was_read_last(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        accept(one, LIAISON)
        extend(one, "2026-03-31", MOVED)
        written(one, NEXT)
        fail_last(one)
        extend(one, "2026-04-10", "2026-02-27T10:00")

        await one.tick("2026-02-28T09:00")
        assert "原时限：3月6日" in body(one)
        assert "3月31日" not in body(one)


def fail_last(one: Sitting) -> None:
    with one.site.database.writing() as connection:
        last = select(letter.c.id).order_by(letter.c.id.desc()).limit(1).scalar_subquery()
        connection.execute(
            update(delivery).where(delivery.c.letter_id == last).values(state="failed")
        )


async def test_what_was_read_and_holds_again_is_not_corrected(database_url: str) -> None:
    moved = alone(common={"activities": [activity("shui", "世界水日", "4月22日")]})
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        one.apply(moved, MOVED)
        written(one, NEXT)
        fail_last(one)
        one.apply(alone(), "2026-02-27T10:00")

        assert await told(one, "2026-02-28T09:00") == [CLERK, LIAISON]
        assert last_kind(one) == "reminder"


async def test_a_change_that_is_not_needed_gives_way_to_the_letter_that_is_due(
    database_url: str,
) -> None:
    moved = alone(common={"activities": [activity("shui", "世界水日", "4月22日")]})
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        await one.tick(BLUE)
        one.apply(moved, "2026-03-13T10:00")
        written(one, "2026-03-16T09:00")
        fail_last(one)
        one.apply(alone(), "2026-03-16T10:00")

        assert await told(one, YELLOW) == [SUBSTITUTE, CLERK, LEADER, LIAISON]
        assert "测试市督〔2026〕2号" in body(one)


async def test_a_cancellation_is_not_for_who_knew_of_nothing(database_url: str) -> None:
    other = {"activities": [{"activity": "科技活动周", "lead": "市科技局", "steps": "day"}]}
    without = alone(years=[{"office": "ceshi", "year": 2026, **other}])
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        fail(one, LIAISON)
        one.apply(without, MOVED)

        assert LIAISON not in await told(one, NEXT)
        with one.site.database.reading() as connection:
            row = connection.execute(select(event.c.reason).where(event.c.act == "drop")).one()
        assert row.reason == "needless"


async def test_what_was_handed_in_unasked_is_not_noticed_for_a_new_date(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        fail(one, LIAISON)
        extend(one, "2026-03-31", MOVED)
        one.act(PLAN, Act.REPORT, "2026-02-26T10:00")

        assert LIAISON not in await told(one, NEXT)
        with one.site.database.reading() as connection:
            assert assignments.find(connection, PLAN).told == date(2026, 3, 31)


async def test_what_the_head_of_the_office_read_is_no_word_to_the_department(
    database_url: str,
) -> None:
    only = [one for one in PEOPLE if one["email"] not in (SUBSTITUTE, LEADER)]
    async with sitting(database_url, alone(contacts=only)) as one:
        for when in (NOTICED, "2026-02-28T09:00", "2026-03-06T09:00", "2026-03-09T09:00", BLUE):
            await one.tick(when)
        await one.tick(RED)
        fail(one, LIAISON)
        extend(one, "2026-04-10", "2026-03-20T10:00")

        assert HEAD in one.recipients()
        assert LIAISON in await told(one, "2026-03-23T09:00")
        assert "原时限" not in body(one)


async def test_the_office_is_told_that_its_own_head_was_not_reached(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        await one.tick(RED)
        fail(one, HEAD)

        await one.tick("2026-03-23T09:00")
        mails = {mail.recipient: mail.part("plain") for mail in one.catcher.caught}
        assert HEAD in mails[CLERK]


async def test_the_preview_of_a_correction_is_what_is_sent(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        fail(one, LIAISON)
        moved = alone(common={"activities": [activity("shui", "世界水日", "4月22日")]})

        (planned,) = applying.plan(one.site, moved, at(MOVED))

        assert [one.kind.value for one in planned.letters] == ["notice"]


async def test_a_correction_of_what_came_back_meanwhile_is_written_anew_as_a_notice(
    database_url: str,
) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        extend(one, "2026-03-31", MOVED)
        written(one, NEXT)
        come_back(one, "2026-02-27T09:01")

        assert await told(one, "2026-02-27T09:05") == [CLERK, LIAISON]
        assert "原时限" not in body(one)
        assert "3月31日" in body(one)


def come_back(one: Sitting, when: str) -> None:
    """The last letter that a server took."""
    taken = select(delivery.c.letter_id).where(delivery.c.state == "accepted")
    with one.site.database.writing() as connection:
        number = connection.scalars(taken.order_by(delivery.c.letter_id.desc())).first()
        bounce = Bounce(Fate.FAILED, (LIAISON,), "5.1.1", "550 no such user")
        about = About(number or 0, "ceshi", LIAISON, Standing.ACCEPTED, bounce)
        bounces.settle(connection, about, at=at(when))
