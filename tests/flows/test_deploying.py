"""`duban deploy` with a real Prefect server, and a worker that does what was deployed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.deploying import NoServer, check_version
from state import tables
from state.database import Database
from tests.prefects import REPOSITORY, SETTINGS, PrefectServer, Worker, until

pytestmark = pytest.mark.slow
AT = "2026-03-02T09:00:00+08:00"


class House:
    """A copy of the shipped site whose Prefect server is the test's."""

    def __init__(self, folder: Path, server: PrefectServer) -> None:
        self.folder, self.server = folder, server
        for name in ("calendar", "config", "templates"):
            shutil.copytree(REPOSITORY / name, folder / name)
        self.variables = {
            "PYTHONPATH": str(REPOSITORY),
            "PREFECT_API_URL": server.api,
            "PREFECT_HOME": str(folder / "prefect"),
        }

    def run(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        variables = {**os.environ, **SETTINGS, **self.variables, **more}
        return subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            env={name: text for name, text in variables.items() if text},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def letters(self) -> set[tuple[str, ...]]:
        """Key, recipient, subject, and every byte."""
        letter, body = tables.letter, tables.letter_body
        query = select(letter.c.key, letter.c.recipient, letter.c.subject, body.c.mime)
        database = Database(f"sqlite:///{self.folder / 'var/duban.db'}")
        with database.reading() as connection:
            found = connection.execute(query.join_from(letter, body)).all()
        database.close()
        return {tuple(row) for row in found}


@pytest.fixture
def house(tmp_path: Path, prefect: PrefectServer) -> Iterator[House]:
    """Nothing of it is left in the server, which the tests share."""
    yield House(tmp_path / "site", prefect)
    for one in prefect.ask("deployments"):
        prefect.post(f"deployments/{one['id']}", None, "DELETE")


def test_deployed_twice_changes_nothing(house: House, prefect: PrefectServer) -> None:
    first = house.run("deploy", "--parts", "3")
    before = prefect.deployments()
    second = house.run("deploy", "--parts", "3")
    checked = house.run("deploy", "--parts", "3", "--check")

    assert first.returncode == 0, first.stderr
    assert "已新增 tick/tick-2-of-3" in first.stdout
    assert second.stdout == "一致：9 个部署，工作池 duban，各纲要办分 3 份\n"
    assert (checked.returncode, checked.stdout) == (0, second.stdout)
    assert prefect.deployments() == before


def test_drift_is_told_and_mended(house: House, prefect: PrefectServer) -> None:
    house.run("deploy")
    timetable = house.folder / "config/timetable.yaml"
    text = timetable.read_text(encoding="utf-8").replace("20 0 * * *", "40 1 * * *")
    timetable.write_text(text, encoding="utf-8")
    seal = prefect.deployments()["seal"]
    prefect.post(f"deployments/{seal['id']}/pause_deployment", {})

    checked = house.run("deploy", "--check")
    mended = house.run("deploy")
    again = house.run("deploy", "--check")

    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        "应更改 seal/seal",
        "  已暂停，应恢复",
        "应更改 score/score",
        "  时刻多出 20 0 * * *（Asia/Shanghai）",
        "  时刻缺少 40 1 * * *（Asia/Shanghai）",
        "2 处与时刻表不一致，运行 duban deploy 改过来",
    ]
    assert "已更改 seal/seal" in mended.stdout
    assert again.returncode == 0


def test_only_what_is_ours_is_taken_away(house: House, prefect: PrefectServer) -> None:
    house.run("deploy", "--parts", "2")
    foreign = prefect.deployments()["seal"]
    prefect.post(
        "deployments/", {"name": "theirs", "flow_id": foreign["flow_id"], "tags": ["other"]}
    )

    done = house.run("deploy", "--parts", "1")

    assert "已删除 tick/tick-2-of-2\n  时刻表里没有它" in done.stdout
    assert set(prefect.deployments()) == {"tick", "send", "bounces", "seal", "score", "theirs"}


def test_deployed_ticks_write_the_same_letters_as_the_embedded_one(
    house: House, prefect: PrefectServer, tmp_path: Path
) -> None:
    house.run("apply", "--yes", "--at", "2026-01-01")
    shutil.copytree(house.folder, tmp_path / "plain")
    plain = House.__new__(House)
    plain.folder, plain.variables = tmp_path / "plain", {**house.variables, "PREFECT_API_URL": ""}
    plain.run("run", "--at", AT)
    house.run("deploy", "--parts", "2")

    worker = Worker(tmp_path / "worker.log", "worker", cwd=house.folder, **house.variables)
    try:
        runs = [prefect.begin(f"tick-{part}-of-2", at=AT) for part in (1, 2)]
        until(lambda: set(prefect.states(*runs)) == {"Completed"}, 120, worker.log.read_text())
    finally:
        worker.stop()

    assert len(plain.letters()) > 5
    assert house.letters() == plain.letters()
    names = [one["name"] for one in prefect.ask("flow_runs", flow_runs={"id": {"any_": runs}})]
    assert sorted(names) == ["tick 1/2 2026-03-02 09:00", "tick 2/2 2026-03-02 09:00"]
    tables = [one["key"] for one in prefect.ask("artifacts/latest")]
    assert {"tick-1-of-2", "tick-2-of-2"} <= set(tables)


def test_without_an_address_it_says_what_to_set(house: House) -> None:
    done = house.run("deploy", PREFECT_API_URL="")

    assert done.returncode == 3
    assert done.stderr.startswith("没有设置环境变量 PREFECT_API_URL")


def test_a_server_that_does_not_answer_is_told(house: House) -> None:
    done = house.run("deploy", PREFECT_API_URL="http://127.0.0.1:9/api")

    assert done.returncode == 3
    assert done.stderr.startswith("连不上 Prefect 服务器 http://127.0.0.1:9/api：")
    assert "Traceback" not in done.stderr


def test_a_timetable_that_cannot_be_read_is_told(house: House) -> None:
    file = house.folder / "config/timetable.yaml"
    file.write_text('jobs:\n  - {flow: tock, name: x, cron: "0 8 * * *"}\n', encoding="utf-8")

    done = house.run("deploy")

    assert done.returncode == 3
    assert done.stderr.startswith("config/timetable.yaml：没有流程“tock”")


def test_another_version_of_the_server_is_refused() -> None:
    with pytest.raises(NoServer, match=r"Prefect 服务器是 3\.7\.2，这里的程序是 3\.8\.8"):
        check_version("3.7.2", "3.8.8")
