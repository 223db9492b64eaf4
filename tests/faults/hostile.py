"""A hostile server: each cell of the matrix, by two letters, a database and a server of its own."""

import asyncio
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from adapters.post import Server, Timeouts
from flows.delivery import deliver
from flows.premises import Site
from state import servers
from state.tables import delivery, letter_body
from tests.faults.cells import Cell, cells
from tests.faults.figures import Figures
from tests.faults.ground import PATIENT, START
from tests.faults.stand import Stand, template, try_all
from tests.smtp_script import FAULT, USUAL, Fault, Script, certificate

QUICK = Timeouts(connect=20, reply=2.5, block=2.5, dot=2.5, farewell=0.5)
SOON = START + timedelta(minutes=1)
LATER = START + timedelta(hours=2)
AT_ONCE = 8
WAITING_AT_ONCE = 24
EHLO = "250-script\r\n250-SIZE 30000000\r\n{}250 HELP"
MEGABYTES = 90_000
"""Lines of a body that does not fit the line, so that the answer comes in its middle."""


@dataclass(frozen=True)
class Shelf:
    """What the cells copy: databases with two queued letters, and a certificate."""

    folder: Path
    small: Path
    large: Path
    tls: tuple[ssl.SSLContext, Path]


def measure(folder: Path, every: int = 1) -> list[Figures]:
    """Each cell, or every so many."""
    chosen = cells()[::every]
    small = template(folder / "small", 2)
    large = template(folder / "large", 1, lines=MEGABYTES, small=1)
    found = asyncio.run(play(Shelf(folder, small, large, certificate(folder)), chosen))
    return [Figures("hostile server", 2 * len(chosen), len(chosen), complaints=tuple(found))]


async def play(shelf: Shelf, chosen: Collection[Cell]) -> list[str]:
    """What is wrong, a line each. Several cells at once; those that wait apart from the busy ones."""
    found: list[str] = []

    async def one(stand: Stand, cell: Cell) -> None:
        found.extend(f"{cell.name}: {fault}" for fault in await _one(shelf, stand, cell))

    stands = [Stand(shelf.folder / f"stand{number}.db") for number in range(WAITING_AT_ONCE)]
    await try_all(stands[:AT_ONCE], [cell for cell in chosen if not cell.slow], one)
    await try_all(stands, [cell for cell in chosen if cell.slow], one)
    return found


async def _one(shelf: Shelf, stand: Stand, cell: Cell) -> list[str]:
    stand.renew(shelf.large if cell.step == "body" else shelf.small)
    crypt = cell.step in ("starttls", "auth")
    offers = "250-PIPELINING\r\n" * cell.pipelining
    offers += "250-STARTTLS\r\n250-AUTH PLAIN\r\n" * crypt
    usual = {**USUAL, "body": None, "ehlo": EHLO.format(offers)}
    well = usual[cell.step]
    struck = [well, Fault(cell.deed), well] if cell.second else [Fault(cell.deed), well]
    deeds = {"ehlo": usual["ehlo"], cell.step: struck}
    if cell.step == "rset":
        deeds["rcpt"] = ["550 5.1.1 no such user", "250 ok"]
    tls = shelf.tls if crypt else (None, None)
    async with Script(tls=tls[0], lenient=cell.lenient, **deeds) as script:
        stand.site.server = _server(script.port, tls[1], QUICK if cell.slow else PATIENT)
        return await _both(cell, script, stand.site)


def _server(port: int, ca: Path | None, timeouts: Timeouts) -> Server:
    if ca is None:
        return Server("127.0.0.1", port, tls="none", timeouts=timeouts)
    return Server("127.0.0.1", port, user="duban", password="secret", ca=ca, timeouts=timeouts)


async def _both(cell: Cell, script: Script, site: Site) -> list[str]:
    await deliver(site, START)
    faults = [*_at_first(cell, script, *_rows(site)), *_reused(cell, script)]
    if not any(FAULT in talk.said for talk in script.talks):
        faults.append("the fault was never done")
    if cell.expected in ("REST", "HOLD"):
        before = script.connections
        await deliver(site, SOON)
        if script.connections != before:
            faults.append(f"{cell.expected}: a minute later the server is tried again")
    if cell.expected == "HOLD":
        with site.database.writing() as connection:
            servers.release(connection, at=LATER)
    await deliver(site, LATER)
    return [*faults, *_at_last(cell, script, *_rows(site))]


def _rows(site: Site):
    same = letter_body.c.letter_id == delivery.c.letter_id
    query = select(delivery, letter_body.c.mime).join(letter_body, same)
    with site.database.reading() as connection:
        return connection.execute(query.order_by(delivery.c.letter_id)).all()


def _at_first(cell: Cell, script: Script, *rows) -> list[str]:
    """The state in the database after the fault, against the table."""
    end, struck, other = cell.expected, rows[cell.second], rows[not cell.second]
    if cell.step == "rset":
        struck, other = rows[1], None
    faults = []
    state = {"OK": "accepted", "FAIL": "failed"}.get(end, "queued")
    if struck.state != state:
        faults.append(f"{end}: it is {struck.state}: {struck.reply}")
    waits = end in ("REST", "HOLD") and not cell.second
    if other and other.state != ("queued" if waits else "accepted"):
        faults.append(f"{end}: the other one is {other.state}: {other.reply}")
    if struck.phase != ("body" if end == "DOUBT" else None) or (other and other.phase):
        faults.append(f"{end}: the phases are {struck.phase}, {other and other.phase}")
    if any(row.possible_duplicates for row in rows):
        faults.append(f"{end}: a possible duplicate is listed")
    if struck.state == "queued" and end in ("DEFER", "DOUBT") and struck.try_at <= SOON:
        faults.append(f"{end}: it is tried again at once")
    if end in ("REST", "HOLD"):
        if struck.attempts or (other and waits and other.attempts):
            faults.append(f"{end}: {struck.attempts} attempts are counted")
        if script.connections != 1:
            faults.append(f"{end}: the server is not left alone: {script.connections} connections")
    if end == "FAIL" and struck.code != cell.code:
        faults.append(f"{end}: the account shows {struck.code}")
    return faults


def _reused(cell: Cell, script: Script) -> list[str]:
    """After an error the connection takes no letter; one written in the same breath has no body."""
    after = [talk.said[talk.said.index(FAULT) + 1 :] for talk in script.talks if FAULT in talk.said]
    word = "body" if cell.pipelining else "mail"
    if not cell.ordinary and any(word in said for said in after) and cell.step not in EARLY_OK:
        return [f"the connection is used again: {after}"]
    return []


EARLY_OK = ("greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data")


def _at_last(cell: Cell, script: Script, *rows) -> list[str]:
    """Two hours later, with a server that is well: every letter is through, doubts are listed."""
    end, faults = cell.expected, []
    struck = rows[cell.second]
    failed = end == "FAIL" or cell.step == "rset"
    for row in rows:
        copies = script.mails.count(bytes(row.mime))
        hit = row is struck
        if row.state != ("failed" if hit and failed else "accepted"):
            faults.append(f"{end}: later it is {row.state}")
        if row.possible_duplicates != (hit and end == "DOUBT"):
            faults.append(f"{end}: {row.possible_duplicates} possible duplicates are listed")
        most = 2 if hit and (end == "DOUBT" or cell.step == "dot") else 1  # or one was refused
        if not (hit and failed) and not 1 <= copies <= most:
            faults.append(f"{end}: {copies} copies arrived")
    if set(script.mails) - {bytes(row.mime) for row in rows}:
        faults.append(f"{end}: other bytes arrived than were frozen")
    return faults
