"""Letters that come back: believed when they are ours, written down once, told to the office once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Row, select

from adapters.post import Server
from adapters.settings import BounceSettings, Source
from duban.completion import Act, State
from flows.bounces import Looked, bounces
from flows.premises import use
from state import assignments
from state.tables import delivery, event, letter, mail_read
from tests.books import book, contact, document
from tests.bouncing import ZHANG, letter_head, mail, recipient, report
from tests.sitting import Sitting, at, sitting

NOTICE, LATER = "2026-02-14T09:00", "2026-02-14T10:00"
LEAD, SUPPORT = "liaison@shuili.ceshi.example", "liaison@kexie.ceshi.example"
PLAN = "ceshi/shui/2026/plan/shuili"
REFUSAL = "550 5.1.1 <liaison@shuili.ceshi.example>: User unknown"


@dataclass
class Bouncing:
    """A sitting whose first letters are out, and a Maildir to which mail comes back."""

    one: Sitting
    path: Path

    def letter(self, address: str = LEAD) -> Row:
        query = select(letter, delivery).join(delivery, delivery.c.letter_id == letter.c.id)
        with self.one.site.database.reading() as connection:
            return connection.execute(query.where(letter.c.recipient == address)).first()

    def events(self) -> list[tuple[str, str | None, str]]:
        with self.one.site.database.reading() as connection:
            rows = connection.execute(
                select(event).where(event.c.actor == "bounces").order_by(event.c.id)
            )
            return [(row.act, row.to_state, row.reason) for row in rows]

    def returned(self, about: str = LEAD, envid: str = "", **said: str) -> bytes:
        """A report about the letter to `about`; `said`: its recipient's fields."""
        found = self.letter(about)
        fields = {"final": f"rfc822; {about}", "diagnostic": f"smtp; {REFUSAL}", **said}
        head = letter_head(found.message_id, about)
        return report(recipient(**fields), returned=head, envid=envid)

    def arrives(self, *mails: bytes) -> None:
        for one in mails:
            number = len(list(self.path.rglob("*.mx*")))
            (self.path / "new" / f"{number}.mx").write_bytes(one)

    async def read(self, *mails: bytes, when: str = LATER) -> Looked:
        self.arrives(*mails)
        use(self.one.site)
        return await bounces(at(when))

    def left(self) -> list[bytes]:
        return [
            file.read_bytes() for part in ("new", "cur") for file in (self.path / part).iterdir()
        ]

    def quarantine(self) -> list[bytes]:
        folder = self.one.site.settings.bounces.quarantine
        return [file.read_bytes() for file in sorted(folder.glob("*.eml"))]


@pytest.fixture
def bouncing(database_url: str, tmp_path: Path):
    @asynccontextmanager
    async def make(applied=None, tick: str = NOTICE) -> AsyncIterator[Bouncing]:
        for part in ("new", "cur", "tmp"):
            (tmp_path / "mail" / part).mkdir(parents=True)
        async with sitting(database_url, applied) as one:
            one.site.settings.bounces = BounceSettings(
                source=Source.MAILDIR, path=tmp_path / "mail", quarantine=tmp_path / "quarantine"
            )
            await one.tick(tick)
            yield Bouncing(one, tmp_path / "mail")

    return make


async def test_a_returned_letter_failed_with_the_servers_words(bouncing) -> None:
    async with bouncing() as there:
        looked = await there.read(there.returned())

        row = there.letter()
        assert (row.state, row.code, row.reply) == ("failed", 550, f"退信：{REFUSAL}")
        assert there.events() == [("bounce", "failed", REFUSAL)]
        assert looked.counts == {"failed": 1}
        assert there.letter(SUPPORT).state == "accepted"
        assert there.left() == []
        assert there.quarantine() == []


async def test_a_letter_that_expired_on_its_way_failed_too(bouncing) -> None:
    async with bouncing() as there:
        await there.read(there.returned(status="4.4.1", diagnostic="smtp; connection timed out"))

        row = there.letter()
        assert (row.state, row.code, row.reply) == (
            "failed",
            None,
            "退信：4.4.1 connection timed out",
        )


async def test_the_same_report_read_twice_changes_nothing(bouncing, tmp_path) -> None:
    async with bouncing() as there:
        raw = there.returned()
        await there.read(raw)
        mbox = tmp_path / "mbox"
        mbox.write_bytes(b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n" + raw + b"\n")

        again = await there.read(raw)
        use(there.one.site)
        brought = await bounces(at(LATER), str(mbox))
        other = await there.read(raw.replace(b"4DF1A2", b"5E0A77"))

        assert (again.lines, again.again) == ([], 1)
        assert (brought.lines, brought.again) == ([], 1)
        assert other.counts == {"failed": 1}
        assert there.events() == [("bounce", "failed", REFUSAL)]


@pytest.mark.parametrize(
    ("action", "act"),
    [
        ("delayed", "delay"),
        ("delivered", "deliver"),
        ("relayed", "deliver"),
        ("expanded", "deliver"),
    ],
)
async def test_what_is_no_failure_is_only_written_down(bouncing, action, act) -> None:
    async with bouncing() as there:
        raw = there.returned(action=action, status="4.4.1", diagnostic="smtp; 451 later")
        await there.read(raw, raw)

        assert there.letter().state == "accepted"
        assert there.events() == [(act, None, "4.4.1 451 later")]


async def test_the_envid_alone_names_the_letter(bouncing) -> None:
    async with bouncing() as there:
        envid = there.letter().message_id.strip("<>").partition("@")[0]
        raw = report(recipient(f"rfc822; {LEAD.upper()}"), envid=envid.upper(), returned="X: y\n")

        await there.read(raw)

        assert there.letter().state == "failed"


async def test_a_forwarded_letter_is_known_by_its_original_recipient(bouncing) -> None:
    async with bouncing() as there:
        await there.read(
            there.returned(final="rfc822; home@else.example", original=f"rfc822;{LEAD}")
        )

        assert there.letter().state == "failed"


async def test_forged_and_foreign_reports_are_kept_and_change_nothing(bouncing) -> None:
    async with bouncing() as there:
        mid = there.letter().message_id
        forged = {
            "收件人对不上": there.returned(final=f"rfc822; {SUPPORT}"),
            "不是这里寄出的信": there.returned().replace(mid.encode(), b"<1@kx.ceshi.example>"),
            "没有带回原信": there.returned().replace(b"Message-ID:", b"X-Was:"),
            "不是同一封信": there.returned(envid="0b9a3ad6-5f0e-5d6e-9a77-0f3a8f3d2b11"),
            "不是这里寄出的信：0": report(
                envid="0b9a3ad6-5f0e-5d6e-9a77-0f3a8f3d2b12", returned="X: y\n"
            ),
            "看不出收件人": there.returned(action="odd").replace(f"<{ZHANG}>".encode(), b"him"),
        }

        looked = await there.read(*forged.values())

        notes = [one.note for one in looked.lines]
        assert [why for why, note in zip(forged, notes, strict=True) if why not in note] == []
        assert sorted(there.quarantine()) == sorted(forged.values())
        assert there.letter().state == "accepted"
        assert there.events() == []
        assert there.left() == []


async def test_automatic_answers_are_put_away_and_peoples_mail_stays(bouncing) -> None:
    async with bouncing() as there:
        hello = mail("收到", In_Reply_To=there.letter().message_id)
        looked = await there.read(mail("x", Subject="自动回复: 通知"), hello)
        again = await there.read()

        assert looked.counts == {"automatic": 1, "personal": 1}
        assert there.left() == [hello]
        assert again.lines == []
        assert there.events() == []
        assert there.quarantine() == []


async def test_an_answered_item_stays_answered(bouncing) -> None:
    async with bouncing() as there:
        there.one.act(PLAN, Act.REPORT, "2026-02-14T09:30")

        await there.read(there.returned())

        with there.one.site.database.reading() as connection:
            assert assignments.find(connection, PLAN).state is State.REPORTED
        assert there.letter().state == "failed"


async def test_a_report_that_is_faster_than_the_account_is_caught_up_with(bouncing) -> None:
    async with bouncing() as there:
        database = there.one.site.database
        sending = delivery.update().where(delivery.c.letter_id == there.letter().letter_id)
        with database.writing() as connection:
            connection.execute(sending.values(state="sending", phase="body"))

        early = await there.read(there.returned())
        before = there.letter().state
        with database.writing() as connection:
            connection.execute(sending.values(state="accepted", phase=None))
        late = await there.read(there.returned())

        assert (early.counts, before) == ({"failed": 1}, "sending")
        assert (late.caught_up, late.again) == (1, 1)
        assert (there.letter().state, there.letter().code) == ("failed", 550)
        assert len(there.events()) == 1


async def test_a_reader_that_was_killed_before_putting_away_does_only_that(bouncing) -> None:
    async with bouncing() as there:
        there.arrives(there.returned())
        use(there.one.site)
        first = await bounces(at(LATER), str(there.path))  # moves nothing, as if it were killed
        lying = there.left()

        again = await there.read()

        assert first.counts == {"failed": 1}
        assert len(lying) == 1
        assert (again.lines, again.again, there.left()) == ([], 0, [])
        assert len(there.events()) == 1


async def test_two_readers_at_once_write_each_report_down_once(bouncing) -> None:
    async with bouncing() as there:
        there.arrives(there.returned(), there.returned(SUPPORT), mail("x"))
        use(there.one.site)

        runs = await asyncio.gather(*(bounces(at(LATER)) for _ in range(4)))

        assert sum(run.counts["failed"] for run in runs) == 2
        assert len(there.events()) == 2
        with there.one.site.database.reading() as connection:
            assert len(connection.execute(select(mail_read)).all()) == 3


async def test_a_mailbox_out_of_reach_is_told_and_read_when_it_is_back(bouncing) -> None:
    async with bouncing() as there:
        there.arrives(there.returned())
        there.path.rename(there.path.with_name("gone"))
        down = await there.read()

        there.path.with_name("gone").rename(there.path)
        up = await there.read()

        assert "不是 Maildir 邮箱" in down.troubles[0]
        assert (up.troubles, up.counts) == ([], {"failed": 1})


async def test_a_copied_database_does_not_touch_the_mailbox(bouncing, tmp_path) -> None:
    async with bouncing() as there:
        there.arrives(there.returned())
        there.one.site.settings.seats = tmp_path / "elsewhere"
        del there.one.site.place

        looked = await there.read()

        assert looked.lines == []
        assert "outbox confirm" in looked.troubles[0]
        assert len(there.left()) == 1


# --- the office is told --------------------------------------------------------------------------

SECRETARY = "secretary@kx.ceshi.example"
PEOPLE = [*document()["branches"][0]["contacts"], contact(None, SECRETARY, "经办人")]
NEXT, AFTER = "2026-02-24T09:00", "2026-02-25T09:00"


def to_secretary(one: Sitting) -> list[str]:
    """Subjects of what the secretary got."""
    with one.site.database.reading() as connection:
        query = select(letter.c.subject).where(letter.c.recipient == SECRETARY)
        return list(connection.scalars(query.order_by(letter.c.id)))


async def test_the_office_is_told_once_in_its_next_letter(bouncing) -> None:
    async with bouncing(book(contacts=PEOPLE)) as there:
        await there.read(there.returned(), there.returned(SUPPORT))

        ticks = [await there.one.tick(when) for when in (LATER, LATER, NEXT, AFTER)]

        assert to_secretary(there.one) == ["【退信】2封信没有送到"]
        caught = [one for one in there.one.catcher.caught if one.recipient == SECRETARY]
        assert len(caught) == 1
        assert not any(unsent for tick in ticks for unsent in tick.written[0].unsent)


async def test_what_comes_back_after_the_days_letter_waits_for_the_next_morning(bouncing) -> None:
    async with bouncing(book(contacts=PEOPLE)) as there:
        await there.read(there.returned())
        await there.one.tick(LATER)
        await there.read(there.returned(SUPPORT), when="2026-02-14T11:00")
        await there.one.tick("2026-02-14T12:00")
        same_day = to_secretary(there.one)

        await there.one.tick(NEXT)

        assert len(same_day) == 1
        assert to_secretary(there.one)[1:] == ["【退信】给市科协联络员的信没有送到"]


async def test_a_letter_that_was_refused_at_once_is_told_like_one_that_came_back(bouncing) -> None:
    async with bouncing(book(contacts=PEOPLE)) as there:
        refused = delivery.update().where(delivery.c.letter_id == there.letter().letter_id)
        with there.one.site.database.writing() as connection:
            connection.execute(refused.values(state="failed", code=550, reply="5.1.1 no such user"))

        await there.one.tick(LATER)

        assert to_secretary(there.one) == ["【退信】给市水利局联络员的信没有送到"]


async def test_a_mail_to_the_office_itself_that_comes_back_causes_no_mail(bouncing) -> None:
    async with bouncing(book(contacts=PEOPLE)) as there:
        await there.read(there.returned())
        await there.one.tick(LATER)
        await there.read(there.returned(SECRETARY), when="2026-02-14T11:00")

        await there.one.tick(NEXT)
        await there.one.tick(AFTER)

        assert there.letter(SECRETARY).state == "failed"
        assert len(to_secretary(there.one)) == 1


async def test_without_anybody_in_charge_the_tick_says_so(bouncing) -> None:
    async with bouncing() as there:
        await there.read(there.returned())

        ticked = await there.one.tick(LATER)

        assert ("1 封退信", "没有在岗的收信人") in ticked.written[0].unsent


async def test_what_the_office_was_to_be_told_is_told_anew_when_that_letter_was_not_sent(
    bouncing,
) -> None:
    async with bouncing(book(contacts=PEOPLE)) as there:
        await there.read(there.returned())
        good, there.one.site.server = there.one.site.server, Server("127.0.0.1", 1, tls="none")
        await there.one.tick(LATER)
        there.one.site.server = good

        ticked = await there.one.tick(NEXT)

        assert ticked.withdrawn == 1
        assert to_secretary(there.one) == ["【退信】给市水利局联络员的信没有送到"] * 2
        assert there.one.recipients().count(SECRETARY) == 1
