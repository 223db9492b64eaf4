"""Letters to try things on: made-up people, real kinds of work, Monday 2 March 2026."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from duban.activity import Certainty
from duban.assignment import Duty, Occasion
from duban.completion import State
from duban.ladder import Degree
from duban.lamp import Lamp
from duban.letter import URGING, Item, Kind, Letter, Returned, Said, Section, Urged
from duban.office import Office
from duban.rule import Span
from duban.step import Answer

TODAY = date(2026, 3, 2)
WATER = Span(date(2026, 3, 22), date(2026, 3, 22))


def make_office(**changes: Any) -> Office:
    facts: dict[str, Any] = {
        "id": "chongqing",
        "name": "重庆市全民科学素质纲要实施工作办公室",
        "short": "市纲要办",
        "region": "市",
        "since": date(2026, 1, 1),
        "sender": "duban@kx.cq.example",
        "phone": "023-5555 0100",
    }
    return Office.model_validate(facts | changes)


def make_occasion(**changes: Any) -> Occasion:
    facts: dict[str, Any] = {
        "office": "chongqing",
        "id": "shui",
        "year": 2026,
        "name": "世界水日",
        "span": WATER,
        "certainty": Certainty.RULE,
        "lead": ("市水利局",),
        "support": ("市教委", "各责任单位"),
    }
    return Occasion(**facts | changes)


def make_item(**changes: Any) -> Item:
    """Due in five working days unless `days` says otherwise; `due` and `lamp` follow from it."""
    days = changes.get("days", -5)
    occasion = changes.get("occasion") or make_occasion()
    step, department = changes.get("step", "plan"), changes.get("department", "shuili")
    facts: dict[str, Any] = {
        "assignment": f"{occasion.key}/{step}/{department}",
        "version": 1,
        "occasion": occasion,
        "step": step,
        "step_name": "方案报送",
        "department": department,
        "department_name": "市水利局",
        "duty": Duty.LEAD,
        "answer": Answer.REPORT,
        "stage": "before5",
        "why": "到期前提醒",
        "due": working_days_ago(days),
        "due_at": None,
        "days": days,
        "state": State.ACKNOWLEDGED,
        "lamp": Lamp.RED if days > 0 else Lamp.YELLOW,
    }
    return Item(**facts | changes)


def make_late(days: int, **changes: Any) -> Item:
    return make_item(**{"days": days, "stage": "after3", "why": "逾期再次提醒"} | changes)


def make_moved(was: date | None, **changes: Any) -> Item:
    """Told `was` before; due in five working days now."""
    facts: dict[str, Any] = {
        "stage": "change",
        "why": "时限调整" if was else "日期已定",
        "was": was,
    }
    return make_item(**facts | changes)


def make_gone(was: date, **changes: Any) -> Item:
    """No date any more; `due` repeats the old one. Cancelled unless `state` says otherwise."""
    state = changes.get("state", State.WITHDRAWN)
    cancelled = state is State.WITHDRAWN
    facts: dict[str, Any] = {
        "stage": "cancel" if cancelled else "change",
        "why": "已取消" if cancelled else "改为待公布",
        "was": was,
        "due": was,
        "gone": True,
        "state": state,
        "lamp": Lamp.GREY,
    }
    return make_item(**facts | changes)


def make_unknown(days: int = 0, **changes: Any) -> Item:
    """For the office itself: a date that nobody has recorded, asked for since `days` working days."""
    name = changes.pop("name", "全国科技活动周")
    occasion = make_occasion(
        id=changes.pop("id", "keji-zhou.date"),
        name=name,
        year=changes.pop("year", 2026),
        span=None,
        certainty=Certainty.UNKNOWN,
        lead=(),
        support=(),
    )
    facts: dict[str, Any] = {
        "occasion": occasion,
        "step": "confirm",
        "step_name": "日期待公布",
        "department": "@office",
        "department_name": "市纲要办",
        "answer": Answer.CONFIRM,
        "stage": "after10",
        "why": "2022、2024、2025年此时均已公布",
        "days": days,
        "state": State.NOTIFIED,
        "lamp": Lamp.YELLOW,
    }
    return make_item(**facts | changes)


def make_section(kind: Kind, *items: Item) -> Section:
    some = items or (make_item(),)
    if kind in URGING:
        some = tuple(item if item.urged else replace(item, urged=make_urged()) for item in some)
    return Section(kind, some)


def make_urged(**changes: Any) -> Urged:
    facts: dict[str, Any] = {
        "degree": Degree.BLUE,
        "number": "市纲要办督〔2026〕12号",
        "by": working_days_ago(-5),
        "then": "黄色督办函",
        "history": (
            Said(date(2026, 1, 30), "首次通知", "王小川"),
            Said(date(2026, 2, 2), "签收", "王小川"),
            Said(date(2026, 2, 26), "逾期提醒", "王小川"),
        ),
    }
    return Urged(**facts | changes)


def make_returned(**changes: Any) -> Returned:
    facts: dict[str, Any] = {
        "row": 1,
        "recipient": "wang@shui.cq.example",
        "recipient_name": "王小川",
        "departments": "市水利局",
        "subject": "【通知】世界水日的安排",
        "day": date(2026, 2, 27),
        "reason": "550 5.1.1 <wang@shui.cq.example>: User unknown",
    }
    return Returned(**facts | changes)


def make_letter(*sections: Section, **changes: Any) -> Letter:
    """To 市水利局; one with nothing for a department goes to somebody of the office itself."""
    sections = sections or (make_section(Kind.REMINDER),)
    own = all(
        section.kind in (Kind.OVERSIGHT, Kind.CONFIRM, Kind.RETURNED, Kind.DIGEST)
        for section in sections
    )
    facts: dict[str, Any] = {
        "office": "chongqing",
        "day": TODAY,
        "recipient": "wang@shui.cq.example",
        "recipient_name": "王小川",
        "departments": () if own else ("市水利局",),
        "sections": sections,
    }
    return Letter(**facts | changes)


def working_days_ago(number: int) -> date:
    """Monday to Friday only, from TODAY; a negative number looks ahead."""
    day, step = TODAY, timedelta(-1 if number > 0 else 1)
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


# --- samples, as the pictures and the benchmarks show them ---------------------------------------

WEEK = make_occasion(
    id="keji-zhou",
    name="全国科技活动周",
    span=Span(date(2026, 5, 23), date(2026, 5, 30)),
    certainty=Certainty.ANNOUNCED,
    lead=("市科技局", "市委宣传部", "市科协"),
    support=("各责任单位", "各区县纲要办"),
    source="科技部关于举办2026年全国科技活动周的通知",
)
FESTIVAL = make_occasion(
    id="kepu-yue", name="全国科普月", span=Span(date(2026, 9, 1), date(2026, 9, 30))
)
VILLAGE = make_occasion(
    id="guihua.xiaoyuan",
    name="建设科技小院，推广专家大院、村会合作等农业科技社会化服务模式",
    span=Span(TODAY, date(2026, 12, 31)),
    lead=("市农业农村委",),
    support=("市水利局", "市科协"),
    source="渝府办发〔2021〕103号",
    category="重庆市全民科学素质行动规划纲要实施方案（2021—2025年）",
)


CALLED_OFF = make_occasion(
    id="jiangjie", name="科普讲解大赛", span=None, certainty=Certainty.UNKNOWN, lead=(), support=()
)
MOVED = replace(WEEK, certainty=Certainty.CHANGED)
OPEN = replace(FESTIVAL, span=None, certainty=Certainty.UNKNOWN)
UNKNOWN = (
    "全国科技活动周", "公众科学日", "全国大众创业万众创新活动周", "全国节能宣传周", "国家版图意识宣传周",
    "全民营养周", "全国老年健康宣传周", "全国食品安全宣传周", "全国安全用药月", "中国国际智能产业博览会",
    "重庆英才大会", "青少年科技创新大赛", "青少年机器人竞赛", "中学生五大学科竞赛", "青少年高校科学营",
    "成渝双城青少年科技雏鹰夏令营", "“一带一路”青少年创客营与教师研讨活动", "科普讲解大赛",
    "中国国际“互联网+”大学生创新创业大赛", "“创青春”中国青年创新创业大赛", "中国创新方法大赛",
    "重庆市公民科学素质大赛", "全国农民科学素质网络知识竞赛", "全国防灾减灾宣传周", "世界环境日主题活动",
    "全国低碳日", "全国生态日", "网络安全宣传周", "质量月", "文化和自然遗产日", "科学素质提升专题研修",
)  # fmt: skip


def change() -> Section:
    """Four occasions: moved and partly cancelled, called off, open again, and known at last."""
    event = {"answer": Answer.KNOW, "step": "event", "step_name": "活动开展"}
    support = {"occasion": MOVED, "duty": Duty.SUPPORT}
    list_ = {"step": "list", "step_name": "重点活动填报", "due_at": time(17, 0)}
    return make_section(
        Kind.CHANGE,
        make_moved(date(2026, 5, 7), **support | list_, due=date(2026, 5, 14), days=-50),
        make_moved(date(2026, 5, 16), **support | event, due=date(2026, 5, 23), days=-57),
        make_gone(date(2026, 6, 12), **support, step="summary", step_name="总结报送"),
        make_gone(date(2026, 4, 10), occasion=CALLED_OFF),
        make_gone(date(2026, 9, 1), occasion=OPEN, **event, state=State.NOTIFIED),
        make_moved(None, due=date(2026, 3, 13), days=-9),
    )


def confirm(count: int = len(UNKNOWN)) -> Section:
    """Dates that are not known yet, asked for since today or long ago, and next year's holidays."""
    whys = ("2022、2024、2025年此时均已公布", "通常5月19日前后举行，尚未记录日期", "没有已知的日期")
    return make_section(
        Kind.CONFIRM,
        *(
            make_unknown(number * 7 % 31, id=f"a{number:02}.date", name=name, why=whys[number % 3])
            for number, name in enumerate(UNKNOWN[:count])
        ),
        make_unknown(
            3,
            id="workdays.date",
            name="2027年节假日安排",
            year=2027,
            step_name="放假通知待录入",
            why="国务院办公厅通常在10月下旬至12月上旬公布",
        ),
    )


def returned(count: int = 3) -> Section:
    """Letters that did not arrive: no such user, a full mailbox, nothing said; then more of them."""
    some = (
        make_returned(),
        make_returned(
            recipient="li@jiaowei.cq.example",
            recipient_name="李大江",
            departments="市教委、团市委",
            subject="【提醒】2项已逾期、3项即将到期",
            reason="5.2.2 对方邮箱已满",
        ),
        make_returned(recipient="zhao@wenlv.cq.example", recipient_name="赵文", reason=""),
    )
    more = [make_returned(recipient=f"r{n:03}@cq.example") for n in range(len(some), count)]
    return Section(Kind.RETURNED, (), (*some[:count], *more))


def notice() -> Section:
    """Two activities and a task of a programme, five steps."""
    told = {"stage": "notice", "why": "首次通知", "state": State.NOTIFIED}
    know = told | {"answer": Answer.KNOW, "step": "event", "step_name": "活动开展"}
    support = told | {"occasion": WEEK, "duty": Duty.SUPPORT}
    return make_section(
        Kind.NOTICE,
        make_item(**told, due=date(2026, 3, 6), due_at=time(17, 0), days=-4),
        make_item(**know, due=date(2026, 3, 22), days=-14),
        make_item(**support, step_name="重点活动填报", due=date(2026, 5, 7), days=-45),
        make_item(**know | support, due=date(2026, 5, 23), days=-57),
        make_item(
            **told | {"why": "补发通知（原定2月27日）"},
            occasion=VILLAGE,
            step="nianbao",
            step_name="年度总结",
            duty=Duty.SUPPORT,
            due=date(2026, 12, 15),
            days=-200,
        ),
    )


def reminder() -> Section:
    """Two overdue, one due today, two ahead, one only to be known."""
    event = {"answer": Answer.KNOW, "step": "event", "step_name": "活动开展", "lamp": Lamp.GREY}
    return make_section(
        Kind.REMINDER,
        make_item(occasion=WEEK, duty=Duty.SUPPORT, step="list", step_name="重点活动填报"),
        make_item(**event, days=-3, why="活动预告"),
        make_late(3, occasion=FESTIVAL, step="summary", step_name="总结报送", due_at=time(17, 0)),
        make_item(days=0, why="到期提醒", step_name="方案报送"),
        make_late(45, occasion=VILLAGE, why="逾期催办（第9次）", state=State.RETURNED),
        make_item(occasion=FESTIVAL, days=-1, why="临近到期提醒"),
    )


def digest() -> Section:
    """Twelve overdue in seven departments."""
    late = {
        ("shuili", "市水利局"): (8, 3, 1),
        ("jiaowei", "市教委"): (12, 2),
        ("wenlv", "市文化旅游委"): (5, 1),
        ("guizi", "市规划自然资源局"): (45, 2),
        ("weijian", "市卫生健康委"): (4,),
        ("tuanwei", "团市委"): (3,),
        ("bowuguan", "重庆自然博物馆"): (1,),
    }
    works = (make_occasion(), WEEK, FESTIVAL, VILLAGE)
    states = (State.NOTIFIED, State.ACKNOWLEDGED, State.RETURNED)
    items = [
        make_late(
            days,
            stage="digest",
            state=states[number % 3],
            why=states[number % 3].label,
            occasion=works[(number + len(name)) % 4],
            department=id,
            department_name=name,
        )
        for (id, name), delays in late.items()
        for number, days in enumerate(delays)
    ]
    return make_section(Kind.DIGEST, *items)
