"""Files of records that only grow: one more, behind the others."""

import json
from datetime import date, datetime

from adapters.yamlfile import Sheet, read_yaml
from duban.frozen import Frozen
from duban.trouble import Trouble


class CannotGrow(Trouble):
    """The file is written in a way that no entry can be put behind; the message says how to mend it."""


def grown(file: str, text: str, head: str, record: Frozen) -> str:
    """What the file holds with `record` behind the others, or behind `head` where there are none yet.

    Raises CannotGrow.
    """
    before = text if text.strip() else head
    after = before.rstrip("\n") + "\n" + entry(record)
    old, new = (read_yaml(one.encode(), file) for one in (before, after))
    if new.faults or _entries(new) != _entries(old) + 1:
        raise CannotGrow(f"{file} 的写法不能往后加记录，请先改正（一条一行，以“  - ”开头）")
    return after


def _entries(sheet: Sheet) -> int:
    lists = sheet.data.values() if isinstance(sheet.data, dict) else ()
    return sum(len(one) for one in lists if isinstance(one, list))


def entry(record: Frozen) -> str:
    """As it stands in the list of its file; what is not filled in is left out."""
    fields = {
        str(info.alias or name): getattr(record, name)
        for name, info in type(record).model_fields.items()
    }
    lines = [f"{key}: {_text(value)}" for key, value in fields.items() if value is not None]
    return "".join(f"  {'-' if number == 0 else ' '} {line}\n" for number, line in enumerate(lines))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date | int):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)
