"""What the database holds about one person: letters, lines of the account, answers, requests, accounts.

A person is given by *words*: names, mail addresses, logins, just as they are written. Whoever is called
the same cannot be told apart by a name; an address can.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from state.tables import (
    account,
    answer,
    applied,
    attachment,
    delivery,
    event,
    letter,
    letter_body,
    link_revoked,
    request,
    session,
)

SECRET = ("password", "earlier", "totp", "totp_used")
"""Columns of an account that nobody is shown."""
SHORTEST = 2
"""A shorter word would be found in everything."""


def about(connection: Connection, words: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows by kind, each as plain values; bodies of letters as they were sent."""
    return {
        "letters": _rows(connection, _letters(words)),
        "events": _rows(connection, select(event).where(in_events(words)).order_by(event.c.id)),
        "answers": _rows(connection, _answers(words)),
        "requests": _rows(
            connection, select(request).where(in_requests(words)).order_by(request.c.id)
        ),
        "accounts": _rows(connection, _accounts(words)),
        "sessions": _rows(connection, _sessions(words)),
        "revoked": _rows(connection, select(link_revoked).where(_by(link_revoked.c.by, words))),
        "applied": _rows(connection, _applied(words)),
    }


def in_letters(words: Collection[str]) -> ColumnElement[bool]:
    """To that person."""
    return or_(
        func.lower(letter.c.recipient).in_([word.lower() for word in words]),
        letter.c.recipient_name.in_(list(words)),
    )


def in_events(words: Collection[str]) -> ColumnElement[bool]:
    """By that person, or with that person in its words."""
    return or_(_by(event.c.actor, words), _named(event, words, "reason"))


def in_answers(words: Collection[str]) -> ColumnElement[bool]:
    return or_(_by(answer.c.actor, words), _named(answer, words, "text"))


def in_requests(words: Collection[str]) -> ColumnElement[bool]:
    c = request.c
    people = (_by(column, words) for column in (c.asked_by, c.decided_by))
    return or_(*people, _named(request, words, "towards", "reason", "progress", "answer"))


def in_accounts(words: Collection[str]) -> ColumnElement[bool]:
    return or_(account.c.login.in_(list(words)), account.c.name.in_(list(words)))


def _by(column: ColumnElement[str], words: Collection[str]) -> ColumnElement[bool]:
    """An actor is written `name`, `name（login）` or `name（自称，department）`."""
    shapes = [shape for word in words for shape in (f"{plain(word)}（%", f"%（{plain(word)}）")]
    return or_(column.in_(list(words)), *(column.like(shape, escape="\\") for shape in shapes))


def _named(table: Table, words: Collection[str], *columns: str) -> ColumnElement[bool]:
    long = [plain(word) for word in words if len(word) >= SHORTEST]
    found = [table.c[name].like(f"%{word}%", escape="\\") for name in columns for word in long]
    return or_(False, *found)


def plain(word: str) -> str:
    """For LIKE."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _letters(words: Collection[str]) -> Select[Any]:
    return (
        select(letter, delivery.c.state, delivery.c.reply, letter_body.c.mime)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .outerjoin(letter_body, letter_body.c.letter_id == letter.c.id)
        .where(in_letters(words))
        .order_by(letter.c.id)
    )


def _answers(words: Collection[str]) -> Select[Any]:
    files = select(func.count()).where(attachment.c.answer_id == answer.c.id).scalar_subquery()
    query = select(answer, files.label("files"))
    return query.where(in_answers(words)).order_by(answer.c.id)


def _accounts(words: Collection[str]) -> Select[Any]:
    shown = [column for column in account.c if column.name not in SECRET]
    return select(*shown).where(in_accounts(words)).order_by(account.c.id)


def _sessions(words: Collection[str]) -> Select[Any]:
    """The id is what the browser's cookie is known by; it stays here."""
    shown = [column for column in session.c if column.name != "id"]
    mine = select(account.c.id).where(in_accounts(words))
    return select(*shown).where(session.c.account_id.in_(mine))


def _applied(words: Collection[str]) -> Select[Any]:
    """Calendars that were applied by that person, or whose departments or contacts name them."""
    shown = [column for column in applied.c if column.name != "document"]
    found = or_(_by(applied.c.applied_by, words), _named(applied, words, "document"))
    return select(*shown).where(found).order_by(applied.c.id)


def _rows(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [_plain_row(row._mapping) for row in connection.execute(query)]


def _plain_row(row: Any) -> dict[str, Any]:
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in row.items()
    }
