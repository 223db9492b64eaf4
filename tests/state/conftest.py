from collections.abc import Iterator
from pathlib import Path

import pytest

from state.database import Database
from state.migrate import migrate


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'duban.db'}")
    migrate(made)
    yield made
    made.close()
