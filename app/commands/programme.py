"""`duban programme`: a programme as the console shows it, in text."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, say, say_json, show_table, table
from app.place import home, moment

if TYPE_CHECKING:
    from duban.desk import Desk
    from duban.handing import Legacy
    from duban.phases import Sum
    from duban.programmeview import TargetLine, View


def programme(
    id: Annotated[str | None, typer.Argument(help="规划的代号；不写就列出所有规划")] = None,
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间计算，默认现在")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """看规划：阶段、各年目标值、任务，转入下一个规划的事项。"""
    from app.reading import offices, open_site
    from flows.following import find, follow
    from flows.premises import today
    from state.scope import Scope

    site = open_site(home())
    desks = [desk for desk, _ in offices(site, office)]
    if id is None:
        _list(desks, json=json)
        return
    seen = []
    for desk in _holding(desks, id):
        with site.database.reading() as connection:
            day = today(desk.office, moment(at))
            view = follow(connection, desk, Scope(desk.office.id), find(desk, id), day)
        seen.append((desk, view))
    if json:
        say_json([_facts(desk, view) for desk, view in seen])
    for desk, view in seen if not json else ():
        _show(desk, view)


def _holding(desks: "list[Desk]", id: str) -> "list[Desk]":
    """Raises NoProgramme."""
    from flows.following import NoProgramme

    found = [desk for desk in desks if any(one.id == id for one in desk.branch.programmes)]
    if not found:
        known = "、".join(one.id for desk in desks for one in desk.branch.programmes)
        raise NoProgramme(f"日历里没有规划“{id}”{f'，可写：{known}' if known else ''}")
    return found


def _list(desks: "list[Desk]", *, json: bool) -> None:
    every = [(desk, one) for desk in desks for one in desk.branch.programmes]
    if json:
        say_json(
            [{"office": desk.office.id, "id": one.id, "name": one.name} for desk, one in every]
        )
        return
    lines = table(f"规划 {len(every)} 个", "纲要办", "代号", "名称", "起", "止")
    for desk, one in every:
        lines.add_row(desk.office.short, one.id, cell(one.name), f"{one.start}", f"{one.end}")
    show_table(lines)


def _show(desk: "Desk", view: "View") -> None:
    one = view.programme
    say(f"{one.name}（{one.start.year}—{one.end.year}年，截至{view.day}）\n")
    if view.phases:
        _sums("阶段", [(f"{line.phase.name}（{line.standing}）", line.sum) for line in view.phases])
    for line in view.targets:
        _target(desk, line)
    if view.tasks:
        _sums("任务和评估", [(line.task.name, line.sum) for line in view.tasks])
    _handed("承接上一个规划", view.taken)
    _handed("转入下一个规划", view.legacies)


def _sums(title: str, rows: "list[tuple[str, Sum]]") -> None:
    from duban.phases import Fate

    lines = table(title, "名称", "应报送", *(fate.label for fate in Fate))
    for name, one in rows:
        lines.add_row(cell(name), str(one.asked), *(str(one.of(fate)) for fate in Fate))
    show_table(lines)


def _target(desk: "Desk", line: "TargetLine") -> None:
    from duban.measure import aim, worded

    course = line.course
    if course is None:
        say(f"目标：{line.task.name}　{line.task.target or ''}\n")
        return
    unit, start = course.measure.unit, course.baseline
    began = f"基数{start.year}年{worded(start.value, unit)}，" if start else ""
    title = f"目标：{line.task.name}（{began}目标{aim(course.measure) or '待定'}）"
    lines = table(title, "年份", "数值", "累计或现状", "参考线", "对照", "报送单位")
    for mark in course.marks:
        figures = (mark.value, mark.reached, mark.path)
        shown = ["—" if one is None else worded(one, unit) for one in figures]
        who = "、".join(desk.called(said.department) for said in mark.said)
        lines.add_row(str(mark.year), *shown, mark.words, cell(who))
    show_table(lines)


def _handed(title: str, legacies: "tuple[Legacy, ...]") -> None:
    if not legacies:
        return
    lines = table(title, "目标、任务", "去向")
    for one in legacies:
        lines.add_row(cell(one.task.name), cell(_fate(one)))
    show_table(lines)


def _fate(one: "Legacy") -> str:
    if one.becomes:
        return f"接着办：{one.becomes.name}"
    return f"不再列入：{one.ended}" if one.ended else f"待定：{one.pending}"


def _facts(desk: "Desk", view: "View") -> dict[str, Any]:
    return {
        "office": desk.office.id,
        "id": view.programme.id,
        "name": view.programme.name,
        "phases": [
            {"id": line.phase.id, "standing": line.standing, **_counts(line.sum)}
            for line in view.phases
        ],
        "targets": [
            {
                "task": line.task.id,
                "years": [
                    {
                        "year": mark.year,
                        "value": None if mark.value is None else f"{mark.value:f}",
                        "path": None if mark.path is None else f"{mark.path:f}",
                        "lamp": mark.lamp.value,
                    }
                    for mark in (line.course.marks if line.course else ())
                ],
            }
            for line in view.targets
        ],
        "tasks": [{"task": line.task.id, **_counts(line.sum)} for line in view.tasks],
        "handover": [{"task": one.task.id, "fate": _fate(one)} for one in view.legacies],
    }


def _counts(sum: "Sum") -> dict[str, int]:
    from duban.phases import Fate

    return {"asked": sum.asked, **{fate.value: sum.of(fate) for fate in Fate}}
