"""A real mail server: what it takes arrives once and whole, and what it gives back is understood."""

import asyncio
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.post import Server
from adapters.settings import BounceSettings, Source
from flows.bounces import bounces
from flows.delivery import deliver
from flows.premises import Site, use
from state.tables import delivery, letter, letter_body
from tests.faults import postfix
from tests.faults.ground import PATIENT, START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.postfix import Postfix
from tests.smtp_script import Script

pytestmark = pytest.mark.skipif(bool(postfix.reason()), reason=str(postfix.reason()))
MESSAGE_ID = re.compile(rb"^Message-ID: (<.*>)$", re.M)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = open_site(sqlite(tmp_path), connections=3)
    yield made
    made.database.close()


def towards(site: Site, port: int) -> None:
    site.server = Server("127.0.0.1", port, tls="none", timeouts=PATIENT)


def rows(site: Site) -> dict[str, tuple]:
    """By the recipient's domain, one a domain; state, code, reply, message_id, mime."""
    query = (
        select(letter.c.recipient, delivery.c.state, delivery.c.code, delivery.c.reply)
        .add_columns(letter.c.message_id, letter_body.c.mime)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .join(letter_body, letter_body.c.letter_id == letter.c.id)
    )
    with site.database.reading() as connection:
        return {row.recipient: row for row in connection.execute(query)}


async def test_every_letter_arrives_once_and_whole(site: Site) -> None:
    fill(site.database, 60, at=START, domain="ok.test")
    with Postfix() as server:
        towards(site, server.port)
        await deliver(site, START)
        arrived = await asyncio.to_thread(server.await_mails, server.inbox, 60)

    sent = {row.message_id: row.mime for row in rows(site).values()}
    assert {row.state for row in rows(site).values()} == {"accepted"}
    assert {name: body(mime) for name, mime in sent.items()} == {
        MESSAGE_ID.search(mail)[1].decode(): body(mail) for mail in arrived
    }
    assert len(arrived) == 60


def body(mail: bytes) -> str:
    return sha256(mail.replace(b"\r\n", b"\n").partition(b"\n\n")[2]).hexdigest()


async def test_refusals_and_what_comes_back_are_in_the_account(site: Site, tmp_path: Path) -> None:
    for number, domain in enumerate(("ok", "no", "grey", "gone", "later", "relay")):
        fill(site.database, 1, at=START, first=number, domain=f"{domain}.test")
    async with Script(rcpt="552 5.2.2 mailbox full") as hop:
        with Postfix(relay=hop.port) as server:
            towards(site, server.port)
            await deliver(site, START)
            at_first = states(site)
            await asyncio.to_thread(server.await_mails, server.maildir, 3)
            site.settings.bounces = BounceSettings(
                source=Source.MAILDIR, path=server.maildir, quarantine=tmp_path / "quarantine"
            )
            use(site)
            looked = await bounces(START)

    accepted = dict.fromkeys(("ok", "gone", "later", "relay"), "accepted")
    assert at_first == {**accepted, "no": "failed", "grey": "queued"}
    assert states(site) == {**at_first, "gone": "failed", "relay": "failed"}
    assert looked.counts == {"failed": 2, "delayed": 1}
    by_domain = {name.partition("@")[2]: row for name, row in rows(site).items()}
    assert "unknown user" in by_domain["gone.test"].reply
    assert (by_domain["relay.test"].code, by_domain["no.test"].code) == (552, 550)
    assert "5.2.2 mailbox full" in by_domain["relay.test"].reply


def states(site: Site) -> dict[str, str]:
    found = rows(site).items()
    return {name.partition("@")[2].removesuffix(".test"): row.state for name, row in found}
