"""Days of 60 activities in 30 years, and working days, against libraries that compute recurrences.

All are given text, must find the same days, and only then are timed: medians of five, each in turn.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice

import recurring_ical_events
from dateutil.rrule import FR, MO, TH, TU, WE, WEEKLY, rrule, rruleset, rrulestr
from icalendar import Calendar

from adapters.files import read_site
from benchmarks.process import REPOSITORY
from duban.rule import parse_rule
from duban.workdays import WorkCalendar, WorkYear

YEARS = range(2000, 2030)
RUNS = 5
TIMES_FASTER = 10
QUESTIONS = 150
"""Four of each: 600, as many as the agendas of the calendar's two offices ask. Building the calendar is
most of our time then; with more questions the ratio grows, which says nothing about an agenda."""
_KINDS = (
    "{m}月{d}日",
    "{m}月{d}日起10天",
    "{m}月{d}日至{n}月{d}日",
    "{m}月第2个星期六",
    "{m}月最后一个星期日",
    "{m}月第3个周末",
    "{m}月第3个星期日起7天",
    "最接近{m}月{d}日的周末",
    "包含{m}月{d}日的一周",
    "包含{m}月{d}日的工作周",
    "包含{m}月{d}日的一周（周六起）",
    "{m}月",
)
RULES = [
    kind.format(m=month, n=month + 1, d=day)
    for kind in _KINDS
    for month, day in ((3, 22), (5, 12), (6, 5), (8, 29), (10, 16))
]
Days = set[tuple[str, date, date]]
"""Rule, first and last day."""


def measure() -> list[tuple[str, list[tuple[str, float]]]]:
    """Titles with names and seconds, ours first."""
    events, workdays = _calendar(), _workdays()
    expanding: list[tuple[str, Callable[[], object]]] = [
        ("duban", _ours),
        ("dateutil rrule", _dateutil),
        ("recurring-ical-events", lambda: _recurring(events)),
    ]
    working: list[tuple[str, Callable[[], object]]] = [
        ("duban", lambda: _working(workdays)),
        ("loop over dateutil rrule", lambda: _looping(workdays)),
    ]
    return [
        (f"{len(RULES)} activities x {len(YEARS)} years", _times(expanding)),
        (f"{QUESTIONS * 4} questions about working days", _times(working)),
    ]


def show(tables: list[tuple[str, list[tuple[str, float]]]]) -> list[str]:
    """Print the tables; what is slower than required is returned."""
    slow = []
    for title, rows in tables:
        ours = rows[0][1]
        print(f"\n{title} (median of {RUNS})\n{'':32}{'ms':>9}{'x ours':>9}")
        for name, seconds in rows:
            print(f"{name:32}{seconds * 1000:9.2f}{seconds / ours:9.1f}")
        others = [seconds for _, seconds in rows[1:]]
        if min(others) < ours or max(others) < TIMES_FASTER * ours:
            slow.append(title)
    return slow


def _times(ways: list[tuple[str, Callable[[], object]]]) -> list[tuple[str, float]]:
    """Raises AssertionError where two ways do not give the same."""
    expected = ways[0][1]()
    for name, way in ways[1:]:
        assert way() == expected, f"{name} differs"
    taken: dict[str, list[float]] = {name: [] for name, _ in ways}
    for _ in range(RUNS):
        for name, way in ways:
            started = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - started)
    return [(name, statistics.median(taken[name])) for name, _ in ways]


# --- the days of activities ---


def _ours() -> Days:
    parse_rule.cache_clear()
    return {
        (text, span.start, span.last)
        for text in RULES
        for year in YEARS
        if (span := parse_rule(text).span(year))
    }


def _recurrences() -> list[tuple[str, str, int]]:
    """Each rule with its recurrence and its length; all of RULES have both."""
    rules = [(text, parse_rule(text)) for text in RULES]
    return [(text, rule.rrule() or "", rule.length or 0) for text, rule in rules]


_RECURRENCES = _recurrences()


def _dateutil() -> Days:
    first, last = datetime(YEARS[0], 1, 1), datetime(YEARS[-1], 12, 31)  # noqa: DTZ001
    return {
        (text, day.date(), day.date() + timedelta(length - 1))
        for text, recurrence, length in _RECURRENCES
        for day in rrulestr(recurrence, dtstart=first).between(first, last, inc=True)
    }


def _calendar() -> str:
    """The activities as an iCalendar file, each event from its first day on."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//duban//benchmark//"]
    for number, (text, recurrence, length) in enumerate(_RECURRENCES):
        spans = (parse_rule(text).span(year) for year in YEARS)
        start = next(span.start for span in spans if span)
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"SUMMARY:{text}"]
        lines += [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DURATION:P{length}D"]
        lines += [f"RRULE:{recurrence}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _recurring(events: str) -> Days:
    found = recurring_ical_events.of(Calendar.from_ical(events)).between(
        date(YEARS[0], 1, 1), date(YEARS[-1] + 1, 1, 1)
    )
    return {
        (str(event["SUMMARY"]), event.start, event.end - timedelta(1))
        for event in found
        if event.start.year in YEARS
    }


# --- working days ---


def _workdays() -> tuple[WorkYear, ...]:
    book = read_site(REPOSITORY).book
    assert book is not None, "the calendar has faults"
    return book.common.workdays


def _questions() -> list[tuple[date, int]]:
    """Days of 2019-2026, each with a number of working days."""
    dice = random.Random(1)
    first = date(2019, 3, 1)
    return [
        (first + timedelta(dice.randrange(2700)), dice.randint(1, 20)) for _ in range(QUESTIONS)
    ]


def _working(years: tuple[WorkYear, ...]) -> list[date]:
    calendar = WorkCalendar(years)
    found: list[date] = []
    for day, number in _questions():
        found += [calendar.before(day), calendar.after(day)]
        found += [calendar.count(day, number), calendar.count(day, -number)]
    return found


def _looping(years: tuple[WorkYear, ...]) -> list[date]:
    """Monday to Friday, less the days off, more the days worked for them."""
    worked = rruleset(cache=True)
    start, until = datetime(2018, 12, 1), datetime(2027, 12, 31)  # noqa: DTZ001
    worked.rrule(rrule(WEEKLY, dtstart=start, until=until, byweekday=(MO, TU, WE, TH, FR)))
    for year in years:
        for holiday in year.amended():
            for number in range((holiday.end - holiday.start).days + 1):
                worked.exdate(_midnight(holiday.start + timedelta(number)))
            for day in holiday.work:
                worked.rdate(_midnight(day))
    found: list[date] = []
    for day, number in _questions():
        at = _midnight(day)
        earlier = worked.between(at - timedelta(60), at)
        found += [worked.before(at, inc=True).date(), worked.after(at, inc=True).date()]
        found += [list(islice(worked.xafter(at), number))[-1].date(), earlier[-number].date()]
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
