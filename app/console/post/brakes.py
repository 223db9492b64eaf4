"""Letting the post go on: what `duban outbox release` and `duban outbox confirm` do."""

from starlette.responses import Response

from app.console.visit import Visit, Wrong
from flows import gate
from state import servers
from state.assignments import Conflict
from state.notes import note_act


def release(visit: Visit) -> Response:
    """Every server that was stopped, or rests, may be tried again."""
    with visit.site.database.writing() as connection:
        released = servers.release(connection, at=visit.at)
        if not released:
            raise Conflict("现在没有停下的邮件服务器，可能别人已经放行了")
        why = "；".join(f"{one.name}：{one.reason}" for one in released)
        note_act(connection, visit.office, "release", visit.actor, visit.via, why, visit.at)
    return visit.go(f"/o/{visit.office}/outbox", "已放行，下一次发信时会再试")


def confirm(visit: Visit) -> Response:
    """This database is the right one to send from this place."""
    if visit.form.text("sure") != "yes":
        raise Wrong("请先勾选“我已查明”，再确认由这里发信")
    doubt = gate.confirm(
        visit.site, at=visit.at, by=visit.actor, office=visit.office, via=visit.via
    )
    if doubt is None:
        raise Conflict("不必确认：这个数据库就是由这里发信的，可能别人已经确认了")
    return visit.go(f"/o/{visit.office}/outbox", "已确认，下一次运行时开始发信")
