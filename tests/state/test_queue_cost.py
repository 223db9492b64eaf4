"""What a sender's steps cost does not grow with the letters that it holds."""

from datetime import timedelta
from pathlib import Path

from benchmarks.delivery.mails import AT
from benchmarks.delivery.stock import Place, fill
from state import queue
from state.database import Connection, Database
from state.queue import Ended
from state.standing import Standing

LEASE = timedelta(minutes=5)


def test_a_body_begins_and_ends_at_the_same_cost_however_many_letters_are_under_way(
    migrated_file: Path, tmp_path: Path
) -> None:
    few, many = (steps(migrated_file, tmp_path / str(held), held) for held in (20, 800))

    assert many < few * 1.5


def steps(migrated: Path, folder: Path, held: int) -> int:
    """SQLite's own, for twenty of so many letters that one sender holds."""
    folder.mkdir()
    file = folder / "duban.db"
    file.write_bytes(migrated.read_bytes())
    fill(Place(f"sqlite:///{file}", folder), held)
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        claimed = queue.claim(connection, owner="me", at=AT, lease=LEASE, limit=held)
        ids = [one.id for one in claimed[:20]]
        counted = count(connection)
        assert queue.bodies_began(connection, ids, "me", lease_until=AT + LEASE) == set(ids)
        ends = [Ended(id, Standing.ACCEPTED, AT, 250, "ok") for id in ids]
        assert queue.record(connection, ends, "me") == []
    database.close()
    return len(counted)


def count(connection: Connection) -> list[None]:
    """Grows by one with every tenth step from now on."""
    counted: list[None] = []
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.set_progress_handler(lambda: counted.append(None), 10)
    return counted
