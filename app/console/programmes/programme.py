"""One programme: its phases, its targets year by year, its tasks, and what it hands over."""

from starlette.responses import Response

from app.console.programmes.chart import draw
from app.console.visit import NotFound, Visit
from duban.measure import Counting, aim, worded
from duban.phases import Fate
from flows.following import NoProgramme, find, follow


def show(visit: Visit) -> Response:
    try:
        wanted = find(visit.desk, visit.params["id"])
    except NoProgramme:
        raise NotFound("日历里没有这个规划") from None
    with visit.site.database.reading() as connection:
        seen = follow(connection, visit.desk, visit.scope, wanted, visit.today)
    measured = [(one, draw(one.course)) for one in seen.targets if one.course]
    return visit.page(
        "programmes/programme.html",
        view=seen,
        measured=measured,
        others=[one for one in seen.targets if one.course is None],
        fates=list(Fate),
        aim=aim,
        worded=worded,
        Counting=Counting,
        called=visit.desk.called,
    )
