"""Rolling up: when a district's own items are done, what the city asked is reported to the city.

Once, whoever does it how often: the city's item says in its state whether it is owed, and both offices'
turns are taken before anything is looked at.
"""

from datetime import datetime

from duban.agenda import Agenda
from duban.cascade import account
from duban.completion import Act, State
from duban.demanded import Group, Progress
from duban.desk import Desk
from flows.premises import Site, current, today
from state import assignments, cascade

WHY = {State.COMPLETED: "上级已办结", State.EXEMPTED: "上级已免办"}


def roll_up(office: str, at: datetime) -> list[str]:
    """Keys of the city's items that were reported for this district."""
    site = current()
    desk, agenda = site.desk(office)
    if not (agenda.demands and desk.above):
        return []
    reported = [
        key for key in _ready(site, desk, agenda, at) if _report(site, desk, agenda, key, at)
    ]
    _let_go(site, desk, agenda, at)
    return reported


def _ready(site: Site, desk: Desk, agenda: Agenda, at: datetime) -> list[str]:
    """Those that seem to be; they are looked at again in the transaction that reports them."""
    assert desk.above
    city = desk.above
    departments = {one.id for one in city.branch.departments if one.office == desk.office.id}
    with site.database.reading() as connection:
        waiting = cascade.waiting(connection, city.office.id, departments) & agenda.adopted.keys()
        if not waiting:
            return []
        day = today(desk.office, at)
        known = cascade.progress(connection, [desk.office.id], day)
    return [key for key in sorted(waiting) if _done(desk, agenda, key, known)]


def _done(desk: Desk, agenda: Agenda, key: str, known: dict[tuple[str, Group], Progress]) -> bool:
    groups = {agenda.duties[own].group for own in agenda.adopted[key] if own in agenda.duties}
    found = [known.get((desk.office.id, group), Progress()) for group in groups]
    return any(one.completed for one in found) and not any(one.open for one in found)


def _report(site: Site, desk: Desk, agenda: Agenda, key: str, at: datetime) -> bool:
    assert desk.above
    above = desk.above
    with site.database.writing() as connection:
        cascade.take_turns(connection, above.office.id, desk.office.id)
        items = cascade.ready(connection, key, agenda.adopted[key])
        if not items:
            return False
        text = account(desk, cascade.done(connection, items))
        day = today(above.office, at)
        cascade.report(connection, above, key, text, at=at, today=day)
    return True


def _let_go(site: Site, desk: Desk, agenda: Agenda, at: datetime) -> None:
    """What the city has closed is not asked of the district's secretariat any more."""
    with site.database.reading() as connection:
        open_ones = set(cascade.undivided(connection, desk.office.id))
    asked = {own: key for key, every in agenda.adopted.items() for own in every if own in open_ones}
    if not asked:
        return
    with site.database.writing() as connection:
        cascade.take_turns(connection, desk.office.id)
        closed = cascade.closed_above(connection, set(asked.values()))
        still = set(cascade.undivided(connection, desk.office.id))
        for own, key in sorted(asked.items()):
            if own in still and key in closed and closed[key] in WHY:
                assignments.act(
                    connection,
                    desk,
                    own,
                    Act.EXEMPT,
                    at=at,
                    today=today(desk.office, at),
                    actor="duban",
                    reason=WHY[closed[key]],
                )
