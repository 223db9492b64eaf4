from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from duban.assignment import Assignment
from duban.book import Book
from duban.bulletin import Found
from duban.completion import State
from duban.desk import Desk
from duban.digest import USUAL, Which, owed
from duban.lamp import overdue
from duban.letter import Kind
from duban.morning import Morning, Reason, write
from tests.books import activity, book, contact, document, opened

NOTICE_DAY = date(2026, 2, 14)


def morning(day: date, items: list[Assignment] | None = None, **changes: Any) -> Morning:
    desk, agenda, made = opened(book(**changes))
    due = [item for item in items or made if item.next_on and item.next_on <= day]
    return write(desk, agenda, day, due)


def weekly(desk: Desk, overdue: list[Assignment]) -> list[Found]:
    """What the week's digest of 9 March has to tell."""
    at = datetime(2026, 3, 9, 8, 30, tzinfo=ZoneInfo(desk.office.zone))
    return [Found(one, overdue) for one in owed(desk, {Which.WEEKLY: USUAL[Which.WEEKLY]}, at)]


def test_one_department_gets_one_notice_with_all_its_steps() -> None:
    letters = {letter.recipient: letter for letter in morning(NOTICE_DAY).letters}

    lead = letters["liaison@shuili.ceshi.example"]
    assert set(letters) == {"liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"}
    assert lead.kind is Kind.NOTICE
    assert [item.step for item in lead.items] == ["plan", "event", "summary"]


def test_everything_for_one_recipient_is_in_one_letter() -> None:
    same = [contact(name, "one@ceshi.example") for name in ("市水利局", "市科协", "市科技局")]

    found = morning(NOTICE_DAY, contacts=same)

    assert len(found.letters) == 1
    assert found.letters[0].departments == ("市水利局", "市科协")


def test_a_reminder_and_a_notice_share_one_letter_notice_first() -> None:
    desk, agenda, items = opened(book())
    told = [s.after for s in write(desk, agenda, NOTICE_DAY, items[:3]).spent]
    mixed = [replace(told[0], next_on=date(2026, 2, 28)), replace(items[1])]

    letter = write(desk, agenda, date(2026, 2, 28), mixed).letters[0]

    assert [section.kind for section in letter.sections] == [Kind.NOTICE, Kind.REMINDER]


def test_on_a_day_off_nothing_is_written_and_nothing_is_spent() -> None:
    found = morning(date(2026, 2, 16))

    assert not found.letters
    assert not found.spent
    assert {unsent.reason for unsent in found.unsent} == {Reason.DAY_OFF}


def test_without_a_liaison_the_item_stays_due_and_the_reason_is_said() -> None:
    found = morning(NOTICE_DAY, contacts=[contact("市科协", "liaison@kexie.ceshi.example")])

    waiting = [unsent for unsent in found.unsent if unsent.reason is Reason.NO_CONTACT]
    assert {unsent.about.split("/")[-1] for unsent in waiting} == {"shuili"}
    assert not any(step.before.asked.department == "shuili" for step in found.spent)


def test_the_substitute_gets_the_mail_while_the_liaison_is_away() -> None:
    away = contact(
        "市水利局", "a@ceshi.example", away=[{"start": "2026-02-10", "end": "2026-02-14"}]
    )
    people = [away, contact("市水利局", "b@ceshi.example", "AB岗")]

    found = morning(NOTICE_DAY, contacts=people)

    assert [letter.recipient for letter in found.letters] == ["b@ceshi.example"]


def test_a_contact_who_left_gets_no_mail() -> None:
    people = [
        contact("市水利局", "old@ceshi.example", until="2026-01-31"),
        contact("市水利局", "new@ceshi.example", since="2026-02-01"),
    ]

    found = morning(NOTICE_DAY, contacts=people)

    assert [letter.recipient for letter in found.letters] == ["new@ceshi.example"]


def test_who_got_a_letter_today_gets_no_second_one() -> None:
    desk, agenda, items = opened(book())
    due = [item for item in items if item.next_on]

    found = write(desk, agenda, NOTICE_DAY, due, mailed={"liaison@shuili.ceshi.example"})

    assert [letter.recipient for letter in found.letters] == ["liaison@kexie.ceshi.example"]
    assert not any(step.before.asked.department == "shuili" for step in found.spent)


def test_the_digest_goes_to_managers_with_what_is_overdue() -> None:
    desk, agenda, items = opened(book())
    late = [replace(items[0], state=State.NOTIFIED)]

    found = write(desk, agenda, date(2026, 3, 9), (), weekly(desk, late))

    assert [letter.recipient for letter in found.letters] == ["boss@kx.ceshi.example"]
    assert [item.assignment for item in found.letters[0].items] == [items[0].key]
    assert [one.due.period for one in found.digests] == ["2026-W11"]


def test_with_nothing_overdue_there_is_no_digest_and_the_week_is_settled() -> None:
    desk, agenda, _ = opened(book())

    found = write(desk, agenda, date(2026, 3, 9), (), weekly(desk, []))

    assert not found.letters
    assert [one.due.period for one in found.digests] == ["2026-W11"]
    assert [unsent.reason for unsent in found.unsent] == [Reason.NOTHING]


def test_a_late_notice_says_so() -> None:
    on_time, late = morning(NOTICE_DAY), morning(date(2026, 2, 25))

    assert {item.why for item in on_time.letters[0].items} == {"首次通知"}
    assert {item.why for item in late.letters[0].items} == {"补发通知（原定2月14日）"}


def test_overdue_items_stand_first() -> None:
    days = [activity("a", "甲", "3月10日"), activity("b", "乙", "3月22日")]
    years = document()["branches"][0]["years"]
    years[0]["activities"] = [
        {"activity": name, "lead": "市科协", "steps": "day"} for name in ("乙", "甲")
    ]
    desk, agenda, items = opened(book(common={"activities": days}, years=years))
    told = [
        replace(item, state=State.NOTIFIED, stage_on=date(2026, 2, 25), next_on=date(2026, 2, 28))
        for item in items
        if item.asked.step == "plan"
    ]

    letter = write(desk, agenda, date(2026, 2, 28), told).letters[0]

    assert [item.overdue for item in letter.items] == [True, False]
    assert letter.items[0].occasion.name == "甲"


def test_a_notice_names_activities_whose_days_are_still_unknown_as_tentative() -> None:
    years = document()["branches"][0]["years"]
    years[0]["activities"][1]["support"] = "市水利局"

    found = morning(date(2026, 2, 24), years=years)

    letter = next(x for x in found.letters if x.recipient == "liaison@shuili.ceshi.example")
    assert [one.name for one in letter.tentative] == ["科技活动周"]
    assert letter.tentative[0].usual.start == date(2026, 5, 19)
    assert not any(item.occasion.name == "科技活动周" for item in letter.items)


def test_the_secretariat_is_asked_for_a_date_when_it_should_be_known() -> None:
    people = [contact(None, "desk@kx.ceshi.example", "经办人")]

    early, due = (
        morning(date(2026, 4, 17), contacts=people),
        morning(date(2026, 4, 20), contacts=people),
    )

    assert not early.letters
    assert [(x.recipient, x.kind) for x in due.letters] == [("desk@kx.ceshi.example", Kind.CONFIRM)]
    assert due.letters[0].items[0].why == "通常5月19日前后举行，尚未记录日期"


def test_a_morning_with_too_many_letters_waits_for_a_person() -> None:
    plain = document()
    plain["branches"][0]["office"]["brake"] = 1
    desk, agenda, items = opened(Book.model_validate(plain))
    due = [item for item in items if item.next_on and item.next_on <= NOTICE_DAY]

    held = write(desk, agenda, NOTICE_DAY, due)
    released = write(desk, agenda, NOTICE_DAY, due, released=True)

    assert (held.letters, held.spent) == ((), ())
    assert [unsent.reason for unsent in held.unsent] == [Reason.BRAKE]
    assert len(released.letters) == 2


def test_what_nobody_was_told_of_is_not_overdue() -> None:
    _, _, items = opened(book())
    plan = next(item for item in items if item.key == "ceshi/shui/2026/plan/shuili")

    assert not overdue(plan, date(2026, 3, 9))
    assert overdue(replace(plan, state=State.NOTIFIED), date(2026, 3, 9))
