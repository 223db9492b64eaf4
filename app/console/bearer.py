"""Whoever comes by the link of a letter: the letter is found, and with it the office and what may be seen."""

from adapters import links
from app.console.door import BROKEN_LINK
from app.console.visit import Gone, NotFound, Visit
from duban.office import Office
from state import applied
from state.links import Bearer, find


def come_in(visit: Visit) -> Bearer:
    """By the token in the path; from then on the visit has its desk. Raises NotFound, Gone.

    Desks are opened while no connection is held: many visitors at once would wait for each other's
    second one.
    """
    link = links.read(visit.secret, visit.params["token"])
    with visit.site.database.reading() as connection:
        visit.stamp = applied.stamp(connection)
        bearer = find(connection, link.number) if link else None
    desks = visit.site.desks(visit.stamp)
    if link is None or bearer is None or bearer.office not in desks:
        raise NotFound(BROKEN_LINK)
    visit.desk_, visit.agenda_ = desks[bearer.office]
    if bearer.revoked:
        raise Gone(f"这个链接已由纲要办停用。{_instead(visit.desk.office)}")
    if visit.today > link.until:
        raise Gone(f"这个链接已经过期。{_instead(visit.desk.office)}")
    return bearer


def _instead(office: Office) -> str:
    call = f"；找不到新的信，请致电{office.short} {office.phone}" if office.phone else ""
    return f"请打开最近一封督办邮件，用里面的链接{call}"
