"""Checks of the people: addresses, roles, and who needs a liaison."""

import pytest

from tests.sites import faults_of, keyed


@pytest.fixture
def faults(tmp_path):
    """The faults of the tiny site after some changes."""
    return lambda *changes: faults_of(tmp_path, *changes)


def test_an_address_belongs_to_one_person(faults):
    change = ("contacts", "li@shui.cq.example", "ZHANG@kx.cq.example")

    assert keyed(faults(change)) == [
        "contacts[2].email：邮箱“ZHANG@kx.cq.example”已是“张三”（contacts[1]）的"
    ]


def test_one_person_may_act_for_two_departments(faults):
    change = ("contacts", "李四, email: li@shui.cq.example", "张三, email: zhang@kx.cq.example")

    assert faults(change) == ()


def test_a_liaison_belongs_to_a_department(faults):
    change = ("contacts", "role: 经办人", "role: AB岗")

    assert keyed(faults(change)) == ["contacts[4].role：AB岗“赵六”没有写属于哪家单位"]


def test_a_department_with_duties_needs_a_liaison(faults):
    change = ("contacts", "role: 联络员, department: 市教委", "role: 分管领导, department: 市教委")

    (fault,) = faults(change)

    assert keyed([fault]) == ["departments[3]：“市教委”有督办事项，却没有联络员"]
    assert fault.hint == "请在 config/contacts/cq.yaml 里加一位"


def test_a_department_with_a_task_needs_a_liaison_unless_the_task_is_history(faults):
    other = (
        "departments",
        "departments:\n",
        "departments:\n  - {id: a, name: 某局, short: 某局}\n",
    )
    task = ("programme", "lead: 市科协", "lead: 某局")
    longer = ("programme", "end: 2025-12-31", "end: 2026-12-31")

    assert faults(other, task) == ()
    assert keyed(faults(other, task, longer)) == ["departments[1]：“某局”有督办事项，却没有联络员"]


def test_a_department_without_duties_needs_no_liaison(faults):
    more = (
        "departments",
        "departments:\n",
        "departments:\n  - {id: a, name: 某单位, short: 某单位}\n",
    )

    assert faults(more) == ()


def test_an_office_that_would_close_before_it_opens_is_told(faults):
    late = ("offices", "region: 市", 'region: 市\n    hour: "19:00"')

    (fault,) = faults(late)

    assert keyed([fault]) == ["offices[1].hour：从19:00发信，19:00就停，一封也发不出"]
    assert faults((*late[:2], late[2] + '\n    closes: "22:00"')) == ()
