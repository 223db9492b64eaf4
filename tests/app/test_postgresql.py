"""The command line on PostgreSQL, as somebody types it; and with the server gone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(folder: Path, database: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    variables = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONWARNINGS": "error",
        "DUBAN_DATABASE": database,
        "DUBAN_SEATS": str(folder / "seats"),
        "DUBAN_MAIL__FOLDER": str(folder / "mail"),
    }
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=variables,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def said(folder: Path, database: str, *arguments: str) -> Any:
    done = run(folder, database, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_from_an_empty_database_to_a_letter_and_an_answer(
    empty_postgresql_url: str, tmp_path: Path
) -> None:
    database = empty_postgresql_url
    migrated = run(tmp_path, database, "migrate")
    applied = run(tmp_path, database, "apply", "--yes", "--at", "2026-01-02T08:00")
    first = said(tmp_path, database, "run", "--at", "2026-03-02T09:00")
    again = said(tmp_path, database, "run", "--at", "2026-03-02T09:05")
    items = said(tmp_path, database, "status", "--at", "2026-03-02T09:05")
    (key, *_) = [item["assignment"] for item in items if item["state"] == "notified"]
    acted = said(tmp_path, database, "report", key, "--at", "2026-03-02T15:00")

    assert "新建" in migrated.stdout
    assert applied.returncode == 0, applied.stderr
    assert first["delivered"]["accepted"] > 0
    assert again["delivered"] == {}
    assert acted == [{"assignment": key, "from": "notified", "state": "reported"}]


def test_a_server_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "postgresql://duban:geheim@127.0.0.1:1/duban", "status")

    assert done.returncode == 3
    assert "连不上数据库服务器" in done.stderr
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr
