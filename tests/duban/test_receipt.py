"""Receipts: who is told of what, and when."""

from datetime import date, datetime, timedelta
from typing import Any

from duban.desk import Desk
from duban.letter import Receipt
from duban.receipt import MOST, letters, unheard
from tests.books import book, contact, opened

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, 0)  # noqa: DTZ001
LONG_AGO = NOW - timedelta(minutes=30)


def done(event: int = 1, department: str = "shuili", at: datetime = LONG_AGO) -> Receipt:
    name = {"shuili": "市水利局", "kexie": "市科协"}.get(department, department)
    return Receipt(
        event, "key", "世界水日", "方案报送", department, name, "report", "张三", at, "", False
    )


def desk(**changes: Any) -> Desk:
    return opened(book(**changes))[0]


def test_everything_for_one_contact_is_one_letter() -> None:
    (letter,) = letters(desk(), DAY, NOW, [done(3), done(5)])

    assert letter.recipient == "liaison@shuili.ceshi.example"
    assert [one.event for one in letter.sections[0].receipts] == [3, 5]
    assert letter.key == "ceshi/2026-03-02/liaison@shuili.ceshi.example/receipt-3"


def test_two_departments_of_one_contact_are_told_in_one_letter() -> None:
    people = [contact(name, "both@ceshi.example") for name in ("市水利局", "市科协")]

    (letter,) = letters(desk(contacts=people), DAY, NOW, [done(1), done(2, "kexie")])

    assert letter.departments == ("市水利局", "市科协")


def test_two_contacts_get_a_letter_each() -> None:
    assert len(letters(desk(), DAY, NOW, [done(1), done(2, "kexie")])) == 2


def test_whoever_is_in_the_middle_of_his_items_is_told_afterwards() -> None:
    acts = [done(1, at=LONG_AGO), done(2, at=NOW - timedelta(minutes=2))]

    assert letters(desk(), DAY, NOW, acts) == ()
    assert len(letters(desk(), DAY, NOW + timedelta(minutes=3), acts)) == 1


def test_nobody_waits_longer_than_an_hour() -> None:
    acts = [done(1, at=NOW - timedelta(hours=1)), done(2, at=NOW)]

    assert len(letters(desk(), DAY, NOW, acts)) == 1


def test_the_substitute_is_told_while_the_contact_is_away() -> None:
    away = [{"start": DAY, "end": DAY}]
    people = [
        contact("市水利局", "a@ceshi.example", away=away),
        contact("市水利局", "b@ceshi.example", "AB岗"),
    ]

    (letter,) = letters(desk(contacts=people), DAY, NOW, [done()])

    assert letter.recipient == "b@ceshi.example"


def test_where_nobody_is_registered_nobody_is_told_yet() -> None:
    assert letters(desk(contacts=[]), DAY, NOW, [done()]) == ()
    assert unheard(desk(contacts=[]), DAY, [done()]) == [done()]
    assert unheard(desk(), DAY, [done()]) == []


def test_one_letter_holds_so_many_and_no_more() -> None:
    (letter,) = letters(desk(), DAY, NOW, [done(number) for number in range(MOST + 20)])

    assert len(letter.sections[0].receipts) == MOST
