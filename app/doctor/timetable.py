"""The timetable: whether the tick comes when it should, and when everything wakes up next."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from adapters.timetable import Job
from app.doctor.finding import Finding, attention, fault, good
from app.doctor.words import long, moment
from app.wakeups import fires
from app.watching import Pulse, feel
from flows.premises import Site
from state.pulses import TICK

if TYPE_CHECKING:
    from app.doctor.ground import Ground

NEXT = 3


def pulse(ground: "Ground") -> Iterator[Finding]:
    yield look(ground.site, ground.jobs, ground.at, ground.zones[0])


def look(site: Site, jobs: Sequence[Job], at: datetime, zone: str) -> Finding:
    """Raises Trouble."""
    if not any(job.flow == TICK for job in jobs):
        remedy = "请在 config/timetable.yaml 补上"
        return fault("上次运行", "时刻表里没有 tick，谁也不会写信", remedy)
    return verdict(feel(site, jobs, at), at, zone)


def verdict(felt: Pulse, at: datetime, zone: str) -> Finding:
    """The watchdog's: docs/promise.md, rule 10."""
    if felt.last is None:
        return attention("上次运行", "还没有运行过", f"{START}；只想试一次，用 duban run")
    last = moment(felt.last, zone, seconds=True)
    if felt.astray(at):
        said = f"记的是{last}，比现在还晚：时钟被往回拨过"
        return attention("上次运行", said, "看“系统时钟”一行；再运行一次就恢复正常")
    if felt.missed is None:
        return good("上次运行", f"{last}，按时")
    missed = f"{last}；本应在{moment(felt.missed, zone)}再醒来，已过了 {long(at - felt.missed)}"
    if felt.sending:
        return attention("上次运行", f"{missed}：还在寄信", "不必处理，寄完就会接着运行")
    return fault("上次运行", missed, f"{START}；在运行的话，看它的日志（journalctl -u duban）")


START = "看 duban serve 是否在运行（systemctl status duban），没有就启动它"


def wakeups(ground: "Ground") -> Iterator[Finding]:
    for job in ground.jobs:
        for zone in ground.zones:
            found = islice(fires([job], ground.at), NEXT)
            yield good(
                "下次运行", f"{job.name}（{job.flow}）：{moments(list(found), ground.at, zone)}"
            )


def moments(found: list[datetime], at: datetime, zone: str) -> str:
    """`今天 09:05、09:10、明天 07:00（Asia/Shanghai）`: a day is said where it changes."""
    words, before = [], None
    here = at.astimezone(ZoneInfo(zone)).date()
    for one in found:
        local = one.astimezone(ZoneInfo(zone))
        said = {0: "今天", 1: "明天"}.get((local.date() - here).days)
        said = said or f"{local.month}月{local.day}日"
        words.append(f"{said if local.date() != before else ''} {local:%H:%M}".strip())
        before = local.date()
    return f"{'、'.join(words)}（{zone}）"
