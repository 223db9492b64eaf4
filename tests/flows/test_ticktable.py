"""The table of a tick that Prefect shows."""

from collections import Counter
from datetime import UTC, datetime

from flows.delivery import Delivered
from flows.mornings import Written
from flows.tick import Ticked
from flows.ticktable import MOST, rows

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def ticked(*written: Written, **delivered: int) -> Ticked:
    return Ticked(AT, 0, written, Delivered(Counter(delivered)))


def test_the_first_row_is_the_sum_and_quiet_offices_have_none() -> None:
    loud = Written("b", unsent=(("世界水日", "没有地址"),), faults=("x", "y"))

    found = rows(ticked(Written("a"), loud, accepted=5, failed=1))

    assert [(row["纲要办"], row["未通知"], row["写不成"]) for row in found] == [
        ("合计", 1, 2),
        ("b", 1, 2),
    ]
    assert (found[0]["寄出"], found[0]["没有寄成"]) == (5, 1)


def test_any_number_of_offices_is_few_rows() -> None:
    some = [Written(f"o{n:03}", faults=("x",) * (n % 7 + 1)) for n in range(300)]

    found = rows(ticked(*some))

    assert len(found) == MOST + 2
    assert found[-1]["纲要办"] == f"其余 {300 - MOST} 个"
    assert found[0]["写不成"] == sum(row["写不成"] for row in found[1:])
    assert all(row.keys() == found[0].keys() for row in found)


def test_receipts_of_an_office_are_in_its_row() -> None:
    found = rows(ticked(Written("a", faults=("x",)), Written("a", faults=("y",))))

    assert [row["写不成"] for row in found] == [2, 2]
