"""`duban announce`: record the days that somebody made public, and let everybody concerned know."""

import getpass
import re
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from app.out import error, say, say_json
from app.place import ZONE, BadMoment, home, moment

if TYPE_CHECKING:
    from duban.announcement import Announcement
    from flows.premises import Site

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
    from adapters.announcements import FILE
    from adapters.announcements import announced as text_of
    from app import editing
    from app.announcing import announcement, holds
    from app.diffs import as_json, show
    from app.manyoffices import large
    from app.reading import faultless, open_site

    folder, when, who = home(), moment(at), by or getpass.getuser()
    start, end = _days(days)
    record = announcement(
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
    if large(folder):
        try:
            _many(site, record, yes or json, when, who, json)
        except BaseException:
            error("没有记录，一切照旧。")
            raise
        return
    try:
        text = text_of(editing.current(folder, FILE), record)
        draft = editing.begin(folder, {FILE: text})
        book = faultless(editing.check(folder, draft))
        holds(book, record)
        proposal = editing.propose(site, book, when)
        if not json:
            show(proposal.planned, limit=10)
        if not (yes or json or not sys.stdin.isatty()):
            typer.confirm("现在记录并应用？", abort=True)
        editing.commit(site, draft, proposal.mark, when, who, via="")
    except BaseException:
        error("没有记录，一切照旧。")
        raise
    if json:
        say_json({"changes": as_json(proposal.planned)})
    else:
        say("已记录并应用。")


def _many(
    site: "Site", record: "Announcement", yes: bool, when: datetime, who: str, json: bool
) -> None:
    """Where there are very many offices: the files hold the record while it is planned, and go on to when it
    was applied."""
    from adapters.announcements import FILE
    from adapters.announcements import announced as text_of
    from app import editing, manyoffices
    from app.announcing import holds
    from duban.book import Book, Branch

    folder = site.settings.home
    with editing.turn(folder):
        text = text_of(editing.current(folder, FILE), record)
        with editing.written(folder, {FILE: text}):
            made, found = manyoffices.planned(site, when)
            manyoffices.faultless(made)
            some = next(iter(made.shared.offices.values()))
            holds(Book(common=made.shared.common, branches=(Branch(office=some),)), record)
            scopes = manyoffices.carry_out(
                site, made, found, when, who, "现在记录并应用？", yes=yes, json=json
            )
    if json:
        manyoffices.say_changes(made, scopes)
    else:
        say("已记录并应用。")


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
