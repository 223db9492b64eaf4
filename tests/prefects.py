"""A Prefect server of our own for tests, on a free port, and workers of it: started, stopped, killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
}


class PrefectServer:
    """In `folder`; on SQLite, or on the PostgreSQL database of `url`. It can be started again."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.api = f"http://127.0.0.1:{self.port}/api"
        more = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": url} if url else {}
        self.environment = {**os.environ, **SETTINGS, **more, "PREFECT_HOME": str(folder)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "prefect", "server", "start", *where],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, 300, "the Prefect server did not answer")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the Prefect server ended"
        try:
            with urllib.request.urlopen(f"{self.api}/health", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait(20)
            self._process = None

    # --- its API ---

    def ask(self, what: str, **wanted: Any) -> list[dict[str, Any]]:
        """Rows of `flow_runs`, `deployments`, … that fit the filters."""
        found: list[dict[str, Any]] = self.post(f"{what}/filter", wanted)
        return found

    def post(self, path: str, content: object, method: str = "POST") -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        for left in range(9, -1, -1):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    text = answer.read()
                return json.loads(text) if text else None
            except urllib.error.HTTPError as fault:
                if fault.code != 503 or not left:  # its database is locked for a moment
                    raise
                time.sleep(0.5)

    def deployments(self) -> dict[str, dict[str, Any]]:
        """By name."""
        return {one["name"]: one for one in self.ask("deployments")}

    def begin(self, deployment: str, **parameters: Any) -> str:
        """A run now, as a person starts it; its id."""
        id = self.deployments()[deployment]["id"]
        made = self.post(f"deployments/{id}/create_flow_run", {"parameters": parameters})
        run: str = made["id"]
        return run

    def states(self, *runs: str) -> list[str]:
        """The names of the states of these flow runs, in their order."""
        found = self.ask("flow_runs", flow_runs={"id": {"any_": runs}})
        by_id = {one["id"]: one["state_name"] for one in found}
        return [by_id[run] for run in runs]


class Worker:
    """A process of `duban worker`, or of another command of duban, with all that it starts."""

    def __init__(self, log: Path, *command: str, cwd: Path = REPOSITORY, **variables: str) -> None:
        self.log = log
        environment = {**os.environ, **SETTINGS, "PYTHONPATH": str(REPOSITORY), **variables}
        with log.open("a") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", *command],
                env=environment,
                cwd=cwd,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """The power cut of its machine: it and its flow runs."""
        self._all(signal.SIGKILL)

    def stop(self) -> None:
        """As systemd does."""
        self._all(signal.SIGTERM)

    def _all(self, how: signal.Signals) -> None:
        for group in {self.process.pid, *children(self.process.pid)}:
            try:
                os.killpg(group, how)
            except ProcessLookupError:
                continue
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self._all(signal.SIGKILL)


def children(pid: int) -> set[int]:
    """The process groups of all that this one started; flow runs have groups of their own."""
    import psutil

    try:
        found = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return set()
    groups = set()
    for one in found:
        try:
            groups.add(os.getpgid(one.pid))
        except ProcessLookupError:
            continue
    return groups


def until(true: Callable[[], object], seconds: float, otherwise: str) -> float:
    """Seconds until it was so. Nothing tells when another process has come so far."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, otherwise
        time.sleep(0.2)
    return time.monotonic() - begun
