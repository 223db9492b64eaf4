"""The activities of one year, for those who write no YAML: a list, a form, and the way of every draft."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap
from starlette.responses import Response

from adapters.yamledit import add, edited, find, plain, put, remove
from adapters.yamlfile import read_yaml
from app import editing
from app.console.calendar.drafts import by_field, everywhere, home, shown, with_lines
from app.console.visit import NotFound, Refused, Visit, Wrong
from app.editing import Draft
from duban.fault import Fault
from duban.officeyear import Entry, OfficeYear
from duban.rule import Span
from duban.step import Answer, Who

OBSERVANCES = "calendar/observances.yaml"
RULES = (
    "3月22日", "3月22日至28日", "6月", "3月至6月", "6月第2个星期六", "6月最后一个星期六", "9月第3个周末",
    "最接近9月15日的周末", "9月15日起10天", "包含8月29日的一周", "农历五月初五", "全国节能宣传周第3天",
    "每年公布（通常5月19日至6月1日）", "无固定日期",
)  # fmt: skip
"""One example of each kind of date rule: docs/writing-calendars.md."""
ROWS = 6
"""Steps that the form has room for."""
OWN = "own"
"""Chosen instead of a set of steps: those of the form."""


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    known: str
    """By which name the file has it."""
    span: Span | None
    certainty: str
    steps: str


def show(visit: Visit) -> Response:
    years = sorted((one.year for one in visit.desk.branch.years), reverse=True)
    year = year_of(visit) or next(iter(years), visit.today.year)
    found = next((one for one in visit.desk.branch.years if one.year == year), None)
    rows = [_row(visit, found, one) for one in found.activities] if found else []
    return visit.page("calendar/entries.html", year=year, years=years, rows=rows)


def _row(visit: Visit, year: OfficeYear, entry: Entry) -> Row:
    activity = visit.desk.activity(entry.activity)
    days = visit.desk.occurrence(activity, year.year, entry.dates) if activity else None
    steps = (
        visit.desk.steps(entry.steps).name
        if isinstance(entry.steps, str)
        else "、".join(step.name for step in entry.steps)
    )
    return Row(
        entry,
        entry.activity,
        days.span if days else None,
        days.certainty.label if days else "",
        steps,
    )


def edit(visit: Visit) -> Response:
    """With ?activity=, that of the year's file; else a new one, with ?new= of that name."""
    year = year_of(visit) or visit.today.year
    was = visit.query.get("activity", "")
    values: dict[str, Any] = {"year": year, "was": was, "choice": "", "rows": []}
    values["activity"] = visit.query.get("new", "")[:120]
    if was:
        found = _found(visit, year, was)
        values |= found
    return _form(visit, values)


def save(visit: Visit) -> Response:
    values = _typed(visit)
    year, was = values["year"], values["was"]
    path = path_of(visit, year)
    root = home(visit)
    text = editing.current(root, path)
    if not text:
        raise Wrong(f"还没有 {year} 年的年历文件，请先照别的年份新建 {path}")

    def change(document: CommentedMap) -> None:
        entry = find(document, "activities", "activity", was) if was else None
        if was and entry is None:
            raise Wrong("文件里没有这项活动了（可能刚被别人改过），请刷新后再试")
        if entry is None:
            add(document, "activities", _entry(values))
        else:
            put(entry, _entry(values, entry))

    files: dict[str, str | None] = {path: edited(text, path, change)}
    if values["rule"]:
        files[OBSERVANCES] = _with_new(visit, values)
    about = f"{'修改' if was else '新增'}活动 {values['activity']}"
    base = editing.fingerprint(root, files)
    draft = Draft(files, base, about)
    return shown(visit, draft, lambda faults: _form(visit, values, draft, faults))


def take_out(visit: Visit) -> Response:
    year, was = visit.form.number("year") or 0, visit.form.text("was", 120)
    path = path_of(visit, year)

    def change(document: CommentedMap) -> None:
        entry = find(document, "activities", "activity", was)
        if entry is None:
            raise Wrong("文件里没有这项活动了（可能刚被别人改过），请刷新后再试")
        remove(document, "activities", entry)

    root = home(visit)
    text = editing.current(root, path)
    files: dict[str, str | None] = {path: edited(text, path, change)}
    draft = Draft(files, editing.fingerprint(root, files), f"去掉活动 {was}")
    values = _found(visit, year, was)
    return shown(visit, draft, lambda faults: _form(visit, values, draft, faults))


# --- the form ---


def _form(
    visit: Visit,
    values: Mapping[str, Any],
    draft: Draft | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response:
    desk = visit.desk
    rows = list(values.get("rows") or [])
    return visit.page(
        "calendar/entry.html",
        status=422 if faults else 200,
        values={**_EMPTY, **values},
        rows=[{**_BLANK, **row} for row in rows] + [_BLANK] * max(ROWS - len(rows), 1),
        known=sorted({activity.name for activity in desk.book.common.activities}),
        names=[one.short for one in desk.branch.departments],
        groups=sorted({group for one in desk.branch.departments for group in one.groups}),
        sets=desk.book.common.sets,
        rules=RULES,
        who=[one.value for one in Who],
        answers=[Answer.REPORT.value, Answer.KNOW.value],
        own=OWN,
        faults=with_lines(visit, draft, faults) if draft else [],
        count=len(faults),
        wrong=by_field(draft, faults, _FIELDS),
        everywhere=everywhere(visit),
    )


_FIELDS = {name: name for name in ("activity", "rule", "lead", "support", "basis", "start", "end")}
_FIELDS |= {"steps": "choice", "dates": "start", "source": "source"}
"""By the key in the file, the field that writes it."""
_EMPTY = dict.fromkeys(
    ("was", "activity", "rule", "lead", "support", "choice", "basis", "start", "end", "source"), ""
)

_BLANK = {"name": "", "due": "", "who": Who.ALL.value, "answer": Answer.REPORT.value}


def _typed(visit: Visit) -> dict[str, Any]:
    form = visit.form
    year = form.number("year") or 0
    values: dict[str, Any] = {"year": year, "was": form.text("was", 120)}
    values |= {name: form.text(name, 120) for name in ("activity", "rule", "choice", "basis")}
    values |= {name: form.text(name, 2000) for name in ("lead", "support")}
    values |= {name: form.iso(name) for name in ("start", "end")}
    values["source"] = form.text("source", 120)
    parts = ("step-name", "step-due", "step-who", "step-answer")
    columns = [form.some(part) for part in parts]
    found = zip(*columns, strict=False)
    values["rows"] = [
        {"name": name.strip(), "due": due.strip(), "who": who, "answer": answer}
        for name, due, who, answer in found
        if name.strip() or due.strip()
    ][:30]
    return values


def _entry(values: Mapping[str, Any], present: CommentedMap | None = None) -> dict[str, Any]:
    """The entry's keys; those that the form does not speak of stay as they are."""
    dates = {"year": str(values["year"]), "start": values["start"], "end": values["end"]}
    dates["source"] = values["source"]
    old = plain(present.get("dates")) if present and present.get("dates") else {}
    dates = {**old, **dates}
    return {
        "activity": values["activity"],
        "lead": values["lead"],
        "support": values["support"],
        "steps": _steps(values, present),
        "dates": {key: one for key, one in dates.items() if one} if values["start"] else "",
        "basis": values["basis"],
    }


def _steps(values: Mapping[str, Any], present: CommentedMap | None) -> Any:
    if values["choice"] != OWN:
        return values["choice"]
    old = plain(present.get("steps")) if present else ""
    known = {step["name"]: step for step in old} if isinstance(old, list) else {}
    taken = {str(step.get("id")) for step in known.values()}
    made = []
    for row in values["rows"]:
        before = known.get(row["name"], {})
        id = before.get("id") or _free(taken)
        taken.add(id)
        said = {"id": id, "name": row["name"], "due": row["due"]}
        if row["who"] != Who.ALL.value or "who" in before:
            said["who"] = row["who"]
        if row["answer"] != Answer.REPORT.value or "answer" in before:
            said["answer"] = row["answer"]
        made.append({**before, **said})
    return made


def _free(taken: set[str]) -> str:
    return next(f"s{number}" for number in range(1, 1000) if f"s{number}" not in taken)


def _with_new(visit: Visit, values: Mapping[str, Any]) -> str:
    """The shared list of activities with one more."""
    if not everywhere(visit):
        raise Refused(
            "新的活动要写进各纲要办共用的名单，只有不限纲要办的账号可以加；请联系市纲要办"
        )
    name = values["activity"]
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    entry = {"id": f"a-{digest}", "name": name, "rules": [{"rule": values["rule"]}]}
    text = editing.current(home(visit), OBSERVANCES)
    return edited(text, OBSERVANCES, lambda document: add(document, "activities", entry))


def _found(visit: Visit, year: int, activity: str) -> dict[str, Any]:
    """What the year's file says of it. Raises NotFound."""
    path = path_of(visit, year)
    text = editing.current(home(visit), path)
    data = read_yaml(text.encode(), path).data
    listed = data.get("activities") if isinstance(data, dict) else None
    every = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    entry = next((one for one in every if one.get("activity") == activity), None)
    if entry is None:
        raise NotFound("年历的文件里没有这项活动")
    said = {key: plain(value) for key, value in entry.items()}
    steps, dates = said.get("steps", ""), said.get("dates") or {}
    own = isinstance(steps, list)
    values = {key: said.get(key, "") for key in ("activity", "lead", "support", "basis")}
    values |= {key: dates.get(key, "") for key in ("start", "end", "source")}
    values |= {"year": year, "was": activity, "choice": OWN if own else steps}
    return {**values, "rows": steps if own else []}


def path_of(visit: Visit, year: int) -> str:
    return f"calendar/offices/{visit.office}/{year:04}.yaml"


def year_of(visit: Visit) -> int | None:
    year = visit.query.get("year", "")
    return int(year) if re.fullmatch(r"20\d\d", year, re.ASCII) else None
