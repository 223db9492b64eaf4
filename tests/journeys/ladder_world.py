"""What the files say in the stories of the ladder: the part of the book that they change."""

from dataclasses import dataclass
from functools import cache

from duban.book import Book
from tests.books import SPRING, activity, contact, document
from tests.journeys.test_machine import HOLIDAYS, PEOPLE, Wish
from tests.ladders import STAGES

ROLES = {"联络员": "liaison", "AB岗": "b", "分管领导": "leader"}
HEAD = "head@kx.ceshi.example"
CLERK = "desk@kx.ceshi.example"


@dataclass(frozen=True)
class Wishes(Wish):
    """`away` holds addresses."""

    passed: tuple[tuple[str, str, str], ...] = ()
    """From whom to whom the plan of 世界水日 was passed on, and when."""


def address(department: str, role: str) -> str:
    return PEOPLE[department].replace("liaison", ROLES[role])


EVERYBODY = (*(address(department, role) for department in PEOPLE for role in ROLES), HEAD)
"""Whom the ladder addresses."""


@cache
def book_of(wish: Wishes) -> Book:
    known = {"dates": [{"year": 2026, "start": wish.keji}]} if wish.keji else {}
    plain = document()
    common, branch = plain["common"], plain["branches"][0]
    common["activities"] = [
        activity("shui", "世界水日", wish.shui or "3月22日"),
        activity("kejizhou", "科技活动周", "每年公布（通常5月19日至6月1日）", **known),
    ]
    holidays = [*SPRING["holidays"], *HOLIDAYS[wish.holiday]]  # type: ignore[misc]
    common["workdays"] = [{**SPRING, "holidays": holidays}]
    common["ladders"][0]["stages"] = STAGES
    people = [
        contact(department, address(department, role), role)
        for department in PEOPLE
        for role in ROLES
    ]
    people.append(contact(None, HEAD, "纲要办领导"))
    branch["contacts"] = [one for one in people if one["email"] not in wish.away]
    branch["contacts"] += [
        contact(None, "boss@kx.ceshi.example", "管理者"),
        contact(None, CLERK, "经办人"),
    ]
    entries = branch["years"][0]["activities"]
    entries[0].update(lead=wish.lead, support="市科协" if wish.lead != "市科协" else "市水利局")
    branch["years"][0]["activities"] = entries if wish.shui else entries[1:]
    branch["transfers"] = [_transfer(*passed) for passed in wish.passed]
    return Book.model_validate(plain)


def _transfer(before: str, after: str, at: str) -> dict[str, object]:
    return {
        "activity": "世界水日",
        "year": 2026,
        "step": "plan",
        "from": before,
        "to": after,
        "at": at,
        "by": "李干事",
    }
