"""What flows and pages ask of big tables is answered by an index, as the database itself says (EXPLAIN)."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, text

from duban.digest import Which
from duban.step import Answer
from state import (
    assignments,
    bounces,
    cascade,
    digests,
    history,
    inbox,
    items,
    outbox,
    queue,
    receipts,
    requests,
    waiting,
    withdraw,
)
from state.database import Database
from state.scope import Scope
from state.waiting import Link
from tests.databases import BOTH, new_database

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
OFFICES = [f"o{number}" for number in range(200)]
DAYS = dict.fromkeys(OFFICES, DAY)
LINKS = [Link(f"o{n}", "o0", "d1", (("a1", "a2"),)) for n in range(1, 9)]
SCOPE = Scope("o7")
LIGHT = items.Light(DAY, DAY + timedelta(7))
BIG = ("assignment", "letter", "delivery", "letter_item", "event", "digest", "letter_body")

QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "what is due": lambda c: assignments.due(c, "o7", DAY),
    "who has something due": lambda c: waiting.due(c, DAYS),
    "who has a digest to say": lambda c: waiting.unsettled(c, [(o, "2026-W10") for o in OFFICES]),
    "who has failed letters": lambda c: waiting.failed(c, OFFICES, DAY - timedelta(30)),
    "who has receipts to write": lambda c: waiting.deeds(c, OFFICES, NOW - timedelta(14)),
    "who is done for the office above": lambda c: waiting.rolling(c, LINKS),
    "who has outdated letters": lambda c: withdraw.outdated(c, DAYS),
    "whether something waits": lambda c: queue.waiting(c, at=NOW),
    "whose letters wait": lambda c: queue.waiting(c, at=NOW, offices=OFFICES[:30]),
    "who sends": queue.owners,
    "what is put off": lambda c: queue.put_off(c, at=NOW),
    "who had mail": lambda c: outbox.mailed(c, "o7", DAY, {"o8": frozenset({"1@o8"})}),
    "which letters failed": lambda c: bounces.untold(c, "o7", DAY - timedelta(30)),
    "what is overdue": lambda c: assignments.overdue(c, "o7", DAY),
    "what is owed": lambda c: digests.owing(c, "o7", DAY, DAY + timedelta(31)),
    "what becomes due": lambda c: digests.due_within(c, "o7", DAY, DAY + timedelta(6)),
    "what was done": lambda c: digests.done(c, "o7", NOW - timedelta(28), NOW),
    "what was answered": lambda c: digests.answers(c, [7, 8, 9]),
    "what the last digest said": lambda c: digests.said(c, "o7", Which.WEEKLY, "2026-W10"),
    "who has a digest": lambda c: digests.readers(c, "o7", "2026-W10"),
    "how dates were kept": lambda c: history.kept(c, "o7", DAY - timedelta(90), DAY, ZONE),
    "what acts are untold": lambda c: receipts.untold(c, "o7", NOW - timedelta(14)),
    "what waits for a review": lambda c: inbox.reports(c, SCOPE),
    "how much waits": lambda c: inbox.waiting(c, SCOPE, DAY, DAY),
    "which dates are to be found": lambda c: inbox.dates(c, SCOPE, DAY),
    "which requests wait": lambda c: requests.open_ones(c, SCOPE, 20),
    "which letters did not arrive": lambda c: inbox.undelivered(c, SCOPE, DAY - timedelta(30)),
    "a page of items": lambda c: items.some(c, SCOPE, items.Filter(), LIGHT),
    "what a city waits for": lambda c: cascade.waiting(c, "o7", {"d1", "d2"}),
    "how far districts are": lambda c: cascade.progress(c, ["o7", "o8"], DAY, 2026),
}
ACTS: dict[str, Callable[[Connection], Any]] = {
    "claiming": lambda c: queue.claim(c, owner="me", at=NOW, lease=timedelta(minutes=9), limit=48),
    "claiming some offices'": lambda c: queue.claim(
        c, owner="me", at=NOW, lease=timedelta(minutes=9), limit=48, offices=OFFICES[:30]
    ),
    "the last look": lambda c: withdraw.withdraw_outdated(
        c, {}, at=NOW, today=DAYS, claimed=list(range(19_901, 19_949))
    ),
}

ROWS = """
INSERT INTO assignment (id, key, office, activity, year, step, department, duty, answer, ladder,
    certainty, notice_on, due, name, step_name, reviewers, state, version, told, stage, stage_on, next_stage,
    next_on)
SELECT n, 'o' || (n % 200) || '/' || n, 'o' || (n % 200), 'a' || (n / 200 % 60), 2026, 's' || (n % 3),
    'd' || (n / 200 % 30), 'lead', '{report}', 'standard', 'rule', '2026-01-05', due, '活动', '报送', '',
    CASE n % 4 WHEN 0 THEN 'completed' WHEN 1 THEN 'reported' ELSE 'notified' END, 1, due, 'notice',
    '2026-01-05', 'due', CASE n % 4 WHEN 2 THEN due ELSE NULL END
FROM (SELECT n, {day} AS due FROM numbers WHERE n <= 100000) AS dated;
INSERT INTO letter (id, key, office, day, kind, recipient, recipient_name, departments, subject, message_id,
    written_at)
SELECT n, 'o' || (n % 200) || '/' || n, 'o' || (n % 200), {day}, 'reminder', (n % 1500) || '@o' || (n % 200),
    '人', '局', '提醒', '<' || n || '@example>', '2026-01-05'
FROM numbers WHERE n <= 20000;
INSERT INTO delivery (letter_id, office, state, attempts, possible_duplicates, try_at)
SELECT n, 'o' || (n % 200), CASE WHEN n % 400 = 1 THEN 'failed' WHEN n > 19900 THEN 'queued'
    ELSE 'accepted' END, 1, 0, '2026-03-02' FROM numbers WHERE n <= 20000;
INSERT INTO letter_body (letter_id, sender, mime)
SELECT n, 'duban@example', {bytes} FROM numbers WHERE n <= 20000;
INSERT INTO letter_item (id, letter_id, assignment_id, kind, stage, version, due, sent_key)
SELECT n, n % 20000 + 1, n, 'reminder', 'due', 1, '2026-03-02', n || ':1:due'
FROM numbers WHERE n <= 40000;
INSERT INTO event (id, at, office, assignment_id, act, actor, reason, via)
SELECT n, {instant}, 'o' || (n % 200), n % 40000 + 1,
    CASE n % 3 WHEN 0 THEN 'report' WHEN 1 THEN 'remind' ELSE 'notify' END, '人', '',
    CASE n % 3 WHEN 0 THEN 'link 10.0.0.1' ELSE '' END
FROM numbers WHERE n <= 60000;
INSERT INTO digest (office, period, day, letters, which, said)
SELECT 'o' || (n % 200), '2026-W' || (n / 200), '2026-03-02', 1, 'weekly', '' FROM numbers WHERE n <= 20000;
"""
NUMBERS = """WITH RECURSIVE numbers(n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000) """


@pytest.fixture(scope="module", params=BOTH)
def full(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with 300,000 rows, and with its statistics."""
    with new_database(request, request.param) as url:
        made = Database(url)
        with made.writing() as connection:
            for statement in _rows(request.param):
                connection.execute(text(statement))
            connection.execute(text("ANALYZE"))
        yield made
        made.close()


def _rows(kind: str) -> Iterator[str]:
    postgresql = kind == "postgresql"
    day = (
        "date '2026-01-05' + n % 360"
        if postgresql
        else "date('2026-01-05', '+' || (n % 360) || ' days')"
    )
    instant = (
        "timestamptz '2026-01-05' + n % 56 * interval '1 day'"
        if postgresql
        else "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-05', '+' || (n % 56) || ' days')"
    )
    bytes = "convert_to('mail', 'UTF8')" if postgresql else "CAST('mail' AS BLOB)"
    said = {"day": day, "instant": instant, "bytes": bytes, "report": Answer.REPORT.value}
    for one in ROWS.format(**said).strip().split(";\n"):
        head, _, select = one.rstrip(";").partition("SELECT")
        yield f"{head}{NUMBERS}SELECT{select}"


@dataclass
class Plans:
    """What the database is going to do for each statement."""

    connection: Connection
    lines: list[str] = field(default_factory=list)
    _explaining: bool = False

    def explain(self, _c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if self._explaining or not re.match(r"\s*(SELECT|UPDATE|WITH)", statement):
            return
        postgresql = self.connection.dialect.name == "postgresql"
        word = "EXPLAIN (FORMAT JSON)" if postgresql else "EXPLAIN QUERY PLAN"
        self._explaining = True
        rows = self.connection.exec_driver_sql(f"{word} {statement}", parameters).fetchall()
        self._explaining = False
        self.lines += (
            [line for row in rows for line in _nodes(row[0][0]["Plan"])]
            if postgresql
            else [row[3] for row in rows]
        )

    @property
    def scanned(self) -> set[str]:
        """Big tables that are read from end to end."""
        found = (re.match(r"(?:Seq Scan on|SCAN) (\w+)(?: AS \w+)?$", line) for line in self.lines)
        return {one[1] for one in found if one} & {*BIG}


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{plan['Node Type']} on {plan['Relation Name']}" if "Relation Name" in plan else ""
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


@contextmanager
def explained(connection: Connection) -> Iterator[Plans]:
    made = Plans(connection)
    event.listen(connection, "before_cursor_execute", made.explain)
    yield made
    event.remove(connection, "before_cursor_execute", made.explain)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_reads_a_big_table_from_end_to_end(full: Database, question: str) -> None:
    with full.reading() as connection, explained(connection) as plans:
        QUESTIONS[question](connection)

    assert plans.lines
    assert not plans.scanned, json.dumps(plans.lines, ensure_ascii=False)


@pytest.mark.parametrize("act", ACTS)
def test_no_sender_reads_a_big_table_from_end_to_end(full: Database, act: str) -> None:
    with full.writing() as connection, explained(connection) as plans:
        with suppress(KeyError):  # of a letter that is outdated the desk is asked for; here is none
            ACTS[act](connection)
        connection.rollback()

    assert plans.lines
    assert not plans.scanned, json.dumps(plans.lines, ensure_ascii=False)


def test_a_question_without_an_index_is_noticed(full: Database) -> None:
    with full.reading() as connection, explained(connection) as plans:
        connection.execute(text("SELECT count(*) FROM assignment WHERE name = '别的'"))

    assert plans.scanned == {"assignment"}
