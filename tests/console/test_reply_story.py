"""What became of an item, as its department reads it."""

from datetime import UTC, datetime

from app.console.reply.story import told
from duban.completion import State
from state.items import Line
from tests.letters import make_office

MORNING = datetime(2026, 3, 9, 1, tzinfo=UTC)


def line(id: int, act: str, reason: str = "", via: str = "", letter: int | None = None) -> Line:
    actor = "张三（自称，市水利局）" if via else "duban"
    return Line(id, MORNING, act, actor, State.NOTIFIED, State.NOTIFIED, reason, via, letter)


def test_one_mornings_letters_to_several_people_are_one_line() -> None:
    lines = [line(n, "urge", "红色督办函（第2次）", letter=n) for n in (3, 2, 1)]

    story = told(make_office(), lines, [])

    assert [one.what for one in story] == ["发出督办函：红色督办函（第2次）"]


def test_what_people_did_at_the_same_moment_stays_apart() -> None:
    lines = [line(n, "acknowledge", via="link 10.0.0.8", letter=7) for n in (2, 1)]

    assert [one.who for one in told(make_office(), lines, [])] == ["张三（自称，市水利局）"] * 2
