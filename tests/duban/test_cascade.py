"""The cascade: what a city asks of its districts is adopted, asked of their secretariats, or declined."""

from datetime import date
from typing import Any

import pytest

from duban.addressing import addressed
from duban.assignment import Assignment
from duban.cascade import rolled_up
from duban.check import check
from duban.completion import State
from duban.desk import OFFICE
from duban.office import Role
from tests.books import contact
from tests.cascades import CITY, EAST, ENTRY, PLAN, SUMMARY, WEST, city, opened

TASKS: list[dict[str, Any]] = [
    {
        "id": "outline",
        "office": CITY,
        "name": "规划",
        "start": "2026-01-01",
        "end": "2027-12-31",
        "tasks": [
            {
                "id": "farmers",
                "kind": "重点任务",
                "name": "农民素质提升",
                "lead": "市科协",
                "support": "各区县",
                "steps": [{"id": "half", "name": "半年报送", "due": "7月10日"}],
            }
        ],
    }
]
DECLINE = {"activity": "世界水日", "reason": "区内没有水利设施", "on": "2026-02-02"}


def test_a_district_that_has_the_activity_is_due_five_working_days_before_the_city():
    _, agenda = opened(city(), EAST)

    (asked,) = (one.asked for one in agenda.demands if one.asked.key == SUMMARY)
    own = {agenda.duties[key].due for key in agenda.adopted[SUMMARY]}

    assert asked.due == date(2026, 4, 7)
    assert own == {date(2026, 3, 30)}


def test_every_department_of_the_districts_step_has_to_be_done_before_the_city_hears():
    _, agenda = opened(city(), EAST)

    assert {key.rpartition("/")[2] for key in agenda.adopted[PLAN]} == {"shuili", "kexie"}


def test_a_date_of_the_district_that_is_earlier_still_holds():
    early = {**ENTRY, "steps": [{"id": "summary", "name": "总结", "due": "3月23日"}]}

    _, agenda = opened(city([early]), EAST)

    assert {agenda.duties[key].due for key in agenda.adopted[SUMMARY]} == {date(2026, 3, 23)}


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ({"cascade": {"ahead": "0天"}}, date(2026, 4, 7)),
        ({"cascade": {"ahead": "1周"}}, date(2026, 3, 31)),
        ({"cascade": {"ahead": "10个工作日"}}, date(2026, 3, 23)),
    ],
)
def test_the_citys_entry_says_how_much_earlier(asked, due):
    late = {**ENTRY, "steps": [{"id": "summary", "name": "总结", "due": "结束后60天"}]}

    _, agenda = opened(city([late], asked=asked), EAST)

    assert {agenda.duties[key].due for key in agenda.adopted[SUMMARY]} == {due}


def test_days_that_only_have_to_be_known_are_nobodys_demand_and_do_not_move():
    _, agenda = opened(city(), EAST)

    assert {one.asked.step for one in agenda.demands} == {"plan", "summary"}
    assert agenda.duties[f"{EAST}/shui/2026/event/shuili"].due == date(2026, 3, 22)


def test_what_no_entry_adopts_is_asked_of_the_districts_own_secretariat():
    _, agenda = opened(city(), WEST)

    (key,) = agenda.adopted[f"{CITY}/shui/2026/plan/xiqu"]

    assert agenda.duties[key].department == OFFICE
    assert "测试市要求" in agenda.reasons[key]


def test_a_step_that_the_districts_entry_lacks_is_asked_of_its_secretariat():
    partly = {**ENTRY, "steps": [{"id": "summary", "name": "总结报送", "due": "结束后1天"}]}

    _, agenda = opened(city([partly]), EAST)

    assert agenda.adopted[PLAN] == (f"{EAST}/shui.adopt/2026/plan/{OFFICE}",)


def test_an_activity_of_another_name_adopts_what_it_names():
    other = {**ENTRY, "activity": "世界地球日", "adopts": "中国水周"}

    _, agenda = opened(city([other]), EAST)

    assert f"{EAST}/didi/2026/plan/shuili" in agenda.adopted[PLAN]


def test_a_task_of_the_citys_programme_is_adopted_year_by_year():
    book = city(programmes=TASKS)

    _, agenda = opened(book, WEST)

    for year in (2026, 2027):
        own = agenda.adopted[f"{CITY}/outline.farmers/{year}/half/xiqu"]
        assert own == (f"{WEST}/outline.farmers.adopt/{year}/half/{OFFICE}",)


def test_what_is_declined_is_asked_of_nobody_there_and_of_the_citys_secretariat():
    book = city([], [DECLINE])

    _, below = opened(book, EAST)
    _, above = opened(book, CITY)

    assert PLAN not in below.adopted
    key = f"{CITY}/shui.declined/2026/dongqu/{OFFICE}"
    assert above.duties[key].notice_on == date(2026, 2, 2)
    assert above.reasons[key] == "区内没有水利设施"
    assert PLAN in above.duties


def test_one_step_can_be_declined_alone():
    _, agenda = opened(city(declines=[{**DECLINE, "step": "summary"}]), EAST)

    assert PLAN in agenda.adopted
    assert SUMMARY not in agenda.adopted


def test_a_district_that_the_city_asks_nothing_of_declines_in_vain():
    book = city([], [DECLINE], asked={"support": "西区"})

    _, agenda = opened(book, CITY)

    assert not any(".declined" in key for key in agenda.duties)


def test_what_was_due_before_the_district_used_duban_is_history_to_it():
    data = city().model_dump(by_alias=True)
    data["branches"][1]["office"]["since"] = date(2026, 3, 20)

    _, agenda = opened(type(city()).model_validate(data), EAST)

    assert {one.asked.step for one in agenda.demands} == {"summary"}


# --- who gets the city's letters ---


def reader(book, role: Role = Role.LIAISON, day: date = date(2026, 3, 2)) -> list[str]:
    desk, _ = opened(book, CITY)
    found = addressed(desk, "dongqu", (role,), day)  # type: ignore[arg-type]
    return [person.email for _, person in found.people]


def registered(*people: dict[str, Any]):
    known = city().branches[0].model_dump(exclude={"years"}, by_alias=True)["contacts"]
    return city(contacts=[*known, *people])


def test_the_citys_letters_go_to_the_districts_secretariat():
    assert reader(city()) == ["desk@dong.ceshi.example"]
    assert reader(city(), Role.LEADER) == ["head@dong.ceshi.example"]


def test_a_registered_liaison_gets_them_instead_and_in_his_absence_the_secretariat():
    away = [{"start": "2026-03-09", "end": "2026-03-13"}]
    book = registered(contact("东区", "li@dong.example", away=away))

    assert reader(book) == ["li@dong.example"]
    assert reader(book, day=date(2026, 3, 10)) == ["desk@dong.ceshi.example"]


# --- checks ---


@pytest.mark.parametrize(
    ("book", "message"),
    [
        (city([], [{"activity": "世界地球", "reason": "无"}]), "没有活动“世界地球”"),
        (city([], [{"activity": "nowhere.x", "reason": "无"}]), "上级没有规划“nowhere”"),
        (city(declines=[DECLINE]), "“世界水日”既列在活动里，又写了不承接"),
        (city([], [DECLINE, DECLINE]), "“世界水日”写了两次，已经有了"),
        (city(asked={"adopts": "世界水日"}), "本办没有上级，不能写 adopts"),
    ],
)
def test_faults_are_told(book, message):
    assert message in [fault.message for fault in check(book)]


def test_a_sound_cascade_has_no_faults():
    assert [fault.message for fault in check(city([], [DECLINE], programmes=TASKS))] == []


def linked(**changes: Any):
    data = city().model_dump(mode="json", by_alias=True)
    data["branches"][0]["departments"][3].update(changes.pop("department", {}))
    data["branches"][1].update(changes)
    return type(city()).model_validate(data)


def test_an_unknown_office_another_ones_and_one_that_nobody_answers_for_are_told():
    east = city().branches[1].office.model_dump(mode="json")

    found = [
        [fault.message for fault in check(book)]
        for book in (
            linked(department={"office": "nowhere"}),
            linked(office={**east, "parent": None}),
            linked(contacts=[]),
        )
    ]

    assert found[0] == ["没有纲要办“nowhere”"]
    assert found[1] == ["“东区纲要办”（dong）的上级不是“ceshi”"]
    assert "“东区”没有联络员，“dong”也没有经办人，信没有人收" in found[2]


# --- roll-up ---


def items(*states: State) -> list[Assignment]:
    _, agenda = opened(city(), EAST)
    asked = agenda.duties[agenda.adopted[PLAN][0]]
    return [Assignment(asked, state) for state in states]


@pytest.mark.parametrize(
    ("states", "done"),
    [
        ((State.COMPLETED,), True),
        ((State.COMPLETED, State.EXEMPTED, State.WITHDRAWN), True),
        ((State.COMPLETED, State.REPORTED), False),
        ((State.COMPLETED, State.RETURNED), False),
        ((State.EXEMPTED, State.WITHDRAWN), False),
        ((), False),
    ],
)
def test_the_city_hears_when_something_was_done_and_nothing_is_open(states, done):
    assert rolled_up(items(*states)) is done
