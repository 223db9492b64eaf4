"""`duban console` as people start it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.app.conftest import REPOSITORY, Duban


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_console_answers_until_it_is_told_to_stop(
    duban: Duban, home: Path, processes: str
) -> None:
    duban("apply", "--yes")
    serving = subprocess.Popen(
        [sys.executable, "-u", "-m", "app", "console", "--processes", processes],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    said = serving.stdout.readline()
    found = re.search(r"http://[\d.:]+", said)
    assert found, said

    with urllib.request.urlopen(f"{found[0]}/healthz", timeout=60) as answer:
        status = answer.status
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=60)

    assert (status, serving.returncode) == (200, 0)


def test_an_address_that_is_taken_is_named(
    duban: Duban, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duban("apply", "--yes")
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("DUBAN_CONSOLE__PORT", str(other.getsockname()[1]))

        alone, crowd = duban("console"), duban("console", "--processes", "2")

    assert alone.code == crowd.code == 3
    assert all("console.port" in said.err for said in (alone, crowd))
