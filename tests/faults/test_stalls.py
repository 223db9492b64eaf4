"""Two senders, one of which stood still beyond its lease: it writes nothing down any more."""

from pathlib import Path

from tests.faults import stalls
from tests.faults.figures import table


def test_a_sender_that_lost_its_lease_is_fenced_off(tmp_path: Path) -> None:
    figures = stalls.measure(tmp_path, ("354", "logged"), rounds=1)

    print(table(figures))
    assert not any(one.complaints for one in figures), table(figures)
    assert all(one.listed for one in figures), table(figures)
