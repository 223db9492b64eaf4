"""Letters' links that are to open nothing any more."""

from typing import Any

from starlette.responses import Response

from app.console.visit import Visit
from state import letters, links
from state.assignments import Conflict


def revoke(visit: Visit) -> Response:
    """Of this letter; with `all`, of every letter of the office to its recipient."""
    number = visit.number("letter")
    said: Any = {"at": visit.at, "actor": visit.actor, "via": visit.via}
    with visit.site.database.writing() as connection:
        sent = letters.find(connection, visit.scope, number)
        if visit.form.text("all") == "yes":
            many = links.revoke_all(connection, visit.office, sent.recipient, **said)
            if not many:
                raise Conflict("这位收件人的链接都已经停用，不必再停用一次")
            words = f"已停用寄给 {sent.recipient} 的 {many} 封信的链接"
        else:
            links.revoke(connection, visit.office, number, **said)
            words = "已停用这封信的链接"
    return visit.go(f"/o/{visit.office}/outbox/{number}", words)
