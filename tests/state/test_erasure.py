"""A person's data: what is found, what is erased, what stays; and the chain holds."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from duban.account import Role
from state import accounts, erasure, personal, seals
from state.database import Database
from state.notes import note_act
from state.tables import account, assignment, delivery, event, letter, letter_body, letter_item
from tests.state.test_seals import AT, KEY, seal_all, walk

NAME, ADDRESS = "张三", "zhang@shui.example"
NOW = AT + timedelta(365)


def write(database: Database, number: int, recipient: str, at: datetime = AT) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(letter).values(
                id=number,
                key=f"ceshi/{number}/{recipient}",
                office="ceshi",
                day=at.date(),
                kind="notice",
                recipient=recipient,
                recipient_name=NAME,
                departments="",
                subject="通知",
                message_id=f"<{number}@x>",
                written_at=at,
            )
        )
        connection.execute(
            insert(delivery).values(
                letter_id=number, office="ceshi", state="accepted", try_at=at, reply=recipient
            )
        )
        connection.execute(
            insert(letter_body).values(letter_id=number, sender="a@b.c", mime=b"To: Zhang")
        )


def note(database: Database, actor: str, reason: str, at: datetime = AT) -> None:
    with database.writing() as connection:
        note_act(connection, "ceshi", "report", actor, "link 10.0.0.8", reason, at)


def erase(database: Database, *words: str) -> erasure.Erased:
    with database.writing() as connection:
        return erasure.erase(connection, words, (KEY,), at=NOW)


def found(database: Database, *words: str) -> dict[str, int]:
    with database.reading() as connection:
        rows = personal.about(connection, words)
    return {kind: len(some) for kind, some in rows.items() if some}


def test_letters_lines_and_accounts_of_a_person_are_found(database: Database) -> None:
    write(database, 1, ADDRESS.upper())
    note(database, f"{NAME}（自称，市水利局）", "已办")
    note(database, "王主任", f"转给{NAME}")
    note(database, "张三丰（自称）", "别人")
    with database.writing() as connection:
        accounts.add(
            connection,
            "zhangsan",
            NAME,
            frozenset({Role.MANAGER}),
            frozenset(),
            "",
            at=AT,
            by="x",
        )

    assert found(database, NAME) == {"letters": 1, "events": 2, "accounts": 1}
    assert found(database, ADDRESS) == {"letters": 1}


def test_an_export_tells_no_password(database: Database) -> None:
    with database.writing() as connection:
        accounts.add(
            connection, "zhang", NAME, frozenset(), frozenset(), "$argon2id$", at=AT, by="x"
        )

    with database.reading() as connection:
        (row,) = personal.about(connection, [NAME])["accounts"]

    assert not {"password", "totp", "earlier"} & set(row)


def test_an_old_letter_keeps_its_subject_and_loses_person_and_body(database: Database) -> None:
    write(database, 1, ADDRESS)

    done = erase(database, NAME)

    with database.reading() as connection:
        row = connection.execute(select(letter)).one()
        body = connection.scalar(select(letter_body.c.mime))
        reply = connection.scalar(select(delivery.c.reply))
    assert (done.done["letters"], row.subject, body) == (1, "通知", erasure.BODY)
    assert row.recipient.endswith("@erased.invalid")
    assert ADDRESS not in f"{row.key} {row.recipient} {row.recipient_name} {reply}"


def test_erased_lines_leave_stubs_that_the_chain_holds(database: Database) -> None:
    note(database, f"{NAME}（自称）", "家里有事")
    note(database, "王主任", "办结")
    seal_all(database)

    done = erase(database, NAME)

    walked = walk(database)
    with database.reading() as connection:
        row = connection.execute(select(event).order_by(event.c.id)).first()
    assert row
    assert (done.done["events"], walked.erased, walked.breaks) == (1, 1, [])
    assert (row.act, row.via, row.actor[:7]) == ("report", "", "erased-")
    assert "家里有事" not in row.reason


def test_a_stub_that_is_changed_afterwards_is_found(database: Database) -> None:
    note(database, NAME, "家里有事")
    seal_all(database)
    erase(database, NAME)

    with database.writing() as connection:
        connection.execute(update(event).values(act="complete"))

    assert [one.why for one in walk(database).breaks] == [seals.CHANGED]


def test_nothing_is_erased_of_a_seal_that_does_not_hold(database: Database) -> None:
    note(database, NAME, "家里有事")
    seal_all(database)
    with database.writing() as connection:
        connection.execute(update(event).values(reason="改过"))

    with pytest.raises(erasure.BrokenChain, match="第 1 号"):
        erase(database, NAME)


def test_a_line_sealed_with_an_earlier_secret_is_erased_all_the_same(database: Database) -> None:
    note(database, NAME, "家里有事")
    seal_all(database, b"o" * 32)

    with database.writing() as connection:
        erasure.erase(connection, [NAME], (KEY, b"o" * 32), at=NOW)

    assert walk(database, "", KEY, b"o" * 32).breaks == []


def test_what_is_younger_than_half_a_year_stays(database: Database) -> None:
    write(database, 1, ADDRESS, NOW - timedelta(180))
    note(database, NAME, "新的", NOW - timedelta(180))
    seal_all(database)

    done = erase(database, NAME)

    assert (done.done["letters"], done.kept["letters"]) == (0, 1)
    assert (done.done["events"], done.kept["events"]) == (0, 1)


@pytest.mark.parametrize(("standing", "kept"), [("notified", 1), ("completed", 0)])
def test_what_belongs_to_an_open_item_stays(database: Database, standing: str, kept: int) -> None:
    write(database, 1, ADDRESS)
    with database.writing() as connection:
        _item(connection, standing)
        connection.execute(
            insert(letter_item).values(
                letter_id=1,
                assignment_id=1,
                kind="notice",
                stage="notice",
                version=1,
                due=date(2026, 3, 7),
            )
        )

    assert erase(database, NAME).kept["letters"] == kept


def _item(connection: Connection, standing: str) -> None:
    connection.execute(
        insert(assignment).values(
            id=1,
            key="ceshi/a/2026/b/c",
            office="ceshi",
            activity="a",
            year=2026,
            step="b",
            department="c",
            duty="lead",
            answer="报送",
            ladder="standard",
            certainty="rule",
            state=standing,
            version=1,
        )
    )


def test_an_account_in_use_stays_until_it_is_disabled(database: Database) -> None:
    with database.writing() as connection:
        for login in ("used", "left"):
            accounts.add(connection, login, NAME, frozenset(), frozenset(), "x", at=AT, by="x")
        connection.execute(update(account).where(account.c.login == "left").values(disabled_at=AT))

    done = erase(database, NAME)

    with database.reading() as connection:
        rows = connection.execute(select(account).order_by(account.c.id)).all()
    assert (done.done["accounts"], done.kept["accounts"]) == (1, 1)
    assert rows[0].login == "used"
    assert (rows[1].name, rows[1].password) == ("已删除", "")


def test_erasing_twice_erases_nothing_more(database: Database) -> None:
    write(database, 1, ADDRESS)
    note(database, NAME, "家里有事")
    seal_all(database)
    erase(database, NAME, ADDRESS)

    again = erase(database, NAME, ADDRESS)

    assert (sum(again.done.values()), found(database, NAME, ADDRESS)) == (0, {})
