"""Sealing: what was written into the account since the last time gets its place in the chain, and once a
day the head of the chain is mailed to whoever keeps it elsewhere."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from adapters import sealletter
from adapters.mime import Mail, build
from duban.desk import Desk
from duban.seal import LETTER, Seal
from flows.engine import flow
from flows.freezing import message_id_of
from flows.premises import NothingApplied, Site, current, local, today
from state import apart, seals

log = structlog.get_logger()
PURPOSE = "seal"
"""Of the keys that are derived from the site's secret."""


@dataclass(slots=True)
class Sealed:
    """One run."""

    at: datetime
    seals: int = 0
    events: int = 0
    told: str = ""
    """Whom a letter told the head; empty: nobody, this time."""

    @property
    def figures(self) -> dict[str, Any]:
        """For the log."""
        return {"seals": self.seals, "events": self.events, "told": self.told}


@flow(name="seal")
async def seal(at: datetime | None = None) -> Sealed:
    """Seal what has no seal yet, at `at` (an aware instant; default: now)."""
    site = current()
    moment = at or site.now()
    return await asyncio.to_thread(run, site, moment)


def run(site: Site, at: datetime) -> Sealed:
    """Raises NoSecret, DatabaseFault."""
    key = site.secret.derived(PURPOSE)[0]
    done = Sealed(at)
    while made := _seal(site, key, at):
        done.seals += 1
        done.events += made.events
    done.told = _tell(site, at)
    return done


def _seal(site: Site, key: bytes, at: datetime) -> Seal | None:
    with site.database.reading() as connection:
        if not seals.unsealed(connection, 1):
            return None
    with site.database.writing() as connection:
        return seals.seal_new(connection, key, at=at)


def _tell(site: Site, at: datetime) -> str:
    """The head by mail, once a day, from the first office that is at work."""
    address = site.settings.console.audit_to
    desk = _at_work(site, at) if address else None
    if desk is None:
        return ""
    day = today(desk.office, at)
    key = f"{LETTER}/{day.isoformat()}/{address}"
    with site.database.reading() as connection:
        head, events = seals.last(connection), seals.sealed_events(connection)
        if head is None or apart.known(connection, key):
            return ""
    letter = _letter(site, desk, key, head, events, at)
    with site.database.writing() as connection:
        return address if apart.post(connection, letter, at=at) else ""


def _at_work(site: Site, at: datetime) -> Desk | None:
    try:
        desks = site.desks()
    except NothingApplied:
        return None
    open_ones = desks.roster.at_work(at)
    first = next((id for id in sorted(desks) if open_ones is None or id in open_ones), None)
    return desks[first][0] if first else None


def _letter(site: Site, desk: Desk, key: str, head: Seal, events: int, at: datetime) -> apart.Apart:
    office, day = desk.office, today(desk.office, at)
    address = site.settings.console.audit_to
    clock = f"{local(office, head.at):%Y-%m-%d %H:%M}"
    folder = site.settings.path("templates/letters")
    said = sealletter.render(folder, office, day, head, events, clock)
    message_id = message_id_of(office, key, at)
    mime = build(
        Mail(
            message_id=message_id,
            date=local(office, at),
            sender_name=office.short,
            sender=office.sender,
            recipient_name="",
            recipient=address,
            subject=said.subject,
            text=said.text,
            html=said.html,
            kind=LETTER,
            letter_id=key,
        )
    )
    return apart.Apart(
        key, office.id, day, LETTER, address, "", said.subject, message_id, office.sender, mime
    )
