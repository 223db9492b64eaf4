"""Recording the days that somebody made public: the form, what would change, and the confirmation."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from adapters.records import CannotGrow
from app import recording
from app.announcing import Overtaken, Unfit, announcement
from app.console.calendar.changes import changes
from app.console.desk.itemlist import activities
from app.console.visit import Visit, Wrong
from app.editing import CannotWrite
from app.recording import Recording, Unsound
from duban.announcement import Announcement
from duban.checks.announcements import out_of_year
from duban.trouble import Trouble
from flows.premises import local
from state.assignments import Conflict

FIELDS = ("activity", "year", "start", "end", "announced", "source", "scope", "back")
ALL = "all"
"""Of the field scope: the days hold for every office."""
FAILED = (Overtaken, Unsound, CannotGrow, CannotWrite, Conflict)


def show(visit: Visit) -> Response:
    """What stands in the address is filled in."""
    filled = {name: visit.query.get(name, "")[:120].replace("\0", "") for name in FIELDS}
    return _form(visit, {**filled, "year": filled["year"] or str(visit.today.year)}, {})


def propose(visit: Visit) -> Response:
    """What the record would change, and the letters that result; nothing is written yet."""
    try:
        return _proposed(visit, _prepared(visit))
    except Unfit as fault:
        return _form(visit, _filled(visit), fault.faults)
    except FAILED as trouble:
        return _form(visit, _filled(visit), {"": str(trouble)}, trouble)


def apply(visit: Visit) -> Response:
    """Only what was shown: when it would do something else by now, that is shown again."""
    try:
        prepared = _prepared(visit)
        if prepared.mark != visit.form.text("mark"):
            warn = "您看过之后情况变了，结果会不一样；请重新看一遍变化，再确认"
            return _proposed(visit, prepared, warn)
        recording.commit(visit.site, prepared, at=visit.at, actor=visit.actor, via=visit.via)
    except Unfit as fault:
        return _form(visit, _filled(visit), fault.faults)
    except FAILED as trouble:
        return _form(visit, _filled(visit), {"": str(trouble)}, trouble)
    return visit.go(f"/o/{visit.office}/today", "已记录并应用；需要更正的单位会收到一封更正通知")


def _filled(visit: Visit) -> dict[str, str]:
    return {name: (visit.form.some(name) or [""])[-1][:500] for name in FIELDS}


def _form(
    visit: Visit,
    filled: dict[str, str],
    faults: Mapping[str, str],
    why: Trouble | None = None,
) -> Response:
    status = 409 if isinstance(why, Conflict) else 422 if faults else 200
    return visit.page(
        "desk/announce.html",
        status=status,
        filled=filled,
        faults=faults,
        activities=activities(visit),
        everywhere=not visit.account.offices,
    )


def _proposed(visit: Visit, prepared: Recording, warn: str = "") -> Response:
    filled = _filled(visit)
    return visit.page(
        "desk/announced.html",
        status=409 if warn else 200,
        warn=warn,
        filled=filled,
        start=visit.form.day("start"),
        end=visit.form.day("end"),
        called=dict(activities(visit)).get(filled["activity"], filled["activity"]),
        mark=prepared.mark,
        offices=changes(visit.site, prepared.planned),
    )


def _prepared(visit: Visit) -> Recording:
    """Raises Unfit, and what FAILED names."""
    return recording.announcing(visit.site, visit.office, _record(visit), visit.at)


def _record(visit: Visit) -> Announcement:
    """What was filled in. Raises Unfit with everything that is wrong, by field."""
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, read in READ.items():
        try:
            values[name] = read(visit)
        except Wrong as wrong:
            faults[name] = str(wrong)
    if not faults and not values["start"] and not visit.form.text("back"):
        faults["start"] = "请填写开始的日期；日期要收回的，请勾选“收回”"
    if values.get("start") and visit.form.text("back"):
        faults["start"] = "收回日期时，开始和结束请留空"
    if faults:
        raise Unfit(faults)
    record = announcement(
        **values,
        office=_scope(visit),
        recorded_at=local(visit.desk.office, visit.at).replace(microsecond=0),
        recorded_by=visit.actor,
    )
    year = next(out_of_year(record), None)
    if year:
        raise Unfit({"start": year.message})
    return record


def _activity(visit: Visit) -> str:
    chosen = visit.form.text("activity")
    if chosen not in dict(activities(visit)):
        raise Wrong("请从列表里选择活动")
    return chosen


def _number(visit: Visit) -> int:
    year = visit.form.number("year")
    if year is None:
        raise Wrong("请填写是哪一年的活动")
    return year


def _source(visit: Visit) -> str:
    source = " ".join(visit.form.text("source", most=120).split())
    if not source:
        raise Wrong("请写明依据：文号或网址")
    return source


READ: dict[str, Callable[[Visit], Any]] = {
    "activity": _activity,
    "year": _number,
    "start": lambda visit: visit.form.day("start"),
    "end": lambda visit: visit.form.day("end"),
    "announced": lambda visit: visit.form.day("announced"),
    "source": _source,
}


def _scope(visit: Visit) -> str | None:
    """None: for every office, which only accounts of every office may say."""
    everywhere = visit.form.text("scope") == ALL and not visit.account.offices
    return None if everywhere else visit.office
