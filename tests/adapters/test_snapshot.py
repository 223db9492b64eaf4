"""Files that look the same are not read again, and none that changed is taken for the same."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.snapshot import CACHE, REST, snapshot
from tests.sites import write_site

STEPS = "calendar/steps.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write_site(tmp_path)


def at_rest(home: Path) -> None:
    """As if the last look had been long after the last change."""
    noted = json.loads((home / CACHE).read_text())
    noted["begun"] += 2 * REST
    (home / CACHE).write_text(json.dumps(noted))


def digest(home: Path, file: str = STEPS) -> str:
    return sha256((home / file).read_bytes()).hexdigest()


def test_every_file_of_the_calendar_has_its_digest(home: Path) -> None:
    (home / "config/settings.yaml").write_text("mail: {mode: catch}\n")

    found = snapshot(home)

    assert found[STEPS] == digest(home)
    assert "config/contacts/cq.yaml" in found
    assert "config/settings.yaml" not in found


def test_a_file_at_rest_is_believed_without_being_read(home: Path) -> None:
    first = snapshot(home)
    at_rest(home)
    noted = json.loads((home / CACHE).read_text())
    noted["files"][STEPS][-1] = "told"
    (home / CACHE).write_text(json.dumps(noted))

    second = snapshot(home)

    assert second == {**first, STEPS: "told"}


def rewritten(file: Path) -> None:
    file.write_text(file.read_text().replace("开始前15天", "开始前14天"))


def rewritten_with_its_old_time(file: Path) -> None:
    times = file.stat()
    rewritten(file)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def exchanged(file: Path) -> None:
    other = file.with_name("other")
    other.write_text(file.read_text().replace("开始前15天", "开始前14天"))
    other.replace(file)


@pytest.mark.parametrize("edit", [rewritten, rewritten_with_its_old_time, exchanged])
@pytest.mark.parametrize("rest", [at_rest, lambda home: None])
def test_a_changed_file_of_the_same_size_is_seen(
    home: Path, edit: Callable[[Path], None], rest: Callable[[Path], None]
) -> None:
    snapshot(home)
    rest(home)
    edit(home / STEPS)

    assert snapshot(home)[STEPS] == digest(home)


def test_files_that_come_and_go_are_seen(home: Path) -> None:
    snapshot(home)
    (home / STEPS).rename(home / "calendar/step.yaml")

    found = snapshot(home)

    assert STEPS not in found
    assert "calendar/step.yaml" in found


@pytest.mark.parametrize("noted", ["", "[]", '{"begun": 1, "files": {"a": [1]}}', '{"files": 3}'])
def test_notes_that_cannot_be_read_are_made_anew(home: Path, noted: str) -> None:
    (home / "var").mkdir()
    (home / CACHE).write_text(noted)

    found = snapshot(home)

    assert found[STEPS] == digest(home)
    assert json.loads((home / CACHE).read_text())["files"].keys() == found.keys()
