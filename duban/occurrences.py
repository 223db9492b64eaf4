"""On which days an activity takes place in a year, and how sure that is."""

from collections.abc import Callable

from duban.activity import Activity, Certainty, KnownDate, Occurrence
from duban.rule import DayOf, Span

Find = Callable[[str], Activity | None]


def occurrence(
    activity: Activity, year: int, find: Find, local: KnownDate | None = None
) -> Occurrence | None:
    """The activity's days in `year`; None when no rule holds then (it did not exist).

    What somebody announced goes before what a rule gives, a local date before a national one. Where
    neither is known the span is None and the certainty `unknown`: nothing is guessed.
    """
    rule = activity.rule(year)
    if rule is None:
        return None
    name = activity.title(year)
    if known := local or _announced(activity, year):
        days = Span(known.start, known.end)
        return Occurrence(
            activity.id, name, year, days, Certainty.ANNOUNCED, known.source, known.announced
        )
    span, certainty = _by_rule(activity, year, find)
    return Occurrence(activity.id, name, year, span, certainty, rule.source)


def _announced(activity: Activity, year: int) -> KnownDate | None:
    return next((known for known in activity.dates if known.year == year), None)


def _by_rule(activity: Activity, year: int, find: Find) -> tuple[Span | None, Certainty]:
    rule = activity.rule(year)
    parsed = rule.parsed if rule else None
    if isinstance(parsed, DayOf):
        return _relative(activity, parsed, year, find)
    span = parsed.span(year) if parsed else None
    return span, Certainty.RULE if span else Certainty.UNKNOWN


def _relative(
    activity: Activity, rule: DayOf, year: int, find: Find
) -> tuple[Span | None, Certainty]:
    """Counted from another activity, and no surer than that one."""
    other = find(rule.activity)
    base = occurrence(other, year, find) if other and other.id != activity.id else None
    if base is None or base.span is None:
        return None, Certainty.UNKNOWN
    return rule.within(base.span), base.certainty
