"""`/healthz`: the process answers; nothing else is asked."""

from starlette.responses import PlainTextResponse, Response

from app.console.visit import Visit


def show(_: Visit) -> Response:
    return PlainTextResponse("ok\n")
