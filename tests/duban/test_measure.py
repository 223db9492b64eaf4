"""Figures as people write them, and how far a target has come."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from duban.lamp import Lamp
from duban.measure import Measure, NoFigure, Point, read
from duban.progress import Course, Reported, course

LITERACY = {
    "unit": "%",
    "baseline": {"year": 2020, "value": "8.9"},
    "target": {"year": 2025, "value": "13"},
}
TRAINING = {
    "unit": "人次",
    "counts": "当年数",
    "target": {"year": 2025, "value": "2500"},
}
YEARS = range(2021, 2026)


def followed(measure: dict[str, Any], by_year: dict[int, str | None], **more: Any) -> Course:
    said = [reported(year, value) for year, value in by_year.items()]
    return course(Measure.model_validate({**measure, **more}), YEARS, said)


def reported(year: int, value: str | None, department: str = "kexie", day: int = 1) -> Reported:
    figure = Decimal(value) if value is not None else None
    at = datetime(year, 12, day, tzinfo=UTC)
    return Reported(year, department, figure, "%", at, 1, accepted=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.3", "12.3"),
        ("12.3%", "12.3"),
        ("１２．３％", "12.3"),
        (" 10.20 ", "10.20"),
        ("1,200", "1200"),
        ("10万", "100000"),
    ],
)
def test_a_figure_is_read_as_people_write_it(text: str, value: str) -> None:
    measure = Measure.model_validate(LITERACY if "." in value else TRAINING)

    assert str(read(measure, text)) == value


@pytest.mark.parametrize(
    "text", ["", "约12", "12.34567", "1e3", "十二", "12,5", "12..3", "NaN", "5000"]
)
def test_what_is_no_figure_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoFigure, match="数值"):
        read(Measure.model_validate(LITERACY), text)


def test_the_line_goes_straight_from_baseline_to_target() -> None:
    found = followed(LITERACY, {})

    assert [str(mark.path) for mark in found.marks] == ["9.7", "10.5", "11.4", "12.2", "13"]
    assert {mark.lamp for mark in found.marks} == {Lamp.GREY}


def test_planned_values_bend_the_line() -> None:
    found = followed(LITERACY, {}, planned=[{"year": 2023, "value": "10.0"}])

    assert [str(mark.path) for mark in found.marks] == ["9.3", "9.6", "10.0", "11.5", "13"]


@pytest.mark.parametrize(
    ("year", "value", "lamp"),
    [
        (2022, "10.5", Lamp.GREEN),
        (2022, "10.4", Lamp.YELLOW),
        (2022, "9.0", Lamp.RED),
        (2025, "13", Lamp.GREEN),
        (2025, "12.9", Lamp.RED),
    ],
)
def test_the_lamp_compares_a_year_with_the_line_and_the_last_one_with_the_target(
    year: int, value: str, lamp: Lamp
) -> None:
    found = followed(LITERACY, {year: value})

    assert found.lamp is lamp


def test_more_than_is_more_than_the_target() -> None:
    above = {**LITERACY, "target": {"year": 2025, "value": "15", "bound": "超过"}}

    assert not followed(above, {2025: "15"}).met
    assert followed(above, {2025: "15.01"}).met


def test_a_target_that_has_to_fall_is_met_from_above() -> None:
    falling = {
        **LITERACY,
        "baseline": {"year": 2020, "value": "20"},
        "target": {"year": 2025, "value": "10", "bound": "至多"},
    }

    assert followed(falling, {2022: "16"}).lamp is Lamp.GREEN
    assert followed(falling, {2022: "19"}).lamp is Lamp.RED


def test_what_each_year_added_is_summed_up_and_a_missing_year_is_named() -> None:
    found = followed(TRAINING, {2021: "500", 2023: "700"})

    assert [mark.reached for mark in found.marks] == [500, None, 1200, None, None]
    assert [str(mark.path) for mark in found.marks] == ["500", "1000", "1500", "2000", "2500"]
    assert found.gaps == (2022,)


def test_a_year_without_a_figure_is_no_year_of_zero() -> None:
    found = followed(LITERACY, {2021: "9.8", 2022: None})

    assert found.last is not None
    assert found.last.year == 2021
    assert found.marks[1].value is None


def test_departments_that_lead_together_and_differ_are_told_of() -> None:
    said = [reported(2021, "9.8"), reported(2021, "9.9", "keji", day=2)]

    mark = course(Measure.model_validate(LITERACY), YEARS, said).marks[0]

    assert mark.differs
    assert mark.value == Decimal("9.9")


def test_without_a_baseline_of_its_own_it_begins_where_the_former_ended() -> None:
    measure = Measure.model_validate({key: LITERACY[key] for key in ("unit", "target")})

    found = course(measure, YEARS, (), Point(year=2020, value=Decimal("10.20")))

    assert found.inherited
    assert found.baseline is not None
    assert found.baseline.value == Decimal("10.20")


def test_values_of_years_before_the_office_used_duban_stand_in_the_calendar() -> None:
    found = followed(LITERACY, {2022: "10.6"}, values=[{"year": 2021, "value": "9.9"}])

    assert [mark.value for mark in found.marks[:2]] == [Decimal("9.9"), Decimal("10.6")]
