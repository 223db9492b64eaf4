"""`duban workdays`: a year."""

import pytest

from tests.app.conftest import Duban


def test_every_day_of_a_year_is_told_with_its_reason(duban: Duban) -> None:
    rows = {row["date"]: row for row in duban("workdays", "--year", "2026", "--json").json}

    assert len(rows) == 365
    assert rows["2026-02-14"] == {
        "date": "2026-02-14",
        "working": True,
        "reason": "春节调休上班",
        "tentative": False,
    }
    assert [rows[f"2026-10-0{day}"]["working"] for day in (7, 8)] == [False, True]


def test_a_year_without_notice_is_told_as_tentative(duban: Duban) -> None:
    rows = duban("workdays", "--year", "2027", "--json").json
    said = duban("workdays", "--year", "2027")

    assert {row["tentative"] for row in rows} == {True}
    assert sum(row["working"] for row in rows) == 259
    assert "暂定：没有2027年的放假通知" in said.out


@pytest.mark.parametrize(
    ("as_of", "working", "tentative"),
    [("2019-11-20", True, True), ("2020-01-25", True, False), ("2020-01-26", False, False)],
)
def test_a_year_is_told_as_it_was_known_on_a_day(
    duban: Duban, as_of: str, working: bool, tentative: bool
) -> None:
    rows = duban("workdays", "--year", "2020", "--as-of", as_of, "--json").json
    friday = next(row for row in rows if row["date"] == "2020-01-31")

    assert (friday["working"], friday["tentative"]) == (working, tentative)


def test_the_table_holds_the_days_that_differ_and_what_they_rest_on(duban: Duban) -> None:
    said = duban("workdays", "--year", "2020")

    assert "2020-01-31" in said.out
    assert "2020-02-01" not in said.out
    assert "依据：国办发明电〔2019〕16号（2019-11-21）" in said.out
    assert "调整：国办发明电〔2020〕1号（2020-01-26），春节" in said.out


def test_the_last_days_of_december_wait_for_the_next_notice(duban: Duban) -> None:
    assert "2027年的通知还没有" in duban("workdays", "--year", "2026").err
    assert duban("workdays", "--year", "2025").err == ""


def test_a_slip_in_the_options_gets_a_sentence(duban: Duban) -> None:
    said = duban("workdays", "--as-of", "昨天")

    assert said.code == 2
    assert "昨天" in said.err
