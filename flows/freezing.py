"""Freezing: letters become the bytes that will go out, with their Message-ID and Date."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from adapters import links
from adapters.enclosures import Enclosures
from adapters.letters import LetterError, Letters
from adapters.mime import Mail, build
from adapters.mimeparts import BadHeader
from adapters.secret import NoSecret
from duban.desk import Desk
from duban.letter import LEADERS, Kind, Letter
from duban.morning import Morning
from duban.office import Office
from flows.premises import Site, local
from state.bundles import Frozen

LONGEST_DOMAIN = 80
OWN = (Kind.CONFIRM, Kind.RETURNED, Kind.WORK)
"""For the office itself, which answers at its console."""


def freeze(
    site: Site, words: Letters, desk: Desk, morning: Morning, at: datetime
) -> tuple[list[Frozen], tuple[str, ...]]:
    """Every letter of the morning as bytes, and the faults of those that could not be written.

    One letter's fault never stops the rest: its items stay due.
    """
    frozen: list[Frozen] = []
    if not morning.letters:
        return [], ()
    url, faults = _console(site)
    enclosures = Enclosures()
    for letter in morning.letters:
        try:
            frozen.append(_freeze(site, words, desk, letter, at, url, enclosures))
        except (LetterError, BadHeader) as fault:
            faults.append(f"{letter.recipient}：{fault}")
    return frozen, tuple(faults)


def _console(site: Site) -> tuple[str, list[str]]:
    """Where links lead; without a secret letters go out all the same, and have none."""
    url = site.settings.console.url
    try:
        if url:
            _ = site.secret
    except NoSecret as fault:
        return "", [f"信里没有带办理链接：{fault}"]
    return url, []


@contextmanager
def only_new_garbage() -> Iterator[None]:
    """The collector looks at what is made in here only, not at the whole book again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _freeze(
    site: Site,
    words: Letters,
    desk: Desk,
    letter: Letter,
    at: datetime,
    url: str,
    enclosures: Enclosures,
) -> Frozen:
    office = desk.office
    message_id = message_id_of(office, letter.key, at)
    link = url and f"{url}/{_page(site, letter, message_id)}"
    rendered = words.render(letter, office, link)
    pictures, files = enclosures.of(letter, office) if letter.periods else ((), ())
    mail = Mail(
        message_id=message_id,
        date=local(office, at),
        sender_name=office.short,
        sender=office.sender,
        recipient_name=letter.recipient_name,
        recipient=letter.recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        kind=letter.kind.value,
        letter_id=letter.key,
        pictures=pictures,
        files=files,
    )
    return Frozen(letter, rendered.subject, message_id, office.sender, build(mail))


def _page(site: Site, letter: Letter, message_id: str) -> str:
    """Which page of the console the letter's link leads to; its first section decides."""
    if letter.kind in OWN:
        return f"o/{letter.office}/today"
    if phase := letter.sections[0].phase:
        return f"o/{letter.office}/programmes/{phase.programme}"
    until = letter.day + timedelta(site.settings.console.link_days)
    token = links.make(site.secret, message_id, until)
    return f"{'b' if letter.kind in LEADERS else 'r'}/{token}"


def message_id_of(office: Office, key: str, at: datetime) -> str:
    """The same for the same letter's key and instant, within the 120 characters that the outbox keeps.

    Its right side need only be ours (RFC 5322, 3.6.4): a very long domain loses its first labels.
    """
    name = UUID(bytes=blake2b(f"{key}|{at.isoformat()}".encode(), digest_size=16).digest())
    domain = office.sender.rpartition("@")[2]
    while len(domain) > LONGEST_DOMAIN:
        domain = domain.partition(".")[2] or domain[-LONGEST_DOMAIN:]
    return f"<{name}@{domain}>"
