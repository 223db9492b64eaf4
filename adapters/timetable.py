"""The timetable of the flows: config/timetable.yaml."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from adapters.entries import take
from adapters.settings import SettingsFault
from adapters.yamlfile import read_yaml
from duban.digest import USUAL, Time, Times, Which
from duban.fault import Fault, Place
from duban.frozen import Frozen, Name
from duban.office import Zone
from duban.rhythm import rhythm

FILE = "config/timetable.yaml"


def _cron(text: str) -> str:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("cron 要写五个字段：分 时 日 月 星期，例如 */5 7-19 * * mon-fri")
    if re.search(r"\d", fields[4]):
        raise ValueError("星期请写 mon-fri 这样的英文缩写，数字在不同程序里意思不同")
    return text


DIGEST = "digest"
"""The flow whose jobs say which digest, too."""


class Job(Frozen):
    """One flow and the times at which it wakes up, on the clock of `zone`."""

    flow: Name
    name: Name
    cron: Annotated[str, AfterValidator(_cron)]
    zone: Zone = "Asia/Shanghai"
    digest: Which | None = None
    """Only of the flow `digest`: which one is owed at these times."""


class _File(Frozen):
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    jobs: tuple[Job, ...]

    @property
    def digests(self) -> Times:
        """When each digest is owed; the usual times where no job speaks of any."""
        said = {job.digest: Time(job.cron, job.zone) for job in self.jobs if job.digest}
        return said or USUAL


def read_timetable(home: Path) -> Timetable:
    """Raises SettingsFault with every fault in the file."""
    found, faults = check_timetable(home)
    if found is None:
        raise SettingsFault("\n".join(map(str, faults)))
    return found


def check_timetable(home: Path) -> tuple[Timetable | None, list[Fault]]:
    """The timetable, or None and every fault in its file."""
    try:
        sheet = read_yaml((home / FILE).read_bytes(), FILE)
    except OSError as trouble:
        return None, [Fault(Place(FILE), "打不开文件", trouble.strerror or "")]
    taken = take(_File, sheet, {})
    if taken.faults or taken.entry is None:
        lined = (replace(f, line=f.line or sheet.line(f.place.path)) for f in taken.faults)
        return None, sorted(lined, key=lambda fault: fault.line)
    if not taken.entry.jobs:
        return None, [Fault(Place(FILE, ("jobs",)), "至少要有一项", "没有它程序不会醒来", 1)]
    if wrong := _wrong_digests(taken.entry.jobs):
        lined = (replace(f, line=sheet.line(f.place.path)) for f in wrong)
        return None, sorted(lined, key=lambda fault: fault.line)
    return Timetable(taken.entry.jobs), []


def _wrong_digests(jobs: tuple[Job, ...]) -> list[Fault]:
    known = "、".join(which.value for which in USUAL)
    faults: list[Fault] = []
    seen: set[Which] = set()
    for number, job in enumerate(jobs):
        if job.flow == DIGEST and job.digest is None:
            faults.append(
                _fault(number, "flow", "要写明是哪一种通报", f"加一行 digest: {known} 之一")
            )
        elif job.flow != DIGEST and job.digest is not None:
            faults.append(_fault(number, "digest", "只有 flow: digest 才写 digest", "请去掉"))
        elif job.digest is Which.PHASE:
            hint = "何时写由规划里各阶段的 report 决定，请去掉这一段"
            faults.append(_fault(number, "digest", "阶段报告不在时刻表里写", hint))
        elif job.digest in seen:
            faults.append(_fault(number, "digest", f"{job.digest}写了两次", "每种通报只写一个时刻"))
        elif job.digest:
            seen.add(job.digest)
            faults += _unread(number, job.cron)
    return faults


def _unread(number: int, cron: str) -> list[Fault]:
    """Digests need to know when their time was last, so their lines are read here, too."""
    try:
        rhythm(cron)
    except ValueError as fault:
        return [_fault(number, "cron", f"时刻写得不对：{fault}", "例如 30 8 * * mon")]
    return []


def _fault(number: int, key: str, what: str, how: str) -> Fault:
    return Fault(Place(FILE, ("jobs", number, key)), what, how)
