"""`duban programme`: what the console's page shows, in text."""

import pytest

from tests.app.conftest import Duban


@pytest.fixture
def applied(duban: Duban) -> Duban:
    assert duban("apply", "--yes").code == 0
    return duban


def test_without_an_id_the_programmes_are_listed(applied: Duban) -> None:
    said = applied("programme", "--json")

    assert said.code == 0
    assert {"chongqing-2021-2025", "wulong-2021-2025"} <= {one["id"] for one in said.json}


def test_a_programme_is_shown_with_its_targets_year_by_year(applied: Duban) -> None:
    said = applied("programme", "wulong-2021-2025", "--at", "2026-03-02T09:00")

    assert said.code == 0
    assert "公民具备科学素质比例" in said.out
    assert "启动实施（已结束）" in said.out


def test_a_programme_that_is_not_there_is_told_with_those_that_are(applied: Duban) -> None:
    said = applied("programme", "nothing")

    assert said.code == 2
    assert "wulong-2021-2025" in said.err


def test_a_target_is_reported_with_its_value_or_with_why_there_is_none(applied: Duban) -> None:
    key = "chongqing/chongqing-2026-2030.literacy/2026/value/kexie"

    bare = applied("report", key)
    silent = applied("report", key, "--value", "无")
    said = applied("report", key, "--value", "16.1%")

    assert (bare.code, silent.code, said.code) == (2, 2, 0)
    assert "请加上 --value" in bare.err
    assert "--reason" in silent.err
    shown = applied("programme", "chongqing-2026-2030", "--json").json[0]["targets"][0]
    assert shown["years"][0]["value"] == "16.1"
