"""The timetable of the flows: config/timetable.yaml."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from adapters.entries import take
from adapters.settings import SettingsFault
from adapters.yamlfile import read_yaml
from duban.fault import Fault, Place
from duban.frozen import Frozen, Name
from duban.office import Zone

FILE = "config/timetable.yaml"


def _cron(text: str) -> str:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError("cron 要写五个字段：分 时 日 月 星期，例如 */5 7-19 * * mon-fri")
    if re.search(r"\d", fields[4]):
        raise ValueError("星期请写 mon-fri 这样的英文缩写，数字在不同程序里意思不同")
    return text


class Job(Frozen):
    """One flow and the times at which it wakes up, on the clock of `zone`."""

    flow: Name
    name: Name
    cron: Annotated[str, AfterValidator(_cron)]
    zone: Zone = "Asia/Shanghai"


class _File(Frozen):
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    jobs: tuple[Job, ...]


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
    return Timetable(taken.entry.jobs), []
