"""A small book of our own for tests: one office, three departments, two activities."""

from datetime import date, timedelta
from typing import Any

from duban.agenda import Agenda, agenda
from duban.assignment import Assignment
from duban.book import Book
from duban.desk import Desk, desks
from duban.diff import compare

SPRING = {
    "year": 2026,
    "notice": "测发〔2025〕1号",
    "holidays": [
        {"name": "元旦", "start": "2026-01-01", "end": "2026-01-03", "work": ["2026-01-04"]},
        {
            "name": "春节",
            "start": "2026-02-15",
            "end": "2026-02-23",
            "work": ["2026-02-14", "2026-02-28"],
        },
        {"name": "清明节", "start": "2026-04-04", "end": "2026-04-06"},
    ],
}
STAGES = [
    ("before5", "到期前5个工作日提醒", "到期前5个工作日"),
    ("due", "到期当天提醒", "到期当天"),
    ("after1", "逾期1个工作日催办", "逾期1个工作日"),
    ("after5", "逾期催办", "逾期5个工作日起每5个工作日"),
]
STEPS = [
    {"id": "plan", "name": "方案报送", "due": "开始前15天", "who": "牵头"},
    {"id": "event", "name": "活动开展", "due": "开始当天", "answer": "知悉"},
    {"id": "summary", "name": "总结报送", "due": "结束后16天"},
]


def activity(id: str, name: str, rule: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name, "rules": [{"rule": rule}], **more}


def contact(
    department: str | None, email: str, role: str = "联络员", **more: Any
) -> dict[str, Any]:
    who = {"department": department} if department else {}
    return {"name": f"{department or '纲要办'}{role}", "email": email, "role": role, **who, **more}


def document(**changes: Any) -> dict[str, Any]:
    """The book as plain data, so that a test can change one thing."""
    common = {
        "activities": [
            activity("shui", "世界水日", "3月22日", aliases=["中国水周"]),
            activity("kejizhou", "科技活动周", "每年公布（通常5月19日至6月1日）"),
        ],
        "workdays": [SPRING],
        "ladders": [
            {
                "id": "standard",
                "name": "常规",
                "stages": [{"id": i, "name": n, "when": w} for i, n, w in STAGES],
            },
            {
                "id": "event",
                "name": "活动当日",
                "stages": [{"id": "before3", "name": "活动前提醒", "when": "到期前3个工作日"}],
            },
            {
                "id": "confirm",
                "name": "待确认",
                "stale": 250,
                "stages": [
                    {"id": "after10", "name": "待确认", "when": "逾期10个工作日起每10个工作日"}
                ],
            },
        ],
        "sets": [{"id": "day", "name": "主题日", "notice": "开始前30天", "steps": STEPS}],
    }
    branch = {
        "office": {
            "id": "ceshi",
            "name": "测试市纲要办",
            "short": "测试市",
            "region": "市",
            "since": "2026-01-01",
            "sender": "duban@kx.ceshi.example",
        },
        "departments": [
            {"id": "shuili", "name": "测试市水利局", "short": "市水利局", "groups": ["各责任单位"]},
            {"id": "kexie", "name": "测试市科协", "short": "市科协", "groups": ["各责任单位"]},
            {"id": "keji", "name": "测试市科技局", "short": "市科技局", "groups": ["各责任单位"]},
        ],
        "contacts": [
            contact("市水利局", "liaison@shuili.ceshi.example"),
            contact("市科协", "liaison@kexie.ceshi.example"),
            contact("市科技局", "liaison@keji.ceshi.example"),
            contact(None, "boss@kx.ceshi.example", "管理者"),
        ],
        "years": [
            {
                "office": "ceshi",
                "year": 2026,
                "activities": [
                    {
                        "activity": "世界水日",
                        "lead": "市水利局",
                        "support": "市科协",
                        "steps": "day",
                    },
                    {"activity": "科技活动周", "lead": "市科技局", "steps": "day"},
                ],
            }
        ],
    }
    return {"common": {**common, **changes.pop("common", {})}, "branches": [{**branch, **changes}]}


def book(**changes: Any) -> Book:
    return Book.model_validate(document(**changes))


def opened(book: Book) -> tuple[Desk, Agenda, list[Assignment]]:
    """The first office's desk, its agenda, and its assignments as a first apply makes them."""
    desk = desks(book)[0]
    wanted = agenda(desk)
    diff = compare(desk, wanted, ())
    return desk, wanted, [change.after for change in diff.new]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]
