"""Digests in the timetable: which one and when, and every slip at its line."""

from pathlib import Path

import pytest

from adapters.timetable import check_timetable, read_timetable
from duban.digest import USUAL, Time, Which
from tests.sitting import REPOSITORY

TICK = '  - {flow: tick, name: a, cron: "*/5 7-19 * * *"}\n'


def home(folder: Path, *jobs: str) -> Path:
    (folder / "config").mkdir()
    (folder / "config/timetable.yaml").write_text(
        "jobs:\n" + TICK + "".join(f"  - {one}\n" for one in jobs)
    )
    return folder


def test_the_shipped_timetable_names_every_digest_at_its_usual_time() -> None:
    assert read_timetable(REPOSITORY).digests == USUAL


def test_a_timetable_without_digests_keeps_the_usual_times(tmp_path: Path) -> None:
    assert read_timetable(home(tmp_path)).digests == USUAL


def test_only_those_are_sent_that_it_names(tmp_path: Path) -> None:
    job = '{flow: digest, digest: weekly, name: b, cron: "0 16 * * fri", zone: Asia/Urumqi}'

    assert read_timetable(home(tmp_path, job)).digests == {
        Which.WEEKLY: Time("0 16 * * fri", "Asia/Urumqi")
    }


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ('{flow: digest, name: b, cron: "0 8 * * mon"}', "要写明是哪一种通报"),
        ('{flow: digest, digest: yearly, name: b, cron: "0 8 * * mon"}', "yearly"),
        (
            '{flow: send, digest: weekly, name: b, cron: "0 8 * * mon"}',
            "只有 flow: digest 才写 digest",
        ),
        ('{flow: digest, digest: phase, name: b, cron: "0 8 * * mon"}', "阶段报告不在时刻表里写"),
        ('{flow: digest, digest: weekly, name: b, cron: "0 25 * * mon"}', "时刻写得不对"),
    ],
)
def test_a_slip_is_named_at_its_line(tmp_path: Path, job: str, words: str) -> None:
    found, faults = check_timetable(home(tmp_path, job))

    assert found is None
    assert [(fault.line, words in str(fault)) for fault in faults] == [(3, True)]


def test_a_digest_has_one_time(tmp_path: Path) -> None:
    job = '{flow: digest, digest: weekly, name: b, cron: "0 8 * * mon"}'

    assert ["写了两次" in str(fault) for fault in check_timetable(home(tmp_path, job, job))[1]] == [
        True
    ]
