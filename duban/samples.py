"""Letters to try a template on: every kind, with one matter and with several, late and in time."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from duban.activity import Certainty
from duban.assignment import Duty, Occasion
from duban.completion import State
from duban.digest import Answered, Below, Digest, Line, Task, Which, Work
from duban.ladder import Degree
from duban.lamp import Lamp
from duban.letter import (
    REPORTS,
    URGING,
    Blocker,
    Item,
    Kind,
    Letter,
    Receipt,
    Returned,
    Said,
    Section,
    Tentative,
    Urged,
)
from duban.phasereport import Part, PhaseReport, Standing
from duban.punctual import Bar, Rate
from duban.rule import Span
from duban.step import Answer
from duban.vacancy import Vacancy


def samples(kind: Kind, office: str, day: date) -> list[Letter]:
    """Letters whose first section is of that kind: a small one, and a long one with other sections."""
    few, many = _section(kind, office, day, 1), _section(kind, office, day, 5)
    others = (
        *(Kind.ESCALATION, Kind.NOTICE, Kind.REMINDER, Kind.CONFIRM, Kind.RETURNED),
        *(Kind.WORK, Kind.DIGEST, Kind.PHASE),
    )
    alone = (Kind.RECEIPT,)
    rest = [] if kind in alone else [_section(one, office, day, 2) for one in others if one != kind]
    return [_letter(office, day, few), _letter(office, day, many, *rest)]


def _letter(office: str, day: date, *sections: Section) -> Letter:
    names = dict.fromkeys(item.department_name for one in sections for item in one.items)
    days = Span(date(day.year, 5, 19), date(day.year, 6, 1))
    return Letter(
        office=office,
        day=day,
        recipient="wang@shui.example",
        recipient_name="王小川",
        departments=tuple(names) or ("市水利局",),
        sections=sections,
        tentative=(Tentative("全国科技活动周", "市水利局", days),) if len(sections) > 1 else (),
        mark="receipt-1" if sections[0].kind is Kind.RECEIPT else "",
    )


def _section(kind: Kind, office: str, day: date, count: int) -> Section:
    if kind is Kind.RETURNED:
        return Section(kind, (), tuple(_returned(day, n) for n in range(count)))
    if kind is Kind.RECEIPT:
        return Section(kind, (), (), tuple(_receipt(day, n) for n in range(count)))
    if kind is Kind.WORK:
        return Section(kind, (), work=sample_work(day, count))
    if kind is Kind.PHASE:
        return Section(kind, (), phase=sample_phase(day, count))
    items = tuple(_item(kind, office, day, n) for n in range(count))
    which = {Kind.ACCOUNT: Which.ACCOUNT, Kind.DIGEST: Which.WEEKLY if count > 1 else Which.MONTHLY}
    return Section(kind, items, digest=sample_digest(which[kind], day) if kind in which else None)


_NAMES = ("世界水日", "全国科普月", "全国节能宣传周")
_STEPS = (("plan", "方案报送"), ("event", "活动开展"), ("summary", "总结报送"))


def _item(kind: Kind, office: str, day: date, n: int) -> Item:
    """The second one is late, the third today, the fourth only to be known."""
    days = (-5, 3, 0, -8, 12)[n % 5]
    days = abs(days) + 1 if kind in (Kind.DIGEST, *URGING) else days
    step, step_name = _STEPS[n % 3]
    occasion = _occasion(office, day, n)
    made = Item(
        assignment=f"{office}/{occasion.id}/{day.year}/{step}/shuili",
        version=1,
        occasion=occasion,
        step=step,
        step_name=step_name,
        department="shuili" if n < 3 else "jiaowei",
        department_name="市水利局" if n < 3 else "市教委",
        duty=Duty.LEAD if n % 2 == 0 else Duty.SUPPORT,
        answer=Answer.KNOW if n == 3 and kind not in (*REPORTS, *URGING) else Answer.REPORT,
        stage="before5",
        why="到期前提醒" if days < 0 else "逾期再次提醒",
        due=day - timedelta(days),
        due_at=time(17, 0) if n == 2 else None,
        days=days,
        state=(State.NOTIFIED, State.ACKNOWLEDGED, State.RETURNED)[n % 3],
        lamp=Lamp.RED if days > 0 else Lamp.YELLOW,
    )
    if kind in URGING:
        names = ("王小川（联络员）", "李大江（分管领导）") if n != 1 else ()
        return replace(made, urged=_urged(day, n), to=names, blockers=_blockers(day, n))
    if kind is Kind.CHANGE:
        gone = n == 1
        was = None if n == 2 else made.due - timedelta(7)
        state = State.WITHDRAWN if gone else made.state
        return replace(made, stage="change", was=was, gone=gone, state=state, lamp=Lamp.YELLOW)
    if kind in REPORTS:
        said = Answered("李四（自称，市水利局）", _morning(day), "acknowledge", "正在起草")
        state = State.COMPLETED if kind is Kind.ACCOUNT and n == 2 else made.state
        lamp = Lamp.GREEN if state is State.COMPLETED else made.lamp
        return replace(made, last=said if n % 2 == 0 else None, state=state, lamp=lamp)
    if kind is Kind.CONFIRM:
        asked = "确认放假通知" if n == 1 else "日期待公布"
        id = f"workdays-{day.year + 1}" if n == 1 else occasion.id
        return replace(
            made,
            answer=Answer.CONFIRM,
            step_name=asked,
            occasion=replace(occasion, id=id, span=None),
        )
    return made


def _urged(day: date, n: int) -> Urged:
    told = [Said(day - timedelta(30 - k), "逾期提醒", "王小川") for k in range(9 if n == 2 else n)]
    degree = list(Degree)[n % 3]
    number = f"市纲要办督〔{day.year}〕{n + 1}号"
    return Urged(degree, number, day + timedelta(7), "黄色督办函" if n == 0 else "", tuple(told))


def _blockers(day: date, n: int) -> tuple[Blocker, ...]:
    return tuple(
        Blocker("市教委", "方案报送", day - timedelta(k - 2), k - 2, k > 2) for k in range(4 * n)
    )


def _occasion(office: str, day: date, n: int) -> Occasion:
    start = day + timedelta(20 + 30 * n)
    return Occasion(
        office=office,
        id=("shui", "kepu", "jieneng")[n % 3],
        year=day.year,
        name=_NAMES[n % 3],
        span=Span(start, start + timedelta(n % 3)),
        certainty=Certainty.RULE if n % 2 == 0 else Certainty.ANNOUNCED,
        lead=("市水利局",),
        support=("市教委", "各责任单位"),
        source="示例〔2026〕1号" if n == 1 else None,
        category="全民科学素质行动规划纲要" if n == 4 else None,
    )


def _returned(day: date, n: int) -> Returned:
    return Returned(
        row=n + 1,
        recipient=f"wang{n}@shui.example",
        recipient_name="王小川",
        departments="市水利局" if n else "",
        subject="【通知】世界水日的安排",
        day=day - timedelta(3),
        reason="550 5.1.1 User unknown" if n else "",
    )


def _receipt(day: date, n: int) -> Receipt:
    acts = ("acknowledge", "report", "extension", "return", "grant")
    return Receipt(
        event=n + 1,
        assignment=f"shi/shui/{day.year}/plan/shuili",
        name=_NAMES[n % 3],
        step_name=_STEPS[n % 3][1],
        department="shuili",
        department_name="市水利局",
        act=acts[n % 5],
        who="" if n >= 3 else "李四（自称，市水利局）",
        at=_morning(day),
        said="方案已经报送" if n else "",
        decided=n >= 3,
    )


def _morning(day: date) -> datetime:
    """On the office's wall clock."""
    return datetime(day.year, day.month, day.day, 9, 30)  # noqa: DTZ001


def sample_digest(which: Which, day: date) -> Digest:
    last = (
        day - timedelta(day.weekday() + 1)
        if which is Which.WEEKLY
        else day.replace(day=1) - timedelta(1)
    )
    first = last - timedelta(6) if which is Which.WEEKLY else last.replace(day=1)
    if which is Which.ACCOUNT:
        return Digest(which, Span(first, last), Rate(4, 3), Rate(2, 2), department="市水利局")
    bars = tuple(
        Bar(n * 3, n * 2, f"{n}/{n + 1}" if which is Which.WEEKLY else f"{n}") for n in range(9)
    )
    return Digest(
        which,
        Span(first, last),
        Rate(12, 9),
        Rate(10, 8),
        before=4,
        new=3,
        gone=2,
        lines=(Line("市水利局", 3, 4, 12, Rate(5, 3)), Line("市教委", 0, None, 0, Rate(3, 2))),
        below=(Below("武隆区", 6, 1, 1, 3, 1), Below("万州区", 4, 0, 0, 4, 0)),
        punctual=8,
        bars=bars[:8],
        picture=f"chart-{which.value}@duban",
    )


def sample_work(day: date, count: int) -> Work:
    tasks = tuple(
        Task(_NAMES[n % 3], _STEPS[n % 3][1], "市水利局", day + timedelta(n)) for n in range(count)
    )
    done = replace(tasks[0], who="李四（自称，市水利局）", at=_morning(day), said="方案已经报送")
    asked = replace(done, what="申请延期", said="场地未定（延到4月1日）")
    if count == 1:
        return Work(today=tasks)
    vacant = (Vacancy("市水利局", ("AB岗", "分管领导")), Vacancy("市科协", ("联络员",)))
    return Work(count, (done,), 1, (asked,), 2, 1, tasks[:1], tasks[1:], vacant)


def sample_phase(day: date, count: int) -> PhaseReport:
    parts = (
        Part("市水利局", 4, 2, 1, 1, 0),
        Part("市教委", 2, 2, 0, 0, 0),
        Part("团市委", 1, 0, 0, 0, 1),
    )
    aims = ("2025年至少15%", "2025年至少13%", "")
    targets = (
        Standing(
            "公民具备科学素质比例",
            "2020年10.20%",
            "2025年14.6%",
            aims[0],
            Lamp.RED,
            "没有达到目标",
        ),
        Standing("农民教育培训人次", "", "", aims[1], Lamp.GREY, "没有报送数值"),
        Standing("科普基地数量", "2020年20个", "2025年31个", aims[2], Lamp.GREY, ""),
    )
    return PhaseReport(
        "outline",
        "全民科学素质行动规划纲要实施方案",
        "启动实施",
        Span(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)),
        Part("启动实施", 7, 4, 1, 1, 1) if count > 1 else Part("启动实施", 1, 1, 0, 0, 0),
        parts if count > 1 else parts[1:2],
        parts if count > 1 else (),
        targets if count > 1 else (),
        "深入实施" if count > 1 else "",
    )
