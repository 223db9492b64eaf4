"""The preview's promise: what it shows is what the mail server gets."""

from collections import Counter
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from app.rehearsal.play import Year
from duban.completion import State
from duban.letter import Kind
from duban.mentions import DIGEST
from state import assignments, sent

Key = tuple[date, str, str, frozenset[tuple[str, str, str]]]


def items(rows: tuple[dict[str, Any], ...]) -> frozenset[tuple[str, str, str]]:
    return frozenset((row["assignment"], row["stage"], row["due"]) for row in rows)


def foreseen(year: Year) -> set[Key]:
    return {(line.day, line.recipient, line.kind, items(line.items)) for line in year.foreseen}


_READ: dict[int, list[tuple[Key, EmailMessage]]] = {}


def received(year: Year) -> list[tuple[Key, EmailMessage]]:
    """What came through the wire: day, address and kind from the mail itself, items by Message-ID.

    Thousands of mails are parsed once for all tests.
    """
    if id(year) not in _READ:
        _READ[id(year)] = _received(year)
    return _READ[id(year)]


def _received(year: Year) -> list[tuple[Key, EmailMessage]]:
    with year.site.database.reading() as connection:
        letters = sent.letters(connection, None, date(2026, 1, 1), date(2026, 12, 31))
    known = {letter.message_id: items(letter.items) for letter in letters}
    found = []
    for caught in year.caught:
        mail = message_from_bytes(caught.mime, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        day = mail["Date"].datetime.date()
        key = (day, caught.recipient, mail["X-Duban-Kind"], known[mail["Message-ID"]])
        found.append((key, mail))
    return found


def test_when_nobody_answers_the_preview_equals_what_was_received(silent_year: Year) -> None:
    got = [key for key, _ in received(silent_year)]

    assert len(got) == len(set(got)) > 100
    assert set(got) == foreseen(silent_year)


def test_every_item_of_the_preview_is_named_in_the_mail(silent_year: Year) -> None:
    names = {
        item.assignment: (item.occasion.name, item.step_name)
        for letter in silent_year.letters
        for item in letter.items
    }

    for (_, _, _, mentioned), mail in received(silent_year):
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        for key, _, _ in mentioned:
            assert key in text or all(name in text for name in names[key])


def test_with_answers_what_was_sent_is_a_part_of_the_preview(answered_year: Year) -> None:
    got, planned = said({key for key, _ in received(answered_year)}), said(foreseen(answered_year))
    back, common = returned(answered_year), shared(answered_year, got | planned)
    kept = {one for one in got if one[0] <= back.get(one[2][0], date.max)}

    assert {one for one in kept if one[2][0] not in common} < planned
    assert {one[1:] for one in kept} < {one[1:] for one in planned}


def test_every_missing_item_is_explained_by_an_answer(answered_year: Year) -> None:
    got, planned = said({key for key, _ in received(answered_year)}), said(foreseen(answered_year))
    answered, back = answers(answered_year), returned(answered_year)
    common = shared(answered_year, planned | got)

    for day, _, (key, _, _) in planned - got:
        assert (
            key in common
            or day > back.get(key, date.max)
            or any(first <= day and (last is None or day <= last) for first, last in answered[key])
        )


def shared(year: Year, said: set[tuple[date, str, tuple[str, str, str]]]) -> set[str]:
    """Assignments that somebody is told of who reads the letters of two offices: they wait for a morning
    without the other office's letter, and whether it comes depends on answers there."""
    readers = {
        email
        for desk, _ in year.site.desks().values()
        for some in desk.shared.values()
        for email in some
    }
    return {item[0] for _, who, item in said if who in readers}


def said(keys: set[Key]) -> set[tuple[date, str, tuple[str, str, str]]]:
    """Without the accounts of heads, which tell of what was done, too."""
    return {
        (day, who, item)
        for day, who, _, mentioned in keys
        for item in mentioned
        if not (who.startswith("leader@") and item[1] == DIGEST)
    }


def returned(year: Year) -> dict[str, date]:
    """By assignment: the day of its first return, from which its ladder counts anew."""
    from sqlalchemy import select

    from state.tables import assignment, event

    query = (
        select(assignment.c.key, event.c.at)
        .join(event, event.c.assignment_id == assignment.c.id)
        .where(event.c.act == "return")
        .order_by(event.c.id.desc())
    )
    with year.site.database.reading() as connection:
        return {row.key: row.at.date() for row in connection.execute(query)}


def answers(year: Year) -> dict[str, list[tuple[date, date | None]]]:
    """By assignment: the stretches of days on which nothing was owed, because it was reported."""
    from sqlalchemy import select

    from state.tables import assignment, event

    query = (
        select(assignment.c.key, event.c.at, event.c.to_state)
        .join(event, event.c.assignment_id == assignment.c.id)
        .where(event.c.from_state.is_not(None), event.c.from_state != event.c.to_state)
        .order_by(event.c.id)
    )
    found: dict[str, list[tuple[date, date | None]]] = {}
    with year.site.database.reading() as connection:
        for row in connection.execute(query):
            quiet = not State(row.to_state).chased
            stretches = found.setdefault(row.key, [])
            if quiet and (not stretches or stretches[-1][1] is not None):
                stretches.append((row.at.date(), None))
            elif not quiet and stretches and stretches[-1][1] is None:
                stretches[-1] = (stretches[-1][0], row.at.date())
    return found


def test_nobody_got_two_mails_on_one_morning(answered_year: Year, silent_year: Year) -> None:
    for year in (answered_year, silent_year):
        mornings = Counter((day, who) for (day, who, _, _), _ in received(year))
        assert max(mornings.values()) == 1


def test_no_mail_goes_out_on_a_day_off(silent_year: Year) -> None:
    desk, _ = silent_year.site.desk("chongqing")

    days = {day for (day, _, _, _), _ in received(silent_year)}

    assert all(desk.workdays.working(day) for day in days)
    assert not any(date(2026, 2, 15) <= day <= date(2026, 2, 23) for day in days)


def test_the_notice_of_world_water_day_reaches_the_water_bureau_on_a_working_day(
    silent_year: Year,
) -> None:
    desk, _ = silent_year.site.desk("chongqing")
    bureau = desk.department("市水利局").id

    days = [
        letter.day
        for letter in silent_year.letters
        for section in letter.sections
        for item in section.items
        if section.kind is Kind.NOTICE
        and item.department == bureau
        and item.occasion.name == "世界水日"
        and item.occasion.year == 2026
    ]

    assert len(set(days)) == 1
    assert desk.workdays.working(days[0])
    assert date(2026, 1, 20) <= days[0] <= date(2026, 3, 6)


def test_a_done_item_is_never_mentioned_again_unless_returned(answered_year: Year) -> None:
    quiet = answers(answered_year)

    sections = ((one.day, section) for one in answered_year.letters for section in one.sections)
    for day, section in sections:
        for item in section.items if section.kind is not Kind.ACCOUNT else ():
            for first, last in quiet.get(item.assignment, ()):
                assert not (first < day and (last is None or day < last))


def test_an_open_item_that_is_overdue_was_mentioned_to_the_end(silent_year: Year) -> None:
    last_said = {
        item.assignment: letter.day for letter in silent_year.letters for item in letter.items
    }
    with silent_year.site.database.reading() as connection:
        late = assignments.overdue(connection, "chongqing", date(2026, 12, 1))

    assert late
    assert all(last_said[item.key] >= date(2026, 12, 21) for item in late)
