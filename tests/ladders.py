"""A book whose ladder goes up to the leaders, with people in every role."""

from typing import Any

from duban.book import Book
from tests.books import book, contact, document

LIAISON, SUBSTITUTE = "liaison@shuili.ceshi.example", "b@shuili.ceshi.example"
LEADER, HEAD, CLERK = (
    "juzhang@shuili.ceshi.example",
    "head@kx.ceshi.example",
    "desk@kx.ceshi.example",
)
OTHER = "liaison@kexie.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
"""Due on Friday 6 March 2026, noticed on 14 February."""

_PAIR, _THREE = ["联络员", "AB岗"], ["联络员", "AB岗", "分管领导"]
STAGES: list[dict[str, Any]] = [
    {"id": "before5", "name": "到期前提醒", "when": "到期前5个工作日"},
    {"id": "due", "name": "到期提醒", "when": "到期当天"},
    {"id": "after1", "name": "逾期提醒", "when": "逾期1个工作日"},
    {"id": "after3", "name": "逾期再次提醒", "when": "逾期3个工作日", "to": _PAIR},
    {"id": "after5", "name": "蓝色督办函", "when": "逾期5个工作日", "to": _THREE, "degree": "蓝色"},
    {"id": "after7", "name": "黄色督办函", "when": "逾期7个工作日", "to": _THREE, "degree": "黄色"},
    {
        "id": "after10",
        "name": "红色督办函",
        "when": "逾期10个工作日起每5个工作日",
        "to": [*_THREE, "纲要办领导"],
        "degree": "红色",
    },
]
PEOPLE = [
    contact("市水利局", LIAISON),
    contact("市水利局", SUBSTITUTE, "AB岗"),
    contact("市水利局", LEADER, "分管领导"),
    contact("市科协", OTHER),
    contact(None, HEAD, "纲要办领导"),
    contact(None, CLERK, "经办人"),
]


PLAN_ONLY = [
    {
        "id": "day",
        "name": "主题日",
        "notice": "开始前30天",
        "steps": [{"id": "plan", "name": "方案报送", "due": "开始前15天", "who": "牵头"}],
    }
]


def alone(**changes: Any) -> Book:
    """With nothing in it but the plan of 市水利局 (and that of 市科技局, whose date is not known)."""
    return laddered(common={"sets": PLAN_ONLY, **changes.pop("common", {})}, **changes)


def laddered(stages: list[dict[str, Any]] = STAGES, **changes: Any) -> Book:
    """`contacts` and the like take the place of the book's own."""
    known = document()["common"]["ladders"]
    ladders = [{"id": "standard", "name": "常规", "stages": stages}, *known[1:]]
    common = {"ladders": ladders, **changes.pop("common", {})}
    return book(**{"contacts": PEOPLE, "common": common, **changes})
