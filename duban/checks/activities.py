"""Checks of the activities: names, date rules, known dates."""

from collections.abc import Iterator
from itertools import combinations

from duban.activity import Activity, DatedRule, KnownDate
from duban.checks.register import Register, backwards, repeated, spot
from duban.fault import Fault
from duban.unread import Unread


def register(entries: tuple[Activity, ...], unread: Unread) -> Register[Activity]:
    """Activities by id, name, alias and the names of their rules."""
    found = Register[Activity]("activities", unread)
    for entry in entries:
        found.add(entry.id, entry)
    for entry in entries:
        for name in entry.names:
            found.add(name, entry)
    return found


def activities(
    entries: tuple[Activity, ...], known: Register[Activity], unread: Unread
) -> Iterator[Fault]:
    yield from repeated(entries, "id", "代号")
    yield from _names(entries, known)
    for entry in entries:
        if entry.place not in unread.damaged:
            yield from _rules(entry)
        yield from _dates(entry)
        yield from _bases(entry, known)
    yield from _circles(entries, known)


def _names(entries: tuple[Activity, ...], known: Register[Activity]) -> Iterator[Fault]:
    for entry in entries:
        for path, name in _named(entry):
            other = known.find(name)
            if other and other is not entry and other.id != entry.id:
                message = f"“{name}”已是“{other.id}”（{spot(other, entry)}）的名称"
                yield entry.fault(*path, message=message, hint="一个名称只能属于一项活动")


def _named(entry: Activity) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("name",), entry.name
    yield from ((("aliases", number), name) for number, name in enumerate(entry.aliases))
    for number, rule in enumerate(entry.rules):
        if rule.name:
            yield ("rules", number, "name"), rule.name


def _rules(entry: Activity) -> Iterator[Fault]:
    for rule in entry.rules:
        yield from backwards(rule)
    sound = [(n, rule) for n, rule in enumerate(entry.rules) if not list(backwards(rule))]
    for (number, one), (_, other) in combinations(sound, 2):
        if years := _common(one, other):
            message = f"与第{number + 1}条规则在{years}都有效"
            yield other.fault("rule", message=message, hint="请用 since、until 分开年份")


def _common(one: DatedRule, other: DatedRule) -> str:
    """`2020年至2024年`: the years in which both rules hold; empty when there are none."""
    first = max(one.since or 0, other.since or 0)
    last = min(one.until or 9999, other.until or 9999)
    if last < first:
        return ""
    since, until = f"{first}年起" if first else "", f"{last}年为止" if last < 9999 else ""
    return f"{first}年至{last}年" if since and until else since or until or "所有年份"


def _dates(entry: Activity) -> Iterator[Fault]:
    yield from repeated(entry.dates, "year", "年份")
    for known in entry.dates:
        yield from known_date(known)


def known_date(known: KnownDate, around: int = 0) -> Iterator[Fault]:
    """A known date begins in its own year, or `around` it, and ends then or in the next one."""
    if abs(known.start.year - known.year) > around:
        what = f"离{known.year}年太远" if around else f"不在{known.year}年"
        yield known.fault("start", message=f"{known.start}{what}")
    elif known.end and known.end.year > known.year + 1:
        yield known.fault("end", message=f"{known.end}离{known.year}年太远")


def _bases(entry: Activity, known: Register[Activity]) -> Iterator[Fault]:
    for rule in entry.dated_by:
        base = rule.parsed.follows
        if base and known.unknown(base):
            yield rule.fault("rule", message=f"没有活动“{base}”", hint=known.hint(base))


def circling(entries: tuple[Activity, ...], known: Register[Activity]) -> set[str]:
    """The ids of the activities whose dates are counted in a circle, or through too many others."""
    return {id for entry in entries if _counted(entry) for id in _circle(entry, known)}


def _counted(entry: Activity) -> bool:
    return any(rule.parsed.follows for rule in entry.dated_by)


_DEEPEST = 20
"""Through how many others an activity's date may be counted."""
_Way = tuple[Activity, int, int, tuple[str, ...]]
"""An activity reached from another, the years in which the way holds, and the ids passed."""


def _circles(entries: tuple[Activity, ...], known: Register[Activity]) -> Iterator[Fault]:
    told: set[str] = set()
    for entry in entries:
        if entry.id not in told and (circle := _circle(entry, known)):
            told.update(circle)
            long = len(circle) > _DEEPEST
            what = f"日期推算超过{_DEEPEST}层" if long else "日期互相推算，成了一圈"
            names = " → ".join([*circle[:3], "…"] if long else [*circle, entry.id])
            rule = next(rule for rule in entry.dated_by if rule.parsed.follows)
            yield rule.fault("rule", message=f"{what}：{names}", hint="请给其中一项写明日期")


def _circle(start: Activity, known: Register[Activity]) -> tuple[str, ...]:
    """The ids of a circle through `start`, or of a chain too long; empty when there is neither."""
    ways: list[_Way] = [(start, 0, 9999, ())]
    seen: set[tuple[str, int, int]] = set()
    while ways:
        here, first, last, passed = ways.pop()
        for rule in here.dated_by:
            base = rule.parsed.follows
            since, until = max(first, rule.since or 0), min(last, rule.until or 9999)
            there = known.find(base) if base else None
            if there is None or until < since:
                continue
            if there is start or len(passed) == _DEEPEST:
                return (*passed, here.id)
            if (there.id, since, until) not in seen:
                seen.add((there.id, since, until))
                ways.append((there, since, until, (*passed, here.id)))
    return ()
