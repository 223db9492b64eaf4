"""One tick and the next: run twice, late, after a crash, with the server gone, done before sending."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from adapters.post import Server
from duban.completion import Act, State
from flows import delivery
from state import queue
from state.standing import Standing
from state.tables import delivery as handing
from tests.books import activity, book, contact, document
from tests.sitting import Sitting, sitting

NOTICE = "2026-02-14T09:00"
LEAD, SUPPORT = "liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"


def standings(one: Sitting) -> list[str]:
    with one.site.database.reading() as connection:
        return list(connection.scalars(select(handing.c.state).order_by(handing.c.letter_id)))


async def test_the_second_run_sends_nothing(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        first = one.recipients()

        again = await one.tick(NOTICE)

        assert sorted(first) == [SUPPORT, LEAD]
        assert one.recipients() == first
        assert not again.written[0].letters


async def test_a_skipped_day_is_made_up_for_with_one_mail_each(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick("2026-02-25T09:00")

        assert sorted(one.recipients()) == [SUPPORT, LEAD]


async def test_many_missed_reminders_become_one_mail_with_the_latest(database_url: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        late = await one.tick("2026-04-29T09:00")

        mails = one.recipients()[2:]
        stages = {item.assignment: item.stage for x in late.written[0].letters for item in x.items}
        assert len(mails) == len(set(mails))
        assert stages[PLAN] == "after5-7"


@pytest.mark.parametrize("when", ["2026-02-16T09:00", "2026-02-14T08:00", "2026-02-14T23:30"])
async def test_nothing_goes_out_on_a_day_off_or_out_of_hours(database_url: str, when: str) -> None:
    async with sitting(database_url) as one:
        await one.tick(when)

        assert one.recipients() == []


async def test_two_ticks_at_once_send_each_letter_once(database_url: str) -> None:
    async with sitting(database_url) as one:
        await asyncio.gather(*(one.tick(NOTICE) for _ in range(5)))

        assert sorted(one.recipients()) == [SUPPORT, LEAD]


async def test_a_reported_item_is_not_reminded_and_a_returned_one_is_again(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        await one.tick(NOTICE)
        one.act(PLAN, Act.REPORT, "2026-02-25T15:00")
        quiet = await one.tick("2026-02-28T09:00")
        one.act(PLAN, Act.RETURN, "2026-03-02T15:00")
        again = await one.tick("2026-03-06T09:00")

        assert not any(i.assignment == PLAN for x in quiet.written[0].letters for i in x.items)
        assert any(i.assignment == PLAN for x in again.written[0].letters for i in x.items)


async def test_with_the_server_gone_nothing_is_lost_and_the_next_day_brings_one_mail(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        good = one.site.server
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            one.site.server = Server(host="127.0.0.1", port=closed.getsockname()[1], tls="none")
            down = await one.tick(NOTICE)
        one.site.server = good

        up = await one.tick("2026-02-24T09:00")

        assert down.delivered.unsent
        assert up.withdrawn == 2
        assert sorted(one.recipients()) == [SUPPORT, LEAD]
        assert standings(one) == ["withdrawn", "withdrawn", "accepted", "accepted"]


async def test_a_retry_on_the_same_day_sends_the_same_bytes(database_url: str) -> None:
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick(NOTICE)
        one.site.server = good

        early = await one.tick("2026-02-14T09:02")
        later = await one.tick("2026-02-14T09:10")

        assert early.delivered.accepted == 0
        assert later.delivered.accepted == 2
        assert later.withdrawn == 0


async def test_what_was_done_before_sending_is_withdrawn_and_the_rest_is_written_anew(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick(NOTICE)
        one.act(PLAN, Act.COMPLETE, "2026-02-14T09:01")
        one.site.server = good

        await one.tick("2026-02-14T09:10")

        texts = {caught.recipient: caught.mime for caught in one.catcher.caught}
        assert sorted(texts) == [SUPPORT, LEAD]
        with one.site.database.reading() as connection:
            from state import assignments

            assert assignments.find(connection, PLAN).state is State.COMPLETED
        assert standings(one) == ["accepted", "withdrawn", "accepted"]


async def test_a_lease_lost_before_the_body_is_sent_again_and_not_doubtful(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        one.site.server, good = Server(host="127.0.0.1", port=1, tls="none"), one.site.server
        await one.tick(NOTICE)
        start = datetime(2026, 2, 14, 3, 0, tzinfo=UTC)
        with one.site.database.writing() as connection:
            claimed = queue.claim(
                connection, owner="crashed", at=start, lease=timedelta(minutes=60), limit=10
            )
        one.site.server = good

        before = await delivery.deliver(one.site, start + timedelta(minutes=40))
        after = await delivery.deliver(one.site, start + timedelta(minutes=70))

        assert len(claimed) == 2
        assert (before.accepted, after.accepted) == (0, 2)
        assert doubts(one) == [0, 0]


async def test_a_lease_lost_in_the_body_is_listed_as_a_possible_duplicate(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        one.site.server, good = Server(host="127.0.0.1", port=1, tls="none"), one.site.server
        await one.tick(NOTICE)
        start = datetime(2026, 2, 14, 3, 0, tzinfo=UTC)
        with one.site.database.writing() as connection:
            claimed = queue.claim(
                connection, owner="crashed", at=start, lease=timedelta(minutes=60), limit=10
            )
            queue.bodies_began(connection, [claimed[0].id], "crashed", lease_until=start)
        one.site.server = good

        await delivery.deliver(one.site, start + timedelta(minutes=70))

        assert standings(one) == [Standing.ACCEPTED.value] * 2
        assert doubts(one) == [1, 0]
        assert one.catcher.caught[0].mime == claimed[0].mime


def doubts(one: Sitting) -> list[int]:
    with one.site.database.reading() as connection:
        query = select(handing.c.possible_duplicates).order_by(handing.c.letter_id)
        return list(connection.scalars(query))


async def test_one_letter_that_cannot_be_written_does_not_stop_the_rest(database_url: str) -> None:
    people = document()["branches"][0]["contacts"]
    people[0]["name"] = "=?utf-8?q?x?="

    async with sitting(database_url, book(contacts=people)) as one:
        ticked = await one.tick(NOTICE)

        assert one.recipients() == [SUPPORT]
        assert "shuili" in ticked.written[0].faults[0]


async def test_a_department_without_contact_is_told_of_and_served_once_it_has_one(
    database_url: str,
) -> None:
    only = [contact("市科协", SUPPORT)]
    async with sitting(database_url, book(contacts=only)) as one:
        first = await one.tick(NOTICE)
        one.apply(book(), "2026-02-24T08:00")

        await one.tick("2026-02-24T09:00")

        assert any("没有在岗的收信人" in why for _, why in first.written[0].unsent)
        assert one.recipients() == [SUPPORT, LEAD]


async def test_applying_the_same_book_again_changes_nothing(database_url: str) -> None:
    from flows import applying
    from tests.sitting import at

    async with sitting(database_url) as one:
        await one.tick(NOTICE)

        planned = applying.plan(one.site, book(), at("2026-02-24T09:00"))

        assert not any(plan.diff for plan in planned)


async def test_what_waits_at_closing_time_is_not_handed_over_in_the_evening(
    database_url: str,
) -> None:
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick("2026-02-14T18:50")
        one.site.server = good

        evening = await one.tick("2026-02-14T19:30")
        morning = await one.tick("2026-02-24T09:00")

        assert evening.delivered.accepted == 0
        assert morning.delivered.accepted == 2


async def test_a_sender_that_died_before_the_body_leaves_nothing_stale(database_url: str) -> None:
    moved = [activity("shui", "世界水日", "3月24日"), activity("kejizhou", "科技周", "每年公布")]
    async with sitting(database_url) as one:
        good, one.site.server = one.site.server, Server(host="127.0.0.1", port=1, tls="none")
        await one.tick(NOTICE)
        start = datetime(2026, 2, 14, 3, 0, tzinfo=UTC)
        with one.site.database.writing() as connection:
            queue.claim(
                connection, owner="crashed", at=start, lease=timedelta(minutes=60), limit=10
            )
        one.site.server = good
        one.apply(book(common={"activities": moved}), "2026-02-14T11:30")

        ticked = await one.tick("2026-02-24T09:00")

        with one.site.database.writing() as connection:
            assert not queue.bodies_began(connection, [1], "crashed", lease_until=start)
        assert ticked.withdrawn == 2
        assert standings(one) == ["withdrawn", "withdrawn", "accepted", "accepted"]
        assert {item.due.month for x in ticked.written[0].letters for item in x.items} == {3, 4}
