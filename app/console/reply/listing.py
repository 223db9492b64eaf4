"""The page that a letter's link opens: what its departments have on their desks."""

from dataclasses import dataclass

from starlette.responses import Response

from app.console.bearer import come_in
from app.console.reply import mark, person
from app.console.visit import NotFound, Visit
from duban.assignment import Assignment
from duban.completion import Act, State, leaves
from duban.lamp import Lamp, horizon, lamp, late_by
from duban.step import Answer
from duban.trouble import Trouble
from state import requests, reviewing, tray
from state.items import PAGE, Light
from state.links import Bearer

ELSEWHERE = "这个链接不是用来报送的；请从最近一封通知或提醒里打开"


def enter(visit: Visit) -> Bearer:
    """Raises NotFound, Gone."""
    bearer = come_in(visit)
    if not bearer.departments:
        raise NotFound(ELSEWHERE)
    return bearer


def show(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, trouble: Trouble | None = None) -> Response:
    """`trouble`: what is wrong with the name that was filled in."""
    bearer = enter(visit)
    scope, light = bearer.scope, light_of(visit)
    with visit.site.database.reading() as connection:
        total = tray.count(connection, scope, light)
        page = _number(visit, total)
        found = tray.lying(connection, scope, light, start=PAGE * (page - 1))
        done = tray.done(connection, scope, light)
        touches = tray.touches(connection, [item.row for item in found])
        asked = requests.open_ones(connection, scope)
        reviews = reviewing.waiting(connection, bearer)
    return visit.page(
        "reply/list.html",
        status=422 if trouble else 200,
        wrong=str(trouble) if trouble else "",
        nameless=trouble is not None,
        base=base(visit),
        bearer=bearer,
        departments=[visit.desk.called(id) for id in sorted(bearer.departments)],
        you=person.known(visit),
        cards=_sort([card(visit, item, touches.get(item.row, 0)) for item in found]),
        asked={one.row: one for one in asked},
        done=done,
        reviews=[card(visit, item, 0) for item in reviews],
        total=total,
        page=page,
        pages=-(-total // PAGE),
    )


def name(visit: Visit) -> Response:
    """Remember the name, which is asked for with every act."""
    enter(visit)
    try:
        said = person.given(visit)
    except person.NoName as trouble:
        return _page(visit, trouble)
    return person.remember(visit, visit.go(base(visit), f"已记住您的姓名：{said}"), said)


def base(visit: Visit) -> str:
    return f"/r/{visit.params['token']}"


def light_of(visit: Visit) -> Light:
    desk = visit.desk
    return Light(visit.today, horizon(visit.today, desk.workdays, desk.office.yellow))


@dataclass(frozen=True, slots=True)
class Card:
    """One item, and how it stands today."""

    item: Assignment
    department: str
    """Short name."""
    mark: str
    """Of its forms."""
    lamp: Lamp
    days: int
    """Working days since it was due; negative: still to go."""

    @property
    def may_acknowledge(self) -> bool:
        return self.item.state in leaves(Act.ACKNOWLEDGE)

    @property
    def may_report(self) -> bool:
        return self.item.state in leaves(Act.REPORT) and self.item.asked.answer is not Answer.KNOW

    @property
    def may_ask(self) -> bool:
        return self.item.state.chased

    @property
    def may_extend(self) -> bool:
        return self.may_report and self.item.target is not None


def card(visit: Visit, item: Assignment, touch: int) -> Card:
    """`touch`: the number of the last event that somebody caused; 0: none."""
    desk, day = visit.desk, visit.today
    return Card(
        item,
        desk.called(item.asked.department),
        mark.of(visit, item, touch),
        lamp(item, day, desk.workdays, desk.office.yellow),
        late_by(item, day, desk.workdays),
    )


def _sort(cards: list[Card]) -> dict[str, list[Card]]:
    """`now`: the department has to act; `waits`: the secretariat has; `later`: nobody was told yet."""
    sorted_: dict[str, list[Card]] = {"now": [], "waits": [], "later": []}
    for one in cards:
        sorted_[_SHELVES.get(one.item.state, "now")].append(one)
    return sorted_


_SHELVES = {State.REPORTED: "waits", State.PLANNED: "later"}


def _number(visit: Visit, total: int) -> int:
    said = visit.query.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
    return min(max(page, 1), max(-(-total // PAGE), 1))
