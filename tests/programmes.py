"""A programme of two years in the small book of tests.books, for tests."""

from typing import Any

from duban.book import Book
from tests.books import book, document

LITERACY = "ceshi/outline.literacy/2026/value/kexie"
STEP = {"id": "value", "name": "年度进展数值", "due": "12月31日"}
YEARLY: dict[str, Any] = {
    "id": "yearly",
    "name": "年度催办",
    "stages": [
        {"id": "before20", "name": "年终报送预告", "when": "到期前20个工作日"},
        {"id": "after5", "name": "逾期提醒", "when": "逾期5个工作日起每10个工作日"},
    ],
}


def programme(**changes: Any) -> dict[str, Any]:
    return {
        "id": "outline",
        "office": "ceshi",
        "name": "测试市实施方案（2025—2026年）",
        "start": "2025-01-01",
        "end": "2026-12-31",
        "phases": [
            {"id": "launch", "name": "启动实施", "start": "2025-01-01", "end": "2025-12-31"},
            {
                "id": "deepen",
                "name": "深入实施",
                "start": "2026-01-01",
                "end": "2026-12-31",
                "review": {
                    "id": "final",
                    "name": "总结评估",
                    "lead": "市科协",
                    "support": "市水利局",
                    "ladder": "yearly",
                    "steps": [
                        {"id": "self", "name": "自评报告", "due": "结束前60天"},
                        {"id": "whole", "name": "总结评估报告", "due": "12月20日", "who": "牵头"},
                    ],
                },
            },
        ],
        "tasks": [target(), task("farmers", "农民素质提升", "市水利局", "市科技局")],
        **changes,
    }


def target(**changes: Any) -> dict[str, Any]:
    return {
        **task("literacy", "公民具备科学素质比例", "市科协", "市科技局"),
        "kind": "目标",
        "measure": {
            "unit": "%",
            "baseline": {"year": 2024, "value": "8.9"},
            "target": {"year": 2026, "value": "13"},
        },
        **changes,
    }


def task(id: str, name: str, lead: str, support: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "id": id,
        "kind": "重点任务",
        "name": name,
        "lead": lead,
        "support": support,
        "steps": [STEP],
        "notice": "到期前60天",
        "ladder": "yearly",
        **changes,
    }


def programmed(*programmes: dict[str, Any], **changes: Any) -> Book:
    """The small book with them; with the usual one where none is given."""
    ladders = [*document()["common"]["ladders"], YEARLY]
    return book(
        common={"ladders": ladders}, programmes=list(programmes or (programme(),)), **changes
    )
