"""Several processes do the same at the same moment: one does it, and nobody sees an error of ours."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from duban.book import Book
from duban.completion import Act, IllegalMove
from flows import applying
from flows.gate import Gate
from flows.mornings import write_morning
from flows.premises import Site, use
from flows.tick import look_again
from state import applied, queue
from state.assignments import Conflict
from state.tables import letter
from tests.books import activity, book, contact
from tests.sitting import Sitting, at, sitting

MANY = 6
NOTICED = "2026-02-14T09:00"
MEMBERS = [f"m{number}" for number in range(12)]


def busy(rule: str = "3月22日", **rules: str) -> Book:
    """Twelve departments that each have something to do on the same mornings; `rules` by activity."""
    return book(
        common={
            "activities": [
                activity(id, f"活动{id}", rules.get(id, rule)) for id in ("a0", "a1", "a2", "a3")
            ]
        },
        departments=[{"id": one, "name": f"测试市{one}局", "short": one} for one in MEMBERS],
        contacts=[
            *(contact(one, f"{who}@{one}.ceshi.example") for one in MEMBERS for who in ("a", "b")),
            contact(None, "boss@kx.ceshi.example", "管理者"),
        ],
        years=[
            {
                "office": "ceshi",
                "year": 2026,
                "activities": [
                    {
                        "activity": f"a{n}",
                        "lead": MEMBERS[n],
                        "support": MEMBERS[4:],
                        "steps": "day",
                    }
                    for n in range(4)
                ],
            }
        ],
    )


def at_once(site: Site, *works: Callable[[], object]) -> list[object]:
    """What each returned or raised, begun together, each in a thread of its own."""
    barrier = threading.Barrier(len(works))
    results: list[object] = []

    def run(work: Callable[[], object]) -> None:
        use(site)
        barrier.wait(30)
        try:
            results.append(work())
        except Exception as fault:
            results.append(fault)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def well(results: list[object]) -> bool:
    """Whether nothing was raised."""
    return not [fault for fault in results if isinstance(fault, Exception)]


def count(one: Sitting, column: object) -> int:
    with one.site.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(column)) or 0


async def test_a_morning_is_written_once(database_url: str) -> None:
    async with sitting(database_url, busy()) as one:
        written = at_once(one.site, *[partial(write_morning, "ceshi", at(NOTICED))] * MANY)

        assert well(written), written
        assert sum(len(one.letters) for one in written) == count(one, letter) > 0


async def test_an_outdated_letter_is_withdrawn_once(database_url: str) -> None:
    async with sitting(database_url, busy()) as one:
        use(one.site)
        write_morning("ceshi", at(NOTICED))
        letters = count(one, letter)
        next_day = at("2026-02-24T09:00")

        withdrawn = at_once(one.site, *[partial(look_again, next_day)] * MANY)

        assert well(withdrawn), withdrawn
        assert sum(withdrawn) == letters > 0


async def test_of_many_calendars_one_is_applied_whole(database_url: str) -> None:
    async with sitting(database_url, busy()) as one:
        when = at("2026-01-02T09:00")
        books = [busy(f"4月{day}日") for day in range(1, MANY + 1)]
        plans = [applying.plan(one.site, book, when) for book in books]

        results = at_once(
            one.site,
            *(
                partial(applying.apply, one.site, book, plan, when, "王主任")
                for book, plan in zip(books, plans, strict=True)
            ),
        )

        assert sorted(map(type, results), key=str) == [list, *[Conflict] * (MANY - 1)], results
        assert settled(one) in books


async def test_new_items_that_many_apply_at_once_are_made_once(database_url: str) -> None:
    async with sitting(database_url, busy()) as one:
        when = at("2026-01-02T09:00")
        more = book()
        plan = applying.plan(one.site, more, when)
        work = partial(applying.apply, one.site, more, plan, when, "王主任")

        results = at_once(one.site, *[work] * MANY)

        assert sorted(map(type, results), key=str) == [list, *[Conflict] * (MANY - 1)], results
        assert settled(one) == more


async def test_of_changes_to_different_items_none_is_lost(database_url: str) -> None:
    """The second plan was made before the first was applied, and touches other items."""
    async with sitting(database_url, busy()) as one:
        when = at("2026-01-02T09:00")
        first, second = busy(**{"a0": "4月1日"}), busy(**{"a1": "4月2日"})
        plans = [applying.plan(one.site, changed, when) for changed in (first, second)]

        applying.apply(one.site, first, plans[0], when, "王主任")
        with pytest.raises(Conflict, match="日历刚刚被别人应用过"):
            applying.apply(one.site, second, plans[1], when, "李主任")

        assert settled(one) == first


def settled(one: Sitting) -> Book:
    """The calendar in force, of which everything was made true."""
    with one.site.database.reading() as connection:
        found = applied.load(connection)
    assert found is not None
    assert not any(plan.diff for plan in applying.plan(one.site, found, at("2026-01-02T09:00")))
    return found


async def test_acts_and_a_calendar_at_the_same_moment_leave_nothing_half_done(
    database_url: str,
) -> None:
    key = f"ceshi/a0/2026/plan/{MEMBERS[0]}"
    when = at("2026-01-02T09:00")
    async with sitting(database_url, busy()) as one:
        for day in range(1, 6):
            moved = busy(f"4月{day}日")
            plan = applying.plan(one.site, moved, when)
            acts = (Act.REPORT, Act.RETURN, Act.REPORT)

            results = at_once(
                one.site,
                partial(applying.apply, one.site, moved, plan, when, "王主任"),
                *(partial(one.act, key, doing, "2026-01-02T09:00") for doing in acts),
            )

            faults = [fault for fault in results if isinstance(fault, Exception)]
            assert all(isinstance(fault, Conflict | IllegalMove) for fault in faults), faults
            assert len(faults) < len(results)
            settled(one)


async def test_senders_that_claim_at_once_stay_within_the_circuit_breaker(
    database_url: str,
) -> None:
    async with sitting(database_url, busy()) as one:
        use(one.site)
        write_morning("ceshi", at(NOTICED))
        one.site.settings.mail.breaker = 7

        taken = at_once(one.site, *[partial(claim, one, 3, sender) for sender in "abcdef"])

        assert well(taken), taken
        assert sum(map(len, taken)) == 7 < count(one, letter)


async def test_a_letter_that_a_sender_takes_at_this_moment_is_not_withdrawn_under_it(
    postgresql_url: str,
) -> None:
    """On SQLite the sender would have to be through first."""
    async with sitting(postgresql_url, busy()) as one:
        use(one.site)
        write_morning("ceshi", at(NOTICED))
        letters = count(one, letter)

        with one.site.database.writing() as sender:
            queue.claim(sender, owner="a", at=at(NOTICED), lease=timedelta(hours=1), limit=5)
            withdrawn = look_again(at("2026-02-24T09:00"))

        assert withdrawn == letters - 5
        with one.site.database.reading() as connection:
            assert queue.counts(connection) == {"sending": 5, "withdrawn": letters - 5}


async def test_senders_that_claim_at_once_share_the_letters(database_url: str) -> None:
    async with sitting(database_url, busy()) as one:
        use(one.site)
        write_morning("ceshi", at(NOTICED))

        taken = at_once(one.site, *[partial(claim, one, 100, sender) for sender in "abcdef"])

        assert well(taken), taken
        assert sorted(id for ids in taken for id in ids) == list(range(1, count(one, letter) + 1))


def claim(one: Sitting, limit: int, sender: str) -> list[int]:
    with one.site.database.writing() as connection:
        claimed, _ = Gate(one.site).claim(
            connection,
            owner=sender,
            at=at("2026-02-14T09:01"),
            lease=timedelta(hours=1),
            limit=limit,
            offices=["ceshi"],
        )
    return [one.id for one in claimed]
