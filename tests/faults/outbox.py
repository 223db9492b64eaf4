"""The outbox under test: many letters queued quickly through the state layer."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from duban.letter import Kind, Letter, Section
from duban.morning import Morning
from state import outbox
from state.bundles import Frozen
from state.database import Database

OFFICE = "ceshi"
SENDER = "duban@kx.ceshi.example"
BATCH = 500
LINES = 20
"""Of a body, about 60 bytes each, a leading dot here and there."""


def fill(
    database: Database,
    count: int,
    *,
    at: datetime,
    first: int = 0,
    domain: str = "far.test",
    lines: int = LINES,
) -> list[str]:
    """Queue letters number `first` and on, one a recipient, to be tried from `at` on.

    Their Message-IDs come back once they are committed.
    """
    day = at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    numbers = iter(range(first, first + count))
    names: list[str] = []
    while batch := [_frozen(n, day, domain, lines) for n in islice(numbers, BATCH)]:
        with database.writing() as connection:
            sheaf = outbox.Sheaf(OFFICE, day, Morning(), batch)
            taken = outbox.post(connection, [sheaf], at=at)
        assert not taken, f"written before: {sorted(taken)[0]}"
        names += [one.message_id for one in batch]
    return names


def _frozen(number: int, day, domain: str, lines: int) -> Frozen:
    recipient = f"n{number:07}@{domain}"
    message_id = f"<n{number:07}-{day.isoformat()}@ceshi.example>"
    letter = Letter(OFFICE, day, recipient, "联络员", (), (Section(Kind.NOTICE, ()),))
    mime = "\r\n".join((*_head(recipient, message_id), "", *_text(number, lines), ""))
    return Frozen(letter, f"第{number}号", message_id, SENDER, mime.encode("ascii"))


def _head(recipient: str, message_id: str) -> Iterator[str]:
    yield "Date: Thu, 05 Mar 2026 09:00:00 +0800"
    yield f"From: <{SENDER}>"
    yield f"To: <{recipient}>"
    yield "Subject: a letter of the fault harness"
    yield f"Message-ID: {message_id}"
    yield "Auto-Submitted: auto-generated"
    yield "MIME-Version: 1.0"
    yield 'Content-Type: text/plain; charset="us-ascii"'


def _text(number: int, lines: int) -> Iterator[str]:
    for line in range(lines):
        dots = "." * (line % 3 if line % 5 == 0 else 0)
        yield f"{dots}{number:07} {line:04} {(number * 7919 + line) % 9973:04} of what is to be said"
