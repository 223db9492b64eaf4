"""我的账号: who I am, what I may, where I am logged in."""

from datetime import datetime, timedelta

from starlette.responses import Response

from adapters.secret import text_of
from app.console.entrance.words import spoken
from app.console.visit import Visit
from duban.account import Account
from flows.premises import NothingApplied
from state import accounts, ownaccount
from state.accounts import Credentials, NoAccount, Session
from state.assignments import Conflict
from state.database import Connection


def show(visit: Visit) -> Response:
    idle = timedelta(minutes=visit.site.settings.console.idle_minutes)
    with visit.site.database.reading() as connection:
        known = me(visit, connection)
        sessions = accounts.sessions(connection, visit.account, since=visit.at - idle)
    return visit.page(
        "entrance/me.html",
        known=known,
        offices=office_names(visit, known.account),
        sessions=[(handle(visit, one), one) for one in sessions],
        here=handle(visit, visit.session),
        spoken=spoken,
    )


def end_one(visit: Visit) -> Response:
    """One of my other sessions."""
    wanted = visit.form.text("session")
    with visit.site.database.writing() as connection:
        known = me(visit, connection)
        for one in accounts.sessions(connection, visit.account, since=_ever(visit)):
            if handle(visit, one) == wanted:
                ownaccount.end_session(connection, known, one.id, at=visit.at, via=visit.via)
                return visit.go("/me", "已结束，那里要重新登录")
    raise Conflict("这处登录已经结束")


def end_others(visit: Visit) -> Response:
    with visit.site.database.writing() as connection:
        known = me(visit, connection)
        ownaccount.end_others(connection, known, session_id(visit), at=visit.at, via=visit.via)
    return visit.go("/me", "其他各处都已结束，要重新登录")


def me(visit: Visit, connection: Connection) -> Credentials:
    known = accounts.find_id(connection, visit.account.id)
    if known is None:
        raise NoAccount("没有这个账号")
    return known


def session_id(visit: Visit) -> str:
    return visit.session.id if visit.session else ""


def _ever(visit: Visit) -> datetime:
    return visit.at - timedelta(days=366)


def handle(visit: Visit, one: Session | None) -> str:
    """How a page names a session: not by what the database knows it by."""
    return text_of(visit.secret.sign("session", one.id.encode())) if one else ""


def office_names(visit: Visit, who: Account) -> str:
    known = office_choices(visit)
    return "、".join(known.get(id, id) for id in sorted(who.offices)) or "全部纲要办"


def office_choices(visit: Visit) -> dict[str, str]:
    """Short names by id; none before a calendar was applied."""
    try:
        return {id: office.short for id, office in visit.site.desks().offices.items()}
    except NothingApplied:
        return {}
