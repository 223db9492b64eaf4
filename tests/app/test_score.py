"""`duban score`: the results, and whether they are what the account says."""

from pathlib import Path

import pytest

from tests.app.conftest import Duban
from tests.app.test_audit import change

MORNING, LATER = "2026-03-02T09:00", "2026-05-06T09:00"


@pytest.fixture
def scored(duban: Duban, home: Path) -> Path:
    """Notices went out in March, nobody answered; scored in May. The database."""
    duban("apply", "--yes")
    duban("run", "--at", MORNING)
    assert duban("score", "--update", "--at", LATER).code == 0
    return home / "var/duban.db"


def test_departments_are_told_with_their_scores(duban: Duban, scored: Path) -> None:
    said = duban("score", "2026-Q1", "--office", "chongqing", "--json").json

    (office,) = said
    assert (office["period"], office["first"], office["last"]) == (
        "2026-Q1",
        "2026-01-01",
        "2026-03-31",
    )
    assert office["departments"]
    assert {one["lamp"] for one in office["departments"]} <= {"red", "grey"}
    assert "2026年第1季度考核" in duban("score", "2026-Q1").out


def test_before_anything_was_scored_it_says_how_to(duban: Duban) -> None:
    duban("apply", "--yes")

    assert "duban score --update" in duban("score").out


def test_a_period_that_is_none_is_told_with_those_that_are(duban: Duban, scored: Path) -> None:
    said = duban("score", "2026-13")

    assert said.code == 2
    assert "没有时段“2026-13”" in said.err
    assert "chongqing-2016-2020/launch" in said.err


def test_what_is_stored_verifies(duban: Duban, scored: Path) -> None:
    said = duban("score", "--verify")

    assert said.code == 0
    assert "和流水重算的一致" in said.out


def test_a_result_that_somebody_changed_is_named(duban: Duban, scored: Path) -> None:
    change(scored, "UPDATE score SET missing = 0, kept = 1 WHERE missing = 1 AND department <> ''")

    said = duban("score", "--verify", "--office", "chongqing")

    assert said.code == 1
    assert "按流水应是 按时 0、逾期报送 0、未报 1" in said.err


def test_rules_that_changed_since_are_told(duban: Duban, scored: Path, home: Path) -> None:
    (home / "config/scoring.yaml").write_text("weights: {lead: 5}\n", encoding="utf-8")
    duban("apply", "--yes")

    said = duban("score", "--verify")

    assert said.code == 1
    assert "还是按以前的规则算的" in said.err
    duban("score", "--update", "--at", LATER)
    assert duban("score", "--verify").code == 0
