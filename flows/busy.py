"""Who is busy: the offices that have something to be written now. The others' desks stay closed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from duban.digest import Due, Times, owed_by_phase, owed_by_time
from flows.desks import Desks
from flows.engine import task
from flows.premises import current
from flows.receipts import WITHIN
from state import waiting, withdraw

TOLD_WITHIN = timedelta(30)
"""The office is told of letters that failed, but not of those from longer ago."""


@task(name="who has letters", retries=2, retry_delay_seconds=5)
def mornings(offices: Sequence[str], at: datetime) -> list[str]:
    """Of these offices, in their order, those that are at work and may have a letter to write."""
    site = current()
    desks = site.desks()
    open_ones = _at_work(desks, offices, at)
    if not open_ones:
        return []
    days = desks.roster.today(open_ones, at)
    periods = list(_periods(desks, open_ones, site.times, at))
    with site.database.reading() as connection:
        found = waiting.due(connection, days)
        found |= waiting.unsettled(connection, periods)
        found |= waiting.failed(connection, open_ones, min(days.values()) - TOLD_WITHIN)
    return [id for id in open_ones if id in found]


@task(name="who has receipts", retries=2, retry_delay_seconds=5)
def receipts(offices: Sequence[str], at: datetime) -> list[str]:
    """Those where somebody may have to be told what was done."""
    site = current()
    open_ones = _at_work(site.desks(), offices, at)
    with site.database.reading() as connection:
        found = waiting.deeds(connection, open_ones, at - WITHIN)
    return [id for id in open_ones if id in found]


@task(name="who has done all", retries=2, retry_delay_seconds=5)
def roll_ups(offices: Sequence[str]) -> list[str]:
    """Those that may have something to report to the office above, or to let go."""
    site, mine = current(), set(offices)
    links = [link for link in site.desks().links if link.office in mine]
    if not links:
        return []
    with site.database.reading() as connection:
        found = waiting.rolling(connection, links)
    return [id for id in offices if id in found]


@task(name="who has outdated letters", retries=2, retry_delay_seconds=5)
def outdated(offices: Sequence[str], at: datetime) -> list[str]:
    """Those with letters in the queue that are no longer true."""
    site = current()
    with site.database.reading() as connection:
        found = withdraw.outdated(connection, site.desks().roster.today(offices, at))
    return [id for id in offices if id in found]


def _at_work(desks: Desks, offices: Sequence[str], at: datetime) -> list[str]:
    open_ones = desks.roster.at_work(at)
    return list(offices) if open_ones is None else [id for id in offices if id in open_ones]


def _periods(
    desks: Desks, offices: Sequence[str], times: Times, at: datetime
) -> Iterator[tuple[str, str]]:
    """Office and period of every digest that is owed; what most offices have in common is told once."""
    by_time: dict[tuple[str, time, date], list[Due]] = {}
    workdays = desks.workdays
    for id in offices:
        card = desks.cards[id]
        office = card.office
        clock = (office.zone, office.hour, office.since)
        if clock not in by_time:
            by_time[clock] = owed_by_time(office, times, at)
        for due in (*by_time[clock], *owed_by_phase(office, card.phases, workdays, at)):
            yield id, due.period
