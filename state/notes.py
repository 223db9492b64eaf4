"""Lines of the account about no item: who came in, what was changed about accounts, what was looked up."""

from datetime import datetime

from sqlalchemy import Connection, insert

from state.tables import event


def note_act(
    connection: Connection,
    office: str,
    act: str,
    actor: str,
    via: str,
    reason: str,
    at: datetime,
) -> None:
    """`office` empty: the whole site's. What is longer than its column is cut."""
    connection.execute(
        insert(event).values(
            at=at, office=office, act=act, actor=actor[:120], via=via[:120], reason=reason
        )
    )
