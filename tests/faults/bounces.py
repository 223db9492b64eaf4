"""Letters that a real Postfix gives back, read while it writes them, with forged reports among them.

`python -m tests.faults.bounces [NUMBER]` prints how many were matched.
"""

import asyncio
import mailbox
import smtplib
import sys
import tempfile
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select

from adapters.catcher import Catcher
from adapters.post import Server
from adapters.settings import BounceSettings, Source, load_settings
from app.reading import prepare
from duban.book import Book
from flows import applying
from flows.bounces import Looked, bounces
from flows.premises import Site, use
from flows.tick import tick
from state.tables import delivery, event, letter
from tests.books import book, contact, document
from tests.bouncing import mail
from tests.faults.figures import Figures
from tests.postfix import Postfix, program
from tests.sitting import REPOSITORY, at

DOMAIN = "kx.ceshi.example"
SENDER = f"duban@{DOMAIN}"
MORNING, LATER = at("2026-02-14T09:00"), at("2026-02-14T10:00")
REFUSALS = {
    "nouser": "550 5.1.1 no such user here",
    "gone": "551 5.1.6 moved away",
    "full": "552 5.2.2 mailbox is full",
    "expires": "450 4.2.1 try again later",
    "spam": "554 5.7.1 looks like spam",
}
"""By the first part of an address; the last one after the dot. `expires` is given up after a while."""
TAKEN = "taken"
WARNING, LIFETIME = 1, 6
PATIENCE = 240.0
FORGERIES = 10
"""Of each kind."""


@dataclass
class Counts:
    """What became of the letters and of what came back."""

    refused: int = 0
    """Letters that the next server refused or let expire."""
    taken: int = 0
    reports: int = 0
    """Mails that Postfix wrote about them."""
    matched: int = 0
    """Refused letters that stand as failed, each by one event."""
    delays: int = 0
    forged: int = 0
    quarantined: int = 0
    seconds: float = 0
    complaints: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is not as it should be, a line each."""
        missing = self.quarantined != self.forged
        return (*self.complaints, *["forged reports were not quarantined"] * missing)

    def __str__(self) -> str:
        lines = [
            f"letters refused by the next server   {self.refused:6,}",
            f"letters taken by it                  {self.taken:6,}",
            f"reports that Postfix wrote           {self.reports:6,}",
            f"refused letters matched              {self.matched:6,} of {self.refused:,}",
            f"letters of which a delay is known    {self.delays:6,}",
            f"forged reports quarantined           {self.quarantined:6,} of {self.forged:,}",
            f"complaints                           {len(self.complaints):6,}",
            f"seconds                              {self.seconds:6.1f}",
        ]
        return "\n".join(lines + [f"    {one}" for one in self.complaints[:20]])


class Refusing(Catcher):
    """The next server: who is refused depends on the address."""

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        kind = address.split("-")[0]
        if kind in REFUSALS and kind != "spam":
            return REFUSALS[kind]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if envelope.rcpt_tos[0].startswith("spam-"):
            return REFUSALS["spam"]
        return await super().handle_DATA(server, session, envelope)


def measure(folder: Path) -> list[Figures]:
    """As a line of the table of faults: each report is one."""
    if program() is None:
        print("bounces: no Postfix here, or not root", file=sys.stderr)
        return []
    counts = count(folder)
    mails, lost = counts.refused + counts.taken, counts.refused - counts.matched
    faults = counts.reports + counts.forged
    return [Figures("letters that come back", mails, faults, lost, complaints=counts.wrong)]


def count(folder: Path, refused: int = 500) -> Counts:
    """One letter to each of so many who are refused, and to a tenth as many who are not."""
    return asyncio.run(_count(folder, refused))


async def _count(folder: Path, refused: int) -> Counts:
    begun, counts = monotonic(), Counts(refused=refused, taken=refused // 10)
    kinds = list(REFUSALS)
    people = [f"{kinds[n % len(kinds)]}-{n:04}@ceshi.example" for n in range(refused)]
    people += [f"{TAKEN}-{n:04}@ceshi.example" for n in range(counts.taken)]
    async with Refusing() as next_server:
        postfix = Postfix(
            next_server.port, DOMAIN, mailbox="duban", warning=WARNING, lifetime=LIFETIME
        )
        try:
            site = _site(folder, postfix, people)
            await _play(site, postfix, next_server, counts)
        finally:
            postfix.close()
    site.database.close()
    counts.seconds = monotonic() - begun
    return counts


def _site(folder: Path, postfix: Postfix, people: list[str]) -> Site:
    settings = load_settings(
        REPOSITORY, database=f"sqlite:///{folder / 'duban.db'}", seats=folder / "seats"
    )
    settings.bounces = BounceSettings(
        source=Source.MBOX, path=postfix.mailbox, quarantine=folder / "quarantine"
    )
    settings.mail.breaker = 0
    site = Site(settings, server=Server("127.0.0.1", postfix.port, tls="none"))
    prepare(site)
    applied = _book(people)
    applying.apply(site, applied, applying.plan(site, applied, MORNING), MORNING, "王主任")
    use(site)
    return site


def _book(people: list[str]) -> Book:
    """A department for each address; all of them are told of one day."""
    names = [f"单位{number}" for number in range(len(people))]
    years = document()["branches"][0]["years"]
    day = {"activity": "世界水日", "lead": names[0], "support": "全体", "steps": "day"}
    return book(
        office={**document()["branches"][0]["office"], "brake": 1_000_000, "sender": SENDER},
        departments=[
            {"id": f"d{number}", "name": f"测试市{name}", "short": name, "groups": ["全体"]}
            for number, name in enumerate(names)
        ],
        contacts=[contact(name, who) for name, who in zip(names, people, strict=True)],
        years=[{**years[0], "activities": [day]}],
    )


async def _play(site: Site, postfix: Postfix, next_server: Refusing, counts: Counts) -> None:
    """Send, and read what comes back as it comes; then forge, and read again."""
    ticked = await tick(MORNING)
    sent = counts.refused + counts.taken
    if ticked.delivered.accepted != sent:
        counts.complaints.append(f"{ticked.delivered.accepted} of {sent} handed over")
    until = monotonic() + PATIENCE
    while _failed(site) < counts.refused and monotonic() < until:
        if postfix.mailbox.exists():
            _complain(counts, await bounces(LATER))
        await asyncio.sleep(0.2)
    _check(site, next_server, counts)
    counts.reports = _mails(postfix)
    forged = _forge(site, postfix)
    counts.forged = len(forged)
    with smtplib.SMTP("127.0.0.1", postfix.port) as post:
        for one in (
            *forged,
            mail("我出差了", Subject="自动回复: x", Auto_Submitted="auto-replied"),
        ):
            post.sendmail("", [SENDER], one)
    await _arrived(postfix, counts.reports + len(forged) + 1, until)
    before = _account(site)
    looked = await bounces(LATER)
    _complain(counts, looked)
    counts.quarantined = looked.counts["foreign"]
    if looked.counts != {"foreign": len(forged), "automatic": 1}:
        counts.complaints.append(f"forged: {dict(looked.counts)}")
    if _account(site) != before:
        counts.complaints.append("forged reports changed the account")
    if (await bounces(LATER)).lines:
        counts.complaints.append("a mail was read twice")


async def _arrived(postfix: Postfix, number: int, until: float) -> None:
    """Until so many mails lie in the mailbox; Postfix tells nobody."""
    for _ in range(int(PATIENCE * 10)):
        if _mails(postfix) >= number or monotonic() > until:
            return
        await asyncio.sleep(0.1)


def _complain(counts: Counts, looked: Looked) -> None:
    counts.complaints += looked.troubles
    if looked.again:
        counts.complaints.append(f"{looked.again} mails read twice")


def _check(site: Site, next_server: Refusing, counts: Counts) -> None:
    """Every refused letter failed, once, for its own reason; no other did."""
    account = _account(site)
    for who, (state, reply, acts) in account.items():
        kind = who.split("-")[0]
        said = REFUSALS.get(kind, "").split()
        good = state == "failed" and all(word in reply for word in said[:2]) and acts["bounce"] == 1
        if kind == TAKEN:
            good = state == "accepted" and not acts
        else:
            counts.matched += good
        counts.delays += bool(acts["delay"])
        if not good:
            counts.complaints.append(f"{who}: {state} {reply} {dict(acts)}")
    if {one.recipient for one in next_server.caught} != {w for w in account if TAKEN in w}:
        counts.complaints.append("the next server took other letters than it should")


def _account(site: Site) -> dict[str, tuple[str, str, Counter[str]]]:
    """By recipient: the letter's standing, its reply, and its events by act."""
    letters = select(letter.c.id, letter.c.recipient, delivery.c.state, delivery.c.reply).join(
        delivery, delivery.c.letter_id == letter.c.id
    )
    with site.database.reading() as connection:
        rows = connection.execute(letters).all()
        events = connection.execute(
            select(event.c.letter_id, event.c.act).where(event.c.actor == "bounces")
        ).all()
    acts: dict[int, Counter[str]] = {row.id: Counter() for row in rows}
    for one in events:
        acts[one.letter_id][one.act] += 1
    return {row.recipient: (row.state, row.reply or "", acts[row.id]) for row in rows}


def _failed(site: Site) -> int:
    query = select(delivery.c.letter_id).where(delivery.c.state == "failed")
    with site.database.reading() as connection:
        return len(connection.execute(query).all())


def _mails(postfix: Postfix) -> int:
    if not postfix.mailbox.exists():
        return 0
    with closing(mailbox.mbox(postfix.mailbox, create=False)) as box:
        return len(box)


def _forge(site: Site, postfix: Postfix) -> list[bytes]:
    """Real reports, changed: about somebody else's letter, about none of ours, without any name."""
    with site.database.reading() as connection:
        query = select(letter.c.recipient, letter.c.message_id).where(
            letter.c.recipient.startswith(TAKEN)
        )
        others = connection.execute(query.limit(FORGERIES)).all()
        real = connection.execute(
            select(letter.c.recipient, letter.c.message_id).where(
                letter.c.recipient.startswith("nouser")
            )
        ).all()
    with closing(mailbox.mbox(postfix.mailbox, create=False)) as box:
        reports = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118
    forged = []
    for (other, other_id), (who, id) in zip(others, real, strict=False):
        one = next(report for report in reports if id.encode() in report)
        mine, theirs = _uuid(id), _uuid(other_id)
        forged += [
            one.replace(mine, theirs),  # a letter that was taken, but not its recipient
            one.replace(who.encode(), other.encode()),  # its recipient, but another letter
            one.replace(mine, str(uuid.uuid4()).encode()),
            one.replace(mine, theirs, 1).replace(who.encode(), other.encode()),  # ENVID only
            one.replace(b"Message-ID:", b"X-Id:").replace(b"Original-Envelope-Id:", b"X-Env:"),
        ]
    return forged


def _uuid(message_id: str) -> bytes:
    return message_id.strip("<>").partition("@")[0].encode()


def main(number: str = "500") -> int:
    """1 when a letter was not matched, or anything else is not as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        counts = count(Path(folder), int(number))
    print(counts)
    return 1 if counts.wrong or counts.matched != counts.refused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
