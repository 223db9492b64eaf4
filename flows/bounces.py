"""Reading what came back: each mail is looked at once, believed or not, written down, and put away.

Killed at any moment, the next run goes on: a mail is remembered in the transaction that does what it
says, and is put away after that.
"""

import asyncio
import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from adapters.bounces.mailbox import Mail, Mailbox, MailboxTrouble
from adapters.bounces.opening import brought, configured
from adapters.bounces.quarantine import CannotKeep, Quarantine
from adapters.bounces.reading import read
from duban.bounce import Automatic, Fate, Foreign, Personal, Reading, Report
from flows import gate
from flows.engine import flow
from flows.premises import Site, current
from state import bounces as account
from state.bounces import About, AlreadyRead, Seen, Verdict
from state.database import Connection

log = structlog.get_logger()

MOST = 500
LONGEST = 120.0
"""Mails that one run looks at, and seconds: letters to be sent do not wait; the rest is for the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """A mail that was looked at."""

    verdict: Verdict
    note: str
    fate: Fate | None = None
    recipient: str = ""


@dataclass(slots=True)
class Looked:
    """One run: what was found, and what kept it from going on, in Chinese."""

    at: datetime
    mailbox: str = ""
    """Empty where none is set."""
    lines: list[Line] = field(default_factory=list)
    again: int = 0
    """Mails whose very bytes were known already."""
    caught_up: int = 0
    """Failures that were reported earlier than the server's 250 was in the account."""
    troubles: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Mails by verdict, those about our letters by what they report."""
        return Counter(one.fate.value if one.fate else one.verdict.value for one in self.lines)

    @property
    def figures(self) -> dict[str, Any]:
        """For the log."""
        return {**self.counts, "again": self.again, "troubles": self.troubles}


@flow(name="bounces")
async def bounces(at: datetime | None = None, file: str | None = None) -> Looked:
    """Read the configured mailbox; with `file` instead that mbox or Maildir, which is left as it is.

    Raises SettingsFault; a mailbox that cannot be read is told in `troubles`.
    """
    site = current()
    moment = at or site.now()
    return await asyncio.to_thread(_look, site, moment, Path(file) if file else None)


def _look(site: Site, at: datetime, file: Path | None) -> Looked:
    looked = Looked(at)
    with site.database.writing() as connection:
        looked.caught_up = account.catch_up(connection, at=at)
    mailbox = brought(file) if file else configured(site.settings, at.date())
    if mailbox is None:
        return looked
    looked.mailbox = mailbox.id
    if not file and (doubt := gate.doubt(site)):
        looked.troubles.append(f"{doubt.label}，不动退信邮箱。确认用 duban outbox confirm")
        return looked
    try:
        with mailbox:
            _Reader(site, mailbox, at, looked, keep=file is not None).go()
    except (MailboxTrouble, CannotKeep) as trouble:
        looked.troubles.append(str(trouble))
    return looked


class _Reader:
    """One pass over one mailbox."""

    def __init__(self, site: Site, box: Mailbox, at: datetime, to: Looked, *, keep: bool) -> None:
        self.site, self.box, self.at, self.looked, self.keep = site, box, at, to, keep
        self.database = site.database
        self.quarantine = Quarantine(site.settings.path(site.settings.bounces.quarantine))

    def go(self) -> None:
        until = time.monotonic() + LONGEST
        for number, mail in enumerate(self.box.unread(self), start=1):
            verdict = self._take(mail)
            if not verdict.stays and not self.keep:
                self.box.put_away(mail)
            if number >= MOST or time.monotonic() > until:
                break

    # --- what is remembered (adapters.bounces.mailbox.Memory) ---

    def stays(self, name: str) -> bool | None:
        with self.database.reading() as connection:
            verdict = account.recall(connection, self.box.id, name)
        return None if verdict is None else verdict.stays or self.keep

    def last(self) -> str:
        with self.database.reading() as connection:
            return account.last(connection, self.box.id)

    # --- one mail ---

    def _take(self, mail: Mail) -> Verdict:
        """Look at it, write down what it says, and remember it, all together."""
        digest = _digest(mail)
        reading = _read(mail)
        try:
            with self.database.writing() as connection:
                if known := account.same(connection, digest):
                    self._remember(connection, mail, digest, Line(known, "读过同样的一封"))
                    self.looked.again += 1
                    return known
                line, letter = self._judge(connection, reading)
                if line.verdict is Verdict.FOREIGN:
                    self.quarantine.keep(mail, line.note, self.at)
                self._remember(connection, mail, digest, line, letter)
        except AlreadyRead:
            self.looked.again += 1
            return self._recalled(mail)
        self.looked.lines.append(line)
        return line.verdict

    def _judge(self, connection: Connection, reading: Reading) -> tuple[Line, int | None]:
        match reading:
            case Report():
                return self._believe(connection, account.match(connection, reading))
            case Automatic():
                return Line(Verdict.AUTOMATIC, reading.why), None
            case Personal():
                return Line(Verdict.PERSONAL, ""), None
        return Line(Verdict.FOREIGN, reading.why), None

    def _believe(self, connection: Connection, about: About | str) -> tuple[Line, int | None]:
        if isinstance(about, str):
            return Line(Verdict.FOREIGN, about), None
        verdict = account.settle(connection, about, at=self.at)
        line = Line(verdict, about.reply, about.bounce.fate, about.recipient)
        return line, about.letter

    def _remember(
        self, connection: Connection, mail: Mail, digest: str, line: Line, letter: int | None = None
    ) -> None:
        seen = Seen(self.box.id, mail.name, digest, line.verdict, line.note, letter)
        account.remember(connection, seen, at=self.at)

    def _recalled(self, mail: Mail) -> Verdict:
        with self.database.reading() as connection:
            return account.recall(connection, self.box.id, mail.name) or Verdict.PERSONAL


def _digest(mail: Mail) -> str:
    """The same for one mail in a file, in a folder and on a server: their line ends differ."""
    return hashlib.sha256(mail.raw.replace(b"\r\n", b"\n").strip()).hexdigest()


def _read(mail: Mail) -> Reading:
    """A fault of ours in reading one mail stops no other: that mail is kept for a person to see."""
    try:
        return read(mail.raw)
    except Exception:
        log.exception("mail not readable", mail=mail.name)
        return Foreign("读这封信时程序出错，请把它交给管理员")
