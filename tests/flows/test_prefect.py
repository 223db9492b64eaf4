"""The same flow through a real Prefect server: it gives the same letters as the embedded driver."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
AT = "2026-03-02T09:00"
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
}


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


@pytest.fixture
def prefect_api(tmp_path: Path) -> Iterator[str]:
    """A Prefect server of our own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "server.log").open("w")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        env={**os.environ, **SETTINGS, "PREFECT_HOME": str(tmp_path / "prefect")},
        stdout=log,
        stderr=log,
    )
    api = f"http://127.0.0.1:{port}/api"
    try:
        _wait_for(f"{api}/health", server)
        yield api
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "the Prefect server ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)  # nothing tells when its port opens
    raise AssertionError("the Prefect server did not answer")


def _ask(api: str, what: str) -> Any:
    request = urllib.request.Request(
        f"{api}/{what}/filter", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.slow
def test_a_tick_through_a_prefect_server_gives_the_same_letters(
    tmp_path: Path, prefect_api: str
) -> None:
    for name in ("embedded", "prefect"):
        duban(tmp_path / name, "apply", "--yes", "--at", "2026-01-01")
    plain = duban(tmp_path / "embedded", "run", "--at", AT)

    through = duban(
        tmp_path / "prefect",
        "run",
        "--at",
        AT,
        PREFECT_API_URL=prefect_api,
        PREFECT_HOME=str(tmp_path / "home"),
        **SETTINGS,
    )

    assert plain["letters"]
    assert through == plain
    runs = _ask(prefect_api, "flow_runs")
    assert [run["state_type"] for run in runs] == ["COMPLETED"]
    steps = {run["name"].rsplit("-", 1)[0] for run in _ask(prefect_api, "task_runs")}
    assert {"look again", "write morning", "hand over"} <= steps
