from datetime import date, time
from typing import Any

from duban.activity import Certainty
from duban.assignment import Duty
from duban.book import Book
from tests.books import activity, book, document, opened


def test_steps_fall_on_working_days_in_their_own_direction() -> None:
    _, agenda, _ = opened(book())

    plan = agenda.duties["ceshi/shui/2026/plan/shuili"]
    event = agenda.duties["ceshi/shui/2026/event/shuili"]
    summary = agenda.duties["ceshi/shui/2026/summary/shuili"]
    assert plan.due == date(2026, 3, 6)
    assert event.due == date(2026, 3, 22)
    assert summary.due == date(2026, 4, 7)


def test_the_notice_moves_to_the_working_day_before_a_holiday() -> None:
    _, agenda, _ = opened(book())

    notices = {duty.notice_on for duty in agenda.duties.values() if duty.activity == "shui"}

    assert notices == {date(2026, 2, 14)}


def test_a_step_for_the_lead_is_not_asked_of_the_supporters() -> None:
    _, agenda, _ = opened(book())

    asked = {(duty.step, duty.department, duty.duty) for duty in agenda.duties.values()}

    assert ("plan", "shuili", Duty.LEAD) in asked
    assert ("summary", "kexie", Duty.SUPPORT) in asked
    assert not any(step == "plan" and department == "kexie" for step, department, _ in asked)


def test_an_unannounced_date_is_kept_as_unknown_and_never_notified() -> None:
    _, _, items = opened(book())

    unknown = [item for item in items if item.asked.activity == "kejizhou"]

    assert unknown
    assert all(item.asked.due is None and item.next_on is None for item in unknown)
    assert all(item.asked.certainty is Certainty.UNKNOWN for item in unknown)


def test_an_announced_date_goes_before_the_rule_and_a_local_one_before_both() -> None:
    plain = document()
    plain["common"]["activities"][0]["dates"] = [{"year": 2026, "start": "2026-03-23"}]
    entry = plain["branches"][0]["years"][0]["activities"][0]
    national = opened(book_of(plain))[1].pieces["ceshi/shui/2026"].occasion
    entry["dates"] = {"year": 2026, "start": "2026-03-24", "end": "2026-03-26"}

    local = opened(book_of(plain))[1].pieces["ceshi/shui/2026"].occasion

    assert national.span is not None
    assert national.span.start == date(2026, 3, 23)
    assert local.span is not None
    assert local.span.last == date(2026, 3, 26)
    assert local.certainty is Certainty.ANNOUNCED


def test_a_relative_day_follows_the_other_activity() -> None:
    days = [
        activity("week", "节能宣传周", "每年公布", dates=[{"year": 2026, "start": "2026-06-22"}]),
        activity("ditan", "低碳日", "节能宣传周第3天"),
    ]
    years = [
        {
            "office": "ceshi",
            "year": 2026,
            "activities": [{"activity": "ditan", "lead": "市科协", "steps": "day"}],
        }
    ]

    _, agenda, _ = opened(book(common={"activities": days}, years=years))

    occasion = agenda.pieces["ceshi/ditan/2026"].occasion
    assert occasion.span is not None
    assert occasion.span.start == date(2026, 6, 24)
    assert occasion.certainty is Certainty.ANNOUNCED


def test_what_was_due_before_the_office_used_duban_is_not_chased() -> None:
    plain = document()
    plain["branches"][0]["office"]["since"] = "2026-03-10"

    _, agenda, _ = opened(book_of(plain))

    assert "ceshi/shui/2026/plan/shuili" not in agenda.duties
    assert "ceshi/shui/2026/summary/shuili" in agenda.duties


def test_a_programme_task_is_due_in_each_of_its_years_or_once() -> None:
    programme = {
        "id": "sw",
        "office": "ceshi",
        "name": "十四五方案",
        "start": "2026-01-01",
        "end": "2027-12-31",
        "tasks": [
            {
                "id": "a",
                "kind": "重点任务",
                "name": "甲",
                "lead": "各责任单位",
                "steps": [
                    {"id": "year", "name": "年度情况", "due": "12月31日"},
                    {"id": "end", "name": "总结", "due": "2027年10月8日12:00"},
                ],
            }
        ],
    }

    _, agenda, _ = opened(book(years=[], programmes=[programme]))

    kexie = sorted(
        (d.step, d.due, d.due_at) for d in agenda.duties.values() if d.department == "kexie"
    )
    assert kexie == [
        ("end", date(2027, 10, 8), time(12)),
        ("year", date(2026, 12, 31), None),
        ("year", date(2027, 12, 31), None),
    ]


def book_of(plain: dict[str, Any]) -> Book:
    return Book.model_validate(plain)


def test_a_date_is_asked_for_although_it_was_usually_known_before_the_office_began() -> None:
    plain = document()
    plain["branches"][0]["office"]["since"] = "2026-05-04"

    _, agenda, _ = opened(book_of(plain))

    assert "ceshi/kejizhou.date/2026/confirm/@office" in agenda.duties
