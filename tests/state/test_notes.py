from datetime import UTC, datetime

from sqlalchemy import select

from state.database import Database
from state.notes import note_act
from state.tables import event


def test_an_act_about_no_item_stands_in_the_account_cut_to_its_column(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        note_act(
            connection, "", "login", "李" * 200, "console", "进来", datetime(2026, 3, 2, tzinfo=UTC)
        )

    with database.reading() as connection:
        row = connection.execute(select(event)).one()

    assert (row.office, row.act, row.reason, row.assignment_id) == ("", "login", "进来", None)
    assert row.actor == "李" * 120
