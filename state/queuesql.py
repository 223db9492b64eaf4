"""What the queue of the outbox says to the database: statements about many letters at once, made once."""

from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Text, bindparam, case, select, update

from state.given import given, once_a_database
from state.standing import Phase, Standing
from state.tables import delivery, letter, letter_body

_FREE = {"owner": None, "lease_until": None}
OTHERWISE = (
    update(delivery)
    .where(delivery.c.letter_id == bindparam("id_"), delivery.c.owner == bindparam("owner_"))
    .values(
        **_FREE,
        code=bindparam("code_"),
        reply=bindparam("reply_"),
        state=bindparam("standing"),
        phase=bindparam("phase_"),
        attempts=delivery.c.attempts - bindparam("attempts_"),
        try_at=bindparam("try_at_"),
        deferred_since=bindparam("since"),
    )
)


@once_a_database
def statements(connection: Connection) -> dict[str, Any]:
    """The statements for many letters at once; they differ by database."""
    ids = given(connection, id=BigInteger())
    ends = given(connection, id=BigInteger(), code=Integer(), reply=Text())
    # What has an owner is being sent. Naming the state, too, would lead SQLite to the index of all that
    # are, and it would read the list once for each of them.
    held = delivery.c.owner == bindparam("owner_")
    sending: dict[str, Any] = {"lease_until": bindparam("until")}
    again = case((delivery.c.phase == Phase.BODY.value, 1), else_=0)
    return {
        "take": update(delivery)
        .where(delivery.c.letter_id == ids.c.id)
        .values(
            **sending,
            owner=bindparam("owner_"),
            state=Standing.SENDING.value,
            attempts=delivery.c.attempts + 1,
        ),
        "read": select(
            letter.c.id,
            letter.c.office,
            letter_body.c.sender,
            letter.c.recipient,
            letter.c.message_id,
            letter_body.c.mime,
            delivery.c.attempts,
            delivery.c.deferred_since,
            delivery.c.phase,
        )
        .join(ids, ids.c.id == letter.c.id)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .join(letter_body, letter_body.c.letter_id == letter.c.id)
        .order_by(letter.c.id)
        .execution_options(duban_binary=True),
        "begin": update(delivery)
        .where(delivery.c.letter_id == ids.c.id, held)
        .values(
            **sending,
            phase=Phase.BODY.value,
            possible_duplicates=delivery.c.possible_duplicates + again,
        )
        .returning(delivery.c.letter_id),
        "accept": update(delivery)
        .where(delivery.c.letter_id == ends.c.id, held)
        .values(
            **_FREE,
            state=Standing.ACCEPTED.value,
            phase=None,
            code=ends.c.code,
            reply=ends.c.reply,
            accepted_at=bindparam("at"),
        ),
    }
