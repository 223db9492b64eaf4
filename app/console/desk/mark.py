"""The mark of a form: the item as it stood when the page was shown. Whoever acts on another one is told."""

from collections.abc import Mapping

from app.console.visit import Visit
from duban import acts
from duban.assignment import Assignment
from flows.premises import local
from state import items, tray, turns
from state.assignments import Conflict
from state.database import Connection
from state.items import Line


class Moved(Conflict):
    """Somebody did something about the item after the page was shown; the message says what."""


def of(item: Assignment, touch: int) -> str:
    """`touch`: the number of the last event that somebody caused; 0: none."""
    return f"{item.state.value}.{item.version}.{touch}"


def marks(connection: Connection, found: Mapping[int, Assignment]) -> dict[int, str]:
    """Of several items, by number."""
    touches = tray.touches(connection, found.keys())
    return {row: of(item, touches.get(row, 0)) for row, item in found.items()}


def take(visit: Visit, connection: Connection, row: int, mark: str) -> Assignment:
    """The item, as the form knew it; nobody else moves it before this transaction ends.

    Raises Unknown, Moved.
    """
    turns.take(connection, [visit.office])
    item = items.find(connection, visit.scope, row)
    touch = tray.last_touch(connection, row)
    if of(item, touch.id if touch else 0) != mark:
        raise Moved(_meanwhile(visit, item, touch))
    return item


def _meanwhile(visit: Visit, item: Assignment, touch: Line | None) -> str:
    now = f"“{item.asked.name}·{item.asked.step_name}”现在是“{item.state.label}”"
    if touch:
        at = local(visit.desk.office, touch.at)
        who, what = acts.who(touch.actor), acts.label(touch.act)
        now += f"（{at.month}月{at.day}日 {at:%H:%M}，{who}：{what}）"
    return f"您打开页面以后情况有变化，这一次没有生效。{now}，请核对后再决定"
