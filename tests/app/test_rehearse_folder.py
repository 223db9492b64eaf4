"""Where a rehearsal may put its results: never over anything else."""

from pathlib import Path

import pytest

from app.commands import rehearse
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
