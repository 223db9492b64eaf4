"""Receipts: the registered contact is told what was done through a link, and what the office decided.

A link survives being passed on, so that whoever has it can act; the contact learns of it afterwards.
"""

from datetime import datetime, timedelta

from duban.desk import Desk
from duban.letter import Letter, Receipt
from duban.morning import Morning
from duban.receipt import letters
from flows.freezing import freeze
from flows.premises import Site, current, in_hours, local, today
from state import receipts
from state.database import Connection
from state.receipts import Deed

WITHIN = timedelta(days=14)
"""What was done longer ago and could be told to nobody is left to the account."""


def write_receipts(office: str, at: datetime) -> tuple[tuple[Letter, ...], tuple[str, ...]]:
    """The receipts that one office owes now, and the faults of those that could not be written."""
    site = current()
    desk, _ = site.desk(office)
    if not in_hours(desk, at):
        return (), ()
    with site.database.reading() as connection:
        owed = untold(connection, desk, at)
    wanted = letters(desk, today(desk.office, at), at, owed)
    if not wanted:
        return (), ()
    return _post(site, desk, wanted, at)


def untold(connection: Connection, desk: Desk, at: datetime) -> list[Receipt]:
    """What the registered contacts do not know yet, the oldest first."""
    deeds = receipts.untold(connection, desk.office.id, at - WITHIN)
    return [_receipt(desk, one) for one in deeds]


def _post(
    site: Site, desk: Desk, wanted: tuple[Letter, ...], at: datetime
) -> tuple[tuple[Letter, ...], tuple[str, ...]]:
    frozen, faults = freeze(site, site.letters, desk, Morning(wanted), at)
    with site.database.writing() as connection:
        written = receipts.post(connection, desk.office.id, frozen, at=at)
    return tuple(written), faults


def _receipt(desk: Desk, deed: Deed) -> Receipt:
    return Receipt(
        event=deed.event,
        assignment=deed.key,
        name=deed.name,
        step_name=deed.step_name,
        department=deed.department,
        department_name=desk.called(deed.department),
        act=deed.act,
        who="" if deed.by_office else deed.actor,
        at=local(desk.office, deed.at),
        said=deed.reason,
        decided=deed.decided and not deed.lead,
        lead=deed.lead,
    )
