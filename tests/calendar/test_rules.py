"""What the rules of the calendar give, beside what was seen; the sources lie outside the project."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from adapters.files import read_site
from duban.activity import Activity
from duban.occurrences import occurrence, stage_days
from duban.rule import DayOf, Span, parse_rule

SITE = Path(__file__).parents[2]
FACTS = SITE.parent / "shared" / "facts" / "observances.json"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
EXCEPTIONS = {("ditan", 2020)}
"""Announced on other days than the rule says: the fourth day of the week, not the third."""

needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")


@pytest.fixture(scope="module")
def known() -> dict[str, Activity]:
    """The calendar's activities by every name, without what was announced for those with a rule."""
    book = read_site(SITE).book
    assert book is not None
    every = {name: one for one in book.common.activities for name in (one.id, *one.names)}
    bare = {one.id: one.model_copy(update={"dates": ()}) for one in set(every.values())}
    ruled = {id for id, one in bare.items() if one.rules[-1].parsed.span(2026) or follows(one)}
    return {name: bare[one.id] if one.id in ruled else one for name, one in every.items()}


def follows(activity: Activity) -> bool:
    return isinstance(activity.rules[-1].parsed, DayOf)


def seen(id: str) -> dict[int, Span]:
    """The days by year, as far as they are known to the day."""
    every = json.loads(FACTS.read_text(encoding="utf-8"))
    real = next(fact["real_dates"] for fact in every if fact["id"] == id)
    return {
        int(year): Span(*(date.fromisoformat(day) for day in days))
        for year, days in real.items()
        if days and all(DAY.fullmatch(day) for day in days)
    }


@needs_facts
def test_every_day_that_follows_from_a_rule_is_the_day_that_was_seen(
    known: dict[str, Activity],
) -> None:
    checked, wrong = 0, set()

    for fact in json.loads(FACTS.read_text(encoding="utf-8")):
        activity = known[fact["id"]]
        for year, span in seen(fact["id"]).items():
            rule = activity.rule(year)
            if rule and not activity.dates and (rule.parsed.span(year) or follows(activity)):
                found = occurrence(activity, year, known.get)
                checked += 1
                if found is None or found.span != span:
                    wrong.add((activity.id, year))

    assert checked > 150
    assert wrong == EXCEPTIONS


@needs_facts
@pytest.mark.parametrize(
    ("id", "text", "years"),
    [
        ("yichan", "6月第2个星期六", range(2019, 2027)),
        ("bantu", "包含8月29日的工作周", range(2023, 2026)),
        ("kepuri", "9月", [2025]),
        ("kepuri", "9月第3个周末起7天", [2020]),
    ],
)
def test_a_rule_agrees_in_these_years_and_no_others(id: str, text: str, years: list[int]) -> None:
    rule = parse_rule(text)

    agreeing = [year for year, span in seen(id).items() if rule.span(year) == span]

    assert agreeing == list(years)


@needs_facts
def test_the_low_carbon_day_is_the_third_day_but_in_2020(known: dict[str, Activity]) -> None:
    weeks, rule = seen("jieneng"), parse_rule("全国节能宣传周第3天")
    assert isinstance(rule, DayOf)

    agreeing = {year: rule.within(weeks[year]) == span for year, span in seen("ditan").items()}

    assert agreeing == {year: year != 2020 for year in (2019, 2020, 2022, 2023, 2024, 2025)}
    assert read_ditan(2020) == Span(date(2020, 7, 2), date(2020, 7, 2))


def read_ditan(year: int) -> Span | None:
    book = read_site(SITE).book
    assert book is not None
    every = {name: one for one in book.common.activities for name in (one.id, *one.names)}
    found = occurrence(every["ditan"], year, every.get)
    return found.span if found else None


@pytest.mark.parametrize(
    ("id", "year", "stage", "span"),
    [
        ("chuangxindasai", 2025, "city", Span(date(2025, 4, 17), date(2025, 4, 20))),
        ("suzhidasai", 2020, "rounds", Span(date(2020, 8, 19), date(2020, 8, 27))),
    ],
)
def test_a_contest_lasts_as_far_as_its_stages_are_known(
    known: dict[str, Activity], id: str, year: int, stage: str, span: Span
) -> None:
    days = stage_days(known[id], year, known.get)

    assert {name: one.span for name, one in days.items() if one.span} == {stage: span}
    assert (whole := occurrence(known[id], year, known.get))
    assert whole.span == span


def test_the_water_week_begins_with_the_water_day(known: dict[str, Activity]) -> None:
    day = occurrence(known["世界水日"], 2026, known.get)
    week = occurrence(known["中国水周"], 2026, known.get)

    assert day is not None
    assert day.span == Span(date(2026, 3, 22), date(2026, 3, 22))
    assert week is not None
    assert week.span == Span(date(2026, 3, 22), date(2026, 3, 28))
