"""The session's cookie: out of reach of scripts and other sites; under https nobody else can set it."""

from typing import Any

from starlette.responses import Response

from app.console.visit import Visit


def give(visit: Visit, response: Response, token: str) -> Response:
    """It ends with the browser; the session ends earlier, when it is not used."""
    response.set_cookie(visit.cookie_name, token, **how(visit))
    return response


def take_back(visit: Visit, response: Response) -> Response:
    response.delete_cookie(visit.cookie_name, **how(visit))
    return response


def how(visit: Visit) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": visit.secure}
