from datetime import timedelta

import pytest

from duban.lockout import locked_until
from tests.sitting import at

NOW = at("2026-03-02T10:00")


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (1, 0), (4, 0), (5, 15), (6, 0), (9, 0), (10, 30), (15, 60), (20, 60), (1000, 60)],
)
def test_every_fifth_failure_locks_and_longer_each_time(failures: int, minutes: int) -> None:
    until = NOW + timedelta(minutes=minutes) if minutes else None

    assert locked_until(failures, NOW) == until
