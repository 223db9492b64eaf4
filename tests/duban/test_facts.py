"""What a line of the account keeps of what is asked."""

from dataclasses import replace
from datetime import date

import pytest

from duban.assignment import Assignment, Duty
from duban.facts import Facts, as_text, detail, facts, read, said_in
from duban.step import Answer
from tests.books import book, opened

DAY = date(2026, 3, 6)
KNOWN = Facts(DAY, None, date(2026, 2, 20), Duty.LEAD, Answer.REPORT)


@pytest.fixture
def item() -> Assignment:
    _, _, items = opened(book())
    return next(one for one in items if one.asked.due == DAY)


@pytest.mark.parametrize(
    "known", [KNOWN, replace(KNOWN, extended=DAY, due=None, notice=None, duty=Duty.SUPPORT)]
)
def test_facts_are_read_as_they_were_written(known: Facts) -> None:
    assert read(as_text(known)) == known


def test_a_move_that_asks_nothing_new_has_no_detail(item: Assignment) -> None:
    assert detail(item, replace(item, stage="notice", asked=replace(item.asked))) is None


def test_another_date_is_a_detail(item: Assignment) -> None:
    later = replace(item, extended=date(2026, 4, 1))

    assert detail(item, later) == as_text(replace(facts(item), extended=date(2026, 4, 1)))


@pytest.mark.parametrize(
    ("act", "reason", "due", "extended"),
    [
        ("new", "2026-03-10", date(2026, 3, 10), None),
        ("new", "待公布", None, None),
        ("moved", "2026-03-06 -> 2026-03-20", date(2026, 3, 20), None),
        ("moved", "待公布 -> 2026-03-20", date(2026, 3, 20), None),
        ("moved", "2026-03-06 -> 待公布", None, None),
        ("grant", "同意（延到 2026-04-10）", DAY, date(2026, 4, 10)),
    ],
)
def test_lines_from_before_there_were_details_tell_the_date_in_their_reason(
    act: str, reason: str, due: date | None, extended: date | None
) -> None:
    assert said_in(act, reason, KNOWN) == replace(KNOWN, due=due, extended=extended)


def test_an_old_move_beyond_an_extension_ends_it() -> None:
    granted = replace(KNOWN, extended=date(2026, 3, 15))

    found = said_in("moved", "2026-03-06 -> 2026-03-20", granted)

    assert found == replace(KNOWN, due=date(2026, 3, 20))


@pytest.mark.parametrize(
    ("act", "reason"), [("restored", ""), ("new", "erased:00:00"), ("grant", "好")]
)
def test_an_old_line_that_tells_no_date_tells_nothing(act: str, reason: str) -> None:
    assert said_in(act, reason, KNOWN) is None
