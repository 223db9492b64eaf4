"""The words of 督办函: how grave, until when, what was said before, and who is waited for."""

from collections.abc import Callable, Iterable
from datetime import date

from duban.letter import Item, Urged

MOST = 6
"""Lines of what was said before, and of who is waited for."""


def by_number(items: Iterable[Item]) -> list[tuple[Urged | None, list[Item]]]:
    """A 督办函 each, the gravest first; in it what is overdue the longest first."""
    found: dict[tuple[int, str], list[Item]] = {}
    for item in items:
        found.setdefault(_rank(item), []).append(item)
    return [
        (some[0].urged, sorted(some, key=lambda item: item.due))
        for _, some in sorted(found.items())
    ]


def _rank(item: Item) -> tuple[int, str]:
    urged = item.urged
    return (-urged.degree.rank, urged.number) if urged else (1, "")


def gravest(items: Iterable[Item]) -> str:
    """`红色`; empty where nothing is urged."""
    degrees = [item.urged.degree for item in items if item.urged]
    return max(degrees, key=lambda degree: degree.rank).value if degrees else ""


def until(urged: Urged, today: date) -> str:
    """`3月20日（星期五）`."""
    year = "" if urged.by.year == today.year else f"{urged.by.year}年"
    return f"{year}{_short(urged.by)}（星期{'一二三四五六日'[urged.by.weekday()]}）"


def course(urged: Urged) -> list[str]:
    """`3月6日到期提醒（王小川、李四）`: how it began, and the last ones."""
    told: dict[tuple[date, str], list[str]] = {}
    for one in urged.history:
        told.setdefault((one.day, one.what), []).append(one.who)
    lines = [_said(*said, whom) for said, whom in told.items()]
    return lines if len(lines) <= MOST else [lines[0], "……", *lines[2 - MOST :]]


def _said(day: date, what: str, whom: list[str]) -> str:
    known = list(dict.fromkeys(filter(None, whom)))
    names = "、".join(known) if len(known) < 3 else f"{known[0]}等{len(known)}人"
    return f"{_short(day)}{what}{f'（{names}）' if names else ''}"


def waiting(item: Item) -> str:
    """`市科协“方案报送”已逾期3个工作日、市教委“方案报送”3月20日到期`."""
    some = [
        f"{one.department}“{one.step_name}”"
        + (f"已逾期{one.days}个工作日" if one.overdue else f"{_short(one.due)}到期")
        for one in item.blockers[:MOST]
    ]
    more = f"等{len(item.blockers)}项" if len(item.blockers) > MOST else ""
    return "、".join(some) + more


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


FILTERS: dict[str, Callable[..., object]] = {
    known.__name__: known for known in (by_number, gravest, until, course, waiting)
}
