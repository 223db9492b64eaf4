"""What an administrator does to one account, a button each."""

from starlette.responses import Response

from adapters import passwords
from app.console.entrance.given import given
from app.console.entrance.keeper import keeper
from app.console.visit import Visit
from state import keeping


def disable(visit: Visit) -> Response:
    with visit.site.database.writing() as connection:
        done = keeping.disable(connection, keeper(visit), visit.number("id"))
    return visit.go(f"/accounts/{done.id}", "已停用；这个账号各处的登录都已结束")


def enable(visit: Visit) -> Response:
    with visit.site.database.writing() as connection:
        done = keeping.enable(connection, keeper(visit), visit.number("id"))
    return visit.go(f"/accounts/{done.id}", "已启用")


def unlock(visit: Visit) -> Response:
    with visit.site.database.writing() as connection:
        done = keeping.unlock(connection, keeper(visit), visit.number("id"))
    return visit.go(f"/accounts/{done.id}", "已解锁")


def reset(visit: Visit) -> Response:
    password = passwords.invent()
    encoded = passwords.encode(password)
    since = visit.form.text("since") or "-"
    with visit.site.database.writing() as connection:
        done = keeping.reset(connection, keeper(visit), visit.number("id"), encoded, since)
    return given(visit, done, password, "密码已重设")


def reset_code(visit: Visit) -> Response:
    with visit.site.database.writing() as connection:
        done = keeping.reset_code(connection, keeper(visit), visit.number("id"))
    return visit.go(f"/accounts/{done.id}", "动态口令已关闭；请提醒本人登录后重新开启")
