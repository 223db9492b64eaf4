"""Scores counted once more, from the rows of the account alone. It shares no code with ours, on purpose.

It answers each question by looking through the lines, where ours takes them one by one.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from state.database import Database

Row = Mapping[str, Any]
Key = tuple[str, str]
"""Department and month, or department and phase."""
RULES = {
    "lead": 2,
    "support": 1,
    "on_time": 100,
    "late": 60,
    "each_day": 2,
    "missing": 0,
    "notice_late": 3,
    "notice_least": 3,
}
ZONE = ZoneInfo("Asia/Shanghai")


def recount(
    database: Database,
    office: str,
    until: date,
    working: Callable[[date], bool],
    phases: Sequence[tuple[str, str, date, date]] = (),
) -> dict[Key, Counter[str]]:
    """What was due before `until`. `phases`: programme, phase's id, first and last day."""
    found: dict[Key, Counter[str]] = {}
    for item, lines in _items(database, office):
        verdict = _verdict(item, lines, working)
        if verdict is None or verdict[1] >= until:
            continue
        kind, day, weight, points = verdict
        programme, task, _ = item["activity"].partition(".")
        parts = [day.isoformat()[:7]]
        parts += [
            id
            for of, id, first, last in phases
            if task and of == programme and first <= day <= last
        ]
        for part in parts:
            counts = found.setdefault((item["department"], part), Counter())
            counts[kind] += 1
            if kind != "omitted":
                counts["weight"] += weight
                counts["points"] += weight * points
    return found


def _items(database: Database, office: str) -> list[tuple[Row, list[Row]]]:
    with database.reading() as connection:
        items = connection.execute(
            text("SELECT id, activity, department FROM assignment WHERE office = :office"),
            {"office": office},
        ).mappings()
        rows = connection.execute(
            text(
                "SELECT id, at, act, from_state, to_state, letter_id, detail, assignment_id"
                " FROM event WHERE office = :office AND assignment_id IS NOT NULL ORDER BY id"
            ),
            {"office": office},
        ).mappings()
        lines: dict[int, list[Row]] = {}
        for row in rows:
            lines.setdefault(row["assignment_id"], []).append({**row, "day": _day(row["at"])})
        return [(dict(item), lines[item["id"]]) for item in items]


def _day(at: datetime | str) -> date:
    if isinstance(at, str):
        at = datetime.fromisoformat(at + "+00:00")
    return at.astimezone(ZONE).date()


def _verdict(
    item: Row, lines: list[Row], working: Callable[[date], bool]
) -> tuple[str, date, int, int] | None:
    asked = _asked(lines)
    weight = RULES[asked["duty"]]
    if asked["answer"] != "报送" or item["department"] == "@office" or not asked["due"]:
        return None
    report = _report(lines)
    state = next(line["to_state"] for line in reversed(lines) if line["to_state"])
    closed = state in ("withdrawn", "exempted")
    seen = lines if report is None else lines[:report]
    _, heard, issued, planned = _known(seen)
    if state == "withdrawn" and not _known(lines)[2]:
        return None
    day = _bound(lines)
    if report is not None and not closed:
        day = asked["extended"] or _bound(lines[: report + 1]) or day
    late = _worked(planned, issued, working) if planned and issued else 0
    if closed or not issued or late > RULES["notice_late"]:
        return "omitted", day, 0, 0
    if _worked(heard, day, working) < RULES["notice_least"]:
        return "omitted", day, 0, 0
    if report is None:
        return "missing", day, weight, RULES["missing"]
    came = lines[report]["day"]
    if came <= day:
        return "kept", day, weight, RULES["on_time"]
    lost = RULES["each_day"] * _worked(day, came, working)
    return "late", day, weight, max(RULES["missing"], RULES["late"] - lost)


def _asked(lines: list[Row]) -> dict[str, Any]:
    said = json.loads([line["detail"] for line in lines if line["detail"]][-1])
    days = {
        name: date.fromisoformat(said[name]) if name in said else None
        for name in ("due", "extended", "notice")
    }
    return {**said, **days}


def _report(lines: list[Row]) -> int | None:
    """The place of the line that counts as the report: the last one that nothing undid."""
    found = None
    shelved = None
    for place, line in enumerate(lines):
        if line["act"] == "report":
            found = place
        elif line["act"] == "return":
            found = None
        elif line["act"] == "complete" and found is None:
            found = place
        elif _begins_anew(line):
            found, shelved = None, found
        elif line["act"] == "unsend" and (line["from_state"], line["to_state"]) == (
            "planned",
            "reported",
        ):
            found = shelved if found is None else found
    return found


def _begins_anew(line: Row) -> bool:
    return line["from_state"] == "withdrawn" and line["to_state"] == "planned"


def _bound(lines: list[Row]) -> Any:
    """The date that holds after these lines."""
    asked, told = _asked(lines), _known(lines)[0]
    if not asked["due"]:
        return None
    return asked["extended"] or max(asked["due"], told or asked["due"])


def _known(lines: list[Row]) -> tuple[Any, Any, Any, Any]:
    """What the department knows after these lines: the date, the day on which it heard of it or of a later
    one, the day of the notice, and the day on which that should have come."""
    if not lines:
        return None, None, None, None
    *before, line = lines
    told, heard, issued, planned = _known(before)
    if _begins_anew(line):
        return None, None, None, None
    if line["act"] == "unsend":
        letters = [p for p, one in enumerate(before) if one["letter_id"] == line["letter_id"]]
        letters = [
            p for p in letters if before[p]["act"] in ("notify", "remind", "urge", "correct")
        ]
        return _known(before[: letters[-1]]) if letters else (told, heard, issued, planned)
    if line["act"] not in ("notify", "remind", "urge", "correct"):
        return told, heard, issued, planned
    if line["to_state"] in ("withdrawn", "planned"):
        return None, heard, issued, planned
    asked = _asked(lines)
    target = asked["extended"] or asked["due"]
    if line["act"] == "notify":
        return target, line["day"], line["day"], max(filter(None, (asked["notice"], _since(lines))))
    if heard is None or (told and target and target < told):
        heard = line["day"]
    return target, heard, issued, planned


def _since(lines: list[Row]) -> date:
    """The day on which the present date became known, or the item began anew."""
    since, due = lines[0]["day"], None
    for place, line in enumerate(lines):
        now = _asked(lines[: place + 1])["due"]
        if place == 0 or now != due or _begins_anew(line):
            since = line["day"]
        due = now
    return since


def _worked(first: date, last: date, working: Callable[[date], bool]) -> int:
    """Working days after the first day, up to the last one; negative the other way round."""
    if last < first:
        return -_worked(last, first, working)
    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))
    return sum(working(day) for day in days)
