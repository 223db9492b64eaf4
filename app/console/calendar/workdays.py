"""Taking in a notice on holidays: its text is pasted, read, and goes the way of every draft."""

from collections.abc import Iterator
from pathlib import Path

from starlette.responses import Response

from adapters.branches import read_shared
from adapters.files import read_site
from adapters.workyears import sheet
from app import editing
from app.console.calendar.drafts import everywhere, home, shown
from app.console.calendar.files import faulty
from app.console.visit import Refused, Visit
from app.manyoffices import large
from app.noticing import NotTaken, taken
from duban.book import Common
from duban.fault import Fault
from duban.notices.reading import MAX_CHARACTERS, read_notice
from duban.workdays import Holiday, WorkYear


def show(visit: Visit) -> Response:
    return _page(visit, "", ())


def take(visit: Visit) -> Response:
    if not everywhere(visit):
        raise Refused("放假通知由各纲要办共用，只有不限纲要办的账号可以导入；请联系市纲要办")
    text = visit.form.text("text", MAX_CHARACTERS)
    faults, common = _common(home(visit))
    if faults:
        return faulty(visit, editing.Draft({}, ""), faults)
    years = {one.year: one for one in common.workdays}
    read = read_notice(text, "通知", years.values())
    if isinstance(read, tuple):
        return _page(visit, text, read)
    try:
        after = taken(years.get(read.year), read)
    except NotTaken as reason:
        return _page(visit, text, (), str(reason))
    present = years.get(read.year)
    path = present.place.file if present else f"calendar/workdays/{read.year}.yaml"
    draft = editing.begin(home(visit), {path: sheet(after)}, _understood(read))
    return shown(visit, draft, lambda faults: _page(visit, text, faults))


def _common(folder: Path) -> tuple[tuple[Fault, ...], Common]:
    """What all offices share, and the faults of the files: of very many offices, of those that they share."""
    if large(folder):
        shared = read_shared(folder)
        return shared.faults, shared.common
    reading = read_site(folder)
    return reading.faults, reading.book.common if reading.book else Common()


def _page(visit: Visit, text: str, faults: tuple[Fault, ...], reason: str = "") -> Response:
    return visit.page(
        "calendar/workdays.html",
        status=422 if faults or reason else 200,
        text=text,
        faults=faults,
        reason=reason,
        years=sorted(one.year for one in visit.desk.book.common.workdays),
        everywhere=everywhere(visit),
    )


def _understood(year: WorkYear) -> str:
    said = "；".join(_words(one) for one in year.holidays)
    on = f"，{year.published} 公布" if year.published else ""
    return f"读懂的 {year.year} 年放假安排（{year.notice}{on}）：{said}。"


def _words(one: Holiday) -> str:
    return "".join(_parts(one))


def _parts(one: Holiday) -> Iterator[str]:
    yield f"{one.name} {one.start}"
    if one.end != one.start:
        yield f" 至 {one.end}"
    if one.work:
        yield f"，{'、'.join(map(str, one.work))} 上班"
