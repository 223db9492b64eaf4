"""A small city with two districts for tests: 东区 has departments of its own, 西区 has none."""

from collections.abc import Iterable, Mapping
from typing import Any

from duban.agenda import Agenda, agenda
from duban.book import Book
from duban.desk import Desk, desks
from tests.books import activity, contact, document

CITY, EAST, WEST = "ceshi", "dong", "xi"
PLAN = f"{CITY}/shui/2026/plan/dongqu"
SUMMARY = f"{CITY}/shui/2026/summary/dongqu"
STEPS = [
    {"id": "plan", "name": "方案报送", "due": "开始前15天"},
    {"id": "event", "name": "活动开展", "due": "开始当天", "answer": "知悉"},
    {"id": "summary", "name": "总结报送", "due": "结束后16天"},
]
ENTRY: dict[str, Any] = {
    "activity": "世界水日",
    "lead": "区水利局",
    "support": "区科协",
    "steps": STEPS,
}


def city(
    entries: Iterable[Mapping[str, Any]] = (ENTRY,),
    declines: Iterable[Mapping[str, Any]] = (),
    asked: Mapping[str, Any] | None = None,
    **more: Any,
) -> Book:
    """`entries` and `declines`: of 东区's year; `asked`: changes of the city's entry; None in it takes the
    key away. `more`: changes of the city's branch."""
    data = document()
    first = data["branches"][0]
    wanted = {"activity": "世界水日", "lead": "市水利局", "support": "各区县", "steps": STEPS}
    wanted = {key: value for key, value in {**wanted, **(asked or {})}.items() if value is not None}
    first["departments"] += [
        {
            "id": "dongqu",
            "name": "测试市东区",
            "short": "东区",
            "groups": ["各区县"],
            "office": EAST,
        },
        {"id": "xiqu", "name": "测试市西区", "short": "西区", "groups": ["各区县"], "office": WEST},
    ]
    first["contacts"].append(contact(None, "desk@kx.ceshi.example", "经办人"))
    first["years"][0]["activities"] = [wanted]
    first.update(more)
    east = district(EAST, "东区", list(entries), list(declines))
    branches = [first, east, district(WEST, "西区", [], [])]
    common = {**data["common"], "activities": [*data["common"]["activities"], *EXTRA]}
    return Book.model_validate({"common": common, "branches": branches})


EXTRA = [activity("didi", "世界地球日", "4月22日")]


def district(id: str, short: str, entries: list[Any], declines: list[Any]) -> dict[str, Any]:
    host = f"{id}.ceshi.example"
    return {
        "office": {
            "id": id,
            "name": f"测试市{short}纲要办",
            "short": f"{short}纲要办",
            "region": "区",
            "parent": CITY,
            "since": "2026-01-01",
            "sender": f"duban@{host}",
        },
        "departments": [
            {"id": "shuili", "name": f"{short}水利局", "short": "区水利局"},
            {"id": "kexie", "name": f"{short}科协", "short": "区科协"},
        ],
        "contacts": [
            contact("区水利局", f"liaison@shuili.{host}"),
            contact("区科协", f"liaison@kexie.{host}"),
            contact(None, f"desk@{host}", "经办人"),
            contact(None, f"boss@{host}", "管理者"),
            contact(None, f"head@{host}", "纲要办领导"),
        ],
        "years": [{"office": id, "year": 2026, "activities": entries, "declines": declines}],
    }


def opened(book: Book, office: str) -> tuple[Desk, Agenda]:
    desk = next(desk for desk in desks(book) if desk.office.id == office)
    return desk, agenda(desk)
