import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.settings import SettingsFault
from adapters.timetable import read_timetable
from app import timetable
from app.timetable import keep
from duban.trouble import Trouble
from flows.delivery import Delivered
from state.faults import DatabaseFault
from tests.app.conftest import REPOSITORY, Duban


def test_serve_stops_when_it_is_told_to_and_says_so(duban: Duban, home: Path) -> None:
    duban("apply", "--yes")
    command = [sys.executable, "-m", "app", "serve"]
    serving = subprocess.Popen(
        command,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert serving.stdout is not None
    lines = []
    for line in serving.stdout:
        lines.append(line)
        if "ran" in line:
            break

    serving.send_signal(signal.SIGTERM)
    rest, _ = serving.communicate(timeout=30)

    assert serving.returncode == 0
    assert any("serving" in line for line in lines)
    assert "stopped" in rest
    assert "Traceback" not in "".join(lines) + rest


async def test_a_stop_that_comes_at_once_is_heeded(duban: Duban, home: Path) -> None:
    duban("apply", "--yes")
    stop = asyncio.Event()
    stop.set()

    await asyncio.wait_for(keep(home, stop=stop), timeout=30)


async def test_without_a_calendar_serve_says_what_to_do(home: Path) -> None:
    with pytest.raises(Trouble, match="duban apply"):
        await keep(home)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ('{flow: tick, name: x, cron: "*/5 * * *"}', "五个字段"),
        ('{flow: tick, name: x, cron: "0 9 * * 1-5"}', "mon-fri"),
        ('{flow: tick, name: x, cron: "0 9 * * *", hour: 3}', "不认识“hour”"),
    ],
)
def test_a_slip_in_the_timetable_is_named(home: Path, job: str, words: str) -> None:
    (home / "config/timetable.yaml").write_text(f"jobs:\n  - {job}\n", encoding="utf-8")

    with pytest.raises(SettingsFault, match=words):
        read_timetable(home)


async def test_an_unknown_flow_is_refused_with_those_there_are(duban: Duban, home: Path) -> None:
    duban("apply", "--yes")
    job = '{flow: tock, name: x, cron: "0 9 * * *"}'
    (home / "config/timetable.yaml").write_text(f"jobs:\n  - {job}\n", encoding="utf-8")

    with pytest.raises(SettingsFault, match="没有流程“tock”，可写：tick"):
        await keep(home)


async def test_one_flow_may_have_several_lines_in_the_timetable(duban: Duban, home: Path) -> None:
    duban("apply", "--yes")
    lines = [
        f'  - {{flow: tick, name: x, cron: "{cron}"}}\n' for cron in ("0 9 * * *", "0 * * * *")
    ]
    (home / "config/timetable.yaml").write_text("jobs:\n" + "".join(lines), encoding="utf-8")
    stop = asyncio.Event()
    stop.set()

    await asyncio.wait_for(keep(home, stop=stop), timeout=30)


@pytest.mark.parametrize(("fails", "tries"), [(0, 1), (2, 3), (9, 3)])
async def test_a_run_that_did_not_find_the_database_is_tried_again_soon(
    fails: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run by the timetable may be a minute away."""
    runs: list[int] = []

    async def send() -> Delivered:
        runs.append(len(runs))
        if len(runs) <= fails:
            raise DatabaseFault("连不上数据库")
        return Delivered()

    monkeypatch.setitem(timetable.FLOWS, "send", send)
    monkeypatch.setattr(timetable, "AGAIN", (0.0, 0.0))

    await timetable._once("send", asyncio.Lock())

    assert len(runs) == tries


async def test_a_run_that_was_refused_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    async def send() -> Delivered:
        runs.append(len(runs))
        raise Trouble("发信已停")

    monkeypatch.setitem(timetable.FLOWS, "send", send)
    monkeypatch.setattr(timetable, "AGAIN", (0.0, 0.0))

    await timetable._once("send", asyncio.Lock())

    assert runs == [0]
