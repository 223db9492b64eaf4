"""The doctor and the sealed account."""

from datetime import UTC, datetime, timedelta

import pytest

from app.doctor.finding import Level
from app.doctor.seals import verdict
from duban.seal import Seal

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEAD = Seal(7, NOW - timedelta(minutes=3), 5, "c" * 64)


@pytest.mark.parametrize(
    ("head", "waits", "level", "words"),
    [
        (None, None, Level.GOOD, "还没有可封存的流水"),
        (HEAD, None, Level.GOOD, "封存到第 7 号（2026年3月2日 08:57）"),
        (HEAD, timedelta(minutes=4), Level.GOOD, "第 7 号"),
        (HEAD, timedelta(hours=2), Level.ATTENTION, "有 2 小时前的流水还没有封存"),
        (None, timedelta(days=3), Level.ATTENTION, "有 3 天前的流水还没有封存"),
    ],
)
def test_lines_that_wait_long_for_their_seal_are_told(
    head: Seal | None, waits: timedelta | None, level: Level, words: str
) -> None:
    found = verdict(head, NOW - waits if waits else None, NOW, "Asia/Shanghai")

    assert (found.level, words in found.said) == (level, True)
