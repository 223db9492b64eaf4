"""The year at a glance: every mail once, every department, and how sure each date is."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from duban.letter import Kind
from duban.preview import letters, mornings
from duban.yearview.view import View, view
from tests.books import SPRING, book, opened


@dataclass(frozen=True)
class Mail:
    day: date
    office: str
    kind: str
    recipient: str
    department: str
    items: tuple[dict[str, Any], ...]


def mails_of(year: int = 2026) -> list[Mail]:
    desk, agenda, items = opened(book())
    coming = letters(mornings(desk, agenda, items, date(year, 1, 1), date(year, 12, 31)))
    return [
        Mail(
            letter.day,
            letter.office,
            letter.kind.value,
            letter.recipient,
            "、".join(letter.departments),
            tuple(
                {
                    "activity": item.occasion.id,
                    "step": item.step,
                    "stage": item.stage,
                    "due": item.due.isoformat(),
                    "assignment": item.assignment,
                }
                for item in letter.items
            ),
        )
        for letter in coming
    ]


def seen(mails: list[Mail] | None = None, year: int = 2026, **changes: Any) -> View:
    desk, agenda, _ = opened(book(**changes))
    return view(desk, agenda, year, mails or [])


def cells(found: View) -> dict[date, Any]:
    return {cell.day: cell for month in found.months for cell in month.cells}


def test_every_mail_is_counted_in_the_cell_of_its_day_and_in_no_other() -> None:
    mails = mails_of()

    found = seen(mails)

    counted = {cell.day: cell.mails.count for cell in cells(found).values() if cell.mails.count}
    assert mails
    assert counted == Counter(mail.day for mail in mails)


def test_months_year_and_days_add_up_by_kind() -> None:
    mails = mails_of()

    found = seen(mails)

    kinds = Counter(mail.kind for mail in mails)
    assert dict(found.mails.kinds) == {kind: kinds[kind.value] for kind in Kind}
    for kind in Kind:
        months = sum(dict(month.mails.kinds)[kind] for month in found.months)
        days = sum(
            len(post.recipients) for day in found.days for post in day.posts if post.kind is kind
        )
        assert months == days == kinds[kind.value]


def test_mails_of_another_office_or_year_are_left_out() -> None:
    [mail, *_] = mails_of()

    found = seen([mail, replace(mail, office="other"), replace(mail, day=date(2027, 1, 4))])

    assert found.mails.count == 1


def test_every_day_of_a_leap_year_stands_once_in_its_weekday_column() -> None:
    found = seen(year=2028)

    for month in found.months:
        columns = {
            cell.day: place for week in month.weeks for place, cell in enumerate(week) if cell
        }
        assert all(day.weekday() == place for day, place in columns.items())
    assert len(cells(found)) == 366


def test_days_off_have_their_names_and_moved_days_their_mark() -> None:
    found = cells(seen())

    assert found[date(2026, 2, 16)].holiday == "春节"
    assert found[date(2026, 2, 14)].moved
    assert found[date(2026, 2, 14)].reason == "春节调休上班"
    assert (found[date(2026, 3, 7)].holiday, found[date(2026, 3, 7)].working) == (None, False)
    assert not found[date(2026, 3, 9)].moved


def test_a_month_names_its_holidays_with_their_days() -> None:
    february = seen().months[1]

    [spring] = february.breaks
    assert (spring.name, spring.first.day, spring.last.day) == ("春节", 15, 23)
    assert february.moved == [date(2026, 2, 14), date(2026, 2, 28)]


def test_levels_rise_with_the_mails_of_a_day() -> None:
    [mail, *_] = mails_of()
    day = mail.day

    levels = [cells(seen([mail] * count))[day].level for count in (0, 1, 2, 3, 6, 11, 21, 99)]

    assert levels == [0, 1, 1, 2, 3, 4, 5, 5]


def test_a_day_names_activity_step_and_stage_in_words() -> None:
    [day] = [day for day in seen(mails_of()).days if day.day == date(2026, 2, 28)]

    [post] = day.posts
    [item] = post.items
    assert post.recipients[0].department == "市水利局"
    assert (item.activity, item.step, item.stage) == ("世界水日", "方案报送", "到期前5个工作日提醒")
    assert item.departments == ()


def test_mails_that_say_the_same_stand_together() -> None:
    [mail] = [mail for mail in mails_of() if mail.day == date(2026, 2, 28)]
    other = replace(mail, recipient="someone@else.example")

    [day] = seen([mail, other]).days

    assert [who.address for who in day.posts[0].recipients] == [mail.recipient, other.recipient]
    assert day.mails.count == 2


def test_the_digest_names_its_reader_and_the_departments_that_owe() -> None:
    posts = [post for day in seen(mails_of()).days for post in day.posts]

    first = next(post for post in posts if post.kind is Kind.DIGEST)

    assert first.recipients[0].name == "纲要办管理者"
    assert [(item.step, item.departments) for item in first.items] == [("方案报送", ("市水利局",))]


def test_what_the_calendar_dropped_keeps_its_ids() -> None:
    [mail, *_] = mails_of()
    item = {"activity": "gone", "step": "odd", "stage": "odd", "due": "2026-03-02"}
    lost = {**item, "assignment": "ceshi/gone/2026/odd/nobody"}

    [day] = seen([replace(mail, items=(lost,))]).days

    [found] = day.posts[0].items
    assert (found.activity, found.step, found.stage) == ("gone", "odd", "odd")
    assert found.departments == ("nobody",)


def test_every_department_with_duties_has_a_row_the_fullest_first() -> None:
    desk, agenda, _ = opened(book())

    rows = view(desk, agenda, 2026, []).rows

    owed = Counter(desk.called(duty.department) for duty in agenda.duties.values())
    assert {row.department: len(row.marks) for row in rows} == owed
    assert [len(row.marks) for row in rows] == sorted(owed.values(), reverse=True)


def test_an_unknown_date_is_counted_as_unknown_and_comes_last() -> None:
    [row] = [row for row in seen().rows if row.department == "市科技局"]

    assert {mark.activity for mark in row.unknown} == {"科技活动周"}
    assert all(mark.due is None and mark.notice is None for mark in row.unknown)
    assert [mark.day is None for mark in row.marks] == sorted(
        mark.day is None for mark in row.marks
    )


def test_a_known_date_is_firm_until_the_years_holidays_are_awaited() -> None:
    shui = next(row for row in seen().rows if row.department == "市水利局").marks
    awaited = seen(common={"workdays": [{**SPRING, "year": 2025}]})

    assert not any(mark.tentative for mark in shui)
    assert awaited.tentative
    assert all(mark.tentative for row in awaited.rows for mark in row.marks if mark.due)


def test_what_is_due_next_year_shows_in_the_year_of_its_notice() -> None:
    entry = {
        "activity": "世界水日",
        "lead": "市水利局",
        "notice": "12月1日",
        "steps": [{"id": "late", "name": "晚报", "due": "结束后300天"}],
    }
    years = [{"office": "ceshi", "year": 2026, "activities": [entry]}]

    now, then = seen(years=years), seen(year=2027, years=years)

    assert [mark.step for row in now.rows for mark in row.marks] == ["晚报"]
    assert [mark.step for row in then.rows for mark in row.marks] == ["晚报"]


def test_an_empty_year_has_every_day_and_nothing_else() -> None:
    found = seen(years=[])

    assert len(cells(found)) == 365
    assert (found.mails.count, found.days, found.rows, found.busiest) == (0, [], (), None)
