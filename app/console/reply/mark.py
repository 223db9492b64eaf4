"""The mark of a form: it fits one link, one item, and the item as it stood when the page was shown."""

from hmac import compare_digest

from adapters.secret import text_of
from app.console.visit import Visit
from duban.assignment import Assignment
from flows.premises import local
from state import items, tray, turns
from state.assignments import Conflict
from state.database import Connection
from state.items import Line
from state.links import Bearer

PURPOSE = "reply"
_DONE = {
    "acknowledge": "签收",
    "report": "报送",
    "return": "退回",
    "complete": "办结",
    "exempt": "免办",
    "withdrawn": "撤销",
    "restored": "恢复",
    "extension": "申请延期",
    "transfer": "申请转办",
    "not-ours": "提出非本单位",
    "grant": "同意申请",
    "refuse": "没有同意申请",
}


class Moved(Conflict):
    """Somebody did something about the item after the page was shown; the message says what."""


def of(visit: Visit, item: Assignment, touch: int) -> str:
    """`touch`: the number of the last event that somebody caused (state.tray.touches); 0: none."""
    said = f"{visit.params['token']}|{item.row}|{item.state.value}|{item.version}|{touch}"
    return text_of(visit.secret.sign(PURPOSE, said.encode()))


def take(visit: Visit, connection: Connection, bearer: Bearer, row: int) -> Assignment:
    """As `check`, and nobody else moves the item before this transaction ends."""
    turns.take(connection, [bearer.office])
    return check(visit, connection, bearer, row)


def check(visit: Visit, connection: Connection, bearer: Bearer, row: int) -> Assignment:
    """The item, which stands as it did when the form was shown.

    Raises Unknown (not in this letter's departments), Moved.
    """
    return fits(visit, connection, items.find(connection, bearer.scope, row))


def fits(visit: Visit, connection: Connection, item: Assignment) -> Assignment:
    """The same item, if it stands as it did when the form was shown. Raises Moved."""
    touch = tray.last_touch(connection, item.row)
    expected = of(visit, item, touch.id if touch else 0)
    if not compare_digest(expected.encode(), visit.form.text("mark").encode()):
        raise Moved(_meanwhile(visit, item, touch))
    return item


def _meanwhile(visit: Visit, item: Assignment, touch: Line | None) -> str:
    now = f"这一项现在是“{item.state.label}”"
    if touch and touch.act in _DONE:
        at = local(visit.desk.office, touch.at)
        who = touch.actor if touch.via.startswith("link ") else visit.desk.office.short
        now += f"（{at.month}月{at.day}日 {at:%H:%M}，{who}{_DONE[touch.act]}）"
    return f"没有提交成功：您打开页面以后情况有变化，或者这一次已经提交过。{now}，请核对"
