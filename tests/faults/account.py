"""The account joined with what the server has on disk: what is lost, double, or not explained."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from state import tables
from state.database import Database

SETTLED = {"accepted", "failed", "queued", "withdrawn"}


@dataclass
class Account:
    """Each letter of the outbox beside its lines in the log of the sink."""

    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    duplicates: int = 0
    """Lines of a letter after its first."""
    listed: int = 0
    """Letters that the program itself counts as possible duplicates."""
    unexplained: list[str] = field(default_factory=list)

    @property
    def mails(self) -> int:
        return self.states.total()

    def add(self, other: "Account") -> None:
        self.states += other.states
        self.lost += other.lost
        self.duplicates += other.duplicates
        self.listed += other.listed
        self.unexplained += other.unexplained

    @property
    def good(self) -> bool:
        return not self.lost and not self.unexplained


@dataclass(frozen=True, slots=True)
class _Row:
    message_id: str
    recipient: str
    state: str
    phase: str | None
    possible_duplicates: int
    print: str


def join(database: Database, log: Path, promised: Collection[str] = ()) -> Account:
    """`promised`: Message-IDs of letters that a writer was told are committed."""
    found = Account()
    lines = _read(log, found)
    missing = set(promised)
    for row in _rows(database):
        missing.discard(row.message_id)
        _judge(found, row, lines.pop(row.message_id, []))
    found.lost += _torn(database)
    found.lost += [f"{name}: committed and gone" for name in sorted(missing)]
    found.unexplained += [f"{name}: sent and not in the outbox" for name in sorted(lines)]
    return found


def _read(log: Path, found: Account) -> dict[str, list[tuple[str, str]]]:
    lines: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with log.open() as file:
        for line in file:
            name, _, rest = line.rstrip("\n").partition(" ")
            if name == "!":
                found.unexplained.append(f"the sink complains: {rest}")
                continue
            recipient, digest = rest.split(" ")
            lines[name].append((recipient, digest))
    return lines


def _rows(database: Database) -> Iterator[_Row]:
    letter, body, delivery = tables.letter, tables.letter_body, tables.delivery
    query = (
        select(
            letter.c.message_id,
            letter.c.recipient,
            delivery.c.state,
            delivery.c.phase,
            delivery.c.possible_duplicates,
            body.c.mime,
        )
        .join_from(letter, body)
        .join(delivery, delivery.c.letter_id == letter.c.id)
    )
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=500).execute(query):
            yield _Row(*row[:5], sha256(row.mime).hexdigest())


def _torn(database: Database) -> list[str]:
    """Letters that are not whole: without bytes, or without a place in the queue."""
    letter, torn = tables.letter, []
    for part in (tables.letter_body, tables.delivery):
        query = (
            select(letter.c.message_id)
            .outerjoin(part, part.c.letter_id == letter.c.id)
            .where(part.c.letter_id.is_(None))
        )
        with database.reading() as connection:
            torn += [f"{name}: without its {part.name}" for name in connection.scalars(query)]
    return torn


def _judge(found: Account, row: _Row, copies: list[tuple[str, str]]) -> None:
    found.states[row.state] += 1
    found.duplicates += max(0, len(copies) - 1)
    found.listed += row.possible_duplicates > 0
    say = f"{row.message_id} ({row.state}, {len(copies)} copies): "
    if row.state == "accepted" and not copies:
        found.lost.append(f"{say}accepted by our account only")
    if row.state not in SETTLED:
        found.lost.append(f"{say}neither accepted nor failed nor queued")
    if any(copy != (row.recipient, row.print) for copy in copies):
        found.unexplained.append(f"{say}another recipient, or not the bytes that were frozen")
    if len(copies) - 1 > row.possible_duplicates:
        found.unexplained.append(f"{say}only {row.possible_duplicates} listed")
    doubtful = row.phase is not None or row.possible_duplicates > 0
    if copies and row.state != "accepted" and not doubtful:
        found.unexplained.append(f"{say}arrived, and the account knows nothing of it")
