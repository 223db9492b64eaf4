"""Recording an announcement: one more entry at the end of calendar/announcements.yaml."""

import json
from datetime import date, datetime
from pathlib import Path

from duban.announcement import Announcement

FILE = Path("calendar/announcements.yaml")
_HEAD = """\
# 已公布日期的记录，由 duban announce 写入，一条一条往后加，不改旧的。
# 同一活动同一年以最后一条为准，前面的是经过。也可以照样手写。
# activity 活动；year 哪一年；start、end 起止（不写 start：收回，日期重新待公布）；
# office 只对这个纲要办有效（不写：都有效）；announced 公布日；source 文号或网址；
# recorded_at、recorded_by 何时由谁记录。
announcements:
"""


def append(home: Path, record: Announcement) -> str:
    """Write the record behind the others; returns the file's text before ("" when there was none)."""
    file = home / FILE
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    head = before if before.strip() else _HEAD
    file.write_text(head.rstrip("\n") + "\n" + _entry(record), encoding="utf-8")
    return before


def restore(home: Path, before: str) -> None:
    """Put the file back as it was."""
    file = home / FILE
    if before:
        file.write_text(before, encoding="utf-8")
    else:
        file.unlink(missing_ok=True)


def _entry(record: Announcement) -> str:
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    lines = [f"{key}: {_text(value)}" for key, value in fields.items() if value is not None]
    return "".join(f"  {'-' if number == 0 else ' '} {line}\n" for number, line in enumerate(lines))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date | int):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)
