"""What came back, in the account: which letter a report is about, and what it changes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from duban.bounce import Bounce, Fate, Report
from duban.letter import Returned
from state.standing import Standing
from state.tables import delivery, event, failure_told, letter, mail_read
from state.words import word

ACTOR = "bounces"
WORST = (Fate.FAILED, Fate.DELAYED, Fate.EXPANDED, Fate.RELAYED, Fate.DELIVERED)
MARK = "退信："
LONGEST = 500
"""Characters of a mailbox's name that are kept, from its end."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Verdict(StrEnum):
    """What became of a mail that came back."""

    BOUNCE = "bounce"
    """It is about a letter of ours, and is in the account."""
    WAITING = "waiting"
    """The same, but the letter is still on its way to the first server: see `catch_up`."""
    FOREIGN = "foreign"
    """Nobody may believe it."""
    AUTOMATIC = "automatic"
    PERSONAL = "personal"

    @property
    def stays(self) -> bool:
        """Whether the mail is left where it lies, for the person whose it is."""
        return self is Verdict.PERSONAL


class AlreadyRead(Exception):
    """Another reader was faster; the transaction is to be rolled back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail that was looked at, and what was made of it."""

    mailbox: str
    name: str
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    verdict: Verdict
    note: str = ""
    """Why, in Chinese."""
    letter: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """A report that may be believed: the letter, and what it says of its recipient."""

    letter: int
    office: str
    recipient: str
    state: Standing
    bounce: Bounce

    @property
    def reply(self) -> str:
        return f"{MARK}{self.bounce.words}"


# --- memory --------------------------------------------------------------------------------------


def recall(connection: Connection, mailbox: str, name: str) -> Verdict | None:
    """What was made of that mail; None when it was never read."""
    query = select(mail_read.c.verdict).where(
        mail_read.c.mailbox == mailbox[-LONGEST:], mail_read.c.name == name
    )
    found = connection.scalar(query)
    return Verdict(found) if found else None


def last(connection: Connection, mailbox: str) -> str:
    """The name of the mail of that mailbox that was read last; empty when there is none."""
    query = select(mail_read.c.name).where(mail_read.c.mailbox == mailbox[-LONGEST:])
    return connection.scalar(query.order_by(mail_read.c.id.desc()).limit(1)) or ""


def same(connection: Connection, digest: str) -> Verdict | None:
    """What to make of a mail whose very bytes were read before, wherever they lay; None: nothing yet."""
    query = select(mail_read.c.verdict).where(mail_read.c.digest == digest)
    found = connection.scalar(query.order_by(mail_read.c.id).limit(1))
    if found == Verdict.WAITING.value:
        return Verdict.BOUNCE
    return Verdict(found) if found else None


def remember(connection: Connection, seen: Seen, *, at: datetime) -> None:
    """Raises AlreadyRead."""
    values = {
        "mailbox": seen.mailbox[-LONGEST:],
        "name": seen.name,
        "digest": seen.digest,
        "at": at,
        "verdict": seen.verdict.value,
        "letter_id": seen.letter,
        "note": seen.note,
    }
    try:
        connection.execute(insert(mail_read).values(values))
    except IntegrityError as fault:
        raise AlreadyRead(seen.name) from fault


# --- matching ------------------------------------------------------------------------------------


def match(connection: Connection, report: Report) -> About | str:
    """The letter that the report is about; else why it must not be believed, in Chinese.

    It has to know what only those know who had the letter in their hands: its Message-ID, or the
    ENVID that was said as it was handed over. And it has to name that letter's recipient.
    """
    ours = _UUID.fullmatch(report.envid.strip().lower())
    envid = ours[0] if ours else ""
    if not report.message_id and not envid:
        return "没有带回原信的 Message-ID"
    row = _letter(connection, report.message_id, envid)
    if row is None:
        return f"不是这里寄出的信：{report.message_id or envid}"
    if envid and not row.message_id.startswith(f"<{envid}@"):
        return f"Message-ID 与 ENVID 不是同一封信：{row.message_id}、{envid}"
    said = [one for one in report.bounces if row.recipient.lower() in one.recipients]
    if not said:
        named = "、".join(one.recipients[0] for one in report.bounces[:3])
        return f"收件人对不上：信是寄给 {row.recipient} 的，退信说的是 {named}"
    worst = min(said, key=lambda one: WORST.index(one.fate))
    return About(row.id, row.office, row.recipient, Standing(row.state), worst)


def _letter(connection: Connection, message_id: str, envid: str) -> Row[Any] | None:
    """By the Message-ID, else by its first half, which is what we give as ENVID."""
    this = (
        letter.c.message_id == message_id if message_id else letter.c.message_id.like(f"<{envid}@%")
    )
    query = (
        select(letter.c.id, letter.c.office, letter.c.recipient, letter.c.message_id)
        .add_columns(delivery.c.state)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(this)
    )
    return connection.execute(query).one_or_none()


# --- effects -------------------------------------------------------------------------------------


def settle(connection: Connection, about: About, *, at: datetime) -> Verdict:
    """Write into the account what the report says.

    A failure makes an accepted letter a failed one, whether the fault was permanent or the time ran
    out; that is the only move. Everything else is an event. What the letter was about is left alone.
    """
    fate = about.bounce.fate
    if fate is not Fate.FAILED:
        act = "delay" if fate is Fate.DELAYED else "deliver"
        _note(connection, about.office, about.letter, act, about.bounce.words, at)
    elif not _fail(connection, about.office, about.letter, about.bounce.words, at):
        waiting = _state(connection, about.letter) in (Standing.QUEUED, Standing.SENDING)
        return Verdict.WAITING if waiting else Verdict.BOUNCE
    return Verdict.BOUNCE


def catch_up(connection: Connection, *, at: datetime) -> int:
    """Failures that were reported before the server's 250 was in the account; returns how many.

    A report may be faster than that, and the sender may even have died in between.
    """
    query = (
        select(mail_read.c.id, mail_read.c.letter_id, mail_read.c.note, delivery.c.office)
        .add_columns(delivery.c.state)
        .join(delivery, delivery.c.letter_id == mail_read.c.letter_id)
        .where(
            mail_read.c.verdict == Verdict.WAITING.value,
            delivery.c.state.not_in([Standing.QUEUED.value, Standing.SENDING.value]),
        )
        .order_by(mail_read.c.id)
    )
    count = 0
    for row in connection.execute(query).all():
        count += _fail(connection, row.office, row.letter_id, row.note.removeprefix(MARK), at)
        connection.execute(
            update(mail_read).where(mail_read.c.id == row.id).values(verdict=Verdict.BOUNCE.value)
        )
    return count


def _fail(connection: Connection, office: str, number: int, words: str, at: datetime) -> bool:
    """Whether it was accepted until now."""
    code = re.search(r"(?<![\d.])[45]\d\d(?=[ -])", words)
    moved = connection.execute(
        update(delivery)
        .where(delivery.c.letter_id == number, delivery.c.state == Standing.ACCEPTED.value)
        .values(
            state=Standing.FAILED.value,
            code=int(code[0]) if code else None,
            reply=f"{MARK}{words}",
        )
    )
    if moved.rowcount == 1:
        _note(connection, office, number, "bounce", words, at, moved=True)
    return moved.rowcount == 1


def _state(connection: Connection, number: int) -> Standing:
    query = select(delivery.c.state).where(delivery.c.letter_id == number)
    return Standing(connection.execute(query).scalar_one())


def _note(
    connection: Connection,
    office: str,
    number: int,
    act: str,
    reason: str,
    at: datetime,
    *,
    moved: bool = False,
) -> None:
    connection.execute(
        insert(event).values(
            at=at,
            office=office,
            letter_id=number,
            act=act,
            actor=ACTOR,
            from_state=Standing.ACCEPTED.value if moved else None,
            to_state=Standing.FAILED.value if moved else None,
            reason=reason,
        )
    )


# --- telling the office --------------------------------------------------------------------------


def untold(
    connection: Connection, office: str, since: date, clerks: Iterable[str] = ()
) -> list[Returned]:
    """Letters since that day that failed, refused at once or returned later, of which no letter to the
    office has told yet, in the order of writing.

    Not those to its `clerks`, who would read it: a mail about a mail that they do not get helps nobody.
    """
    not_these = frozenset(clerks)
    return [
        Returned(
            row.id,
            row.recipient,
            row.recipient_name,
            row.departments,
            row.subject,
            row.day,
            (row.reply or "").removeprefix(MARK),
        )
        for row in connection.execute(_UNTOLD, {"office": office, "since": since})
        if row.recipient not in not_these
    ]


_UNTOLD = (
    select(letter, delivery.c.reply)
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(
        delivery.c.state == word(Standing.FAILED),
        letter.c.office == bindparam("office"),
        letter.c.day >= bindparam("since"),
        ~exists().where(failure_told.c.letter_id == letter.c.id),
    )
    .order_by(letter.c.id)
)


def told(connection: Connection, said: Iterable[tuple[int, Returned]]) -> None:
    """Letters and what each of them tells."""
    rows = [{"letter_id": one.row, "told_in": number} for number, one in said]
    if rows:
        connection.execute(insert(failure_told), rows)
