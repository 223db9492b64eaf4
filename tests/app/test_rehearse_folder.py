"""Where a rehearsal may put its results: never over anything else."""

import functools
from datetime import date
from pathlib import Path

import pytest
import structlog

from app.commands import rehearse
from app.reading import quietly
from app.rehearsal import play
from tests.app.conftest import Duban


@pytest.mark.parametrize("folder", ["var", "config", "config/offices.yaml"])
def test_a_folder_that_holds_anything_else_is_left_alone(
    duban: Duban, home: Path, folder: str
) -> None:
    (home / "var").mkdir()
    (home / "var/duban.db").write_text("the site's own")
    before = sorted(path for path in home.rglob("*") if path.is_file())

    said = duban("rehearse", "--folder", folder)

    assert said.code == 2
    assert "请换一个" in said.err
    assert sorted(path for path in home.rglob("*") if path.is_file()) == before


def test_what_a_rehearsal_made_is_emptied_for_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "year"
    rehearse._empty(folder, "")
    (folder / "duban.db").touch()

    rehearse._empty(folder, "")

    assert [path.name for path in folder.iterdir()] == [rehearse.MARK]


def test_a_rehearsal_logs_nothing_but_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger()

    with quietly():
        log.info("nothing to say")
        log.warning("the server is away")

    logged = capsys.readouterr()
    assert logged.out == ""
    assert "the server is away" in logged.err
    assert "nothing to say" not in logged.err


def test_a_second_rehearsal_sends_the_same_mails_as_the_first(
    duban: Duban, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seat goes with its database; else the second one would be taken for a copy."""
    short = functools.partial(play.play, until=date(2026, 2, 14))
    monkeypatch.setattr(play, "play", short)

    mails = [duban("rehearse", "--json").json["mails"] for _ in range(2)]

    assert mails[0] == mails[1] > 0
    assert not (home / "var/seats").exists()
