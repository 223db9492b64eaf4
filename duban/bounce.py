"""What a mail in the office's own mailbox turns out to be: claims, before anybody believes them."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What a mail server reports of one recipient (RFC 3464, section 2.3.3)."""

    FAILED = "failed"
    """Given up, whether the fault is permanent (5.x.x) or the time ran out (4.x.x)."""
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    """Handed on to a server that sends no reports."""
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one recipient."""

    fate: Fate
    recipients: tuple[str, ...]
    """Every address by which the report names this one recipient, in lower case."""
    status: str = ""
    """`5.1.1` (RFC 3463); empty when the report has none."""
    diagnostic: str = ""
    """The refusing server's words in one printable line."""

    @property
    def words(self) -> str:
        """`5.1.1 550 no such user`, the status said once."""
        if self.status in self.diagnostic:
            return self.diagnostic or "对方服务器没有说明原因"
        return f"{self.status} {self.diagnostic}".strip()


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery status notification, standard or not."""

    bounces: tuple[Bounce, ...]
    message_id: str = ""
    """Of the mail that it is about, in angle brackets; empty when it was not returned."""
    envid: str = ""
    """What was said as ENVID when that mail was handed over (RFC 3461, section 4.4)."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """An answer that no person wrote and that says nothing of delivery: to be ignored."""

    why: str


@dataclass(frozen=True, slots=True)
class Personal:
    """Anybody's own mail, newsletters too: not ours to touch."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A report that cannot be understood or is not about a letter of ours: to be quarantined."""

    why: str


Reading = Report | Automatic | Personal | Foreign
