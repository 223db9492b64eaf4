"""The console as one ASGI application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from adapters.pages import STATIC
from app.console.door import route
from app.console.ground import Ground
from app.console.headers import Headers
from app.console.routes import DOORS
from flows.premises import Site

LOST = "没有这一页。请检查网址是否完整；从信里点开的，请整条复制。"


def application(site: Site) -> Starlette:
    """For one site. Raises Trouble where its secret cannot be read."""
    ground = Ground(site)
    _ = ground.secret
    made = Starlette(
        routes=[
            *(route(door, ground) for door in DOORS),
            Mount("/static", StaticFiles(directory=ground.pages.folder / STATIC)),
        ],
        middleware=[Middleware(Headers, secure=ground.secure)],
        exception_handlers={HTTPException: _lost},
    )
    # Else `/r/<token>/` would be sent on to whatever host the request names, and by http behind a proxy.
    made.router.redirect_slashes = False
    return made


async def _lost(_: Request, fault: Exception) -> Response:
    """No door at all: a plain page, for whoever asks there has nothing of ours."""
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    words = LOST if status == 404 else "这个请求看不懂。"
    html = (
        f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>{words}</title><p>{words}'
    )
    return Response(html, status, media_type="text/html")
