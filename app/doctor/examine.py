"""The whole examination: every check for itself, so that none breaks another."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum

from app.bug import keep_traceback
from app.doctor import clocks, database, mail, outbox, program, returns, scores, seals, timetable
from app.doctor.finding import Finding, attention, fault
from app.doctor.ground import Ground
from duban.trouble import Trouble


class Need(IntEnum):
    """What has to be in order before a check can say anything of its own."""

    NOTHING = 0
    SETTINGS = 1
    DATABASE = 2


@dataclass(frozen=True, slots=True)
class Check:
    subject: str
    look: Callable[[Ground], Iterator[Finding]]
    need: Need = Need.NOTHING
    slow: bool = False
    """It waits for others; it begins first, and the rest goes on meanwhile."""


CHECKS = (
    Check("设置", program.settings),
    Check("文件", program.files),
    Check("数据库", database.database, Need.SETTINGS),
    Check("数据库写入", database.writing, Need.DATABASE),
    Check("日历", program.calendar, Need.DATABASE),
    Check("邮件服务器", mail.mail, Need.SETTINGS, slow=True),
    Check("退信邮箱", returns.returns, Need.SETTINGS, slow=True),
    Check("发信身份", outbox.seat, Need.DATABASE),
    Check("发信状态", outbox.post, Need.DATABASE),
    Check("排队的信", outbox.waiting, Need.DATABASE),
    Check("系统时钟", clocks.clock),
    Check("时区", clocks.zones),
    Check("放假通知", clocks.workdays, Need.DATABASE),
    Check("上次运行", timetable.pulse, Need.DATABASE),
    Check("下次运行", timetable.wakeups),
    Check("流水封存", seals.seal, Need.DATABASE),
    Check("考核", scores.scores, Need.DATABASE),
    Check("程序", program.program),
)


def examine(ground: Ground, checks: tuple[Check, ...] = CHECKS) -> list[Finding]:
    """In the order of `checks`. Takes a few seconds at most; raises nothing."""
    with closing(ground):
        return _examine(ground, checks, _state(ground))


def _examine(ground: Ground, checks: tuple[Check, ...], state: Need) -> list[Finding]:
    able = [check for check in checks if check.need <= state]
    with ThreadPoolExecutor(max_workers=4) as pool:
        begun = {check: pool.submit(run, check, ground) for check in able if check.slow}
        found = {check: run(check, ground) for check in able if not check.slow}
        found |= {check: future.result() for check, future in begun.items()}
    left = [check.subject for check in checks if check.need > state]
    return [one for check in able for one in found[check]] + _left_out(left)


def _state(ground: Ground) -> Need:
    if not ground.settled:
        return Need.NOTHING
    return Need.DATABASE if ground.usable else Need.SETTINGS


def run(check: Check, ground: Ground) -> list[Finding]:
    """What it found before it broke, and its breaking as a fault."""
    found: list[Finding] = []
    try:
        found += check.look(ground)
    except Trouble as trouble:
        found.append(fault(check.subject, str(trouble)))
    except Exception as broken:
        file = keep_traceback()
        said = f"没有查成：{type(broken).__name__}：{broken}"
        found.append(fault(check.subject, said, f"这是程序的缺陷，请把 {file} 交给开发者"))
    return found


def _left_out(subjects: list[str]) -> list[Finding]:
    if not subjects:
        return []
    said = f"这些还没有查：{'、'.join(subjects)}"
    return [attention("其余", said, "先解决上面的故障，再运行一次 duban doctor")]
