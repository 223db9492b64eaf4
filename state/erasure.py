"""Erasing a person on request (个人信息保护法 第四十七条), as far as the account may be shortened.

What is younger than the retention (网络安全法 第二十一条: six months), and what belongs to an item that is
not closed yet, stays and is counted. Of an erased line of the account the rest stays, with the leaf that
it had, so that the chain of seals holds (duban/seal.py).
"""

import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, update

from duban.completion import CLOSED
from duban.seal import ERASED, FIELDS, erased, leaf
from duban.trouble import Trouble
from state import personal
from state.seals import LINE, keys_of
from state.tables import (
    account,
    answer,
    assignment,
    delivery,
    event,
    letter,
    letter_body,
    letter_item,
    mail_read,
    request,
    session,
)

RETENTION = timedelta(days=190)
"""At least six months."""
GONE = "已删除"
BODY = "Content-Type: text/plain; charset=utf-8\r\n\r\n应本人请求，内容已删除。\r\n".encode()
"""What stands in the place of an erased letter."""


class BrokenChain(Trouble):
    """What is to be erased belongs to a seal that does not hold."""

    exit_code = 1


@dataclass(slots=True)
class Erased:
    """How many rows were erased, and how many had to stay, by kind."""

    stub: str
    done: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


def erase(
    connection: Connection, words: Collection[str], keys: Sequence[bytes], *, at: datetime
) -> Erased:
    """`keys`: those that seal; every event that is old enough must be sealed already.

    Raises BrokenChain, and then nothing is erased.
    """
    wiped = Erased(stub(keys[0], words))
    asked = _Asked(connection, words, keys, wiped.stub, at - RETENTION)
    for name, step in STEPS.items():
        wiped.done[name], wiped.kept[name] = step(asked)
    return wiped


@dataclass(frozen=True, slots=True)
class _Asked:
    connection: Connection
    words: Collection[str]
    keys: Sequence[bytes]
    stub: str
    before: datetime
    """What is younger stays."""


def stub(key: bytes, words: Collection[str]) -> str:
    """What stands in the person's place: the same for the same words, and telling nothing."""
    said = "\n".join(sorted(word.lower() for word in words))
    return f"erased-{hmac.digest(key, said.encode(), 'sha256').hex()[:12]}"


def _letters(asked: _Asked) -> tuple[int, int]:
    """The subject stays, the body goes."""
    open_item = exists().where(
        letter_item.c.letter_id == letter.c.id,
        assignment.c.id == letter_item.c.assignment_id,
        _still_open(),
    )
    free = and_(letter.c.written_at < asked.before, ~open_item)
    query = select(letter.c.id, letter.c.key, letter.c.recipient, free.label("free"))
    rows = asked.connection.execute(query.where(personal.in_letters(asked.words))).all()
    for row in rows:
        if row.free:
            _erase_letter(asked, row)
    return _counted(rows)


def _erase_letter(asked: _Asked, row: Any) -> None:
    connection, stub = asked.connection, asked.stub
    connection.execute(
        update(letter_body).where(letter_body.c.letter_id == row.id).values(mime=BODY)
    )
    connection.execute(update(delivery).where(delivery.c.letter_id == row.id).values(reply=GONE))
    connection.execute(update(mail_read).where(mail_read.c.letter_id == row.id).values(note=GONE))
    connection.execute(
        update(letter)
        .where(letter.c.id == row.id)
        .values(
            key=f"{row.key.replace(row.recipient, stub)}/{row.id}",
            recipient=f"{stub}@erased.invalid",
            recipient_name=GONE,
        )
    )


def _events(asked: _Asked) -> tuple[int, int]:
    free = and_(
        event.c.at < asked.before,
        event.c.seal_id.is_not(None),
        ~exists().where(assignment.c.id == event.c.assignment_id, _still_open()),
    )
    query = select(*LINE, event.c.seal_id, free.label("free")).where(
        personal.in_events(asked.words), ~event.c.reason.like(f"{ERASED}%")
    )
    rows = asked.connection.execute(query).all()
    keys = _keys(asked, {row.seal_id for row in rows if row.free})
    for row in rows:
        if row.free:
            _erase_event(asked, tuple(row)[: len(FIELDS)], keys[row.seal_id])
    return _counted(rows)


def _keys(asked: _Asked, numbers: set[int]) -> dict[int, bytes]:
    keys = keys_of(asked.connection, numbers, asked.keys)
    for number in sorted(numbers):
        if number not in keys:
            raise BrokenChain(
                f"第 {number} 号封存和流水对不上，一条也没有删除；请先用 duban audit verify 查明"
            )
    return keys


def _erase_event(asked: _Asked, line: Sequence[Any], key: bytes) -> None:
    """What, when and about what stays; who, from where and in what words goes."""
    left = dict(zip(FIELDS, line, strict=True)) | {"actor": asked.stub, "via": ""}
    reason = erased(asked.keys[0], tuple(left.values()), leaf(key, line))
    asked.connection.execute(
        update(event)
        .where(event.c.id == left["id"])
        .values(actor=asked.stub, via="", reason=reason)
    )


def _answers(asked: _Asked) -> tuple[int, int]:
    """What was handed in stays, without the person."""
    free = and_(answer.c.at < asked.before, ~_item_open(answer.c.assignment_id))
    query = select(answer, free.label("free")).where(personal.in_answers(asked.words))
    rows = asked.connection.execute(query).all()
    for row in rows:
        if row.free:
            values = {"actor": asked.stub, "text": _without(row.text, asked.words)}
            asked.connection.execute(update(answer).where(answer.c.id == row.id).values(values))
    return _counted(rows)


def _requests(asked: _Asked) -> tuple[int, int]:
    free = and_(request.c.asked_at < asked.before, ~_item_open(request.c.assignment_id))
    query = select(request, free.label("free")).where(personal.in_requests(asked.words))
    rows = asked.connection.execute(query).all()
    names = ("asked_by", "decided_by", "towards", "reason", "progress", "answer")
    for row in rows:
        if row.free:
            values = {name: _without(row._mapping[name], asked.words) for name in names}
            asked.connection.execute(update(request).where(request.c.id == row.id).values(values))
    return _counted(rows)


def _accounts(asked: _Asked) -> tuple[int, int]:
    """Only those that were disabled; who may still log in is kept."""
    free = account.c.disabled_at.is_not(None)
    query = select(account.c.id, free.label("free")).where(personal.in_accounts(asked.words))
    rows = asked.connection.execute(query).all()
    for row in rows:
        if not row.free:
            continue
        asked.connection.execute(delete(session).where(session.c.account_id == row.id))
        asked.connection.execute(
            update(account)
            .where(account.c.id == row.id)
            .values(login=f"{asked.stub}-{row.id}", name=GONE, password="", earlier="", totp="")
        )
    return _counted(rows)


def _still_open() -> ColumnElement[bool]:
    return assignment.c.state.not_in([state.value for state in CLOSED])


def _item_open(column: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(assignment.c.id == column, _still_open())


def _without(text: str, words: Collection[str]) -> str:
    """The longest words first, so that none leaves a part of another behind."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, GONE)
    return text


def _counted(rows: Sequence[Any]) -> tuple[int, int]:
    free = sum(bool(row.free) for row in rows)
    return free, len(rows) - free


STEPS: dict[str, Callable[[_Asked], tuple[int, int]]] = {
    "letters": _letters,
    "events": _events,
    "answers": _answers,
    "requests": _requests,
    "accounts": _accounts,
}
