"""Time: the system's clock, the rules of zones, the notices of working days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from adapters.zonedata import ZoneData, zone_data
from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground
from app.doctor.words import long, moment
from app.place import YEARS
from duban.workdays import WorkCalendar
from flows.premises import today
from state import backlog

BORN = 2026
"""No clock that is right shows an earlier year."""
BEHIND = timedelta(minutes=1)
STALE = 3
"""Years, from which on the data of zones is old."""
AWAITED = (11, 15)
"""The State Council's notice for the next year comes in November, as a rule."""


def clock(ground: Ground) -> Iterator[Finding]:
    newest = None
    if ground.usable:
        with ground.site.database.reading() as connection:
            newest = backlog.newest(connection)
    yield sane(ground.at, newest, ground.zones[0])


def sane(at: datetime, newest: datetime | None, zone: str) -> Finding:
    """`newest`: when the last thing in the database was written."""
    shown = f"{moment(at, zone, seconds=True)}（{zone}）"
    if not BORN <= at.year <= YEARS[-1]:
        return fault("系统时钟", f"显然不对：{shown}", SET)
    if newest and newest - at > BEHIND:
        said = f"{shown}，比数据库里最近的记录（{moment(newest, zone)}）慢了 {long(newest - at)}"
        return fault("系统时钟", said, f"{SET}。若曾用 run --at 试过将来的日子，时钟没错，不必管它")
    return good("系统时钟", shown)


SET = "请打开网络对时（timedatectl set-ntp true），或手工把时钟校准"


def zones(ground: Ground) -> Iterator[Finding]:
    for zone in ground.zones:
        yield rules(zone, zone_data(zone), ground.at)


def rules(zone: str, data: ZoneData | None, at: datetime) -> Finding:
    if data is None:
        said = f"没有 {zone} 的时区数据"
        return fault("时区", said, "请安装系统的 tzdata（apt install tzdata）")
    source = "随 Python 的 tzdata 包" if data.source == "tzdata" else f"系统的 {data.source}"
    said = f"{zone}，{source}，{f'{data.version} 版' if data.version else '不知是哪一版'}"
    if data.year is not None and at.year - data.year >= STALE:
        return attention("时区", f"{said}，有些旧了", "请更新系统的 tzdata（apt install tzdata）")
    return good("时区", said)


def workdays(ground: Ground) -> Iterator[Finding]:
    if desk := ground.desk:  # all offices share one calendar
        yield notices(desk.workdays, today(desk.office, ground.at))


def notices(calendar: WorkCalendar, day: date) -> Finding:
    year = day.year
    if year not in calendar.years:
        said = f"没有{year}年的放假通知，工作日按周一至周五算；除元旦、五一、国庆外，别的节假日也会发信"
        return fault("放假通知", said, IMPORT)
    if year + 1 in calendar.years:
        return good("放假通知", f"{year}年、{year + 1}年都有了")
    if (day.month, day.day) >= AWAITED:
        said = f"{year}年的有，{year + 1}年的还没有；这时一般已经公布了"
        return attention("放假通知", said, IMPORT)
    return good("放假通知", f"{year}年的有；{year + 1}年的一般在11月公布")


IMPORT = (
    "从国务院网站找到“部分节假日安排的通知”，存成文本文件，运行 duban workdays import 文件，"
    "再运行 duban apply"
)
