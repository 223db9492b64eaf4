"""The list of accounts, for administrators."""

from starlette.responses import Response

from app.console.entrance.keeper import keeper
from app.console.entrance.me import office_choices
from app.console.entrance.words import spoken
from app.console.paging import asked_page
from app.console.visit import Visit
from state import keeping

PAGE = 50


def show(visit: Visit) -> Response:
    words = visit.query.get("words", "").strip()[:60]
    page = asked_page(visit)
    with visit.site.database.reading() as connection:
        found, total = keeping.listed(
            connection, keeper(visit), words, start=(page - 1) * PAGE, most=PAGE
        )
    return visit.page(
        "entrance/accounts.html",
        found=found,
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // PAGE)),
        names=office_choices(visit),
        spoken=spoken,
    )
