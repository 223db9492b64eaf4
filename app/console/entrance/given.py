"""A password that was made for somebody: shown once, and nowhere else."""

from starlette.responses import Response

from app.console.visit import Visit
from duban.account import Account
from duban.passwordrules import FIRST


def given(visit: Visit, whom: Account, password: str, title: str) -> Response:
    return visit.page(
        "entrance/given.html", whom=whom, password=password, title=title, days=FIRST.days
    )
