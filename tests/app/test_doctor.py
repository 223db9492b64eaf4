"""`duban doctor` as a whole."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.doctor.examine import CHECKS, Check, Need, examine, run
from app.doctor.finding import Finding, Level, good
from app.doctor.ground import Ground
from duban.trouble import Trouble
from tests.app.conftest import Duban, Said
from tests.sitting import at


def levels(said: Said) -> dict[str, str]:
    return {one["subject"]: one["level"] for one in said.json}


@pytest.fixture
def applied(duban: Duban) -> Duban:
    assert duban("apply", "--yes").code == 0
    return duban


def test_a_site_that_was_set_up_has_no_fault(applied: Duban, home: Path) -> None:
    applied("run", "--at", "2026-01-05T03:00")

    said = applied("doctor", "--json")

    assert said.code == 0
    found = levels(said)
    assert "fault" not in found.values()
    assert found["数据库写入"] == found["发信身份"] == found["上次运行"] == "good"
    assert {check.subject for check in CHECKS} <= set(found)
    assert not (home / "var/mail").exists()


def test_each_finding_is_a_line_and_the_last_one_counts_them(applied: Duban) -> None:
    found = applied("doctor", "--json").json

    lines = applied("doctor").out.splitlines()

    told = [line for line in lines if line.startswith(("正常", "注意", "故障"))]
    assert [line.split()[1] for line in told] == [one["subject"] for one in found]
    assert lines[-1].startswith(f"共 {len(found)} 项：0 项故障")


def test_every_attention_says_what_to_do(applied: Duban) -> None:
    found = applied("doctor", "--json").json

    assert all(one["remedy"] for one in found if one["level"] != "good")


def test_before_the_first_apply_it_says_what_to_do_and_makes_nothing(
    duban: Duban, home: Path
) -> None:
    said = duban("doctor", "--json")

    assert said.code == 1
    (wrong,) = (one for one in said.json if one["level"] == "fault")
    assert wrong["subject"] == "数据库"
    assert "duban apply" in wrong["remedy"]
    assert not (home / "var").exists()


def test_with_bad_settings_it_names_them_and_looks_at_the_rest(
    duban: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_MAIL__PORT", "abc")

    said = duban("doctor")

    assert said.code == 1
    assert "mail.port：应是整数" in said.out
    assert "正常  文件" in said.out
    assert "没有查：数据库" in said.out.replace("这些还", "")


def test_variables_of_the_environment_that_decide_are_named(
    duban: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_MAIL__PASSWORD", "geheim")

    said = duban("doctor")

    assert "DUBAN_MAIL__PASSWORD" in said.out
    assert "geheim" not in said.out


def test_faults_of_the_files_are_counted_and_left_to_check(applied: Duban, home: Path) -> None:
    (home / "config/ladders.yaml").write_text("ladders: 3\n", encoding="utf-8")
    (home / "config/timetable.yaml").write_text("jobs: []\n", encoding="utf-8")

    said = applied("doctor", "--json")

    (wrong,) = (one for one in said.json if one["subject"] == "文件")
    assert wrong["level"] == "fault"
    assert "处错误" in wrong["said"]
    assert "duban check" in wrong["remedy"]


def test_files_that_were_changed_and_not_applied_are_told(applied: Duban, home: Path) -> None:
    before = levels(applied("doctor", "--json"))["日历"]
    file = home / "config/offices.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('hour: "08:30"', 'hour: "09:30"'), encoding="utf-8")

    found = {one["subject"]: one for one in applied("doctor", "--json").json}

    assert before == "good"
    assert found["日历"]["level"] == "attention"
    assert "duban plan" in found["日历"]["remedy"]


def test_status_ends_with_whether_the_service_runs(applied: Duban) -> None:
    before = applied("status", "--overdue")
    applied("run")
    after = applied("status", "--overdue")

    assert "还没有运行过" in before.err
    assert after.out.splitlines()[-1].endswith("按时")
    assert "上次运行" not in applied("status", "--json").out


# --- one check and the others ---


def _breaks(_: Ground) -> Iterator[Finding]:
    yield good("甲", "看过一半")
    raise ZeroDivisionError("boom")


def _troubled(_: Ground) -> Iterator[Finding]:
    raise Trouble("外面不行")
    yield


def _well(_: Ground) -> Iterator[Finding]:
    yield good("丙", "好")


def test_a_broken_check_is_a_line_and_the_others_go_on(home: Path) -> None:
    checks = (Check("甲", _breaks), Check("乙", _troubled), Check("丙", _well))

    found = examine(Ground(home, at("2026-03-02T09:00")), checks)

    assert [(one.subject, one.level) for one in found] == [
        ("甲", Level.GOOD),
        ("甲", Level.FAULT),
        ("乙", Level.FAULT),
        ("丙", Level.GOOD),
    ]
    assert "ZeroDivisionError：boom" in found[1].said
    assert "ZeroDivisionError" in (home / "duban-error.log").read_text(encoding="utf-8")
    assert found[2].said == "外面不行"


def test_a_check_that_needs_more_than_there_is_is_left_out_and_named(home: Path) -> None:
    checks = (Check("甲", _well, Need.DATABASE), Check("乙", _well, Need.SETTINGS))

    found = examine(Ground(home, at("2026-03-02T09:00")), checks)

    assert [one.subject for one in found] == ["丙", "其余"]
    assert "甲" in found[1].said
    assert "乙" not in found[1].said


def test_slow_checks_wait_at_the_same_time(home: Path) -> None:
    def waits(_: Ground) -> Iterator[Finding]:
        time.sleep(0.2)  # what is slow outside is slow by the clock
        yield good("慢", "好")

    checks = tuple(Check("慢", waits, slow=True) for _ in range(4))
    started = time.monotonic()

    found = examine(Ground(home, at("2026-03-02T09:00")), checks)

    assert len(found) == 4
    assert time.monotonic() - started < 0.7


def test_run_keeps_what_was_found_before_the_trouble(home: Path) -> None:
    found = run(Check("甲", _breaks), Ground(home, at("2026-03-02T09:00")))

    assert found[0] == good("甲", "看过一半")
