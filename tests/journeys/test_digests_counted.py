"""Every digest of the rehearsed year says what an independent count over the account gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.rehearsal.play import Year
from duban.digest import Which
from duban.letter import Item, Kind, Letter, Section
from tests.journeys.accounts import BEIJING, Account, firsts, mondays

YEAR = 2026
DAY, WEEK = timedelta(1), timedelta(7)


@dataclass
class Said:
    """A digest as it was written, and the account up to that morning."""

    account: Account
    at: datetime
    letter: Letter
    section: Section

    @property
    def day(self) -> date:
        return self.at.date()


def digests(year: Year, which: Which) -> Iterator[Said]:
    with year.site.database.reading() as connection:
        accounts = {office: Account(connection, office) for office in year.site.desks()}
    for letter in year.letters:
        for section in letter.sections:
            if section.digest and section.digest.which is which:
                at = datetime.combine(letter.day, time(9), BEIJING)
                yield Said(accounts[letter.office], at, letter, section)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9), BEIJING)


def month_before(first: date) -> date:
    return (first - DAY).replace(day=1)


@pytest.mark.parametrize("which", [Which.WEEKLY, Which.MONTHLY])
def test_what_is_overdue_and_how_long(answered_year: Year, which: Which) -> None:
    found = list(digests(answered_year, which))

    assert len(found) > 12
    for said in found:
        told = {item.assignment: item.days for item in said.section.items}
        assert told == said.account.overdue(said.at)


def test_each_digest_comes_on_its_first_working_day_to_every_manager(answered_year: Year) -> None:
    weeks = {said.day for said in digests(answered_year, Which.WEEKLY)}
    months = {said.day for said in digests(answered_year, Which.MONTHLY)}

    assert weeks <= set(mondays(YEAR)) - months
    assert months <= set(firsts(YEAR))
    accounts = {said.letter.office: said.account for said in digests(answered_year, Which.MONTHLY)}
    for office, account in accounts.items():
        owed = {day for day in mondays(YEAR) if account.overdue(morning(day))} - set(firsts(YEAR))
        sent = {
            one.day for one in digests(answered_year, Which.WEEKLY) if one.letter.office == office
        }
        assert sent == owed


@pytest.mark.parametrize("which", [Which.WEEKLY, Which.MONTHLY])
def test_what_changed_since_the_last_one(answered_year: Year, which: Which) -> None:
    days = sorted(mondays(YEAR) if which is Which.WEEKLY else firsts(YEAR))
    for said in digests(answered_year, which):
        digest, earlier = said.section.digest, [day for day in days if day < said.day]
        assert digest
        if not earlier:
            continue
        then = set(said.account.overdue(morning(earlier[-1])))
        now = set(said.account.overdue(said.at))
        assert (digest.before, digest.new, digest.gone) == (
            len(then),
            len(now - then),
            len(then - now),
        )


def spans(which: Which, day: date) -> list[tuple[date, date]]:
    """The days that a digest looks back on, and those before it, the newest first."""
    if which is Which.WEEKLY:
        monday = mondays(YEAR)[day]
        return [(monday - WEEK * n, monday - WEEK * (n - 1) - DAY) for n in range(1, 9)]
    found, first = [], firsts(YEAR)[day]
    for _ in range(12):
        found.append((month_before(first), first - DAY))
        first = month_before(first)
    return found


@pytest.mark.parametrize("which", [Which.WEEKLY, Which.MONTHLY])
def test_how_dates_were_kept_and_the_columns_of_the_chart(
    answered_year: Year, which: Which
) -> None:
    for said in digests(answered_year, which):
        digest = said.section.digest
        assert digest
        counted = [said.account.rate(*span, said.at) for span in spans(which, said.day)]
        assert (digest.rate.due, digest.rate.kept) == counted[0]
        assert (digest.rate_before.due, digest.rate_before.kept) == counted[1]
        assert [(bar.due, bar.kept) for bar in reversed(digest.bars)] == counted


@pytest.mark.parametrize("which", [Which.WEEKLY, Which.MONTHLY])
def test_each_department_by_itself(answered_year: Year, which: Which) -> None:
    for said in digests(answered_year, which):
        digest, overdue = said.section.digest, said.account.overdue(said.at)
        assert digest
        names = {item.department_name: item.department for item in said.section.items}
        for line in digest.lines:
            late = [
                days for key, days in overdue.items() if key.endswith(f"/{names.get(line.name)}")
            ]
            assert (line.overdue, line.longest) == (len(late), max(late, default=0))
        assert sum(line.overdue for line in digest.lines) == len(overdue)
        assert sum(line.rate.late for line in digest.lines) == digest.rate.late


def test_the_last_answer_of_each_item(answered_year: Year) -> None:
    answered = 0
    for which in (Which.WEEKLY, Which.ACCOUNT):
        for said in digests(answered_year, which):
            for item in said.section.items:
                assert told(item) == said.account.last(item.assignment, said.at)
                answered += item.last is not None
    assert answered > 50


def told(item: Item) -> tuple[str, str, str] | None:
    last = item.last
    return (last.who, last.act, last.said) if last else None


def test_a_departments_account_tells_all_that_it_did_and_owes(answered_year: Year) -> None:
    found = list(digests(answered_year, Which.ACCOUNT))

    assert found
    for said in found:
        digest, items = said.section.digest, said.section.items
        assert digest
        [department] = {item.department for item in items} or {""}
        if not department:
            continue
        first, last = spans(Which.ACCOUNT, said.day)[0]
        account = said.account
        late = {key for key in account.overdue(said.at) if key.endswith(f"/{department}")}
        done = account.handed_in(first, last, said.at, department)
        assert {i.assignment for i in items} == late | done | account.coming(said.at, department)
        assert (digest.rate.due, digest.rate.kept) == account.rate(first, last, said.at, department)


def test_the_workbook_holds_the_same_rows(answered_year: Year) -> None:
    said = list(digests(answered_year, Which.MONTHLY))[-1]
    caught = next(
        one
        for one in answered_year.caught
        if one.recipient == said.letter.recipient
        and one.headers["X-Duban-Letter"].split("/")[1] == said.day.isoformat()
    )

    mail = message_from_bytes(caught.mime, policy=policy.default)
    [file] = mail.iter_attachments()
    sheet = load_workbook(BytesIO(file.get_content()))["逾期事项"]
    rows = {
        row[-1].value: (row[3].value.date(), row[4].value) for row in sheet.iter_rows(min_row=2)
    }
    assert rows == {item.assignment: (item.due, item.days) for item in said.section.items}


def test_nobody_is_mailed_twice_in_a_morning(answered_year: Year) -> None:
    keys = [letter.key for letter in answered_year.letters if letter.kind is not Kind.RECEIPT]

    assert len(keys) == len(set(keys))
