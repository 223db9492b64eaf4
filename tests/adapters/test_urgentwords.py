"""What a 督办函 tells of what was said before."""

from datetime import date

from adapters.urgentwords import course
from duban.ladder import Degree
from duban.letter import Said, Urged

DAY = date(2026, 12, 18)


def urged(*history: Said) -> Urged:
    return Urged(Degree.RED, "市纲要办督〔2026〕86号", DAY, "", history)


def test_what_one_morning_told_several_people_is_one_line() -> None:
    day = date(2026, 12, 4)
    told = [Said(day, "红色督办函", who) for who in ("李大江", "王小川", "李大江")]

    lines = course(urged(Said(date(2026, 7, 23), "首次通知", "王小川"), *told))

    assert lines == ["7月23日首次通知（王小川）", "12月4日红色督办函（李大江、王小川）"]


def test_more_than_two_people_are_counted() -> None:
    told = [Said(DAY, "红色督办函", who) for who in ("李大江", "王小川", "赵六")]

    assert course(urged(*told)) == ["12月18日红色督办函（李大江等3人）"]


def test_the_first_and_the_last_lines_stay() -> None:
    told = [Said(date(2026, 11, n), "逾期提醒", "王小川") for n in range(1, 10)]

    lines = course(urged(*told))

    assert lines[:2] == ["11月1日逾期提醒（王小川）", "……"]
    assert lines[2:] == [f"11月{n}日逾期提醒（王小川）" for n in range(6, 10)]
