"""The words of letters: how things stand, dates, numbers and columns."""

from datetime import date

import pytest

from adapters.wording import clip, late, numeral, pad, span, standing, tally
from duban.lamp import Lamp
from duban.letter import Item
from duban.rule import Span
from duban.step import Answer
from tests.letters import TODAY, make_item, make_late, make_unknown


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (make_late(1), "已逾期1个工作日"),
        (make_item(days=0), "今天到期"),
        (make_item(days=0, answer=Answer.KNOW), "就在今天"),
        (make_item(days=-1), "还有1个工作日"),
        (make_item(days=0, due=date(2026, 3, 7)), "今天是最后一个工作日"),
        (make_item(days=0, due=date(2026, 3, 7), answer=Answer.KNOW), "还有5天"),
        (make_unknown(10), "待确认10个工作日"),
        (make_unknown(40, lamp=Lamp.RED), "待确认40个工作日"),
        (make_unknown(0), "今起待确认"),
        (make_item(days=4, due=date(2026, 2, 24), lamp=Lamp.GREY), "已过"),
    ],
)
def test_how_an_item_stands(item: Item, said: str) -> None:
    assert standing(item, TODAY) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "待公布"),
        (Span(date(2026, 3, 22), None), "2026年3月22日（星期日）起"),
        (Span(date(2026, 3, 22), date(2026, 3, 22)), "2026年3月22日（星期日）"),
        (
            Span(date(2026, 12, 28), date(2027, 1, 3)),
            "2026年12月28日（星期一）至2027年1月3日（星期日）",
        ),
        (Span(date(2026, 1, 1), date(2026, 12, 31)), "2026年1月1日至12月31日"),
    ],
)
def test_how_the_days_of_an_activity_are_written(days: Span | None, said: str) -> None:
    assert span(days) == said


def test_a_date_to_confirm_is_not_counted_as_a_late_report() -> None:
    items = [make_late(2), make_unknown(40, lamp=Lamp.RED), make_unknown(0)]

    assert late(items) == items[:1]
    assert tally(items) == ["1项已逾期", "2项待确认"]


def test_numbers_and_columns() -> None:
    assert [numeral(n) for n in (1, 10, 12, 20, 99, 100)] == [
        "一", "十", "十二", "二十", "九十九", "100",
    ]  # fmt: skip
    assert (clip("世界水日", 4), clip("世界水日", 3)) == ("世界水日", "世界…")
    assert (pad("市教委", 10), pad("a", 4)) == ("市教委　　", "a　 ")
