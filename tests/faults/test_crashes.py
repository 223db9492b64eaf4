"""PostgreSQL ends at once under a sender: nothing is lost, and no letter pays for it."""

from pathlib import Path

import pytest

from tests.faults import crashes
from tests.faults.figures import table
from tests.postgres import programs

pytestmark = pytest.mark.skipif(
    programs() is None, reason="no PostgreSQL here (apt install postgresql)"
)


def test_a_database_that_crashes_while_sending_loses_nothing(tmp_path: Path) -> None:
    figures = crashes.measure(tmp_path, crashes=4)

    print(table(figures))
    assert not any(one.complaints for one in figures), table(figures)
    assert sum(one.listed for one in figures), table(figures)
