"""`duban announce`: record the days that somebody made public, and let everybody concerned know."""

import getpass
import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.out import error, say, say_json
from app.place import ZONE, BadMoment, home, moment

if TYPE_CHECKING:
    from duban.announcement import Announcement
    from duban.book import Book

TAKEN_BACK = "待公布"


def announce(
    activity: Annotated[str, typer.Argument(help="活动名称、别名或代号，如 全国科技活动周")],
    days: Annotated[
        str,
        typer.Argument(
            help="2026-05-23/2026-05-30、2026-05-23（一天）、"
            "2026-05-23/（结束不详）或 待公布（收回）"
        ),
    ],
    source: Annotated[str, typer.Option(help="依据：文号或网址")],
    office: Annotated[str | None, typer.Option(help="只对这个纲要办有效；不写则都有效")] = None,
    year: Annotated[int | None, typer.Option(help="哪一年的活动；默认是开始的那一年")] = None,
    announced: Annotated[str | None, typer.Option(help="公布日，如 2026-04-12")] = None,
    by: Annotated[str | None, typer.Option(help="谁在记录")] = None,
    at: Annotated[str | None, typer.Option(help="按这个时间记录，默认现在")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问")] = False,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """记录已公布的日期，并应用。

    先列出由此新增、改期的督办事项和将要寄出的信，确认后写入 calendar/announcements.yaml 并应用。
    已经通知过的单位会收到一封更正通知；别人不会收到信。
    """
    from adapters.announcements import append, restore
    from app.diffs import as_json, show
    from app.reading import open_site, read_book
    from flows import applying

    folder, when, who = home(), moment(at), by or getpass.getuser()
    start, end = _days(days)
    record = _record(
        activity=activity,
        year=_year(year, start),
        start=start,
        end=end,
        office=office,
        announced=_date(announced) if announced else None,
        source=source,
        recorded_at=when.astimezone(ZoneInfo(ZONE)),
        recorded_by=who,
    )
    site = open_site(folder)
    before = append(folder, record)
    try:
        book = read_book(folder)
        _holds(book, record)
        planned = applying.plan(site, book, when)
        if not json:
            show(planned, limit=10)
        if not (yes or json or not sys.stdin.isatty()):
            typer.confirm("现在记录并应用？", abort=True)
        applying.apply(site, book, planned, when, who)
    except BaseException:
        restore(folder, before)
        error("没有记录，一切照旧。")
        raise
    if json:
        say_json({"changes": as_json(planned)})
    else:
        say("已记录并应用。")


OPTIONS = {"recorded_by": "by"}


def _record(**fields: Any) -> "Announcement":
    """Raises BadMoment with what is wrong, by option."""
    from pydantic import ValidationError

    from adapters.explain import explain
    from duban.announcement import Announcement

    try:
        return Announcement(**fields)
    except ValidationError as fault:
        found = explain(Announcement, fields, fault.errors(include_url=False))
        lines = [
            f"{OPTIONS.get(key, key)}：{one.message}" + (f"（{one.hint}）" if one.hint else "")
            for one in found
            for key in [str(one.path[0]) if one.path else ""]
        ]
        raise BadMoment("\n".join(lines)) from None


def _holds(book: "Book", record: "Announcement") -> None:
    """Raises BadMoment when a record of a later time would go before this one."""
    from duban.desk import desks

    desk = desks(book)[0]
    activity = desk.activity(record.activity)
    for other in book.common.announcements:
        same = (other.year, other.office) == (record.year, record.office)
        later = same and other.recorded_at > record.recorded_at
        if later and desk.activity(other.activity) is activity:
            when = other.recorded_at.isoformat(" ", "minutes")
            raise BadMoment(f"已有一条更晚的记录（{when}），这一条不会起作用；请改 --at")


def _days(text: str) -> tuple[date | None, date | None]:
    """First and last day; the last one None where it is open. (None, None) takes the days back."""
    if text.strip() == TAKEN_BACK:
        return None, None
    first, slash, last = text.strip().partition("/")
    start = _date(first)
    end = _date(last) if last else (None if slash else start)
    if end and end < start:
        raise BadMoment(f"结束{end}早于开始{start}")
    return start, end


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
        raise BadMoment(f"看不懂日期“{text}”，应如 2026-05-23 或 2026-05-23/2026-05-30")
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadMoment(f"没有{text}这一天") from None


def _year(year: int | None, start: date | None) -> int:
    if year is None and start is None:
        raise BadMoment("收回日期时请用 --year 写明是哪一年的活动")
    return year if year is not None else start.year if start else 0
