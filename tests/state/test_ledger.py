import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from state.database import Database
from state.ledger import Ledger
from tests.sitting import at


async def test_when_a_ledger_ends_it_holds_no_connection(
    migrated_file: Path, tmp_path: Path
) -> None:
    """Else a file that is laid in the database's place would meet what the old one left."""
    file = tmp_path / "duban.db"
    shutil.copy(migrated_file, file)
    database = Database(f"sqlite:///{file}")

    async with Ledger(
        database, "me", lease=timedelta(minutes=1), now=lambda: at("2026-03-02T09:00")
    ) as ledger:
        await ledger.ask(lambda connection: connection.execute(text("DELETE FROM pulse")))
    database.close()

    assert not file.with_name("duban.db-wal").exists()
