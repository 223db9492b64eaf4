"""Freezing: letters become the bytes that will go out, with their Message-ID and Date."""

import uuid
from datetime import datetime

from adapters.letters import LetterError
from adapters.mime import BadHeader, Mail, build
from duban.desk import Desk
from duban.letter import Letter
from duban.morning import Morning
from flows.premises import Site, local
from state.outbox import Frozen

_SPACE = uuid.UUID("6f1ef0a8-6a0e-5b0c-9c57-0c7d7e1f6d5a")


def freeze(
    site: Site, desk: Desk, morning: Morning, at: datetime
) -> tuple[list[Frozen], tuple[str, ...]]:
    """Every letter of the morning as bytes, and the faults of those that could not be written.

    One letter's fault never stops the rest: its items stay due.
    """
    frozen: list[Frozen] = []
    faults: list[str] = []
    for letter in morning.letters:
        try:
            frozen.append(_freeze(site, desk, letter, at))
        except (LetterError, BadHeader) as fault:
            faults.append(f"{letter.recipient}：{fault}")
    return frozen, tuple(faults)


def _freeze(site: Site, desk: Desk, letter: Letter, at: datetime) -> Frozen:
    office = desk.office
    rendered = site.letters.render(letter, office)
    name = uuid.uuid5(_SPACE, f"{letter.key}|{at.isoformat()}")
    message_id = f"<{name}@{office.sender.rpartition('@')[2]}>"
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
    )
    return Frozen(letter, rendered.subject, message_id, office.sender, build(mail))
