from collections import Counter
from datetime import date
from itertools import pairwise

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

    found = letters(mornings(desk, agenda, items, *YEAR))

    days = [letter.day for letter in found if letter.kind is Kind.DIGEST]
    weeks = [day.isocalendar()[:2] for day in days]
    assert len(weeks) == len(set(weeks))
    assert date(2026, 4, 7) in days


def test_an_overdue_item_is_never_silent_for_long() -> None:
    desk, agenda, items = opened(book())

    found = letters(mornings(desk, agenda, items, *YEAR))

    key = "ceshi/shui/2026/plan/shuili"
    days = sorted({x.day for x in found if any(i.assignment == key for i in x.items)})
    assert days[-1] > date(2026, 12, 24)
    assert all(desk.workdays.between(a, b) <= 7 for a, b in pairwise(days[3:]))
