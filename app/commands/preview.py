"""`duban preview`: who gets which mail on which day."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import cell, hint, say, say_json, show_table, table
from app.place import BadMoment, home, moment
from duban.trouble import Trouble

if TYPE_CHECKING:
    from duban.agenda import Agenda
    from duban.desk import Desk
    from flows.outlook import Line

    Outlook = tuple[Desk, Agenda, list[Line]]


class Unwritable(Trouble):
    """The page cannot be written there."""

    exit_code = 3


def preview(
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="整年，如 2026")] = None,
    at: Annotated[str | None, typer.Option(help="某一天，如 2026-03-02")] = None,
    office: Annotated[str | None, typer.Option(help="只看这个纲要办")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
    html: Annotated[
        Path | None, typer.Option(help="把整年写成一个网页，如 2026.html，可打印、可转发")
    ] = None,
) -> None:
    """预览谁在哪天收到哪封信。

    假定今后无人答复；与真正寄信用的是同一段程序。已应用过日历时按数据库的现状算；还没有时按文件算。
    """
    if (year is None) == (at is None):
        raise BadMoment("请写 --year 2026 或 --at 2026-03-02，二者选一")
    if html is not None and (year is None or json):
        raise BadMoment("--html 画的是整年，请与 --year 2026 一起写，不与 --at、--json 同用")
    first, last = _days(year, at)
    outlooks = _outlooks(first, last, office)
    lines = sorted(
        (line for _, _, lines in outlooks for line in lines),
        key=lambda line: (line.at, line.office, line.recipient),
    )
    if html is not None:
        _write_page(html, first.year, outlooks)
    elif json:
        say_json([as_json(line) for line in lines])
    elif year is not None:
        _show_year(year, lines)
    else:
        _show_day(first, lines)


def as_json(line: "Line") -> dict[str, Any]:
    """{at, office, kind, recipient, department, items: [{activity, step, stage, due, certainty}]}"""
    return {
        "at": line.at,
        "office": line.office,
        "kind": line.kind,
        "recipient": line.recipient,
        "department": line.department,
        "items": list(line.items),
    }


def _days(year: int | None, at: str | None) -> tuple[date, date]:
    if year is not None:
        return date(year, 1, 1), date(year, 12, 31)
    day = moment(at).date()
    return day, day


def _outlooks(first: date, last: date, office: str | None) -> "list[Outlook]":
    from app.reading import offices, open_site
    from flows.outlook import outlook
    from flows.premises import NothingApplied

    site = open_site(home())
    try:
        desks = offices(site, office)
    except NothingApplied:
        return _from_files(first, last, office)
    return [(desk, agenda, outlook(site, desk, agenda, first, last)) for desk, agenda in desks]


def _from_files(first: date, last: date, office: str | None) -> "list[Outlook]":
    from adapters.timetable import read_timetable
    from app.reading import read_book
    from duban.agenda import agenda
    from duban.desk import desks
    from duban.diff import compare
    from flows.outlook import fresh

    hint("还没有应用过日历，以下按文件预览。")
    times = read_timetable(home()).digests
    outlooks = []
    for desk in desks(read_book(home())):
        if office in (None, desk.office.id):
            wanted = agenda(desk)
            items = [change.after for change in compare(desk, wanted, ()).new]
            outlooks.append((desk, wanted, fresh(desk, wanted, items, first, last, times)))
    return outlooks


def _write_page(file: Path, year: int, outlooks: "list[Outlook]") -> None:
    from adapters.yearpage import write_page
    from duban.yearview.view import view

    views = [view(desk, agenda, year, lines) for desk, agenda, lines in outlooks]
    try:
        written = write_page(file, year, views)
    except OSError as wrong:
        raise Unwritable(f"写不了 {file}：{wrong.strerror}") from wrong
    say(f"{year} 年共 {sum(one.mails.count for one in views)} 封，见 {written.resolve()}")


def _show_day(day: date, lines: "list[Line]") -> None:
    from duban.letter import Kind

    if not lines:
        say(f"{day} 没有要寄的信。")
        return
    rows = table(f"{day} 共 {len(lines)} 封", "纲要办", "类别", "单位", "收件人", "事项")
    for line in lines:
        about = "、".join(
            f"{item['activity']}/{item['step']}({item['stage']})" for item in line.items
        )
        kind = Kind(line.kind).label
        rows.add_row(line.office, kind, cell(line.department), cell(line.recipient), cell(about))
    show_table(rows)


def _show_year(year: int, lines: "list[Line]") -> None:
    from duban.letter import Kind

    foreseen = [kind for kind in Kind if kind not in (Kind.RETURNED, Kind.RECEIPT)]
    labels = (kind.label for kind in foreseen)
    rows = table(f"{year} 年共 {len(lines)} 封", "日期", "纲要办", *labels, "事项数")
    days = sorted({(line.day, line.office) for line in lines})
    for day, office in days:
        today = [line for line in lines if (line.day, line.office) == (day, office)]
        kinds = Counter(line.kind for line in today)
        counts = (str(kinds[kind.value] or "") for kind in foreseen)
        rows.add_row(str(day), office, *counts, str(sum(len(line.items) for line in today)))
    show_table(rows)
