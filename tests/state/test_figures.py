"""Numbers for monitoring."""

from sqlalchemy import event

from state.database import Database
from state.figures import figures


def test_no_number_is_counted_over_all_letters(migrated_file, tmp_path) -> None:
    """Each comes from an index that holds only what is still to be done."""
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{file}")
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _k, statement, given, *_: asked.append((statement, given)),
    )
    with database.reading() as connection:
        figures(connection)
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all())
            for statement, given in asked
            if statement.startswith("SELECT")
        ]
    database.close()

    small = ("INDEX", "few", "SCAN pulse")
    scans = [p for p in plans if "SCAN" in p and not any(one in p for one in small)]
    assert len(plans) >= 5
    assert scans == []
