"""Answers: what departments hand in, with its files. The bytes lie elsewhere (adapters/uploads.py)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, func, insert, select

from duban.assignment import Assignment
from duban.completion import Act
from duban.desk import Desk
from duban.measure import Measured
from duban.trouble import Trouble
from state import assignments, turns
from state.bulk import write_many
from state.items import find as find_item
from state.scope import Scope, narrowed, within
from state.tables import answer, assignment, attachment


class NoFile(Trouble):
    """There is no such file in this scope."""


class QuotaReached(Trouble):
    """The office's files take all the room that they may take."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Stored:
    """A file whose bytes are kept already. `name`: as people see it, fit to be shown."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Attachment:
    id: int
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    id: int
    row: int
    """The assignment's number."""
    at: datetime
    actor: str
    text: str
    files: tuple[Attachment, ...]
    measured: Measured | None = None
    """Of a target."""


def hand_in(
    connection: Connection,
    desk: Desk,
    scope: Scope,
    row: int,
    text: str,
    files: Sequence[Stored] = (),
    *,
    measured: Measured | None = None,
    quota: int,
    at: datetime,
    today: date,
    actor: str,
    via: str,
    letter: int | None = None,
) -> Assignment:
    """Report (报送): the answer, its files, the move and its event. `quota`: bytes of the whole office.

    Raises Unknown, IllegalMove, Conflict, QuotaReached.
    """
    turns.take(connection, [scope.office])
    item = find_item(connection, scope, row)
    room(connection, scope.office, sum(file.size for file in files), quota)
    after = assignments.act(
        connection,
        desk,
        item.key,
        Act.REPORT,
        at=at,
        today=today,
        actor=actor,
        reason=_reason(text, files, measured),
        via=via,
        letter=letter,
    )
    number = connection.scalar(
        insert(answer)
        .values(
            assignment_id=row,
            office=scope.office,
            at=at,
            actor=actor,
            text=text,
            value=f"{measured.value:f}" if measured and measured.value is not None else None,
            unit=measured.unit if measured else "",
        )
        .returning(answer.c.id)
    )
    write_many(
        connection,
        insert(attachment),
        [
            {
                "answer_id": number,
                "office": scope.office,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in files
        ],
    )
    return after


def _reason(text: str, files: Sequence[Stored], measured: Measured | None) -> str:
    """For the account: the figure, how it begins, and how many files."""
    first = text.strip().split("\n", 1)[0][:80]
    said = f"数值：{measured}{'。' if first else ''}{first}" if measured else first
    return f"{said}（附件 {len(files)} 个）" if files else said


def room(connection: Connection, office: str, size: int, quota: int) -> None:
    """Raises QuotaReached where `size` more bytes are too many."""
    if size and used(connection, office) + size > quota:
        raise QuotaReached(
            "纲要办存放材料的空间已满，文件存不下；请去掉文件先报送文字，材料改用邮件寄给纲要办"
        )


def used(connection: Connection, office: str) -> int:
    """Bytes of all its files."""
    query = select(func.coalesce(func.sum(attachment.c.size), 0))
    return int(connection.scalar(query.where(attachment.c.office == office)) or 0)


def of_item(connection: Connection, scope: Scope, row: int, most: int = 200) -> list[Answer]:
    """The newest first; none for an item outside the scope."""
    values = {**scope.values, "row": row, "most": most}
    rows = connection.execute(_of_item(scope.few), values).all()
    files = _files(connection, [row.id for row in rows]) if rows else {}
    return [_answer(row, files.get(row.id, [])) for row in rows]


@lru_cache
def _of_item(few: bool) -> Select[Any]:
    query = (
        select(answer)
        .join(assignment, assignment.c.id == answer.c.assignment_id)
        .where(answer.c.assignment_id == bindparam("row"))
        .order_by(answer.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
    return narrowed(query, assignment, few)


def file(connection: Connection, scope: Scope, id: int) -> Attachment:
    """Raises NoFile, also for one outside the scope."""
    query = (
        select(attachment)
        .join(answer, answer.c.id == attachment.c.answer_id)
        .join(assignment, assignment.c.id == answer.c.assignment_id)
        .where(attachment.c.id == id)
    )
    for row in connection.execute(within(query, assignment, scope)):
        return _attachment(row)
    raise NoFile("没有这个文件，或者它不归您查看")


def _files(connection: Connection, answers: Collection[int]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in connection.execute(_FILES, {"answers": list(answers)}):
        found.setdefault(row.answer_id, []).append(_attachment(row))
    return found


_FILES = (
    select(attachment)
    .where(attachment.c.answer_id.in_(bindparam("answers", expanding=True)))
    .order_by(attachment.c.id)
)


def _answer(row: Row[Any], files: list[Attachment]) -> Answer:
    value = Decimal(row.value) if row.value is not None else None
    measured = Measured(value, row.unit) if row.unit else None
    return Answer(row.id, row.assignment_id, row.at, row.actor, row.text, tuple(files), measured)


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(row.id, row.name, row.size, row.sha256)
