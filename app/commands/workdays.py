"""`duban workdays`: which days of a year are worked, and a new notice taken in."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.noticing import NotTaken, taken
from app.out import cell, error, hint, say, say_json, show_table, table
from app.place import home, moment

if TYPE_CHECKING:
    from duban.workdays import WorkCalendar, WorkYear

WEEKDAYS = "一二三四五六日"
cli = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})


@cli.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="年份，默认今年")] = None,
    as_of: Annotated[str | None, typer.Option(help="只按到这一天为止公布的通知")] = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """工作日：看一年里哪天上班、哪天放假；导入新的放假通知。

    按日历文件算，与应用没应用无关。没有通知的年份按周一至周五算（元旦、五一、国庆照放），并注明“暂定”。
    """
    if context.invoked_subcommand is not None:
        return
    from app.reading import read_common
    from duban.workdays import WorkCalendar

    when = year or moment(None).year
    until = moment(as_of).date() if as_of else None
    years = read_common(home()).workdays
    calendar = WorkCalendar(years, until)
    if json:
        say_json([_as_json(calendar, day) for day in _days(when)])
    else:
        _show_year(when, calendar, years, until)


@cli.command("import")
def take(
    file: Annotated[
        Path, typer.Argument(help="通知的文字（.txt），或“日期,休/班,节日”的表格（.csv）")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问")] = False,
) -> None:
    """导入国务院办公厅的放假通知，写成工作日文件。

    先列出哪些日子会变，确认后才写。看不懂或自相矛盾的句子都会列出来，那时什么都不写。
    """
    from adapters.textfile import read_text
    from app.reading import read_common

    text = read_text(file)
    folder = home()
    years = {year.year: year for year in read_common(folder).workdays}
    read = _read(text, file.name, years)
    present = years.get(read.year)
    after = taken(present, read)
    path = folder / (present.place.file if present else f"calendar/workdays/{read.year}.yaml")
    _check(years | {read.year: after})
    if present and present.model_dump() == after.model_dump():
        say(f"{read.year}年的文件与“{read.notice}”一致，没有变化。")
        return
    _preview(years, after)
    _warn(path, after)
    _confirm(path.relative_to(folder), yes)
    _write(path, after)
    say(f"已写入 {path.relative_to(folder)}。用 duban plan 看它带来的变化，再用 duban apply 应用。")


# --- a year ---


def _as_json(calendar: "WorkCalendar", day: date) -> dict[str, Any]:
    return {
        "date": day,
        "working": calendar.working(day),
        "reason": calendar.reason(day),
        "tentative": calendar.tentative(day),
    }


def _show_year(
    year: int, calendar: "WorkCalendar", years: "tuple[WorkYear, ...]", until: date | None
) -> None:
    days = _days(year)
    moved = [day for day in days if calendar.working(day) != (day.weekday() < 5)]
    if moved:
        rows = table(f"{year}年与周一至周五不同的日子", "日期", "星期", "", "原因")
        for day in moved:
            what = "上班" if calendar.working(day) else "放假"
            rows.add_row(str(day), _weekday(day), what, cell(calendar.reason(day)))
        show_table(rows)
    worked = sum(map(calendar.working, days))
    extra = sum(map(calendar.working, moved))
    off = f"周一至周五放假{len(moved) - extra}天"
    say(f"{year}年{len(days)}天：工作日{worked}天，其中周末上班{extra}天；{off}。")
    for line in _sources(year, calendar, years, until):
        say(line)
    if not calendar.tentative(days[-1]) and calendar.tentative(days[-1] + timedelta(1)):
        hint(f"{year + 1}年的通知还没有；它的元旦假期可能改动{year}年12月的最后几天。")


def _sources(
    year: int, calendar: "WorkCalendar", years: "tuple[WorkYear, ...]", until: date | None
) -> Iterator[str]:
    """Which notices the days rest on."""
    if year not in calendar.years:
        by = f"到{until}为止" if until else ""
        yield f"暂定：{by}没有{year}年的放假通知，按周一至周五算，元旦、五一、国庆照放。"
        return
    (found,) = (one for one in years if one.year == year)
    yield f"依据：{found.notice}{_published(found.published)}"
    for one in found.amendments:
        if until is None or one.published <= until:
            names = "、".join(holiday.name for holiday in one.holidays)
            yield f"调整：{one.notice}{_published(one.published)}，{names}"


# --- a notice ---


def _read(text: str, file: str, years: "dict[int, WorkYear]") -> "WorkYear":
    from duban.notices.reading import read_notice

    read = read_notice(text, file, years.values())
    if not isinstance(read, tuple):
        return read
    for fault in read:
        error(str(fault))
    raise NotTaken(f"共 {len(read)} 处没有读懂或自相矛盾，什么都没有写。")


def _check(years: "dict[int, WorkYear]") -> None:
    """The checks of the whole calendar, before anything is written."""
    from duban.checks.workdays import workdays

    faults = [fault.message for fault in workdays(tuple(years.values()))]
    for fault in faults:
        error(fault)
    if faults:
        raise NotTaken(f"与现有的工作日文件有 {len(faults)} 处矛盾，什么都没有写。")


def _preview(years: "dict[int, WorkYear]", after: "WorkYear") -> None:
    """What changes against the files as they are, or against Monday to Friday."""
    from duban.workdays import WorkCalendar

    present = years.get(after.year)
    old = WorkCalendar(years.values())
    new = WorkCalendar((years | {after.year: after}).values())
    around = (*_days(after.year - 1), *_days(after.year), *_days(after.year + 1))
    changed = [day for day in around if old.working(day) != new.working(day)]
    against = "现在的文件" if present else "周一至周五"
    if changed:
        rows = table(
            f"{after.year}年与{against}相比，{len(changed)}天不同",
            "日期",
            "星期",
            "原来",
            "以后",
            "原因",
        )
        for day in changed:
            was, now = (("上班" if one.working(day) else "放假") for one in (old, new))
            rows.add_row(str(day), _weekday(day), was, now, cell(new.reason(day)))
        show_table(rows)
    else:
        say(f"与{against}相比，上班和放假的日子都不变，只改通知的文号、日期或节日的写法。")
    for amendment in after.amendments:
        if present and amendment.model_dump() not in [
            one.model_dump() for one in present.amendments
        ]:
            names = "、".join(holiday.name for holiday in amendment.holidays)
            say(
                f"记为调整：{amendment.notice}{_published(amendment.published)}，{names}；原来的安排仍留在文件里。"
            )


def _warn(path: Path, after: "WorkYear") -> None:
    from adapters.workyears import has_own_comments

    if after.published is None:
        hint("没有读到落款日期（published），可以以后补上。")
    if has_own_comments(path, after.year):
        hint(f"{path.name} 里自己加的注释不会保留。")


def _confirm(path: Path, yes: bool) -> None:
    try:
        agreed = yes or typer.confirm(f"写入 {path.as_posix()}？")
    except typer.Abort:
        agreed = False
        say("")
    if not agreed:
        raise NotTaken("没有确认，什么都没有写。不想被询问时可加 --yes。")


def _write(path: Path, year: "WorkYear") -> None:
    from adapters.workyears import write_year

    try:
        write_year(path, year)
    except OSError as reason:
        raise NotTaken(f"写不了 {path}：{reason.strerror}。请检查权限。") from None


# --- words ---


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(number) for number in range((date(year + 1, 1, 1) - first).days)]


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def _published(day: date | None) -> str:
    return f"（{day}）" if day else ""
