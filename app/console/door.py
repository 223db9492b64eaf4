"""From the web framework's request to a visit, and from what goes wrong to a page that says so."""

import asyncio
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from adapters import links
from adapters.secret import text_of
from app.bug import keep_traceback
from app.console.formdata import plain, read_form
from app.console.ground import Ground
from app.console.visit import SAID, Form, Gone, NotFound, Refused, Visit, Wrong
from duban.account import Right
from duban.completion import IllegalMove
from duban.trouble import Trouble
from state import accounts, applied
from state.answers import NoFile
from state.assignments import Conflict, Unknown
from state.database import DatabaseFault
from state.requests import AskedAlready, NoRequest

LONGEST = timedelta(hours=12)
"""A session ends then, used or not."""
BROKEN_LINK = "这个链接打不开，可能没有复制完整。请从信里重新点开，或者把信里的网址整条复制过来"
log = structlog.get_logger()
Handler = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Door:
    """One address and what answers there. `right` None: open to everybody (or a link's own matter).

    A path with `{office}` belongs to one office: whoever may not enter it is told that it is not there.
    """

    method: str
    path: str
    handler: Handler
    right: Right | None = None
    link: bool = False
    """Opened by the token in its path instead of a session."""
    anyone: bool = False
    """With `right` None: for everybody who is logged in."""
    files: bool = False
    """Its form may bring files."""


def get(path: str, handler: Handler, right: Right | None = None, **more: bool) -> Door:
    return Door("GET", path, handler, right, **more)


def post(path: str, handler: Handler, right: Right | None = None, **more: bool) -> Door:
    return Door("POST", path, handler, right, **more)


def route(door: Door, ground: Ground) -> Route:
    async def answer(request: Request) -> Response:
        began = time.monotonic()
        response = await _answer(door, ground, request)
        seconds = time.monotonic() - began
        ground.metrics.answered(door.method, door.path, response.status_code, seconds)
        return response

    return Route(door.path, answer, methods=[door.method])


async def _answer(door: Door, ground: Ground, request: Request) -> Response:
    visit = _visit(ground, request)
    try:
        _same_origin(ground, request)
        if door.link:
            _sealed(visit)
        form = (
            await read_form(ground, request, files=door.files) if door.method == "POST" else Form()
        )
        visit.form = form
        if door.method == "GET":
            work = partial(copy_context().run, _serve, door, visit)
            return await asyncio.get_running_loop().run_in_executor(ground.readers, work)
        return await run_in_threadpool(_serve, door, visit)
    except (Trouble, HTTPException) as trouble:
        return await run_in_threadpool(_told, visit, trouble)
    except Exception as fault:
        return await run_in_threadpool(_broken, visit, fault)
    finally:
        await request.close()


def _visit(ground: Ground, request: Request) -> Visit:
    return Visit(
        site=ground.site,
        pages=ground.pages,
        secret=ground.secret,
        method=request.method,
        path=request.scope["path"],
        params={name: plain(value) for name, value in request.path_params.items()},
        query={name: plain(value) for name, value in request.query_params.items()},
        form=Form(),
        at=ground.site.now(),
        address=_address(ground, request),
        secure=ground.secure,
        said=unquote(request.cookies.get(SAID, ""))[:500],
        cookie=request.cookies.get(ground.cookie, ""),
        cookie_name=ground.cookie,
        metrics=ground.metrics,
        attempts=ground.attempts,
        cookies=request.cookies,
    )


def _address(ground: Ground, request: Request) -> str:
    """The nearest address that is not one of our own proxies'."""
    peer = request.client.host if request.client else ""
    said = request.headers.get("x-forwarded-for", "").split(",")
    chain = [one.strip()[:45] for one in said if one.strip()] + [peer]
    while len(chain) > 1 and chain[-1] in ground.proxies:
        chain.pop()
    return chain[-1] if peer in ground.proxies else peer


def _same_origin(ground: Ground, request: Request) -> None:
    """A form of somebody else's page may not be sent to us (ASVS 5.0, 3.5).

    `Origin: null` is what browsers say of our own forms, for our pages are no referrers (Fetch, 3.2): then
    Sec-Fetch-Site tells, where it is sent (https, localhost), and the form's token everywhere.
    """
    if request.method in ("GET", "HEAD"):
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    ours = {request.headers.get("host", ""), _place(ground.site.settings.console.url)} - {""}
    foreign = origin != "null" and _place(origin) not in ours
    if foreign or site not in ("same-origin", "none"):
        raise Refused("这次提交来自别的网站，没有接受；请回到督办台再操作")


def _place(address: str) -> str:
    """Its host and port; empty where it has none that can be read."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _sealed(visit: Visit) -> None:
    """Whether a link was made here, before anything is read that comes with it."""
    if links.read(visit.secret, visit.params["token"]) is None:
        raise NotFound(BROKEN_LINK)


def _serve(door: Door, visit: Visit) -> Response:
    if door.link:
        return door.handler(visit)
    _recognise(visit)
    if visit.session is None and (door.right or door.anyone):
        return _to_the_entrance(visit)
    if visit.session is not None:
        if visit.method == "POST" and visit.form.text("token") != visit.token:
            raise Refused("页面开得太久，或者中途重新登录过；请返回、刷新后再提交一次")
        if visit.account.must_change and visit.path not in ("/password", "/logout"):
            return visit.go("/password", "请先换一个新密码，换好才能继续")
    _enter(door, visit)
    if door.right and not visit.may(door.right):
        raise Refused("您的账号没有这项权限；需要的话，请联系系统管理员")
    return door.handler(visit)


def _recognise(visit: Visit) -> None:
    """Whose session it is; one in use is kept alive."""
    if not visit.cookie:
        return
    idle = timedelta(minutes=visit.site.settings.console.idle_minutes)
    with visit.site.database.reading() as connection:
        visit.session = accounts.current(
            connection, visit.cookie, at=visit.at, idle=idle, longest=LONGEST
        )
        visit.stamp = applied.stamp(connection)
    if visit.session and visit.at - visit.session.seen_at > accounts.STILL:
        with visit.site.database.writing() as connection:
            accounts.touch(connection, visit.session, at=visit.at)


def _enter(door: Door, visit: Visit) -> None:
    """The office of the path, if the visitor may enter it."""
    if "{office}" not in door.path or visit.session is None:
        return
    office = visit.params["office"]
    desks = visit.site.desks(visit.stamp)
    if office not in desks or not visit.account.enters(office):
        raise NotFound("没有这一页")
    visit.desk_, visit.agenda_ = desks[office]


def _to_the_entrance(visit: Visit) -> Response:
    after = visit.path if visit.method == "GET" else "/"
    if visit.method == "GET" and visit.query:
        after = f"{after}?{urlencode(visit.query)}"
    return RedirectResponse(f"/login?next={text_of(after.encode())}", 303)


# --- what went wrong ---


STATUS: tuple[tuple[type[Trouble], int], ...] = (
    (NotFound, 404),
    (Unknown, 404),
    (accounts.NoAccount, 404),
    (NoRequest, 404),
    (NoFile, 404),
    (Gone, 410),
    (Refused, 403),
    (Wrong, 422),
    (IllegalMove, 409),
    (Conflict, 409),
    (AskedAlready, 409),
    (DatabaseFault, 503),
)


def _told(visit: Visit, trouble: Trouble | HTTPException) -> Response:
    if isinstance(trouble, HTTPException):
        return _page(visit, trouble.status_code, "这个请求看不懂")
    status = next((code for kind, code in STATUS if isinstance(trouble, kind)), 422)
    if isinstance(trouble, DatabaseFault):
        log.error("console without database", reason=str(trouble))
    return _page(visit, status, str(trouble))


def _broken(visit: Visit, fault: Exception) -> Response:
    """A mistake of ours: its traceback goes into a file, the visitor is told that there is one."""
    file = keep_traceback(fault)
    log.error("page broke", path=_path(visit), file=str(file), exc_info=fault)
    return _page(visit, 500, "程序出错了，这不该发生；已经记录下来，请告诉系统管理员")


def _path(visit: Visit) -> str:
    """Without a link's token: that is a key, and no log may hold it."""
    token = visit.params.get("token")
    return visit.path.replace(token, "…") if token else visit.path


TITLES = {
    403: "不能这样做",
    404: "没有这一页",
    409: "情况有变",
    410: "链接已失效",
    422: "请改正后再提交",
}


def _page(visit: Visit, status: int, reason: str) -> Response:
    facts: dict[str, Any] = {"title": TITLES.get(status, "出了问题"), "reason": reason}
    try:
        return visit.page("error.html", status=status, **facts)
    except Exception:
        log.exception("error page broke")
        return Response(f"{facts['title']}：{reason}", status, media_type="text/plain")
