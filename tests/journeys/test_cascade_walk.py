"""The cascade at random: items done, reported, returned and let off in any order, calendars changed in
between, ticks whenever; what the city hears is told by an independent count."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from duban.completion import Act, IllegalMove, State
from duban.desk import OFFICE
from state import assignments
from state.tables import event
from tests.cascades import CITY, EAST, ENTRY, WEST, city
from tests.sitting import Sitting, sitting

ACTS = (Act.ACKNOWLEDGE, Act.REPORT, Act.RETURN, Act.COMPLETE, Act.EXEMPT, Act.REOPEN)
DECLINE = {"activity": "世界水日", "step": "summary", "reason": "不承接"}
BOOKS = (
    city(),
    city([]),
    city(declines=[DECLINE]),
    city(asked={"cascade": {"ahead": "10个工作日"}}),
    city(asked={"support": "东区"}),
    city([{**ENTRY, "support": []}]),
)


def standing(one: Sitting) -> dict[str, State]:
    with one.site.database.reading() as connection:
        items = [item for id in (CITY, EAST, WEST) for item in assignments.all_of(connection, id)]
    return {item.key: item.state for item in items}


def reports(one: Sitting) -> list[str]:
    """Keys of the city's items that duban itself reported, in order."""
    query = select(event.c.assignment_id).where(event.c.act == "report", event.c.actor == "duban")
    with one.site.database.reading() as connection:
        rows = list(connection.scalars(query.order_by(event.c.id)))
        return [assignments.find_row(connection, row).key for row in rows]


def owing(one: Sitting, before: dict[str, State]) -> set[str]:
    """Open items of the city of which the district did everything: some completed, none open."""
    found = set()
    for office in (EAST, WEST):
        _, agenda = one.site.desk(office)
        for key, own in agenda.adopted.items():
            states = [before[mine] for mine in own]
            done = State.COMPLETED in states and not any(state.open for state in states)
            if done and before[key].chased and before[key] is not State.RETURNED:
                found.add(key)
    return found


@pytest.mark.parametrize("seed", range(2))
async def test_the_city_hears_of_all_that_is_done_and_of_nothing_else(
    seed: int, database_url: str
) -> None:
    chance = random.Random(seed)
    async with sitting(database_url, BOOKS[0]) as one:
        day = date(2026, 2, 20)
        for _ in range(25):
            if chance.random() < 0.1:
                one.apply(chance.choice(BOOKS), f"{day}T08:00")
            key = chance.choice(sorted(standing(one)))
            try:
                one.act(key, chance.choice(ACTS), f"{day}T10:00")
            except IllegalMove:
                continue
            if chance.random() < 0.3:
                day += timedelta(chance.randint(0, 3))
                before, heard = standing(one), len(reports(one))
                wanted = owing(one, before)

                await one.tick(f"{day}T11:00")

                fresh = reports(one)[heard:]
                assert len(fresh) == len(set(fresh))
                assert wanted <= set(fresh)
                assert all(before[key] is State.RETURNED for key in set(fresh) - wanted)
                _nothing_dropped(one)


def _nothing_dropped(one: Sitting) -> None:
    """What the city still asks has an item in the district that is not withdrawn, or its word."""
    now = standing(one)
    for office in (EAST, WEST):
        desk, agenda = one.site.desk(office)
        refused = {decline.step for year in desk.branch.years for decline in year.declines}
        for demand in agenda.demands:
            own = agenda.adopted.get(demand.asked.key, ())
            assert any(now[key] is not State.WITHDRAWN for key in own) or (
                demand.asked.step in refused
            )
            assert all(key.rpartition("/")[2] != OFFICE or ".adopt/" in key for key in own)
