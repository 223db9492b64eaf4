"""Workers of Prefect and senders of our own share a morning; what dies is taken over, and nothing is lost."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import workers
from tests.faults.figures import table
from tests.postgres import programs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL here (apt install postgresql)"),
]


def test_a_worker_and_a_sender_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        figures = workers.killed(workers.Ground(tmp_path, stack, offices=12))

    if workers.NOBODY in figures.complaints and not figures.lost:
        pytest.skip("all letters were written before anybody could be killed")
    assert not figures.complaints, table([figures])
