"""The first page: where to go from here."""

from starlette.responses import Response

from app.console.door import Door, get
from app.console.visit import Visit
from duban.account import Right


def show(visit: Visit) -> Response:
    """With one office only, its day; else the choice."""
    if not visit.may(Right.LOOK):
        return visit.go("/accounts" if visit.may(Right.ADMINISTER) else "/me", visit.said)
    offices = [o for id, o in visit.site.desks().offices.items() if visit.account.enters(id)]
    if len(offices) == 1:
        return visit.go(f"/o/{offices[0].id}/{_first(visit)}", visit.said)
    return visit.page("home.html", offices=offices, first=_first(visit))


def _first(visit: Visit) -> str:
    return "today" if visit.may(Right.DECIDE) else "board"


DOORS: tuple[Door, ...] = (get("/", show, anyone=True),)
