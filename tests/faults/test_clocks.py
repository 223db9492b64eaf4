"""The clock is moved in the middle of the queue: every stage is mailed, and none twice."""

from datetime import date
from pathlib import Path

from tests.faults import clocks
from tests.faults.clocks import LEAP, Case, days, hours
from tests.faults.figures import table

CASES = (
    Case("backwards", (*hours(-1, -8), *days(-1, -3, -366)), LEAP),
    Case("forwards and back", (*hours(5), *days(1, -2)), LEAP[:2]),
)


def test_whatever_the_clock_shows_over_29_february_each_stage_is_mailed_once(
    tmp_path: Path,
) -> None:
    (figures,) = clocks.measure(tmp_path, CASES, date(2028, 2, 24), date(2028, 3, 6))

    print(table([figures]))
    assert not figures.complaints, table([figures])
    assert figures.mails > 30
