"""The same flow through a real Prefect server: it gives the same letters as the embedded driver."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.prefects import REPOSITORY, SETTINGS, PrefectServer

AT = "2026-03-02T09:00"


def duban(folder: Path, *arguments: str, **more: str) -> Any:
    """Run one command on a database in `folder`; its JSON."""
    variables = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "DUBAN_DATABASE": f"sqlite:///{folder / 'duban.db'}",
        "DUBAN_MAIL__FOLDER": str(folder / "mail"),
        **more,
    }
    command = [sys.executable, "-m", "app", *arguments, "--json"]
    done = subprocess.run(
        command, env=variables, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_tick_through_a_prefect_server_gives_the_same_letters(
    tmp_path: Path, prefect: PrefectServer
) -> None:
    for name in ("embedded", "prefect"):
        duban(tmp_path / name, "apply", "--yes", "--at", "2026-01-01")
    plain = duban(tmp_path / "embedded", "run", "--at", AT)

    through = duban(
        tmp_path / "prefect",
        "run",
        "--at",
        AT,
        PREFECT_API_URL=prefect.api,
        PREFECT_HOME=str(tmp_path / "home"),
        **SETTINGS,
    )

    assert plain["letters"]
    assert through == plain
    (run,) = prefect.ask("flow_runs", flow_runs={"name": {"any_": ["tick 2026-03-02 09:00"]}})
    assert run["state_type"] == "COMPLETED"
    steps = {
        one["name"].rsplit("-", 1)[0]
        for one in prefect.ask("task_runs", flow_runs={"id": {"any_": [run["id"]]}})
    }
    assert {"look again", "write morning", "hand over"} <= steps
