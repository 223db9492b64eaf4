"""The token of forms before there is a session: nobody may log a visitor in as somebody else (login CSRF).

It is bound to a cookie that forms of other sites do not bring along (SameSite). Browsers tell where a form
comes from only over https, or where pages let themselves be named as referrers; ours do not.
"""

import hmac
import secrets

from starlette.responses import Response

from adapters.secret import text_of
from app.console.entrance.cookie import how
from app.console.visit import Visit


def brought(visit: Visit) -> bool:
    """Whether the form comes from a page that this browser got; with a session door.py looked already."""
    seed = visit.cookies.get(_name(visit), "")
    expected = _token(visit, seed)
    given = visit.form.text("door", most=1000)
    return visit.session is not None or (
        bool(seed) and hmac.compare_digest(expected.encode(), given.encode())
    )


def page(visit: Visit, name: str, status: int, **facts: object) -> Response:
    """A page with `door`, the token of its form, and the cookie that belongs to it."""
    seed = visit.cookies.get(_name(visit), "")[:64] or secrets.token_urlsafe(32)
    response = visit.page(name, status=status, door=_token(visit, seed), **facts)
    response.set_cookie(_name(visit), seed, **how(visit))
    return response


def _token(visit: Visit, seed: str) -> str:
    return text_of(visit.secret.sign("entrance", seed.encode("utf-8", "replace")))


def _name(visit: Visit) -> str:
    return f"{visit.cookie_name}-door"
