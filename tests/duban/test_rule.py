from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.rule import RuleError, Span, parse_rule


def span(start: str, end: str) -> Span:
    return Span(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [
        ("3月22日", 2026, span("2026-03-22", "2026-03-22")),
        ("３ 月 22 日", 2026, span("2026-03-22", "2026-03-22")),
        ("2月29日", 2024, span("2024-02-29", "2024-02-29")),
        ("2月29日", 2026, None),
        ("3月22日至28日", 2026, span("2026-03-22", "2026-03-28")),
        ("5月30日至6月5日", 2026, span("2026-05-30", "2026-06-05")),
        ("12月20日至次年1月10日", 2026, span("2026-12-20", "2027-01-10")),
        ("6月", 2026, span("2026-06-01", "2026-06-30")),
        ("2月", 2028, span("2028-02-01", "2028-02-29")),
        ("6月第2个星期六", 2026, span("2026-06-13", "2026-06-13")),
        ("6月第2个周六", 2024, span("2024-06-08", "2024-06-08")),
        ("5月第5个星期日", 2026, span("2026-05-31", "2026-05-31")),
        ("2月第5个星期日", 2026, None),
        ("每年公布（通常5月19日至6月1日）", 2026, None),
        ("日期不详", 2026, None),
    ],
)
def test_a_rule_gives_its_days(text: str, year: int, found: Span | None) -> None:
    assert parse_rule(text).span(year) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2月30日", "2月没有30日"),
        ("13月1日", "没有13月"),
        ("6月10日至6月1日", "早于"),
        ("6月第6个星期六", "没有第6个"),
        ("三月二十二日", "看不懂"),
        ("", "看不懂"),
    ],
)
def test_what_cannot_be_a_date_says_why(text: str, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        parse_rule(text)


@pytest.mark.parametrize("text", ["每年公布", "日期不详", "全国节能宣传周第3天"])
def test_days_that_somebody_must_announce_are_never_guessed(text: str) -> None:
    rule = parse_rule(text)

    assert rule.announced
    assert all(rule.span(year) is None for year in range(2019, 2031))


@given(st.text(max_size=30))
def test_any_text_is_a_rule_or_a_clear_refusal(text: str) -> None:
    refusal = ""
    try:
        parse_rule(text).span(2026)
    except RuleError as fault:
        refusal = str(fault)

    assert refusal == "" or any("\u4e00" <= sign <= "\u9fff" for sign in refusal)
