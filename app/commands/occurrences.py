"""`duban occurrences`: when each activity takes place, and how sure that is."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, say, say_json, show_table, table
from app.place import home, moment

if TYPE_CHECKING:
    from duban.activity import Activity, KnownDate, Occurrence
    from duban.desk import Desk


def occurrences(
    year: Annotated[int, typer.Option(min=1990, max=2100, help="哪一年")],
    office: Annotated[str | None, typer.Option(help="哪个纲要办；不写则都列")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="按这一天已经知道的算，如 2025-04-01")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """列出一年里每项活动的日期和把握。

    纲要办有这一年的年历时列年历里的活动，没有时列所有活动。按文件算。
    """
    from app.reading import NoOffice, read_book
    from duban.desk import desks

    known_on = moment(as_of).date() if as_of else None
    found = desks(read_book(home()), known_on)
    if office is not None and office not in {desk.office.id for desk in found}:
        raise NoOffice(f"没有纲要办“{office}”，可写：{'、'.join(d.office.id for d in found)}")
    rows = [
        _row(desk, one)
        for desk in found
        if office in (None, desk.office.id)
        for one in _of(desk, year)
    ]
    if json:
        say_json(rows)
    else:
        _show(rows)


def _of(desk: "Desk", year: int) -> "list[Occurrence]":
    found = [desk.occurrence(activity, year, local) for activity, local in _listed(desk, year)]
    return sorted(
        (one for one in found if one), key=lambda one: one.span.start if one.span else date.max
    )


def _listed(desk: "Desk", year: int) -> "list[tuple[Activity, KnownDate | None]]":
    for known in desk.branch.years:
        if known.year == year:
            named = [(desk.activity(entry.activity), entry.dates) for entry in known.activities]
            return [(activity, local) for activity, local in named if activity]
    return [(activity, None) for activity in desk.book.common.activities]


def _row(desk: "Desk", one: "Occurrence") -> dict[str, Any]:
    """{office, activity, name, start, end, certainty, source, recorded_at}; None where unknown.

    `recorded_at`: when it was recorded here, else the day on which it was announced.
    """
    return {
        "office": desk.office.id,
        "activity": one.activity,
        "name": one.name,
        "start": one.span.start if one.span else None,
        "end": one.span.end if one.span else None,
        "certainty": one.certainty.value,
        "source": one.source,
        "recorded_at": one.recorded_at or one.announced,
    }


def _show(rows: list[dict[str, Any]]) -> None:
    from duban.activity import Certainty

    if not rows:
        say("这一年没有活动。")
        return
    lines = table(f"共 {len(rows)} 项", "活动", "开始", "结束", "把握", "依据", "纲要办")
    for row in rows:
        label = Certainty(row["certainty"]).label
        cells = (row["name"], row["start"], row["end"], label, row["source"], row["office"])
        lines.add_row(*(cell(value) for value in cells))
    show_table(lines)
