"""Whom the ladder cannot reach is known before a letter is missing."""

from datetime import date

from duban.desk import OFFICE
from duban.vacancy import vacancies
from tests.books import contact, opened
from tests.ladders import CLERK, HEAD, LEADER, LIAISON, PEOPLE, SUBSTITUTE, laddered

DAY = date(2026, 3, 9)
OWING = [("shuili", "standard")]


def words(*away: str, owing=OWING) -> list[str]:
    desk, _, _ = opened(laddered(contacts=[one for one in PEOPLE if one["email"] not in away]))
    return [one.words for one in vacancies(desk, owing, DAY)]


def test_where_everybody_is_there_nothing_is_vacant() -> None:
    assert words() == []


def test_roles_are_told_by_department_and_the_office_for_itself() -> None:
    assert words(SUBSTITUTE, LEADER, HEAD) == [
        "测试市的纲要办领导",
        "市水利局的AB岗、分管领导",
    ]


def test_the_second_contact_stands_in_for_the_first() -> None:
    assert words(LIAISON) == []


def test_who_owes_nothing_is_left_out() -> None:
    assert words(SUBSTITUTE, LEADER, owing=[]) == []


def test_a_ladder_that_speaks_to_the_contact_alone_asks_for_nobody_else() -> None:
    desk, _, _ = opened(
        laddered(contacts=[contact("市水利局", LIAISON), contact(None, CLERK, "经办人")])
    )

    assert vacancies(desk, [("shuili", "event"), (OFFICE, "confirm")], DAY) == ()
