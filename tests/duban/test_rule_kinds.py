"""Each kind of date rule over the years: against written tables, against dateutil, against faults."""

from datetime import date, datetime, time
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr

from duban.rule import Announced, DayOf, RuleError, Span, parse_rule

YEARS = range(1990, 2051)
RECURRING = [
    "3月22日",
    "2月29日",
    "12月31日",
    "2月最后一天",
    "6月最后一天",
    "3月22日至28日",
    "2月20日至3月5日",
    "2月29日至3月3日",
    "12月20日至次年1月10日",
    "上年12月20日至本年1月10日",
    "11月1日至后年1月31日",
    "6月",
    "2月",
    "3月至6月",
    "11月至次年4月",
    "次年1月",
    "上年12月10日起20天",
    "3月20日起",
    "9月15日起10天",
    "12月28日起10天",
    "2月25日起7天",
    "5月第3个星期日起7天",
    "9月第3个周末起9天",
    "6月第2个星期六",
    "2月第5个星期六",
    "5月第5个星期日",
    "6月最后一个星期六",
    "2月最后一个星期一",
    "9月第3个周末",
    "9月最后一个周末",
    "5月第5个周末",
    *(f"最接近{day}的周末" for day in ("9月15日", "1月1日", "2月27日", "3月1日", "12月31日")),
    *(f"最接近5月第2个星期{day}的周末" for day in "一二三四五六日"),
    *(f"包含5月12日的一周(周{day}起)" for day in "一二三四五六日"),
    *(f"包含{day}的一周" for day in ("8月29日", "1月1日", "1月3日", "3月1日", "2月28日")),
    *(f"包含{day}的工作周" for day in ("8月29日", "12月31日", "7月1日")),
    "包含6月第2个星期六的一周",
    "包含2月第4个星期日的一周(周六起)",
    "包含2月最后一个星期六的一周",
    "包含12月最后一个星期日的一周(周日起)",
    "包含5月第5个星期二的一周",
    "包含1月第1个星期四的工作周",
    "包含2月最后一天的一周",
    "包含6月最后一天的工作周",
    "最接近12月最后一天的周末",
    "最接近2月最后一个星期三的周末",
]
FOLLOWING = [
    "全国节能宣传周第3天",
    "全国科技活动周最后一天",
    "全国科技活动周开始前7天",
    "全国科技活动周结束后1天起",
]
WITHOUT_RECURRENCE = [
    "2月20日至29日",
    "农历五月初五",
    "农历正月初一至初七",
    "包含农历五月初五的一周",
    "包含2月29日的一周",
    "包含2月第5个星期一的一周",
    "每年公布（通常9月第3个周末）",
    "日期不详",
    *FOLLOWING,
]


def written(span: Span | None) -> str:
    """`05-17/05-23`, with the year where it is another; `-` for no day, `05-17/` for an open end."""
    if span is None:
        return "-"
    end = "" if span.end is None else f"{span.end:%m-%d}"
    return f"{span.start:%m-%d}" if span.start == span.end else f"{span.start:%m-%d}/{end}"


@pytest.mark.parametrize("text", RECURRING)
def test_dateutil_finds_the_same_days(text: str) -> None:
    rule = parse_rule(text)
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    recurrence = rrulestr(rule.rrule(), dtstart=midnight(first)).between(
        midnight(first), midnight(last), inc=True
    )

    spans = [span for year in range(YEARS[0] - 3, YEARS[-1] + 4) if (span := rule.span(year))]

    inside = [span for span in spans if first <= span.start <= last]
    assert [span.start for span in inside] == [day.date() for day in recurrence]
    if rule.length:
        assert {(span.last - span.start).days + 1 for span in inside} == {rule.length}


@pytest.mark.parametrize("text", WITHOUT_RECURRENCE)
def test_what_no_recurrence_says_has_none(text: str) -> None:
    assert parse_rule(text).rrule() is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "5月第3个星期日起7天",  # by year from 2019
            "05-19/05-25 05-17/05-23 05-16/05-22 05-15/05-21 05-21/05-27 05-19/05-25 "
            "05-18/05-24 05-17/05-23 05-16/05-22 05-21/05-27 05-20/05-26 05-19/05-25",
        ),
        (
            "2月25日起7天",
            "02-25/03-03 02-25/03-02 02-25/03-03 02-25/03-03 02-25/03-03 02-25/03-02 "
            "02-25/03-03 02-25/03-03 02-25/03-03 02-25/03-02 02-25/03-03 02-25/03-03",
        ),
        (
            "包含8月29日的一周",
            "08-26/09-01 08-24/08-30 08-23/08-29 08-29/09-04 08-28/09-03 08-26/09-01 "
            "08-25/08-31 08-24/08-30 08-23/08-29 08-28/09-03 08-27/09-02 08-26/09-01",
        ),
        (
            "包含8月29日的工作周",
            "08-26/08-30 08-24/08-28 08-23/08-27 08-29/09-02 08-28/09-01 08-26/08-30 "
            "08-25/08-29 08-24/08-28 08-23/08-27 08-28/09-01 08-27/08-31 08-26/08-30",
        ),
        (
            "包含5月12日的一周（周六起）",
            "05-11/05-17 05-09/05-15 05-08/05-14 05-07/05-13 05-06/05-12 05-11/05-17 "
            "05-10/05-16 05-09/05-15 05-08/05-14 05-06/05-12 05-12/05-18 05-11/05-17",
        ),
        (
            "包含5月12日的一周（周日起）",
            "05-12/05-18 05-10/05-16 05-09/05-15 05-08/05-14 05-07/05-13 05-12/05-18 "
            "05-11/05-17 05-10/05-16 05-09/05-15 05-07/05-13 05-06/05-12 05-12/05-18",
        ),
        (
            "包含1月1日的一周",  # it begins in the year before
            "12-31/01-06 12-30/01-05 12-28/01-03 12-27/01-02 12-26/01-01 01-01/01-07 "
            "12-30/01-05 12-29/01-04 12-28/01-03 12-27/01-02 01-01/01-07 12-31/01-06",
        ),
        (
            "9月第3个周末",
            "09-21/09-22 09-19/09-20 09-18/09-19 09-17/09-18 09-16/09-17 09-21/09-22 "
            "09-20/09-21 09-19/09-20 09-18/09-19 09-16/09-17 09-15/09-16 09-21/09-22",
        ),
        (
            "9月最后一个周末",  # 2023: its Sunday is in October
            "09-28/09-29 09-26/09-27 09-25/09-26 09-24/09-25 09-30/10-01 09-28/09-29 "
            "09-27/09-28 09-26/09-27 09-25/09-26 09-30/10-01 09-29/09-30 09-28/09-29",
        ),
        (
            "6月最后一个星期六",
            "06-29 06-27 06-26 06-25 06-24 06-29 06-28 06-27 06-26 06-24 06-30 06-29",
        ),
        (
            "最接近9月15日的周末",  # 2021 and 2027: a Wednesday, so the later one
            "09-14/09-15 09-12/09-13 09-18/09-19 09-17/09-18 09-16/09-17 09-14/09-15 "
            "09-13/09-14 09-12/09-13 09-18/09-19 09-16/09-17 09-15/09-16 09-14/09-15",
        ),
        ("3月20日起", " ".join(["03-20/"] * 12)),
        ("2月最后一天", "02-28 02-29 02-28 02-28 02-28 02-29 02-28 02-28 02-28 02-29 02-28 02-28"),
        ("2月29日起3天", "- 02-29/03-02 - - - 02-29/03-02 - - - 02-29/03-02 - -"),
        (
            "农历五月初五",
            "06-07 06-25 06-14 06-03 06-22 06-10 05-31 06-19 06-09 05-28 06-16 06-05",
        ),
        (
            "农历腊月二十三",
            "01-28 01-17 02-04 01-25 01-14 02-02 01-22 02-10 01-30 01-19 02-06 01-26",
        ),
        (
            "农历正月初一至初七",
            "02-05/02-11 01-25/01-31 02-12/02-18 02-01/02-07 01-22/01-28 02-10/02-16 "
            "01-29/02-04 02-17/02-23 02-06/02-12 01-26/02-01 02-13/02-19 02-03/02-09",
        ),
        (
            "农历除夕",
            "02-04 01-24 02-11 01-31 01-21 02-09 01-28 02-16 02-05 01-25 02-12 02-02",
        ),
        (
            "农历腊月三十",  # none in months of 29 days
            "02-04 01-24 02-11 - 01-21 02-09 - - - - - 02-02",
        ),
        ("农历闰六月初一", "- - - - - - 07-25 - - - - -"),
    ],
)
def test_a_kind_gives_the_days_of_2019_to_2030(text: str, days: str) -> None:
    rule = parse_rule(text)

    assert " ".join(written(rule.span(year)) for year in range(2019, 2031)) == days


def test_each_lunar_day_comes_once_a_year() -> None:
    rule = parse_rule("农历腊月初一")

    days = [span.start for year in range(1991, 2051) if (span := rule.span(year))]

    assert len(days) == 60
    assert {(later - day).days for day, later in pairwise(days)} <= {354, 355, 383, 384, 385}


@pytest.mark.parametrize("year", [1899, 2102, 2200])
def test_a_lunar_day_out_of_the_table_is_not_known(year: int) -> None:
    assert parse_rule("农历五月初五").span(year) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12月28日起10天", "2026-12-28", "2027-01-06"),
        ("12月20日至次年1月10日", "2026-12-20", "2027-01-10"),
        ("上年12月20日至本年1月10日", "2025-12-20", "2026-01-10"),
        ("上年12月20日至31日", "2025-12-20", "2025-12-31"),
        ("11月1日至后年1月31日", "2026-11-01", "2028-01-31"),
        ("11月至次年4月", "2026-11-01", "2027-04-30"),
        ("上年11月至本年2月", "2025-11-01", "2026-02-28"),
        ("上年12月10日起20天", "2025-12-10", "2025-12-29"),
        ("次年6月第2个星期六", "2027-06-12", "2027-06-12"),
        ("农历腊月二十三至次年正月初六", "2026-02-10", "2026-02-22"),
        ("农历除夕至次年正月初六", "2026-02-16", "2026-02-22"),
        ("农历冬月三十", "2027-01-07", "2027-01-07"),
    ],
)
def test_rules_may_cross_the_end_of_the_year(text: str, start: str, end: str) -> None:
    found = parse_rule(text).span(2026)

    assert found == Span(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("科技活动周第3天", "05-25"),
        ("科技活动周第3天起3天", "05-25/05-27"),
        ("科技活动周最后一天", "05-30"),
        ("科技活动周开始前7天", "05-16"),
        ("科技活动周开始前7天起7天", "05-16/05-22"),
        ("科技活动周开始后1天", "05-24"),
        ("科技活动周开始当天", "05-23"),
        ("科技活动周结束后1天", "05-31"),
        ("科技活动周结束后1天起", "05-31/"),
    ],
)
def test_a_rule_counts_from_another_activity(text: str, days: str) -> None:
    rule = parse_rule(text)

    assert isinstance(rule, DayOf)
    assert (rule.follows, rule.announced) == ("科技活动周", True)
    assert written(rule.within(Span(date(2026, 5, 23), date(2026, 5, 30)))) == days


def test_nothing_is_counted_from_an_end_that_is_not_known() -> None:
    rule = parse_rule("科技活动周结束后1天")

    assert isinstance(rule, DayOf)
    assert rule.within(Span(date(2026, 5, 23), None)) is None


def test_what_is_usual_may_be_any_dated_rule() -> None:
    rule = parse_rule("每年公布（通常9月第3个周末起7天）")

    assert isinstance(rule, Announced)
    assert rule.usual == parse_rule("9月第3个周末起7天")
    assert rule.span(2026) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2月30日起7天", "2月没有30日"),
        ("9月15日起0天", "0天超出范围"),
        ("9月15日起400天", "400天超出范围"),
        ("6月起7天", "“起”前面看不懂“6月”"),
        ("包含2月30日的一周", "2月没有30日"),
        ("包含6月的一周", "“6月”不是看得懂的一天"),
        ("包含全国科普日的一周", "不是看得懂的一天"),
        ("最接近13月1日的周末", "没有13月"),
        ("9月第6个周末", "没有第6个"),
        ("9月第0个周末", "没有第0个"),
        ("上年12月20日至1月10日", "跨年请写“至本年”"),
        ("11月至4月", "早于开始11月；跨年请写“至次年”"),
        ("农历五月初五至初三", "早于开始"),
        ("农历腊月二十三至正月初六", "跨年请写“至次年”"),
        ("农历十三月初一", "看不懂"),
        ("农历五月三十一", "看不懂"),
        ("全国节能宣传周第0天", "第0天超出范围"),
        ("全国节能宣传周开始前0天", "0天超出范围"),
        ("上年全国节能宣传周第3天", "看不懂“上年”后面的"),
        ("每年公布（通常秋季）", "看不懂通常的日期“秋季”"),
        ("每年公布（通常2月30日至3月1日）", "2月没有30日"),
    ],
)
def test_what_no_day_can_be_says_why(text: str, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        parse_rule(text)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
