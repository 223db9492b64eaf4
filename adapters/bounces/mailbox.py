"""Where mail comes back to: what a mailbox can do, whichever kind it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from duban.trouble import Trouble


class MailboxTrouble(Trouble):
    """A mailbox cannot be read now; the message says which, why and how to mend it, in Chinese."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it lies in a mailbox."""

    name: str
    """No other mail of that mailbox has it, ever."""
    raw: bytes
    """Its bytes; of a huge one the first LIMIT of them (see adapters/bounces/parts.py)."""
    size: int
    """All its bytes."""


class Memory(Protocol):
    """What is remembered of one mailbox."""

    def stays(self, name: str) -> bool | None:
        """Whether the mail stays where it lies; None when it was never read."""

    def last(self) -> str:
        """The name of the mail that was remembered last; empty when there is none."""


class Mailbox(Protocol):
    """A context manager; raises MailboxTrouble when it is entered, read or written to."""

    @property
    def id(self) -> str:
        """Names the mailbox for good, without a password."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None: ...

    def unread(self, memory: Memory) -> Iterator[Mail]:
        """Mails that were never read. Those that should have been put away, and were not because the
        reader was killed in between, are put away now."""

    def put_away(self, mail: Mail) -> None:
        """Out of people's sight, into a folder of ours; never deleted."""
