"""Another process keeps the database locked while mail is sent: sending waits, and goes on."""

from pathlib import Path

from tests.faults import locked
from tests.faults.figures import table


def test_while_the_database_is_locked_nothing_is_begun(tmp_path: Path) -> None:
    (figures,) = locked.measure(tmp_path, (1, 2))

    print(table([figures]))
    assert not figures.complaints, table([figures])
    assert not figures.duplicates
