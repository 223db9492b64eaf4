"""One item: everything that is known of it, and what the secretariat may do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from starlette.responses import Response

from app.console import figure
from app.console.desk import mark
from app.console.desk.itemlist import departments, row
from app.console.visit import Visit
from duban import acts
from duban.assignment import Assignment
from duban.completion import Act, State, leaves
from duban.letter import Kind
from duban.piece import Piece
from duban.request import Kind as Asking
from duban.request import Request, Standing
from duban.step import Answer as Wanted
from duban.trouble import Trouble
from flows.premises import local
from state import answers, cascade, items, mentions, requests
from state.answers import Answer
from state.assignments import Conflict
from state.items import Line
from state.mentions import Mention

REASON, TEXT = 500, 4000
"""Characters of a reason; of a report."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history, in words."""

    at: datetime
    what: str
    who: str
    why: str
    where: str
    before: State | None
    after: State | None
    letters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds of one item."""

    item: Assignment
    mark: str
    answers: list[Answer]
    requests: Sequence[Request]
    letters: list[Mention]
    history: Sequence[Line]
    returned_above: bool
    """Whether it was done, and the office above wants it better."""

    @property
    def open_request(self) -> Request | None:
        return next((one for one in self.requests if one.standing is Standing.OPEN), None)


def show(visit: Visit) -> Response:
    return page(visit, visit.number("row"))


def again(visit: Visit, row: int, form: str, trouble: Trouble) -> Response:
    """The form as it was filled in, and what is wrong with it."""
    status = 409 if isinstance(trouble, Conflict) else 422
    return page(visit, row, form=form, wrong=str(trouble), status=status)


def page(
    visit: Visit, number: int, *, form: str = "", wrong: str = "", status: int = 200
) -> Response:
    """`form`: the one that `wrong` belongs to. Raises Unknown."""
    known = _known(visit, number)
    item = known.item
    asked = known.open_request
    return visit.page(
        "desk/item.html",
        status=status,
        known=known,
        item=item,
        one=row(visit, item),
        piece=visit.agenda.piece(item.asked),
        step=_step(visit.agenda.piece(item.asked), item),
        next=_next(visit, item),
        may=_may(known),
        figure=figure.asked(visit, item),
        asked=asked,
        Asking=Asking,
        Kind=Kind,
        departments=[one for one in departments(visit) if one[0] != item.asked.department],
        history=_together([told(visit, line) for line in known.history]),
        names={one.letter: one.name for one in known.letters},
        at=lambda moment: local(visit.desk.office, moment),
        form=form,
        wrong=wrong,
        filled={name: values[-1] for name, values in visit.form.fields.items() if values},
        Confirm=Wanted.CONFIRM,
    )


def _known(visit: Visit, number: int) -> Known:
    scope = visit.scope
    with visit.site.database.reading() as connection:
        item = items.find(connection, scope, number)
        return Known(
            item,
            mark.marks(connection, {number: item})[number],
            answers.of_item(connection, scope, number),
            requests.of_item(connection, scope, number),
            mentions.of_item(connection, scope, number),
            items.history(connection, scope, number),
            item.state is State.COMPLETED
            and cascade.returned_above(connection, visit.agenda.adopted, item.key),
        )


def _step(piece: Piece | None, item: Assignment) -> str:
    """How the calendar writes its date: `开始前15天`; empty for what the calendar has dropped."""
    steps = piece.steps if piece else ()
    return next((step.due for step in steps if step.id == item.asked.step), "")


def _next(visit: Visit, item: Assignment) -> tuple[str, date] | None:
    """What the next letter will be, in words, and its day: never before the next working morning."""
    if item.next_stage is None or item.next_on is None:
        return None
    desk = visit.desk
    label = desk.ladder(item.asked.ladder).label(item.next_stage)
    return label, max(item.next_on, desk.workdays.after(visit.today))


def _may(known: Known) -> dict[str, bool]:
    """What the secretariat may do from here; what it has to find out itself is only recorded."""
    item = known.item
    if item.asked.answer is Wanted.CONFIRM:
        return {}
    doing = (Act.COMPLETE, Act.RETURN, Act.EXEMPT, Act.REPORT)
    may = {act.value: item.state in leaves(act) for act in doing}
    return {**may, Act.REOPEN.value: known.returned_above}


def told(visit: Visit, line: Line) -> Told:
    return Told(
        local(visit.desk.office, line.at),
        acts.label(line.act),
        acts.who(line.actor),
        acts.why(line.act, line.reason),
        acts.where(line.via),
        line.from_state,
        line.to_state,
        (line.letter,) if line.letter else (),
    )


def _together(lines: list[Told]) -> list[Told]:
    """What one morning's letters told several people stands in one line."""
    found: dict[tuple[object, ...], Told] = {}
    for number, line in enumerate(lines):
        key = (line.at, line.what, line.who, line.why, None if line.letters else number)
        first = found.setdefault(key, line)
        if first is not line:
            found[key] = replace(first, letters=(*first.letters, *line.letters))
    return list(found.values())
