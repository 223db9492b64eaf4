"""Who says to be acting: a name that is claimed, not proven, and remembered by the browser."""

import re
import unicodedata
from urllib.parse import quote, unquote

from starlette.responses import Response

from app.console.visit import Visit, Wrong

COOKIE = "duban-name"
PATH = "/r"
LONGEST = 30
YEAR = 365 * 24 * 3600
_PLAIN = re.compile(r"[\w·. -]+")


class NoName(Wrong):
    """The name is missing or is none."""


def known(visit: Visit) -> str:
    """As filled in just now, else as the browser remembers it; empty where there is none."""
    if "name" in visit.form.fields:
        return visit.form.some("name")[-1].strip()[:LONGEST]
    return _fit(unquote(visit.cookies.get(COOKIE, "")))


def given(visit: Visit) -> str:
    """Raises NoName."""
    name = known(visit)
    if "name" in visit.form.fields:
        name = " ".join(visit.form.text("name", most=1000).split())
    if not name:
        raise NoName("请填写您的姓名，纲要办要知道是谁办的")
    if not _fit(name):
        raise NoName(f"姓名请只写汉字、字母和数字，最多 {LONGEST} 个字")
    return name


def claimed(visit: Visit, name: str, department: str) -> str:
    """For the account: `张三（自称，市水利局）`."""
    return f"{name}（自称，{visit.desk.called(department)[:60]}）"


def remember(visit: Visit, response: Response, name: str) -> Response:
    response.set_cookie(
        COOKIE,
        quote(name),
        max_age=YEAR,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=visit.secure,
    )
    return response


def _fit(name: str) -> str:
    """The name, or nothing where it could be taken for something else than one."""
    name = unicodedata.normalize("NFC", name)
    return name if len(name) <= LONGEST and _PLAIN.fullmatch(name) else ""
