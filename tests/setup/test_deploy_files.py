"""The files for services: they can be read, and every command in them is one that there is."""

import shutil
import subprocess
from pathlib import Path

import pytest
import typer
import yaml

from app.main import cli

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
COMPOSE = ROOT / "deploy/compose.yaml"
DUBAN = typer.main.get_command(cli)
PREFECT = {("server", "start"): {"--host", "--port"}}
"""What we ask of Prefect itself, and the options that it has for it (`prefect server start --help`)."""


def check(command: list[str]) -> None:
    """`./run duban VERB …` or `.venv/bin/prefect …`, with options that it has."""
    program, *said = command
    if Path(program).name == "run":
        assert said[0] == "duban"
        verb = DUBAN.commands[said[1]]  # type: ignore[attr-defined]
        verb.make_context("duban", said[2:], resilient_parsing=False)
        return
    assert program.endswith(".venv/bin/prefect")
    assert {one for one in said if one.startswith("-")} <= PREFECT[said[0], said[1]]


def started(unit: Path) -> list[str]:
    (line,) = [one for one in unit.read_text().splitlines() if one.startswith("ExecStart=")]
    return line.removeprefix("ExecStart=").split()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    check(started(unit))

    assert "Restart=always" in unit.read_text().splitlines()


def test_services_of_compose_run_commands_that_there_are() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]

    for one in services.values():
        if "command" in one:
            check(one["command"])
        assert one["restart"] == "always"
    assert set(services) == {"db", "prefect", "worker", "sender", "console"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace(" ".join(started(unit)), "/bin/true")
        (tmp_path / unit.name).write_text(text.replace("User=duban\n", ""))

    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert (done.returncode, ours) == (0, [])


def test_no_secret_stands_in_the_files() -> None:
    for file in (ROOT / "deploy").rglob("*.*"):
        for line in file.read_text().splitlines():
            if "PASSWORD=" in line.upper() or "AUTH_STRING=" in line:
                assert "CHANGE-ME" in line, f"{file.name}: {line}"
