from datetime import date
from pathlib import Path

import pytest

from tests.app.conftest import Duban

WEEK = ("全国科技活动周", "2026-05-23/2026-05-30", "--source", "演示〔2026〕1号", "--yes")
PLAN = "chongqing/kejizhou/2026/plan/keji"


@pytest.fixture
def applied(duban: Duban) -> Duban:
    assert duban("apply", "--yes").code == 0
    return duban


def occurrence(duban: Duban, *more: str) -> dict[str, str]:
    rows = duban("occurrences", "--office", "chongqing", "--year", "2026", "--json", *more).json
    return next(row for row in rows if row["activity"] == "kejizhou")


def due(duban: Duban) -> str | None:
    rows = duban("status", "--json").json
    found: str | None = next(row["due"] for row in rows if row["assignment"] == PLAN)
    return found


def test_an_announced_date_is_kept_with_source_and_time_and_applied(applied: Duban) -> None:
    before = (occurrence(applied)["certainty"], due(applied))

    said = applied("announce", *WEEK, "--at", "2026-04-20T10:00", "--by", "王主任")

    row = occurrence(applied)
    assert said.code == 0
    assert before == ("unknown", None)
    assert (row["start"], row["end"], row["certainty"]) == ("2026-05-23", "2026-05-30", "announced")
    assert (row["source"], row["recorded_at"]) == ("演示〔2026〕1号", "2026-04-20T10:00:00+08:00")
    assert due(applied) == "2026-04-30"


def test_a_second_announcement_is_a_change_and_the_first_stays_in_the_history(
    applied: Duban,
) -> None:
    applied("announce", *WEEK, "--at", "2026-04-20T10:00")

    applied(
        "announce",
        "科技周",
        "2026-08-23/2026-08-29",
        "--source",
        "x",
        "--at",
        "2026-05-06T10:00",
        "--yes",
    )

    assert occurrence(applied)["certainty"] == "changed"
    assert occurrence(applied)["start"] == "2026-08-23"
    assert occurrence(applied, "--as-of", "2026-05-01")["start"] == "2026-05-23"
    assert occurrence(applied, "--as-of", "2026-04-01")["start"] is None


def test_a_date_can_be_taken_back(applied: Duban) -> None:
    applied("announce", *WEEK)

    applied("announce", "科技周", "待公布", "--year", "2026", "--source", "延期", "--yes")

    assert occurrence(applied)["certainty"] == "unknown"
    assert due(applied) is None


def test_a_local_date_concerns_only_its_office(applied: Duban) -> None:
    applied("announce", *WEEK, "--office", "wulong")

    assert occurrence(applied)["start"] is None
    rows = applied("occurrences", "--office", "wulong", "--year", "2026", "--json").json
    assert next(r for r in rows if r["activity"] == "kejizhou")["start"] == "2026-05-23"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["全国科技活动周", "2026-05-30/2026-05-23"], "早于"),
        (["全国科技活动周", "五月"], "看不懂日期"),
        (["全国科技活动周", "2026-02-30"], "没有2026-02-30这一天"),
        (["全国科技活动周", "待公布"], "--year"),
        (["全国科技活动州", "2026-05-23"], "全国科技活动周"),
        (["全国科技活动周", "2026-05-23", "--office", "nowhere"], "没有纲要办"),
    ],
)
def test_a_slip_records_nothing_and_says_what_is_wrong(
    applied: Duban, home: Path, arguments: list[str], words: str
) -> None:
    said = applied("announce", *arguments, "--source", "x", "--yes")

    assert said.code != 0
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (home / "calendar/announcements.yaml").exists()


def test_occurrences_of_a_year_without_calendar_list_every_activity(duban: Duban) -> None:
    rows = duban("occurrences", "--office", "chongqing", "--year", "2025", "--json").json

    known = {row["activity"]: row for row in rows}
    assert set(rows[0]) >= {
        "activity",
        "name",
        "start",
        "end",
        "certainty",
        "source",
        "recorded_at",
    }
    assert known["kejizhou"]["start"] == "2025-05-24"
    assert known["kepuri"]["name"] == "全国科普月"
    assert date.fromisoformat(known["kepuri"]["end"]) == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("2026-05-23", "--source", ""), "source：没有填写"),
        (("2026-05-23", "--source", "a\nb"), "source：不能换行"),
        (("2026-05-23", "--source", "x", "--by", "张\t三"), "by：不能换行"),
        (("2026-05-23", "--source", "x", "--office", "重庆"), "office：“重庆”不能作代号"),
        (("0026-05-23", "--source", "x"), "year：“26”超出范围"),
    ],
)
def test_what_cannot_be_recorded_is_told_by_option(
    applied: Duban, more: tuple[str, ...], words: str, home: Path
) -> None:
    said = applied("announce", "全国科技活动周", *more, "--yes")

    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (home / "calendar/announcements.yaml").exists()


def test_a_record_that_an_existing_later_one_overrules_is_refused(applied: Duban) -> None:
    applied("announce", *WEEK, "--at", "2062-04-20T10:00")

    said = applied("announce", "科技周", "2026-08-23", "--source", "x", "--at", "2026-05-06")

    assert said.code == 2
    assert "更晚的记录（2062-04-20 10:00" in said.err
    assert occurrence(applied)["start"] == "2026-05-23"
