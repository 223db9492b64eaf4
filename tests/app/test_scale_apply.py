"""The benchmark of applying a country, in small: it measures, and what it measures is done."""

from pathlib import Path

import pytest

from benchmarks.scale import apply
from tests.app.conftest import Duban
from tests.postgres import Cluster


class Small:
    """A country of few counties."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder

    def site(self, _counties: int) -> Path:
        return self.folder


def test_a_small_country_is_measured_and_every_target_can_be_told(
    duban: Duban, cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "country"
    small = ("--offices", "90", "--activities", "3", "--departments", "2")
    duban("generate", *small, "--into", str(folder))

    targets = list(apply.measure(Small(cluster, folder), 90))

    assert [one.what for one in targets] == [
        "apply from nothing, s",
        "apply from nothing, MB of a process",
        "apply one changed date, s",
    ]
    assert all(one.value and one.value > 0 for one in targets)
    assert "one date of one county" in capsys.readouterr().out
