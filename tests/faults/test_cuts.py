"""The line to the server is cut, goes deaf or is slow: nothing is lost, every duplicate is listed."""

from pathlib import Path

from tests.faults import cuts
from tests.faults.figures import table


def test_wherever_the_line_is_cut_nothing_is_lost(tmp_path: Path) -> None:
    figures = cuts.measure(tmp_path, every=11, deaf=9, random_ones=20)

    assert not any(one.complaints for one in figures), table(figures)
    assert all(one.faults for one in figures), table(figures)
    assert sum(one.listed for one in figures), table(figures)


def test_a_slow_line_is_not_a_dead_one(tmp_path: Path) -> None:
    (figures,) = cuts.slow(tmp_path, letters=4, lines=40)

    assert not figures.complaints, figures.complaints
