"""Logging in: the password, then the one-time code where there is one."""

from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from adapters import passwords, totp
from app.console.entrance import firsttoken, ticket
from app.console.entrance.after import after
from app.console.entrance.cookie import give, take_back
from app.console.entrance.words import spoken, typed
from app.console.visit import Visit
from duban.passwordrules import RULES, too_late, too_old
from state import accounts, logins
from state.accounts import Credentials
from state.database import Connection

WRONG = (
    "登录名或密码不对，或者账号已停用、被锁定。连续错 5 次会锁定 15 分钟，再错更久。"
    "请稍后再试，或请系统管理员解锁、重设密码。"
)
LATE = "这个初始密码已过期（14 天内有效），请系统管理员重设密码。"
CODE = "动态口令不对，或者已经用过。请等手机上换出新的六位数字再填；连续错 5 次会锁定账号。"
STALE = "页面开得太久，或者浏览器没有保存 Cookie，请再填一次。"
SLOW = "这一步超过了 5 分钟，或者账号有变动，请重新登录。"


def show(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.go(after(visit.query.get("next", "")))
    return _password_page(visit)


def enter(visit: Visit) -> Response:
    """The first step."""
    if not firsttoken.brought(visit):
        return _password_page(visit, STALE)
    if wait := visit.attempts.take(visit.address, visit.at):
        return _busy(visit, wait)
    login = visit.form.text("login", most=1000).lower()[:60]
    password = typed(visit.form, "password")
    with visit.site.database.reading() as connection:
        seen = accounts.find(connection, login)
    right = passwords.fits(seen.password if seen else "", password)
    fresh = (
        passwords.encode(password) if right and seen and passwords.outdated(seen.password) else ""
    )
    with visit.site.database.writing() as connection:
        known = logins.judge(connection, login, seen, right, at=visit.at, via=visit.via)
        if known and fresh:
            accounts.change(connection, known.account.id, password=fresh)
            known = replace(known, password=fresh)
        late = known is not None and known.given and too_late(known.password_at, visit.at)
        if known and not late and not known.totp:
            return _let_in(visit, connection, known)
    if known is None or late:
        return _password_page(visit, LATE if late else WRONG, login)
    return _code_page(visit, ticket.issue(visit.secret, known, visit.at))


def ask_code(visit: Visit) -> Response:
    """Somebody came back to the second step: it begins with the first."""
    return visit.go("/login")


def enter_code(visit: Visit) -> Response:
    """The second step."""
    if not firsttoken.brought(visit):
        return _password_page(visit, STALE)
    if wait := visit.attempts.take(visit.address, visit.at):
        return _busy(visit, wait)
    given = visit.form.text("ticket", most=4096)
    code = visit.form.text("code", most=1000)
    read = ticket.read(visit.secret, given, visit.at)
    if read is None:
        return _password_page(visit, SLOW)
    with visit.site.database.writing() as connection:
        known = logins.judge_code(connection, *read, mark=ticket.mark, at=visit.at, via=visit.via)
        if known is None:
            return _password_page(visit, SLOW)
        step = totp.step_of(known.totp, code, visit.at, known.totp_used)
        if step:
            return _let_in(visit, connection, known, step)
        logins.fail(connection, known, "动态口令不对", at=visit.at, via=visit.via)
    return _code_page(visit, given, CODE)


def leave(visit: Visit) -> Response:
    session = visit.session
    if session is not None:
        with visit.site.database.writing() as connection:
            logins.log_out(connection, session.account, session.id, at=visit.at, via=visit.via)
    return take_back(visit, visit.go("/login", "已退出"))


def _let_in(visit: Visit, connection: Connection, known: Credentials, step: int = 0) -> Response:
    """A new session in a new cookie; whatever the browser brought along is worth nothing any more."""
    settings = visit.site.settings.console
    aged = too_old(RULES[settings.passwords], known.password_at, visit.at)
    token = logins.let_in(
        connection,
        known,
        visit.address,
        at=visit.at,
        via=visit.via,
        instead_of=visit.cookie,
        aged=aged,
        step=step,
    )
    accounts.forget_old(connection, before=visit.at - timedelta(minutes=settings.idle_minutes))
    visit.attempts.succeeded(visit.address)
    must = aged or known.account.must_change
    path = "/password" if must else after(visit.form.text("next", most=4096))
    return give(visit, visit.go(path, _last(known)), token)


def _last(known: Credentials) -> str:
    """So that people notice when somebody else logs in as they."""
    said = f"上次登录：{spoken(known.seen_at)}" if known.seen_at else ""
    if not known.failures:
        return said
    failed = f"有 {known.failures} 次登录失败；如果不是您，请改密码，并告诉系统管理员"
    return f"{said}，其后{failed}" if said else f"此前{failed}"


def _password_page(visit: Visit, wrong: str = "", login: str = "", status: int = 422) -> Response:
    next = visit.form.text("next", most=4096) or visit.query.get("next", "")
    facts = {"wrong": wrong, "login": login, "next": next}
    return firsttoken.page(visit, "entrance/login.html", status if wrong else 200, **facts)


def _code_page(visit: Visit, given: str, wrong: str = "") -> Response:
    facts = {"wrong": wrong, "ticket": given, "next": visit.form.text("next", most=4096)}
    return firsttoken.page(visit, "entrance/code.html", 422 if wrong else 200, **facts)


def _busy(visit: Visit, wait: timedelta) -> Response:
    minutes = -(-int(wait.total_seconds()) // 60) or 1
    login = visit.form.text("login", most=1000)[:60]
    response = _password_page(visit, f"登录得太频繁，请 {minutes} 分钟后再试。", login, 429)
    response.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return response
