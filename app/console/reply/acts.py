"""What a department does to an item. Each act is a POST of a person's own form, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from adapters.uploads import CannotStore
from app.console import figure
from app.console.reply import item as page
from app.console.reply import mark, person
from app.console.reply.files import checked, keep
from app.console.reply.listing import base, enter
from app.console.visit import Visit, Wrong
from duban.completion import Act, IllegalMove
from duban.desk import UnknownName
from duban.office import Mailbox
from duban.request import Kind
from state import answers, requests
from state.answers import QuotaReached
from state.assignments import Conflict
from state.links import Bearer
from state.requests import AskedAlready

TOWARDS = 120
"""Characters of a person's name and address."""
_MAILBOX: TypeAdapter[str] = TypeAdapter(Mailbox)


@dataclass(frozen=True, slots=True)
class Doing:
    """One act under way."""

    visit: Visit
    bearer: Bearer
    name: str
    row: int

    @property
    def via(self) -> str:
        return f"link {self.visit.address}"


def acknowledge(visit: Visit) -> Response:
    back = base(visit) if visit.form.text("back") == "list" else ""
    return _do(visit, "", _acknowledge, "已签收", back)


def report(visit: Visit) -> Response:
    return _do(visit, "report", _report, "已报送，纲要办审核后办结")


def extend(visit: Visit) -> Response:
    return _do(visit, "extension", _extend, "延期申请已提交，请等纲要办答复；答复以前，原时限不变")


def transfer(visit: Visit) -> Response:
    return _do(
        visit, "transfer", _transfer, "转办申请已提交，请等纲要办答复；答复以前，仍由本单位办理"
    )


def disown(visit: Visit) -> Response:
    return _do(visit, "not-ours", _disown, "已告知纲要办，请等答复；答复以前，仍由本单位办理")


def _do(
    visit: Visit, form: str, doing: Callable[[Doing], None], said: str, back: str = ""
) -> Response:
    bearer, row = enter(visit), visit.number("row")
    try:
        name = person.given(visit)
        doing(Doing(visit, bearer, name, row))
    except (Wrong, IllegalMove, Conflict, AskedAlready, QuotaReached, CannotStore) as trouble:
        return page.again(visit, form, trouble)
    return person.remember(visit, visit.go(back or f"{base(visit)}/{row}", said), name)


def _acknowledge(doing: Doing) -> None:
    visit = doing.visit
    with visit.site.database.writing() as connection:
        item = mark.take(visit, connection, doing.bearer, doing.row)
        visit.act(
            connection,
            item,
            Act.ACKNOWLEDGE,
            actor=person.claimed(visit, doing.name, item.asked.department),
            via=doing.via,
            letter=doing.bearer.letter,
        )


def _report(doing: Doing) -> None:
    """The files are kept before the transaction, which may be refused: then nothing speaks of them."""
    visit = doing.visit
    text, files = visit.form.text("text", most=page.LONG), checked(visit)
    quota = visit.site.settings.console.quota_mb << 20
    with visit.site.database.reading() as connection:
        item = mark.check(visit, connection, doing.bearer, doing.row)
        measured = figure.given(visit, item, text)
        if not (text or files or measured):
            raise Wrong("请写明办理情况，或者附上材料")
        answers.room(connection, visit.office, sum(file.size for file in files), quota)
    stored = keep(visit, files)
    with visit.site.database.writing() as connection:
        item = mark.take(visit, connection, doing.bearer, doing.row)
        answers.hand_in(
            connection,
            visit.desk,
            doing.bearer.scope,
            item.row,
            text,
            stored,
            measured=measured,
            quota=quota,
            at=visit.at,
            today=visit.today,
            actor=person.claimed(visit, doing.name, item.asked.department),
            via=doing.via,
            letter=doing.bearer.letter,
        )


def _extend(doing: Doing) -> None:
    form = doing.visit.form
    wanted = form.day("wanted")
    if wanted is None:
        raise Wrong("请填写要延到哪一天")
    reason = _needed(doing.visit, "reason", "请写明为什么要延期")
    progress = _needed(doing.visit, "progress", "请写明现在办到什么程度")
    _ask(doing, Kind.EXTENSION, reason=reason, progress=progress, wanted=wanted)


def _transfer(doing: Doing) -> None:
    reason = _needed(doing.visit, "reason", "请写明为什么要转办")
    _ask(doing, Kind.TRANSFER, reason=reason, towards=_towards(doing.visit))


def _disown(doing: Doing) -> None:
    _ask(doing, Kind.NOT_OURS, reason=_needed(doing.visit, "reason", "请写明理由"))


def _needed(visit: Visit, field: str, otherwise: str) -> str:
    text = visit.form.text(field, most=1000)
    if not text:
        raise Wrong(otherwise)
    return text


def _towards(visit: Visit) -> str:
    """A department's id, or a person's name and address. Raises Wrong."""
    department = visit.form.text("towards")
    name, email = visit.form.text("person"), visit.form.text("email")
    if department and (name or email):
        raise Wrong("转给别的单位，还是转给本单位的同事，请只填一种")
    if department:
        return _department(visit, department)
    if not (name and email):
        raise Wrong("请选择转给哪个单位，或者填写接办同事的姓名和邮箱")
    try:
        _MAILBOX.validate_python(email)
    except ValidationError:
        raise Wrong(f"“{email[:60]}”不是可用的邮箱地址，应如 liaison@shui.cq.example") from None
    towards = f"{name} <{email}>"
    if len(towards) > TOWARDS or not towards.isprintable():
        raise Wrong(f"接办同事的姓名和邮箱太长或者有看不见的字符，合计最多 {TOWARDS} 个字")
    return towards


def _department(visit: Visit, id: str) -> str:
    try:
        found = visit.desk.department(id)
    except UnknownName:
        found = None
    if found is None or found.id != id or not found.valid(visit.today):
        raise Wrong("没有这个成员单位，请从列表里选择")
    return id


def _ask(
    doing: Doing,
    kind: Kind,
    *,
    reason: str,
    progress: str = "",
    wanted: date | None = None,
    towards: str = "",
) -> None:
    visit = doing.visit
    with visit.site.database.writing() as connection:
        item = mark.take(visit, connection, doing.bearer, doing.row)
        if towards == item.asked.department:
            raise Wrong("转办要转给别的单位，或者本单位的同事")
        requests.ask(
            connection,
            doing.bearer.scope,
            item.row,
            kind,
            at=visit.at,
            today=visit.today,
            actor=person.claimed(visit, doing.name, item.asked.department),
            via=doing.via,
            letter=doing.bearer.letter,
            reason=reason,
            progress=progress,
            wanted=wanted,
            towards=towards,
        )
