"""What the secretariat decides on an item: 办结, 退回, 免办; and reporting for a department that called."""

from starlette.responses import Response

from app.console import figure
from app.console.desk import item as pages
from app.console.desk import mark, waiting
from app.console.visit import Visit, Wrong
from duban.completion import Act, IllegalMove
from duban.step import Answer
from state import answers, cascade
from state.assignments import Conflict
from state.database import Connection

MOST = 50
"""Items at once: as many as a page shows."""


def complete(visit: Visit) -> Response:
    return _decide(visit, Act.COMPLETE, "已办结，此后不再提醒")


def send_back(visit: Visit) -> Response:
    return _decide(visit, Act.RETURN, "已退回，单位的页面上会写明原因，提醒照常恢复")


def exempt(visit: Visit) -> Response:
    return _decide(visit, Act.EXEMPT, "已免办，此后不再提醒")


def reopen(visit: Visit) -> Response:
    """What was done here is taken up again, because the office above returned what it was done for."""
    return _decide(visit, Act.REOPEN, "已退给单位重办，提醒照常恢复；重新办结后再自动向上级报送")


def _decide(visit: Visit, doing: Act, said: str) -> Response:
    row = visit.number("row")
    try:
        reason = reason_of(visit, needed=doing is not Act.COMPLETE)
        with visit.site.database.writing() as connection:
            act(visit, connection, row, visit.form.text("mark"), doing, reason)
    except (Wrong, IllegalMove, Conflict) as trouble:
        return pages.again(visit, row, doing.value, trouble)
    return visit.go(f"/o/{visit.office}/items/{row}", said)


def reason_of(visit: Visit, *, needed: bool, field: str = "reason") -> str:
    """Raises Wrong."""
    reason = visit.form.text(field, most=pages.REASON)
    if needed and not reason:
        raise Wrong("请写明原因，单位要看")
    return reason


def act(
    visit: Visit, connection: Connection, row: int, known: str, doing: Act, reason: str
) -> None:
    """`known`: the mark of the form. Raises Unknown, Moved, IllegalMove, Conflict."""
    item = mark.take(visit, connection, row, known)
    if item.asked.answer is Answer.CONFIRM:
        raise IllegalMove("这是本办待确认的日期，记录公布的日期以后自动办结")
    if doing is Act.REOPEN and not cascade.returned_above(
        connection, visit.agenda.adopted, item.key
    ):
        raise IllegalMove("只有上级退回了的，才能重办")
    visit.act(connection, item, doing, reason)


def complete_some(visit: Visit) -> Response:
    """All that are ticked, or none: one transaction."""
    chosen = visit.form.some("item")
    try:
        if not chosen:
            raise Wrong("请先勾选要办结的事项")
        if len(chosen) > MOST:
            raise Wrong(f"一次最多办结 {MOST} 项")
        with visit.site.database.writing() as connection:
            for one in chosen:
                row, _, known = one.partition(":")
                act(visit, connection, _number(row), known, Act.COMPLETE, "")
    except (Wrong, IllegalMove, Conflict) as trouble:
        status = 409 if isinstance(trouble, Conflict) else 422
        return waiting.reports(visit, status=status, wrong=f"{trouble}。没有一项办结")
    return visit.go(f"/o/{visit.office}/reports", f"已办结 {len(chosen)} 项")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Wrong("勾选的事项看不懂，请刷新后再选")
    return int(text)


def report(visit: Visit) -> Response:
    """代报: for a department that answered by phone or mail; the account names who wrote it down."""
    row = visit.number("row")
    try:
        who, text = _heard(visit)
        with visit.site.database.writing() as connection:
            item = mark.take(visit, connection, row, visit.form.text("mark"))
            if item.asked.answer is Answer.CONFIRM:
                raise IllegalMove("这是本办待确认的日期，不必报送")
            measured = figure.given(visit, item, text)
            short = visit.desk.called(item.asked.department)
            answers.hand_in(
                connection,
                visit.desk,
                visit.scope,
                row,
                f"{short} {who}告知，代报：\n{text}",
                measured=measured,
                quota=0,
                at=visit.at,
                today=visit.today,
                actor=visit.actor,
                via=visit.via,
            )
    except (Wrong, IllegalMove, Conflict) as trouble:
        return pages.again(visit, row, "report", trouble)
    return visit.go(f"/o/{visit.office}/items/{row}", "已代为报送，请审核")


def _heard(visit: Visit) -> tuple[str, str]:
    """Who said what. Raises Wrong."""
    who = " ".join(visit.form.text("who", most=60).split())
    text = visit.form.text("text", most=pages.TEXT)
    if not who:
        raise Wrong("请写明是单位的哪位同志说的")
    if not text:
        raise Wrong("请写明办理情况")
    return who, text
