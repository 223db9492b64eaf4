"""One item as its department sees it: the facts, the forms, and what became of it."""

from datetime import timedelta

from starlette.responses import Response

from adapters.uploads import CannotStore
from app.console import figure
from app.console.reply import person, story
from app.console.reply.listing import base, card, enter
from app.console.visit import Visit, Wrong
from duban.assignment import Assignment, Duty
from duban.completion import State
from duban.mentions import blockers
from duban.request import Standing
from duban.trouble import Trouble
from state import answers, items, requests, support, tray
from state.answers import QuotaReached

FORMS = ("report", "extension", "transfer", "not-ours")
FIELDS = (
    "text",
    figure.VALUE,
    figure.NONE,
    "reason",
    "progress",
    "wanted",
    "towards",
    "person",
    "email",
)
LONG = 4000
"""Characters of an answer."""


def show(visit: Visit) -> Response:
    return _page(visit, visit.query.get("do", ""))


def again(visit: Visit, form: str, trouble: Trouble) -> Response:
    """The same page with the form as it was filled in, and what is wrong with it."""
    return _page(visit, form, trouble, status_of(trouble))


def status_of(trouble: Trouble | None) -> int:
    if trouble is None:
        return 200
    if isinstance(trouble, CannotStore):
        return 503
    return 422 if isinstance(trouble, Wrong | QuotaReached) else 409


def _page(visit: Visit, form: str, trouble: Trouble | None = None, status: int = 200) -> Response:
    bearer, row = enter(visit), visit.number("row")
    with visit.site.database.reading() as connection:
        item = items.find(connection, bearer.scope, row)
        lines = items.history(connection, bearer.scope, row)
        given = answers.of_item(connection, bearer.scope, row)
        asked = requests.of_item(connection, bearer.scope, row)
        touch = tray.last_touch(connection, row)
        owed = support.owed(connection, [item]) if item.asked.duty is Duty.LEAD else {}
    told = story.told(visit.desk.office, lines, given)
    last = asked[-1] if asked else None
    return visit.page(
        "reply/item.html",
        status=status,
        base=base(visit),
        card=card(visit, item, touch.id if touch else 0),
        figure=figure.asked(visit, item),
        you=person.known(visit),
        form=form if form in FORMS else "",
        wrong=str(trouble) if trouble else "",
        nameless=isinstance(trouble, person.NoName),
        filled={name: _filled(visit, name) for name in FIELDS},
        had_files=bool(visit.form.files.get("files")),
        asked=last if last and last.standing is Standing.OPEN else None,
        refused=last if last and last.standing is Standing.REFUSED else None,
        sent_back=_sent_back(item, told),
        story=told,
        others=_others(visit, item),
        blockers=list(blockers(visit.desk, visit.today, owed.get(item.key, ()))),
        console=visit.site.settings.console,
        earliest=_earliest(visit, item),
    )


def _filled(visit: Visit, name: str) -> str:
    """What was filled in, however long."""
    return (visit.form.some(name) or [""])[-1]


def _sent_back(item: Assignment, told: list[story.Chapter]) -> story.Chapter | None:
    """Why the secretariat wants it better, where that is the last word."""
    if item.state is not State.RETURNED:
        return None
    return next((one for one in told if one.act == "return"), None)


def _others(visit: Visit, item: Assignment) -> list[tuple[str, str]]:
    """Departments that might take it over: (id, short name)."""
    return [
        (one.id, one.short)
        for one in visit.desk.branch.departments
        if one.valid(visit.today) and one.id != item.asked.department
    ]


def _earliest(visit: Visit, item: Assignment) -> str:
    """The first day that an extension may ask for."""
    if item.target is None:
        return ""
    return max(item.target + timedelta(1), visit.today).isoformat()
