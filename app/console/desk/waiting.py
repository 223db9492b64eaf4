"""Everything that waits, list by list: reports to review, requests to decide, dates to find out."""

from starlette.responses import Response

from app.console.desk import mark
from app.console.lights import light
from app.console.paging import asked_page, paging
from app.console.visit import Visit
from duban.completion import State
from duban.desk import Desk
from duban.lamp import late_by
from state import inbox, items, requests
from state.items import PAGE, Filter


def reports(visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    """With boxes to tick: several can be accepted at once."""
    wanted, lit = Filter(state=State.REPORTED), light(visit.desk, visit.today)
    with visit.site.database.reading() as connection:
        turn = paging(visit, items.count(connection, visit.scope, wanted, lit))
        found = inbox.reports(connection, visit.scope, start=turn.start)
        marks = mark.marks(connection, {one.item.row: one.item for one in found})
    return visit.page(
        "desk/reports.html", status=status, found=found, marks=marks, turn=turn, wrong=wrong
    )


def asked(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        turn = paging(visit, requests.count_open(connection, visit.scope))
        found = requests.open_ones(connection, visit.scope, PAGE * asked_page(visit))[turn.start :]
        about = inbox.of_rows(connection, visit.scope, [one.row for one in found])
    return visit.page("desk/requests.html", found=found, about=about, turn=turn)


def dates(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        turn = paging(visit, inbox.count_dates(connection, visit.scope, visit.today))
        found = inbox.dates(connection, visit.scope, visit.today, start=turn.start)
    desk: Desk = visit.desk
    days = {one.row: late_by(one, visit.today, desk.workdays) for one in found}
    return visit.page("desk/dates.html", found=found, days=days, turn=turn)
