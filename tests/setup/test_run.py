import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = ROOT / "run"
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def start(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", RUN, *args],
        env={"PATH": "/nonexistent", "LC_ALL": "C.UTF-8", **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def name(requirement: str) -> str:
    """Normalised (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


LOCKED = {name(line) for line in LOCK.splitlines() if re.match(r"\w", line)}


def imports(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").split(".")[0])
    return found


def test_lock_names_no_host():
    assert not re.search(r"://|@ |^-|www\.|localhost|\d+\.\d+\.\d+\.\d+:", LOCK, re.MULTILINE)


def test_every_locked_package_has_a_version_and_a_hash():
    blocks = re.split(r"\n(?=\w)", LOCK)

    assert [
        block for block in blocks if not re.match(r".+==\S+.* \\\n +--hash=sha256:", block)
    ] == []


def test_lock_covers_every_dependency():
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]

    assert {name(requirement) for requirement in asked} - LOCKED == set()


def test_run_imports_only_the_standard_library():
    assert imports(RUN.read_text()) - sys.stdlib_module_names == set()


def test_help_needs_nothing_but_python():
    done = start("help")

    assert (done.returncode, done.stderr) == (0, "")
    assert "用法" in done.stdout
    assert "Usage" in done.stdout


def test_an_unknown_verb_is_refused_with_the_help():
    done = start("dmeo")

    assert done.returncode == 1
    assert "dmeo" in done.stderr
    assert "demo" in done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout in which nothing is prepared yet."""
    for file in (RUN, ROOT / "requirements.lock"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_without_a_network_it_says_what_it_could_not_reach(copy: Path):
    done = subprocess.run(
        [sys.executable, copy / "run", "lint"],
        env={"HOME": str(copy), "PIP_INDEX_URL": "http://user:secret@127.0.0.1:1/simple"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_prepared_environment_is_used_at_once(copy: Path):
    """The stamp is all that is looked at: this interpreter only tells how it was called."""
    sham = copy / ".venv/bin/python"
    sham.parent.mkdir(parents=True)
    sham.write_text('#!/bin/sh\necho "$PYTHONPATH" "$@"\nexit 7\n')
    sham.chmod(0o755)
    wanted = subprocess.run(
        [sys.executable, "-c", "import runpy, sys; print(runpy.run_path('run')['stamp']())"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=True,
    )
    (copy / ".venv/ready").write_text(wanted.stdout.strip())

    done = subprocess.run(
        [sys.executable, copy / "run", "duban", "plan", "二 三"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 7
    assert done.stdout == f"{copy} -P -m app plan 二 三\n"
    assert done.stderr == ""
