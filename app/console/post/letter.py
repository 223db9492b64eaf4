"""One letter: what became of it, what it spoke of, and the letter itself as it was sent."""

from datetime import datetime

from starlette.responses import Response

from adapters.written import Written, read
from app.console.visit import Visit
from duban import acts
from flows.premises import local
from state import letters

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of the HTML of a letter: it has styles of its own, and may do nothing."""


def show(visit: Visit) -> Response:
    number = visit.number("letter")
    with visit.site.database.reading() as connection:
        sent = letters.find(connection, visit.scope, number)
        mentions, every = letters.mentions(connection, visit.scope, number)
        account = letters.account(connection, visit.scope, number)
        written = read(letters.mime(connection, visit.scope, number))
    return visit.page(
        "post/letter.html",
        letter=sent,
        mentions=mentions,
        every=every,
        account=account,
        text=written.text,
        acts=acts,
        clock=lambda at: _clock(visit, at),
    )


def html(visit: Visit) -> Response:
    """The HTML part alone, for the frame on the page."""
    written = _written(visit)
    return Response(
        written.html or f"<pre>{_escaped(written.text)}</pre>",
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


def eml(visit: Visit) -> Response:
    """The very bytes, with the link: for those who may answer for departments anyway."""
    number = visit.number("letter")
    with visit.site.database.reading() as connection:
        mime = letters.mime(connection, visit.scope, number)
    name = f"letter-{number}.eml"
    return Response(
        mime,
        media_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(visit: Visit) -> Written:
    with visit.site.database.reading() as connection:
        return read(letters.mime(connection, visit.scope, visit.number("letter")))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _clock(visit: Visit, at: datetime | None) -> str:
    """On the office's wall clock."""
    return f"{local(visit.desk.office, at):%Y-%m-%d %H:%M:%S}" if at else ""
