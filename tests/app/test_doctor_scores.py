"""The doctor and the scores."""

from datetime import UTC, datetime, timedelta

import pytest

from app.doctor.finding import Level
from app.doctor.scores import verdict

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "ago", "level", "words"),
    [
        (True, timedelta(hours=8), Level.GOOD, "2026年3月2日 01:00算过"),
        (True, None, Level.GOOD, "还没有算过，今晚算"),
        (True, timedelta(days=3), Level.ATTENTION, "上次计算是 3 天前"),
        (False, timedelta(hours=8), Level.ATTENTION, "时刻表里没有 score"),
    ],
)
def test_scores_that_nobody_makes_are_told(
    known: bool, ago: timedelta | None, level: Level, words: str
) -> None:
    found = verdict(known, NOW - ago if ago else None, NOW, "Asia/Shanghai")

    assert (found.level, words in found.said) == (level, True)
