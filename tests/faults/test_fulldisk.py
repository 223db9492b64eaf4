"""The disk is full: no claim, no send; when there is room again everything goes."""

from pathlib import Path

import pytest

from tests.faults import fulldisk
from tests.faults.figures import table


def test_a_full_disk_stops_sending_and_loses_nothing(tmp_path: Path) -> None:
    try:
        with fulldisk.small_disk(tmp_path / "probe"):
            pass
    except fulldisk.NoDisk as reason:
        pytest.skip(str(reason))

    (figures,) = fulldisk.measure(tmp_path, cycles=5)

    print(table([figures]))
    assert not figures.complaints, table([figures])
