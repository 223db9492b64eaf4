"""A tick as a table for people: what was written, held back, not written, sent; few rows for any number of
offices."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.mornings import Written
    from flows.tick import Ticked

MOST = 20
"""Offices with a row of their own: those with the most to tell."""
Row = dict[str, Any]


def rows(ticked: "Ticked") -> list[Row]:
    """The first is the sum; offices that had nothing to say have none."""
    said = [one for one in ticked.written if one.said or one.unsent]
    by_office: dict[str, list[Written]] = {}
    for one in said:
        by_office.setdefault(one.office, []).append(one)
    offices = [_row(office, some) for office, some in sorted(by_office.items())]
    offices.sort(key=_weight, reverse=True)
    delivered = ticked.delivered
    total = {
        **_row("合计", said),
        "寄出": delivered.accepted,
        "没有寄成": delivered.unsent,
        "停发原因": delivered.closed,
    }
    return [total, *map(_wide, offices[:MOST]), *map(_wide, _rest(offices[MOST:]))]


def _row(name: str, some: Iterable["Written"]) -> Row:
    some = list(some)
    return {
        "纲要办": name,
        "写信": sum(one.count for one in some),
        "未通知": sum(len(one.unsent) for one in some),
        "写不成": sum(len(one.faults) for one in some),
    }


def _weight(row: Row) -> tuple[int, int, int]:
    return row["写不成"], row["未通知"], row["写信"]


def _rest(offices: Sequence[Row]) -> list[Row]:
    if not offices:
        return []
    sums = {what: sum(row[what] for row in offices) for what in ("写信", "未通知", "写不成")}
    return [{"纲要办": f"其余 {len(offices)} 个", **sums}]


def _wide(row: Row) -> Row:
    """What was sent is not counted by office: whoever sends takes what lies in front."""
    return {**row, "寄出": "", "没有寄成": "", "停发原因": ""}
