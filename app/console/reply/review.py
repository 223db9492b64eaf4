"""What a supporting department handed in, as the leading one looks at it: passed, or sent back."""

from starlette.responses import Response

from app.console.reply import item as page
from app.console.reply import mark, person, story
from app.console.reply.files import download
from app.console.reply.listing import base, card, enter
from app.console.visit import NotFound, Visit, Wrong
from duban.assignment import Assignment
from duban.completion import Act, IllegalMove, State
from duban.trouble import Trouble
from state import answers, items, reviewing, tray, turns
from state.assignments import Conflict
from state.links import Bearer
from state.scope import Scope


def show(visit: Visit) -> Response:
    return _page(visit)


def accept(visit: Visit) -> Response:
    return _decide(visit, Act.COMPLETE, "已通过，这一项已办结")


def send_back(visit: Visit) -> Response:
    return _decide(visit, Act.RETURN, "已退回，报送的单位会收到通知")


def file(visit: Visit) -> Response:
    """Only of what they may look at."""
    bearer, row = enter(visit), visit.number("row")
    with visit.site.database.reading() as connection:
        item = reviewing.find(connection, bearer, row)
        given = answers.of_item(connection, _scope(item), row)
    files = {file.id: file for one in given for file in one.files}
    if found := files.get(visit.number("id")):
        return download(visit, found)
    raise NotFound("没有这个文件，或者它不归您查看")


def _scope(item: Assignment) -> Scope:
    return Scope(item.asked.office, frozenset({item.asked.department}))


def _decide(visit: Visit, doing: Act, said: str) -> Response:
    bearer, row = enter(visit), visit.number("row")
    try:
        name = person.given(visit)
        reason = visit.form.text("reason", most=1000)
        if doing is Act.RETURN and not reason:
            raise Wrong("请写明退回的原因，报送的单位要看")
        _act(visit, bearer, row, doing, name, reason)
    except (Wrong, IllegalMove, Conflict) as trouble:
        return _page(visit, trouble)
    return person.remember(visit, visit.go(f"{base(visit)}/review/{row}", said), name)


def _act(visit: Visit, bearer: Bearer, row: int, doing: Act, name: str, reason: str) -> None:
    """Raises Unknown, Moved, IllegalMove, Conflict."""
    with visit.site.database.writing() as connection:
        turns.take(connection, [bearer.office])
        item = mark.fits(visit, connection, reviewing.find(connection, bearer, row))
        if item.state is not State.REPORTED:
            raise IllegalMove(f"现在是“{item.state.label}”，没有要审核的报送")
        visit.act(
            connection,
            item,
            doing,
            reason,
            actor=person.claimed(visit, name, _lead(bearer, item)),
            via=f"link {visit.address}",
            letter=bearer.letter,
        )


def _lead(bearer: Bearer, item: Assignment) -> str:
    """In whose name it is decided."""
    return min(item.asked.reviewed_by & bearer.departments)


def _page(visit: Visit, trouble: Trouble | None = None) -> Response:
    bearer, row = enter(visit), visit.number("row")
    with visit.site.database.reading() as connection:
        item = reviewing.find(connection, bearer, row)
        lines = items.history(connection, _scope(item), row)
        given = answers.of_item(connection, _scope(item), row)
        touch = tray.last_touch(connection, row)
    return visit.page(
        "reply/review.html",
        status=page.status_of(trouble),
        base=base(visit),
        card=card(visit, item, touch.id if touch else 0),
        lead=visit.desk.called(_lead(bearer, item)),
        you=person.known(visit),
        open=item.state is State.REPORTED,
        wrong=str(trouble) if trouble else "",
        reason=(visit.form.some("reason") or [""])[-1],
        story=story.told(visit.desk.office, lines, given),
    )
