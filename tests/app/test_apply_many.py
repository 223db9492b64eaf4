"""Applying the files of very many offices, through the front door."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.settings import load_settings
from app import editing, recording
from app.announcing import announcement
from app.editing import Draft
from duban.announcement import Announcement
from flows.premises import Site
from state import sources
from state.database import Database
from state.tables import applied, assignment, event, source
from tests.app.conftest import Duban

AT = datetime(2026, 1, 6, tzinfo=UTC)
YEAR = "calendar/offices/{}/2026.yaml"


@pytest.fixture
def country(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hundred offices with little to do."""
    folder = tmp_path / "country"
    small = ("--offices", "90", "--activities", "3", "--departments", "2")
    assert duban("generate", *small, "--into", str(folder)).code == 0
    monkeypatch.chdir(folder)
    return folder


def counted(folder: Path) -> list[int]:
    """Rows of each table."""
    database = Database(f"sqlite:///{folder}/var/duban.db")
    tables = (applied, assignment, event, source)
    with database.reading() as connection:
        found = [
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        ]
    database.close()
    return found


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_is_applied_once_and_a_second_time_nothing(duban: Duban, country: Path) -> None:
    first = duban("apply", "--at", "2026-01-05")
    once = counted(country)

    second = duban("apply", "--at", "2026-01-05")

    assert (first.code, second.code) == (0, 0)
    assert "101 个纲要办有变化" in first.out
    assert once[0] == 102
    assert once[1] == once[2] > 1000
    assert "没有变化" in second.out
    assert counted(country) == once


def test_a_fault_in_one_office_is_told_and_nothing_is_written(duban: Duban, country: Path) -> None:
    change(country / YEAR.format("d0025"), "lead: 县", "lead: 乡")
    change(country / YEAR.format("d0026"), "steps: ", "stepz: ")

    said = duban("apply")

    assert said.code == 1
    assert f"{YEAR.format('d0025')}:" in said.err
    assert f"{YEAR.format('d0026')}:" in said.err
    assert counted(country) == [0, 0, 0, 0]


def test_what_one_office_changed_is_all_that_is_looked_at(duban: Duban, country: Path) -> None:
    duban("apply", "--at", "2026-01-05")
    local = "    dates: {year: 2026, start: 2026-10-20, source: 测试}\n"
    change(country / YEAR.format("d0007"), "    lead:", f"{local}    lead:")

    planned = duban("plan", "--json").json
    said = duban("apply", "--json", "--at", "2026-01-06").json

    assert {one["office"] for one in planned} <= {"d0007"}
    assert planned
    assert said["scopes"] == ["d0007"]
    assert {one["key"] for one in said["changes"]} == {one["key"] for one in planned}


def test_a_change_in_a_common_file_is_everybodys(duban: Duban, country: Path) -> None:
    duban("apply", "--at", "2026-01-05")
    change(country / "calendar/steps.yaml", "notice: 开始前40天", "notice: 开始前41天")

    said = duban("apply", "--at", "2026-01-05")

    assert said.code == 0
    assert "101 个纲要办有变化：变更" in said.out


def edited(country: Path, office: str, new: str) -> Draft:
    file = YEAR.format(office)
    text = (country / file).read_text(encoding="utf-8")
    return editing.begin(country, {file: text.replace("    lead:", f"{new}    lead:", 1)})


def test_the_console_applies_a_draft_of_one_office_and_looks_at_no_other(
    duban: Duban, country: Path
) -> None:
    duban("apply", "--at", "2026-01-05")
    site = Site(load_settings(country))
    draft = edited(country, "d0007", "    dates: {year: 2026, start: 2026-10-20, source: 测试}\n")

    faults, proposal = editing.examine(site, draft, AT)
    assert proposal
    _, scopes = editing.commit(site, draft, proposal.mark, AT, "李卫", "console 10.0.0.8")

    assert faults == ()
    assert scopes == ["d0007"]
    assert len(proposal.planned) < 12
    with site.database.reading() as connection:
        kept = sources.in_force(connection, "d0007")
    site.database.close()
    assert kept
    assert "2026-10-20" in kept[YEAR.format("d0007")]
    assert "没有变化" in duban("plan").out
    assert "没有变化" in duban("apply", "--all").out


def test_a_faulty_draft_of_one_office_is_told_with_its_line(duban: Duban, country: Path) -> None:
    duban("apply", "--at", "2026-01-05")
    site = Site(load_settings(country))
    draft = edited(country, "d0007", "    supporters: 县教育局\n")

    faults, proposal = editing.examine(site, draft, AT)

    site.database.close()
    assert proposal is None
    assert [(one.place.file, one.line) for one in faults] == [(YEAR.format("d0007"), 5)]


def test_check_tells_every_fault_of_very_many_offices(duban: Duban, country: Path) -> None:
    sound = duban("check")
    change(country / YEAR.format("d0025"), "lead: 县", "lead: 乡")
    (country / "config/contacts/d0090.yaml").unlink()

    faulty = duban("check", "--json")

    assert (sound.code, sound.out) == (0, "没有发现错误。\n")
    assert faulty.code == 1
    files = [one["file"] for one in faulty.json]
    assert files == ["calendar/offices/d0025/2026.yaml", "config/contacts/d0090.yaml"]


def announced(office: str | None) -> Announcement:
    return announcement(
        activity="全国科普月",
        year=2026,
        start=date(2026, 9, 5),
        end=date(2026, 9, 11),
        office=office,
        announced=None,
        source="测试",
        recorded_at=AT,
        recorded_by="李卫",
    )


def test_a_date_of_one_office_is_recorded_and_planned_for_it_alone(
    duban: Duban, country: Path
) -> None:
    duban("apply", "--at", "2026-01-05")
    site = Site(load_settings(country))

    recorded = recording.announcing(site, "c003", announced("c003"), AT)
    recording.commit(site, recorded, at=AT, actor="李卫", via="console 10.0.0.8")

    site.database.close()
    offices = [one.desk.office.id for one in recorded.planned]
    assert "c003" in offices
    assert len(offices) <= 10
    assert any(one.diff for one in recorded.planned)
    assert "没有变化" in duban("plan").out
    assert "没有变化" in duban("apply", "--all").out


def test_a_date_of_everybody_is_not_recorded_from_one_page_of_very_many(
    duban: Duban, country: Path
) -> None:
    duban("apply", "--at", "2026-01-05")
    site = Site(load_settings(country))

    with pytest.raises(recording.Unsound, match="duban announce"):
        recording.announcing(site, "c003", announced(None), AT)

    site.database.close()


def test_a_date_of_everybody_is_announced_from_the_command_line(
    duban: Duban, country: Path
) -> None:
    duban("apply", "--at", "2026-01-05")

    said = duban("announce", "全国科普月", "2026-09-05/2026-09-11", "--source", "测试", "--yes")

    assert said.code == 0
    assert "101 个纲要办有变化：改期" in said.out
    assert "2026-09-05" in (country / "calendar/announcements.yaml").read_text(encoding="utf-8")
    assert "没有变化" in duban("plan").out


def test_the_doctor_reads_no_file_of_very_many_offices(duban: Duban, country: Path) -> None:
    def said() -> dict[str, str]:
        found = duban("doctor", "--json").json
        return {one["subject"]: one["said"] for one in found if one["subject"] in ("文件", "日历")}

    duban("apply", "--at", "2026-01-05")
    before = said()
    change(country / YEAR.format("d0025"), "lead: 县", "lead: 乡")

    after = said()

    assert before["文件"] == "config/ 和 calendar/ 里没有错误"
    assert before["日历"].endswith("等 101 个纲要办")
    assert "没有逐一检查" in after["文件"]
    assert "文件改过，还没有应用" in after["日历"]
