"""Transfers: who owes a step after it was passed on, and what is wrong with a record."""

from typing import Any

import pytest

from duban.agenda import agenda
from duban.check import check
from duban.desk import desks
from duban.diff import compare
from tests.books import book, contact, opened


def transfer(before: str, after: str, **more: Any) -> dict[str, Any]:
    record = {"activity": "世界水日", "year": 2026, "step": "plan", "from": before, "to": after}
    return {**record, "at": "2026-02-20T10:00:00+08:00", "by": "李经办", **more}


def owing(*transfers: dict[str, Any], step: str = "plan") -> dict[str, str]:
    """Who owes that step of the water day, and as what."""
    desk = desks(book(transfers=list(transfers)))[0]
    duties = agenda(desk).duties.values()
    return {
        one.department: one.duty.label
        for one in duties
        if (one.activity, one.step) == ("shui", step)
    }


def test_a_step_that_was_passed_on_is_owed_by_the_other_department_with_the_same_duty() -> None:
    assert owing() == {"shuili": "牵头"}
    assert owing(transfer("市水利局", "市科技局")) == {"keji": "牵头"}


def test_other_steps_stay_where_they_are() -> None:
    found = owing(transfer("市水利局", "市科技局"), step="summary")

    assert found == {"shuili": "牵头", "kexie": "责任"}


def test_transfers_follow_one_another_in_the_order_of_their_times() -> None:
    later = transfer("keji", "kexie", at="2026-02-21T10:00:00+08:00")

    assert owing(later, transfer("shuili", "keji")) == {"kexie": "牵头"}


def test_what_is_given_back_is_as_it_was() -> None:
    back = transfer("keji", "shuili", at="2026-02-21T10:00:00+08:00")

    assert owing(transfer("shuili", "keji"), back) == owing()


def test_who_has_a_step_already_has_it_once_and_leads_if_either_leads() -> None:
    found = owing(transfer("shuili", "kexie", step="summary"), step="summary")

    assert found == {"kexie": "牵头"}


def test_a_transfer_of_what_nobody_owes_any_more_changes_nothing() -> None:
    assert owing(transfer("kexie", "keji")) == owing()


def test_a_transfer_of_another_year_changes_nothing() -> None:
    assert owing(transfer("shuili", "keji", year=2027)) == owing()


def test_a_transfer_is_a_reassignment_in_the_diff() -> None:
    _, _, items = opened(book())
    desk = desks(book(transfers=[transfer("shuili", "keji")]))[0]

    diff = compare(desk, agenda(desk), items)

    ((gone, taken),) = diff.reassigned
    assert (gone.key, taken.key) == ("ceshi/shui/2026/plan/shuili", "ceshi/shui/2026/plan/keji")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (transfer("市水利居", "市科技局"), "没有成员单位“市水利居”"),
        (transfer("市水利局", "各责任单位"), "“各责任单位”是一组单位"),
        (transfer("市水利局", "shuili"), "“shuili”就是原来的单位"),
        (transfer("市水利局", "市科协", activity="水日"), "没有活动“水日”"),
        (transfer("市水利局", "市科协", step="abc"), "“世界水日”没有节点“abc”"),
    ],
)
def test_a_record_that_cannot_be_is_told(record: dict[str, Any], message: str) -> None:
    faults = check(book(transfers=[record]))

    assert [fault.message for fault in faults] == [message]


def test_whoever_gets_something_needs_a_liaison() -> None:
    people = [contact("市水利局", "a@x.example"), contact("市科技局", "b@x.example")]
    years = [{"office": "ceshi", "year": 2026, "activities": []}]

    faults = check(book(contacts=people, years=years, transfers=[transfer("shuili", "kexie")]))

    assert [fault.message for fault in faults] == ["“市科协”有督办事项，却没有联络员"]


PROGRAMME = {
    "id": "outline",
    "office": "ceshi",
    "name": "行动规划",
    "start": "2026-01-01",
    "end": "2026-12-31",
    "tasks": [
        {
            "id": "farmers",
            "kind": "重点任务",
            "name": "农民素质提升",
            "lead": "市科协",
            "steps": [{"id": "final", "name": "总结报送", "due": "12月20日"}],
        }
    ],
}


def test_a_step_of_a_task_is_passed_on_by_the_ids_of_programme_and_task() -> None:
    record = transfer("kexie", "keji", activity="outline.farmers", step="final")
    passed = book(programmes=[PROGRAMME], transfers=[record])

    duties = agenda(desks(passed)[0]).duties

    assert check(passed) == []
    assert "ceshi/outline.farmers/2026/final/keji" in duties
    assert "ceshi/outline.farmers/2026/final/kexie" not in duties


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"activity": "outline.workers"}, "规划“outline”里没有任务“workers”"),
        ({"step": "half"}, "“outline.farmers”没有节点“half”"),
    ],
)
def test_a_record_about_a_task_that_cannot_be_is_told(more: dict[str, Any], message: str) -> None:
    fields = {"activity": "outline.farmers", "step": "final", **more}

    faults = check(book(programmes=[PROGRAMME], transfers=[transfer("kexie", "keji", **fields)]))

    assert [fault.message for fault in faults] == [message]
