"""`duban status`: how every assignment stands."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, error, say, say_json, show_table, table
from app.place import ZONE, home, moment

if TYPE_CHECKING:
    from duban.assignment import Assignment
    from duban.desk import Desk
    from flows.premises import Site

LIGHTS = {
    "red": "[red]红灯[/red]",
    "yellow": "[yellow]黄灯[/yellow]",
    "green": "[green]绿灯[/green]",
}


def status(
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    department: Annotated[str | None, typer.Option(help="只看这个单位（编号、简称或别名）")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期的")] = False,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """列出督办事项：状态、时限、亮灯；最后一行是程序有没有按时运行。"""
    from app.reading import open_site

    site = open_site(home())
    rows = [
        row
        for row in _rows(site, moment(at), office)
        if (department is None or department in row["_names"])
        and (not overdue or row["lamp"] == "red")
    ]
    for row in rows:
        del row["_names"]
    if json:
        say_json(rows)
    else:
        _show(rows)
        _tell_pulse(site)


def _tell_pulse(site: "Site") -> None:
    """How the service itself stands, now, whatever `--at` is."""
    from adapters.timetable import read_timetable
    from app.doctor.finding import Level
    from app.doctor.timetable import look
    from duban.trouble import Trouble

    try:
        found = look(site, read_timetable(site.settings.home).jobs, site.now(), ZONE)
    except Trouble as trouble:
        error(f"上次运行：{trouble}")
        return
    words = f"{found.subject}：{found.said}"
    if found.level is Level.GOOD:
        say(words)
    else:
        error(f"{words}。详见 duban doctor")


def _rows(site: "Site", at: datetime, office: str | None) -> list[dict[str, Any]]:
    from app.reading import offices
    from flows.premises import today
    from state import assignments

    rows = []
    for desk, _ in offices(site, office):
        with site.database.reading() as connection:
            items = assignments.all_of(connection, desk.office.id)
        day = today(desk.office, at)
        rows += [row(desk, item, day) for item in items]
    return sorted(rows, key=lambda row: (row["office"], row["due"] or "9", row["assignment"]))


def row(desk: "Desk", item: "Assignment", day: Any) -> dict[str, Any]:
    """One assignment as `duban status --json` prints it; dates as ISO text, None where unknown."""
    from duban.lamp import lamp, late_by

    asked = item.asked
    return {
        "assignment": item.key,
        "office": asked.office,
        "activity": asked.activity,
        "name": asked.name or asked.activity,
        "year": asked.year,
        "step": asked.step,
        "step_name": asked.step_name or asked.step,
        "department": asked.department,
        "department_name": desk.called(asked.department),
        "duty": asked.duty.value,
        "state": item.state.value,
        "due": item.target.isoformat() if item.target else None,
        "expected": asked.expected.isoformat() if asked.tentative and asked.expected else None,
        "due_at": asked.due_at.isoformat("minutes") if asked.due_at else None,
        "certainty": asked.certainty.value,
        "lamp": lamp(item, day, desk.workdays, desk.office.yellow).value,
        "days": late_by(item, day, desk.workdays) if item.target else None,
        "next_stage": item.next_stage,
        "next_on": item.next_on.isoformat() if item.next_on else None,
        "_names": _names(desk, asked.department),
    }


def _names(desk: "Desk", id: str) -> tuple[str, ...]:
    try:
        return (id, *desk.department(id).names)
    except LookupError:
        return (id,)


def _show(rows: list[dict[str, Any]]) -> None:
    from duban.completion import State

    if not rows:
        say("没有符合条件的督办事项。")
        return
    lines = table(
        f"督办事项 {len(rows)} 项", "亮灯", "状态", "时限", "事项", "节点", "单位", "编号"
    )
    for one in rows:
        lines.add_row(
            LIGHTS.get(one["lamp"], ""),
            State(one["state"]).label,
            cell(one["due"] or (f"暂定 {one['expected']}" if one["expected"] else "待公布")),
            cell(one["name"]),
            cell(one["step_name"]),
            cell(one["department_name"]),
            cell(one["assignment"]),
        )
    show_table(lines)
