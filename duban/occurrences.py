"""On which days an activity takes place in a year, how sure that is, and who said so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from duban.activity import Activity, Certainty, KnownDate, Occurrence
from duban.announcement import Announcement
from duban.rule import Announced, DayOf, Span

Find = Callable[[str], Activity | None]
Said = Callable[[Activity, int], Sequence[Announcement]]
"""The announcements of an activity's year, in the order of recording."""


def nothing_said(_activity: Activity, _year: int) -> Sequence[Announcement]:
    return ()


def occurrence(
    activity: Activity,
    year: int,
    find: Find,
    local: KnownDate | None = None,
    said: Said = nothing_said,
    as_of: date | None = None,
) -> Occurrence | None:
    """The activity's days in `year`, as they were known on `as_of` (None: all that is known).

    None when no rule holds then: it did not exist. A recorded announcement goes before the dates in
    the files, a local date before a national one, and any of them before the rule. Where nothing is
    known the span is None and the certainty `unknown`: nothing is guessed.
    """
    if activity.rule(year) is None:
        return None
    found = _by_rule(activity, year, find, said, as_of)
    if activity.stages:
        found = _staged(found, stage_days(activity, year, find, said, as_of).values())
    for known in (*_of_year(activity.dates, year), *_of_year((local,), year)):
        if as_of is None or (known.announced or known.start) <= as_of:
            found = _dated(found, known)
    for record in said(activity, year):
        if as_of is None or record.recorded_at.date() <= as_of:
            found = _announced(found, record)
    return found


def stage_days(
    activity: Activity,
    year: int,
    find: Find,
    said: Said = nothing_said,
    as_of: date | None = None,
) -> dict[str, Occurrence]:
    """The days of each stage by its id; stages that do not exist in `year` are left out."""
    found = {
        stage.id: occurrence(activity.alone(stage), year, find, None, said, as_of)
        for stage in activity.stages
    }
    return {id: days for id, days in found.items() if days}


def _staged(whole: Occurrence, stages: Iterable[Occurrence]) -> Occurrence:
    """From the first to the last known day of the stages; the least sure of them tells how sure.

    Its usual window is known only where that of every stage is.
    """
    stages = list(stages)
    known = [one for one in stages if one.span]
    usual = [one.expected for one in stages if one.expected]
    least = (Certainty.RULE, Certainty.CHANGED, Certainty.ANNOUNCED)
    sure = next((one for one in least if one in {stage.certainty for stage in known}), None)
    return replace(
        whole,
        span=_across([one.span for one in known if one.span]),
        certainty=sure or Certainty.UNKNOWN,
        source=known[-1].source if known else whole.source,
        expected=None if known or len(usual) < len(stages) else _across(usual),
    )


def _across(spans: list[Span]) -> Span | None:
    """From the earliest start to the latest end, which is None where that is not known."""
    if not spans:
        return None
    last = max(spans, key=lambda span: (span.last, span.end is None))
    return Span(min(span.start for span in spans), last.end)


def _of_year(dates: Iterable[KnownDate | None], year: int) -> list[KnownDate]:
    return [known for known in dates if known and known.year == year]


def _dated(before: Occurrence, known: KnownDate) -> Occurrence:
    return replace(
        before,
        span=Span(known.start, known.end),
        certainty=Certainty.ANNOUNCED,
        source=known.source,
        announced=known.announced,
        expected=None,
    )


def _announced(before: Occurrence, said: Announcement) -> Occurrence:
    """The next record of the same year: a change where days had been announced already."""
    again = before.certainty in (Certainty.ANNOUNCED, Certainty.CHANGED)
    span = Span(said.start, said.end) if said.start else None
    certainty = Certainty.CHANGED if again and span != before.span else Certainty.ANNOUNCED
    return replace(
        before,
        span=span,
        certainty=certainty if span else Certainty.UNKNOWN,
        source=said.source,
        announced=said.announced,
        recorded_at=said.recorded_at,
        recorded_by=said.recorded_by,
        expected=None,
    )


def _by_rule(
    activity: Activity, year: int, find: Find, said: Said, as_of: date | None
) -> Occurrence:
    rule = activity.rule(year)
    assert rule is not None
    parsed = rule.parsed
    plain = Occurrence(
        activity.id, activity.title(year), year, None, Certainty.UNKNOWN, rule.source
    )
    if isinstance(parsed, DayOf):
        return _relative(plain, parsed, find, said, as_of)
    if isinstance(parsed, Announced):
        return replace(plain, expected=parsed.usual.span(year) if parsed.usual else None)
    span = parsed.span(year)
    return replace(plain, span=span, certainty=Certainty.RULE if span else Certainty.UNKNOWN)


def _relative(
    plain: Occurrence, rule: DayOf, find: Find, said: Said, as_of: date | None
) -> Occurrence:
    """Counted from another activity, and no surer than that one."""
    other = find(rule.activity)
    if other is None or other.id == plain.activity:
        return plain
    base = occurrence(other, plain.year, find, None, said, as_of)
    if base is None:
        return plain
    expected = rule.within(base.expected) if base.expected else None
    if base.span is None:
        return replace(plain, expected=expected)
    span = rule.within(base.span)
    return replace(
        plain,
        span=span,
        certainty=base.certainty if span else Certainty.UNKNOWN,
        recorded_at=base.recorded_at,
        recorded_by=base.recorded_by,
    )
