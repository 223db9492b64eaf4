"""Whatever happens, in any order: the score is that of an independent count, and the account tells the same
of each item as its row does. On both databases. DUBAN_LONG=<examples> runs that many stories."""

import os
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from adapters.settings import load_settings
from duban.assignment import Assignment
from duban.completion import Act, IllegalMove
from duban.course import Course
from duban.desk import OFFICE as SECRETARIAT
from duban.facts import facts
from duban.ladder import CANCEL
from duban.request import Kind
from flows import applying, scoring
from flows.mornings import write_morning
from flows.premises import Site, use
from flows.tick import look_again
from state import assignments, requests, scores
from state.assignments import Unknown
from state.courses import courses
from state.scope import Scope
from state.tables import delivery
from tests.databases import new_database
from tests.journeys.test_machine import KEYS, OFFICE, PEOPLE, Wish, book_of
from tests.recount import Key, recount
from tests.sitting import REPOSITORY, ZONE

LONG = int(os.environ.get("DUBAN_LONG") or 0)
ACTS = [Act.ACKNOWLEDGE, Act.REPORT, Act.REPORT, Act.RETURN, Act.COMPLETE, Act.EXEMPT]
WISHES = [
    {"shui": "3月22日"},
    {"shui": "3月24日"},
    {"shui": "4月22日"},
    {"shui": None},
    {"keji": None},
    {"keji": "2026-05-16"},
    {"keji": "2026-04-25"},
    {"lead": "市水利局"},
    {"lead": "市科协"},
]
STEPS = st.one_of(
    st.tuples(st.just("morning"), st.integers(1, 6)),
    st.tuples(st.just("unsent"), st.integers(1, 2)),
    st.tuples(st.just("act"), st.sampled_from([(key, act) for key in KEYS for act in ACTS])),
    st.tuples(st.just("apply"), st.sampled_from(WISHES)),
    st.tuples(st.just("extend"), st.tuples(st.sampled_from(KEYS), st.integers(1, 30))),
    st.tuples(st.just("score"), st.just(0)),
)
STORIES = st.tuples(
    st.sampled_from([date(2026, 2, 9), date(2026, 3, 2), date(2026, 1, 5)]),
    st.lists(STEPS, min_size=5, max_size=30),
)


@dataclass
class Story:
    site: Site
    now: datetime
    wish: Wish = field(default_factory=Wish)

    def morning(self, days: int) -> None:
        """So many mornings on which everything goes out."""
        for _ in range(days):
            self._write()
            with self.site.database.writing() as connection:
                connection.execute(
                    update(delivery)
                    .where(delivery.c.state == "queued")
                    .values(state="accepted", phase=None)
                )

    def unsent(self, days: int) -> None:
        """Mornings whose letters never leave: the next look takes them back."""
        for _ in range(days):
            self._write()

    def _write(self) -> None:
        self.now = datetime.combine(self.now.date() + timedelta(1), time(9, 30), ZONE)
        look_again(self.now)
        write_morning(OFFICE, self.now)

    def act(self, what: tuple[str, Act]) -> None:
        key, doing = what
        desk, _ = self.site.desk(OFFICE)
        who: dict[str, Any] = {"at": self.now, "today": self.now.date(), "actor": "李干事"}
        with suppress(IllegalMove, Unknown), self.site.database.writing() as connection:
            assignments.act(connection, desk, key, doing, **who)

    def apply(self, changes: dict[str, Any]) -> None:
        self.wish = replace(self.wish, **changes)
        book = book_of(self.wish)
        applying.apply(
            self.site, book, applying.plan(self.site, book, self.now), self.now, "王主任"
        )

    def extend(self, what: tuple[str, int]) -> None:
        key, days = what
        desk, _ = self.site.desk(OFFICE)
        scope, at = Scope(OFFICE), self.now
        said = {"at": at, "actor": "李干事", "via": "test"}
        with suppress(IllegalMove, Unknown), self.site.database.writing() as connection:
            item = assignments.find(connection, key)
            wanted = (item.target or at.date()) + timedelta(days)
            asked = requests.ask(
                connection,
                scope,
                item.row,
                Kind.EXTENSION,
                today=at.date(),
                reason="材料还在会签",
                wanted=wanted,
                **said,
            )
            requests.grant(connection, desk, scope, asked.id, **said)

    def score(self, _: int) -> None:
        desk, _ = self.site.desk(OFFICE)
        scoring.score_office(self.site, desk, self.now)

    def stored(self) -> dict[Key, Counter[str]]:
        found: dict[Key, Counter[str]] = {}
        with self.site.database.reading() as connection:
            for year in scores.standings(connection, OFFICE):
                for part, one in scores.stored(connection, OFFICE, year).items():
                    if part.department:
                        key = part.department, f"{part.first:%Y-%m}"
                        counts = {name: getattr(one, name) for name in scores.COUNTS}
                        found[key] = found.get(key, Counter()) + Counter(counts)
        return found

    def rows(self) -> list[tuple[Assignment, Course]]:
        """Each item beside its course."""
        with self.site.database.reading() as connection:
            items = {one.row: one for one in assignments.all_of(connection, OFFICE)}
            found = courses(connection, Scope(OFFICE), [2026], 1 << 60, ZoneInfo("Asia/Shanghai"))
            return [(items[item.row], _walked(lines)) for item, lines in found]


def _walked(lines: list[Any]) -> Course:
    course = Course()
    for line in lines:
        course.take(line)
    return course


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 30), ("postgresql", 6)])
def test_the_score_is_that_of_an_independent_count(
    request: pytest.FixtureRequest, kind: str, examples: int
) -> None:
    @settings(
        max_examples=LONG or examples,
        deadline=None,
        derandomize=not LONG,
        suppress_health_check=list(HealthCheck),
    )
    @given(STORIES)
    def tell(story: tuple[date, list[tuple[str, Any]]]) -> None:
        begin, steps = story
        with new_database(request, kind) as url, TemporaryDirectory() as seats:
            site = Site(load_settings(REPOSITORY, database=url, seats=Path(seats)))
            with closing(site.database):
                _tell(Story(site, datetime.combine(begin, time(7), ZONE)), steps)

    tell()


def _tell(story: Story, steps: list[tuple[str, Any]]) -> None:
    use(story.site)
    story.apply({})
    for name, what in steps:
        getattr(story, name)(what)
    story.score(0)
    desk, _ = story.site.desk(OFFICE)
    for days in (0, 90):
        story.now += timedelta(days)
        story.score(0)
        until = story.now.date()
        assert story.stored() == recount(story.site.database, OFFICE, until, desk.workdays.working)
        assert scoring.verify(story.site, desk).wrong == ()
    for item, course in story.rows():
        _same(item, course)


def _same(item: Assignment, course: Course) -> None:
    assert course.state is item.state, item
    assert course.facts == facts(item), item
    if item.asked.department != SECRETARIAT and item.state.open and item.stage != CANCEL:
        assert course.known.told == item.told, item


def test_the_stories_speak_of_people_who_are_there() -> None:
    departments = {key.rpartition("/")[2] for key in KEYS}

    assert len(departments) == len(PEOPLE)
