"""What the office itself has to find out, as its letters ask for it."""

import re

from duban.lamp import Lamp
from tests.letters import confirm, digest, make_letter, make_unknown
from tests.pictures import words
from tests.rendering import both, render, to_confirm


def test_what_the_office_has_to_find_out_says_why_how_long_and_how_to_record_it() -> None:
    item = make_unknown(10)

    rendered = to_confirm(item)

    facts = ["全国科技活动周", "日期待公布", "2022、2024、2025年此时均已公布", item.assignment]
    facts += ["待确认10个工作日", "尚未公布的，暂时不必处理"]
    facts += ["duban announce 活动名称 2026-05-23/2026-05-30 --source 文号或网址"]
    assert [[fact for fact in facts if fact not in part] for part in both(rendered)] == [[], []]
    assert not any("duban workdays" in part or "回复" in part for part in both(rendered))


def test_a_missing_holiday_notice_has_a_command_of_its_own() -> None:
    notice = make_unknown(id="workdays.date", name="2027年节假日安排", year=2027)

    rendered = to_confirm(notice)

    assert all("duban workdays import 文件" in part for part in both(rendered))
    assert not any("duban announce" in part or "（2027年）" in part for part in both(rendered))


def test_an_activity_of_another_year_says_which() -> None:
    rendered = to_confirm(make_unknown(year=2027))

    assert all("全国科技活动周（2027年）" in part for part in both(rendered))
    assert all("2027-05-23/2027-05-30" in part for part in both(rendered))


def test_nothing_to_confirm_is_ever_overdue() -> None:
    rendered = to_confirm(make_unknown(40, lamp=Lamp.RED), make_unknown(10))

    assert not any("逾期" in part for part in both(rendered))
    assert 'class="red"' not in rendered.html


def test_a_reason_that_the_calendar_dropped_leaves_no_gap() -> None:
    rendered = to_confirm(make_unknown(why=""))

    assert "说明" not in rendered.text
    assert re.findall("(?m)^编号 .+$", words(rendered.html)) == [
        "编号 chongqing/keji-zhou.date/2026/confirm/@office"
    ]


def test_forty_things_to_confirm_are_all_there_the_longest_asked_first() -> None:
    items = [make_unknown(days, id=f"a{days:02}.date") for days in range(1, 41)]

    rendered = to_confirm(*items)

    for part in both(rendered):
        assert re.findall("/a(\\d\\d).date/", part) == [f"{days:02}" for days in range(40, 0, -1)]
        assert part.count("duban announce") == 1


def test_a_digest_beside_things_to_confirm_closes_for_both() -> None:
    rendered = render(make_letter(confirm(1), digest()))

    closing = "待确认的事项录入后不再提醒", "需要了解详情或者协调的事项"
    assert all(line in part for line in closing for part in both(rendered))
