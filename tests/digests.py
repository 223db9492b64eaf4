"""Digests to try things on, as they would be on Monday 2 March 2026."""

from dataclasses import replace
from datetime import date, datetime, time

from duban.completion import State
from duban.digest import Answered, Digest, Line, Task, Which, Work
from duban.lamp import Lamp
from duban.letter import Item, Kind, Section
from duban.punctual import Bar, Rate
from duban.rule import Span
from tests.letters import FESTIVAL, WEEK, digest, make_item, make_late

FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))
LAST_WEEK = Span(date(2026, 2, 23), date(2026, 3, 1))


def at(day: date, clock: time = time(9, 30)) -> datetime:
    """On the office's wall clock."""
    return datetime.combine(day, clock)


ANSWERS = (
    Answered("市水利局联络员", at(date(2026, 2, 12)), "acknowledge", ""),
    Answered(
        "王小川（自称，市教委）",
        at(date(2026, 2, 26)),
        "extension",
        "承办场地临时调整，正在重新联系",
    ),
    None,
    Answered("纲要办", at(date(2026, 2, 27)), "return", "材料不全，请补充活动照片和参加人数后重报"),
)


def weekly() -> Section:
    """Twelve overdue in seven departments; last week most came in time."""
    return _section(Which.WEEKLY, LAST_WEEK, _weeks())


def monthly() -> Section:
    return _section(Which.MONTHLY, FEBRUARY, _months())


def _section(which: Which, span: Span, bars: tuple[Bar, ...]) -> Section:
    plain = digest()
    items = [replace(one, last=ANSWERS[n % 4]) for n, one in enumerate(plain.items)]
    return Section(Kind.DIGEST, tuple(items), digest=_digest(which, span, bars, items))


def _digest(which: Which, span: Span, bars: tuple[Bar, ...], items: list[Item]) -> Digest:
    names = dict.fromkeys(item.department_name for item in items)
    late = {name: [item.days for item in items if item.department_name == name] for name in names}
    lines = [
        Line(name, len(days), max(len(days) - n % 3, 0), max(days), Rate(len(days) + n % 2, n % 2))
        for n, (name, days) in enumerate(late.items())
    ]
    quick = Line("市生态环境局", 0, 1, 0, Rate(3, 2))
    return Digest(
        which,
        span,
        bars[-1],
        bars[-2],
        before=9,
        new=5,
        gone=2,
        lines=(*sorted(lines, key=lambda one: (-one.overdue, -one.longest)), quick),
        punctual=31,
        bars=bars,
        picture=f"chart-{which.value}@duban",
    )


def _weeks() -> tuple[Bar, ...]:
    labels = ("1/5", "1/12", "1/19", "1/26", "2/2", "2/9", "2/16", "2/23")
    return tuple(Bar(n * 3, n * 3 - n // 2, label) for n, label in enumerate(labels))


def _months() -> tuple[Bar, ...]:
    counts = ((22, 20), (31, 28), (40, 31), (18, 9), (5, 5), (12, 12), (66, 60), (11, 11), (23, 20))
    bars = [Bar(due, kept, f"{month}") for month, (due, kept) in enumerate(counts, 3)]
    return (*bars, Bar(38, 35, "12"), Bar(0, 0, "1"), Bar(20, 15, "2"))


def account() -> Section:
    """Of one department: two overdue, two to come, two done."""
    done = {"state": State.COMPLETED, "lamp": Lamp.GREEN, "days": 5}
    items = (
        make_late(8, occasion=WEEK, step_name="重点活动填报", step="list", last=ANSWERS[3]),
        make_late(1, step_name="方案报送", last=ANSWERS[0]),
        make_item(occasion=FESTIVAL, step_name="联络员名单", step="names", days=-9),
        make_item(step_name="总结报送", step="summary", days=-20, last=ANSWERS[0]),
        make_item(occasion=FESTIVAL, step_name="年度计划", step="year", last=ANSWERS[0], **done),
        make_item(
            step_name="海报报送", step="poster", last=ANSWERS[0], **done | {"state": State.REPORTED}
        ),
    )
    made = Digest(Which.ACCOUNT, FEBRUARY, Rate(4, 3), Rate(3, 3), department="市水利局")
    return Section(Kind.ACCOUNT, items, digest=made)


def work() -> Section:
    """Three reports, two requests, what is due today and this week."""
    tasks = [
        Task("世界水日", "方案报送", "市水利局", date(2026, 3, 2), time(17)),
        Task("全国科技活动周", "重点活动填报", "市文化旅游委", date(2026, 3, 4)),
        Task(
            "建设科技小院，推广专家大院、村会合作等农业科技社会化服务模式",
            "年度总结",
            "市农业农村委",
            date(2026, 3, 6),
        ),
    ]
    said = ("方案已经报送，请审核", "活动已如期举办，参加三百余人；总结和照片随后补上", "")
    reports = [
        replace(task, who=f"{task.department}联络员", at=at(date(2026, 2, 27)), said=words)
        for task, words in zip(tasks, said, strict=True)
    ]
    asked = replace(reports[1], what="申请延期", said="场地未定（延到3月20日）")
    moved = replace(reports[2], what="非本单位", said="此项应由市教委牵头")
    made = Work(23, tuple(reports), 2, (asked, moved), 31, 1, tuple(tasks[:1]), tuple(tasks[1:]))
    return Section(Kind.WORK, (), work=made)
