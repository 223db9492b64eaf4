"""Answers to requests: yes or no to an extension, a transfer, 非本单位. Each is decided once."""

from datetime import date

from starlette.responses import Response

from adapters.records import CannotGrow
from adapters.wording import long
from app import recording
from app.console.desk import item as pages
from app.console.desk.decide import reason_of
from app.console.visit import Visit, Wrong
from app.editing import CannotWrite
from app.recording import Unsound
from duban.assignment import Assignment
from duban.completion import Act, IllegalMove
from duban.desk import UnknownName
from duban.request import Kind, Request
from duban.transfer import Transfer
from flows.premises import local
from state import items, requests
from state.assignments import Conflict
from state.database import Connection

SAME, EXEMPT = "@same", "@exempt"
"""Instead of a department: it stays with the same one; nobody has to do it."""
NOTE = 120
"""Characters of a reason in the calendar's file."""


def refuse(visit: Visit) -> Response:
    asked, _ = _find(visit)
    try:
        answer = reason_of(visit, needed=True, field="answer")
        with visit.site.database.writing() as connection:
            requests.refuse(
                connection,
                visit.scope,
                asked.id,
                at=visit.at,
                actor=visit.actor,
                via=visit.via,
                answer=answer,
            )
    except (Wrong, Conflict) as trouble:
        return pages.again(visit, asked.row, "refuse", trouble)
    return _back(visit, asked, "已答复：不同意，单位的页面上会写明原因")


def grant(visit: Visit) -> Response:
    asked, item = _find(visit)
    try:
        answer = reason_of(visit, needed=False, field="answer")
        said = (_extend if asked.kind is Kind.EXTENSION else _pass_on)(visit, asked, item, answer)
    except (Wrong, IllegalMove, Conflict, Unsound, CannotGrow, CannotWrite) as trouble:
        return pages.again(visit, asked.row, "grant", trouble)
    return _back(visit, asked, said)


def _find(visit: Visit) -> tuple[Request, Assignment]:
    """Raises NoRequest."""
    with visit.site.database.reading() as connection:
        asked = requests.find(connection, visit.scope, visit.number("id"))
        return asked, items.find(connection, visit.scope, asked.row)


def _back(visit: Visit, asked: Request, said: str) -> Response:
    return visit.go(f"/o/{visit.office}/items/{asked.row}", said)


def _extend(visit: Visit, asked: Request, item: Assignment, answer: str) -> str:
    until = _until(visit, asked, item)
    with visit.site.database.writing() as connection:
        _grant(visit, connection, asked, answer, until)
    return f"已同意延期到{long(until)}；更正通知在下一个工作日早上寄出"


def _until(visit: Visit, asked: Request, item: Assignment) -> date:
    """Another date than the department's may be granted. Raises Wrong."""
    until = visit.form.day("until") or asked.wanted
    if until is None:
        raise Wrong("请填写延到哪一天")
    if until < visit.today or (item.target and until <= item.target):
        raise Wrong(f"延到哪一天要晚于现在的时限（{long(item.target)}），也不能早于今天")
    return until


def _pass_on(visit: Visit, asked: Request, item: Assignment, answer: str) -> str:
    to = visit.form.text("to")
    if to == SAME:
        with visit.site.database.writing() as connection:
            _grant(visit, connection, asked, answer)
        return "已同意；事项仍由本单位办理，换了联系人的请到“单位”里更新"
    if to == EXEMPT:
        with visit.site.database.writing() as connection:
            _grant(visit, connection, asked, answer)
            visit.act(connection, item, Act.EXEMPT, answer or asked.reason)
        return "已同意，这一项免办"
    return _transfer(visit, asked, item, to, answer)


def _transfer(visit: Visit, asked: Request, item: Assignment, to: str, answer: str) -> str:
    """The answer, the record in the calendar and what follows from it are one transaction."""
    department = _department(visit, to, item)
    record = Transfer.model_validate(
        {
            "activity": item.asked.activity,
            "year": item.asked.year,
            "step": item.asked.step,
            "from": item.asked.department,
            "to": department,
            "at": local(visit.desk.office, visit.at).replace(microsecond=0),
            "by": visit.actor,
            "reason": _line(answer or asked.reason) or None,
        }
    )
    prepared = recording.transferring(visit.site, visit.office, record, visit.at)
    recording.commit(
        visit.site,
        prepared,
        at=visit.at,
        actor=visit.actor,
        via=visit.via,
        first=lambda connection: _grant(visit, connection, asked, answer),
    )
    return f"已转给{visit.desk.called(department)}；原单位和接办单位都会收到通知"


def _department(visit: Visit, to: str, item: Assignment) -> str:
    """Raises Wrong."""
    try:
        found = visit.desk.department(to)
    except UnknownName:
        found = None
    if found is None or not found.valid(visit.today):
        raise Wrong("请从列表里选择转给哪个单位")
    if found.id == item.asked.department:
        raise Wrong("请选择另一个单位")
    return found.id


def _line(text: str) -> str:
    return " ".join(text.split())[:NOTE]


def _grant(
    visit: Visit, connection: Connection, asked: Request, answer: str, until: date | None = None
) -> None:
    requests.grant(
        connection,
        visit.desk,
        visit.scope,
        asked.id,
        at=visit.at,
        actor=visit.actor,
        via=visit.via,
        answer=answer,
        until=until,
    )
