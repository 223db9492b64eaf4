"""Whom the ladder addresses, when it counts anew, and what a 督办函 tells."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from duban.assignment import Assignment
from duban.completion import Act, State
from duban.known import Known, Numbers
from duban.ladder import AGAIN, NOTICE, Degree
from duban.letter import Kind
from duban.morning import Morning, Reason, write
from duban.stages import acted, reached, spent
from tests.books import contact, opened
from tests.ladders import HEAD, LEADER, LIAISON, OTHER, PEOPLE, PLAN, SUBSTITUTE, laddered

DESK, AGENDA, ITEMS = opened(laddered())
PLANNED = next(item for item in ITEMS if item.key == PLAN)
TOLD = spent(DESK, PLANNED, NOTICE, date(2026, 2, 14))


def walked(item: Assignment, last: date) -> list[tuple[str, str]]:
    """What is said of it until `last`, each stage on its day."""
    said = []
    while item.next_stage and item.next_on and item.next_on <= last:
        said.append((item.next_stage, f"{item.next_on:%m-%d}"))
        item = spent(DESK, item, item.next_stage, item.next_on)
    return said


def morning(day: date, item: Assignment = TOLD, **changes: Any) -> Morning:
    known = changes.pop("known", Known())
    desk, agenda, _ = opened(laddered(**changes))
    return write(desk, agenda, day, [item], known=known)


def recipients(found: Morning) -> dict[str, Kind]:
    return {letter.recipient: letter.kind for letter in found.letters}


AT = {"after1": date(2026, 3, 9), "after3": date(2026, 3, 11), "after5": date(2026, 3, 13)}
AT |= {"after7": date(2026, 3, 17), "after10": date(2026, 3, 20)}


@pytest.mark.parametrize(
    ("stage", "people"),
    [
        ("after1", [LIAISON]),
        ("after3", [SUBSTITUTE, LIAISON]),
        ("after5", [SUBSTITUTE, LEADER, LIAISON]),
        ("after7", [SUBSTITUTE, LEADER, LIAISON]),
        ("after10", [SUBSTITUTE, HEAD, LEADER, LIAISON]),
    ],
)
def test_each_stage_addresses_whom_the_ladder_names_and_nobody_else(
    stage: str, people: list[str]
) -> None:
    found = morning(AT[stage])

    assert {item.stage for letter in found.letters for item in letter.items} == {stage}
    assert sorted(recipients(found)) == sorted(people)


def test_the_head_of_the_office_reads_a_report_and_the_department_a_letter() -> None:
    kinds = recipients(morning(AT["after10"]))

    assert kinds.pop(HEAD) is Kind.OVERSIGHT
    assert set(kinds.values()) == {Kind.ESCALATION}


def test_everybody_reads_who_else_is_told() -> None:
    letters = morning(AT["after3"]).letters

    told = {letter.items[0].to for letter in letters}
    assert told == {("市水利局联络员", "市水利局AB岗")}


def test_a_letter_says_until_when_and_what_comes_then() -> None:
    urged = morning(AT["after5"]).letters[0].items[0].urged

    assert urged
    assert (urged.degree, urged.by, urged.then) == (Degree.BLUE, AT["after7"], "黄色督办函")


def test_what_one_department_gets_on_a_morning_has_one_number() -> None:
    found = morning(AT["after5"], known=Known(numbers=Numbers({}, 12)))

    numbers = {letter.items[0].urged.number for letter in found.letters if letter.items[0].urged}
    assert numbers == {"测试市督〔2026〕12号"}
    assert found.numbers == {("shuili", Degree.BLUE): 12}


def test_a_number_that_was_given_today_is_used_again() -> None:
    found = morning(AT["after5"], known=Known(numbers=Numbers({("shuili", Degree.BLUE): 7}, 12)))

    assert found.letters[0].items[0].urged
    assert found.letters[0].items[0].urged.number.endswith("〔2026〕7号")
    assert found.numbers == {}


def test_without_a_leader_the_others_are_told_and_the_office_sees_the_vacancy() -> None:
    people = [one for one in PEOPLE if one["role"] != "分管领导"]

    found = morning(AT["after5"], contacts=people)

    assert sorted(recipients(found)) == [SUBSTITUTE, LIAISON]
    assert [unsent.reason for unsent in found.unsent] == [Reason.VACANT]


@pytest.mark.parametrize("day", ["after1", "after3"])
def test_the_leader_never_stands_in_for_anybody(day: str) -> None:
    people = [one for one in PEOPLE if one["email"] not in (LIAISON, SUBSTITUTE)]

    found = morning(AT[day], contacts=people)

    assert found.letters == ()
    assert [unsent.reason for unsent in found.unsent] == [Reason.NO_CONTACT]


def test_the_substitute_stands_in_for_the_liaison_and_is_told_once() -> None:
    away = contact("市水利局", LIAISON, away=[{"start": "2026-03-01", "end": "2026-03-31"}])

    found = morning(AT["after3"], contacts=[away, *PEOPLE[1:]])

    assert [(letter.recipient, len(letter.items)) for letter in found.letters] == [(SUBSTITUTE, 1)]


def test_who_holds_two_roles_is_told_once() -> None:
    people = [*PEOPLE[:2], contact("市水利局", LIAISON, "分管领导"), *PEOPLE[3:]]

    found = morning(AT["after5"], contacts=people)

    assert sorted(recipients(found)) == [SUBSTITUTE, LIAISON]


def test_other_departments_are_never_told() -> None:
    assert OTHER not in recipients(morning(AT["after10"]))


# --- the ladder begins anew ---


def returned(reported: date, back: date) -> Assignment:
    handed_in = acted(DESK, replace(TOLD, stage_on=reported), Act.REPORT, reported)
    return acted(DESK, handed_in, Act.RETURN, back)


def test_a_return_after_the_due_date_counts_from_the_return() -> None:
    item = returned(date(2026, 3, 5), date(2026, 4, 13))

    assert walked(item, date(2026, 4, 24)) == [
        ("after1", "04-14"),
        ("after3", "04-16"),
        ("after5", "04-20"),
        ("after7", "04-22"),
    ]


def test_a_return_long_before_the_due_date_is_reminded_of_within_days() -> None:
    item = returned(date(2026, 2, 14), date(2026, 2, 14))

    assert walked(item, date(2026, 3, 6)) == [
        (AGAIN, "02-26"),
        ("before5", "02-28"),
        ("due", "03-06"),
    ]


def test_a_second_return_says_every_stage_again() -> None:
    item = returned(date(2026, 3, 10), date(2026, 3, 10))
    item = spent(DESK, item, "after1", date(2026, 3, 11))
    again = acted(
        DESK, acted(DESK, item, Act.REPORT, date(2026, 3, 12)), Act.RETURN, date(2026, 3, 12)
    )

    assert walked(again, date(2026, 3, 17)) == [("after1", "03-13"), ("after3", "03-17")]
    assert again.version == item.version + 1


def test_a_date_told_when_it_had_passed_counts_from_the_telling() -> None:
    late = spent(DESK, PLANNED, NOTICE, date(2026, 3, 16))

    assert (late.next_stage, late.next_on) == ("after1", date(2026, 3, 17))
    assert reached(DESK, late, date(2026, 3, 19)) == "after3"


def test_an_extension_counts_from_the_new_date() -> None:
    told = spent(DESK, TOLD, "after7", AT["after7"])
    longer = replace(told, extended=date(2026, 3, 27), version=2)

    item = spent(DESK, longer, "change", date(2026, 3, 18))

    assert walked(item, date(2026, 3, 30)) == [
        ("before5", "03-20"),
        ("due", "03-27"),
        ("after1", "03-30"),
    ]


def test_who_did_not_hear_a_stage_is_told_it_alone() -> None:
    said = spent(DESK, TOLD, "after5", AT["after5"])
    owed = replace(said, unheard="分管领导", next_stage="after5", next_on=AT["after5"])

    found = morning(date(2026, 3, 16), owed)

    assert list(recipients(found)) == [LEADER]
    assert found.spent[0].after.unheard is None
    assert found.spent[0].after.next_stage == "after7"


def test_what_is_said_next_makes_up_for_a_stage_that_somebody_did_not_hear() -> None:
    said = spent(DESK, TOLD, "after5", AT["after5"])
    owed = replace(said, unheard="分管领导", next_stage="after5", next_on=AT["after5"])

    found = morning(AT["after7"], owed)

    assert sorted(recipients(found)) == [SUBSTITUTE, LEADER, LIAISON]


def test_the_state_returned_is_kept_by_what_is_said() -> None:
    item = returned(date(2026, 3, 5), date(2026, 3, 9))

    assert spent(DESK, item, "after1", date(2026, 3, 10)).state is State.RETURNED
