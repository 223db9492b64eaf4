from collections import Counter
from datetime import date
from itertools import pairwise

from duban.digest import USUAL, Which
from duban.letter import Kind
from duban.preview import letters, mornings
from tests.books import book, opened

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_nobody_gets_two_letters_on_one_morning() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    assert found
    assert max(Counter(letter.key for letter in found).values()) == 1


def test_every_letter_goes_out_on_a_working_day() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    assert all(desk.workdays.working(letter.day) for letter in found)


def test_no_stage_is_said_twice() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    said = Counter(
        (item.assignment, item.version, item.stage)
        for letter in found
        for section in letter.sections
        if section.kind is not Kind.DIGEST
        for item in section.items
    )
    assert max(said.values()) == 1


def test_the_digest_comes_once_a_week_on_its_first_working_day() -> None:
    desk, agenda, items = opened(book())

    times = {Which.WEEKLY: USUAL[Which.WEEKLY]}

    found = letters(mornings(desk, agenda, items, *YEAR, times=times))

    days = [letter.day for letter in found if letter.kind is Kind.DIGEST]
    weeks = [day.isocalendar()[:2] for day in days]
    assert len(weeks) == len(set(weeks))
    assert date(2026, 4, 7) in days


def test_the_months_digest_comes_on_its_first_working_day_and_holds_the_weeks() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    digests = {letter.day: letter.sections for letter in found if letter.kind is Kind.DIGEST}
    assert [one.digest.which for one in digests[date(2026, 6, 1)]] == [Which.MONTHLY]
    assert [one.digest.which for one in digests[date(2026, 6, 8)]] == [Which.WEEKLY]
    assert [one.digest.which for one in digests[date(2026, 11, 2)]] == [Which.MONTHLY]


def test_an_overdue_item_is_never_silent_for_long() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    key = "ceshi/shui/2026/plan/shuili"
    days = sorted({x.day for x in found if any(i.assignment == key for i in x.items)})
    assert days[-1] > date(2026, 12, 24)
    assert all(desk.workdays.between(a, b) <= 7 for a, b in pairwise(days[3:]))
