"""Sealing as a flow, and the letter that tells the head."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.premises import use
from flows.sealing import PURPOSE, seal
from state import outbox, seals
from state.tables import letter, letter_body
from tests.sitting import Sitting, at, sitting

AUDITOR = "audit@jijian.ceshi.example"
MORNING = "2026-03-02T09:00"


@pytest.fixture
async def one(database_url: str, tmp_path: Path):
    async with sitting(database_url) as made:
        console = made.site.settings.console
        console.secret_file = tmp_path / "secret"
        console.audit_to = AUDITOR
        yield made


async def run(one: Sitting, when: str = MORNING):
    use(one.site)
    return await seal(at(when))


def letters(one: Sitting) -> list[tuple[str, str]]:
    with one.site.database.reading() as connection:
        rows = connection.execute(select(letter).where(letter.c.kind == "seal"))
        return [(str(row.day), row.recipient) for row in rows]


async def test_what_is_new_is_sealed_and_the_chain_holds(one: Sitting) -> None:
    first = await run(one)
    again = await run(one)

    with one.site.database.reading() as connection:
        found = seals.walk(connection, one.site.secret.derived(PURPOSE))
    assert (first.events, again.events, found.events) == (found.events, 0, first.events)
    assert first.events > 0
    assert found.breaks == []


async def test_the_head_is_mailed_once_a_day(one: Sitting) -> None:
    for when in (MORNING, "2026-03-02T09:05", "2026-03-02T15:00", "2026-03-03T09:00"):
        await run(one, when)

    assert letters(one) == [("2026-03-02", AUDITOR), ("2026-03-03", AUDITOR)]


@pytest.mark.parametrize("when", ["2026-03-01T09:00", "2026-03-02T06:00", "2026-03-02T20:00"])
async def test_outside_of_office_hours_nobody_is_told(one: Sitting, when: str) -> None:
    done = await run(one, when)

    assert (done.told, letters(one)) == ("", [])
    assert done.events > 0


async def test_without_an_address_nobody_is_told(one: Sitting) -> None:
    one.site.settings.console.audit_to = ""

    await run(one)

    assert letters(one) == []


async def test_the_letter_names_the_code_that_verifies(one: Sitting) -> None:
    await run(one)

    with one.site.database.reading() as connection:
        head = seals.last(connection)
        mime = connection.scalar(
            select(letter_body.c.mime).join(letter).where(letter.c.kind == "seal")
        )
    assert head
    mail = message_from_bytes(mime, policy=policy.default)
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert head.code in part.get_content()
    assert "封存至第1号" in str(mail["Subject"])


async def test_the_letter_goes_out_and_keeps_nobody_from_his_own(one: Sitting) -> None:
    one.site.settings.console.audit_to = "liaison@shuili.ceshi.example"
    await run(one)

    with one.site.database.reading() as connection:
        mailed = outbox.mailed(connection, "ceshi", at(MORNING).date())
    await one.tick("2026-03-02T09:05")

    assert mailed == set()
    assert one.recipients().count("liaison@shuili.ceshi.example") == 2


async def test_a_letter_of_yesterday_gives_way_to_that_of_today(one: Sitting) -> None:
    await run(one)

    await run(one, "2026-03-03T09:00")
    await one.tick("2026-03-03T09:01")

    assert one.recipients().count(AUDITOR) == 1


async def test_before_anything_was_applied_the_account_is_sealed_all_the_same(
    database_url: str, tmp_path: Path
) -> None:
    async with sitting(database_url) as made:
        made.site.settings.console.secret_file = tmp_path / "secret"
        made.site.settings.console.audit_to = AUDITOR
        with made.site.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM applied")

        done = await run(made)

    assert (done.events > 0, done.told) == (True, "")
