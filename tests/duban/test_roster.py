"""Who is at work: told of all offices at once."""

from datetime import UTC, date, datetime, time

import pytest

from duban.office import Office
from duban.roster import Roster
from duban.workdays import WorkCalendar
from tests.books import book

COMMON = book()


def office(id: str, **changes: object) -> Office:
    return COMMON.branches[0].office.model_copy(update={"id": id, **changes})


EVERY = {
    "east": office("east"),
    "early": office("early", hour=time(7)),
    "west": office("west", zone="Asia/Urumqi"),
}
ROSTER = Roster(EVERY, WorkCalendar(COMMON.common.workdays))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2026-03-02T06:30", set()),
        ("2026-03-02T07:30", {"early"}),
        ("2026-03-02T09:00", {"early", "east"}),
        ("2026-03-02T11:00", None),
        ("2026-03-02T20:00", {"west"}),
        ("2026-03-01T11:00", set()),
    ],
)
def test_offices_are_at_work_by_their_own_clocks(clock: str, expected: set[str] | None) -> None:
    at = datetime.fromisoformat(f"{clock}+08:00").astimezone(UTC)

    assert ROSTER.at_work(at) == expected


def test_each_office_has_its_own_day() -> None:
    at = datetime.fromisoformat("2026-03-03T01:00+08:00")

    found = ROSTER.today(["east", "west"], at)

    assert found == {"east": date(2026, 3, 3), "west": date(2026, 3, 2)}
