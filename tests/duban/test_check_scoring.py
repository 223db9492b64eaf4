"""Faults in config/scoring.yaml, as a site tells them."""

from pathlib import Path

import pytest

from adapters.files import read_site
from duban.scoring import Scoring
from tests.sites import located, write_site

FILE = "config/scoring.yaml"


def faults(folder: Path, text: str) -> list[str]:
    return located(read_site(write_site(folder, {FILE: text})).faults)


def test_a_site_without_the_file_has_the_rules_of_the_default(tmp_path: Path) -> None:
    book = read_site(write_site(tmp_path)).book

    assert book
    assert book.common.scoring == Scoring()


def test_rules_written_as_by_default_are_the_same_calendar(tmp_path: Path) -> None:
    without = read_site(write_site(tmp_path)).book
    written = read_site(write_site(tmp_path, {FILE: "weights: {lead: 2}\n"})).book

    assert without
    assert written
    assert written.documents() == without.documents()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("points: {late: 101}\n", "1 points.late “101”超出范围"),
        ("points:\n  late: x\n", "2 points.late “x”不是整数"),
        ("point: {late: 1}\n", "1 point 不认识“point”"),
        ("counted: [活动, 任务]\n", "1 counted[2] “任务”不在可选之列"),
        ("counted: []\n", "1 counted 什么也不计入"),
        ("weights: {lead: 0, support: 0}\n", "1 weights.lead 牵头和责任的权重都是0，什么也不计入"),
        (
            "points:\n  on_time: 50\n  late: 60\n",
            "3 points.late 逾期报送得60分，比按时报送的50分还多",
        ),
        ("points: {missing: 61}\n", "1 points.missing 没有报送得61分，比逾期报送的60分还多"),
        (
            "lamps: {green: 80, yellow: 85}\n",
            "1 lamps.yellow 黄灯从85分起，比绿灯的80分还高",
        ),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, text) == [f"{FILE}:{fault}"]
