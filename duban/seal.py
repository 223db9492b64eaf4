"""Seals (封存): what each line of the account is worth, and how the lines hang together.

A line's *leaf* is an HMAC of everything that it says. A seal's *code* (封存码) is an HMAC of the code before
it, of the seal itself, and of the leaves that it covers. Without the key nobody can change, add or take
away a sealed line unseen. A line that was erased on request keeps its leaf in the place of its words, so
that the chain still holds; what is left of it is signed anew.
"""

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FIELDS = (
    "id",
    "at",
    "office",
    "assignment_id",
    "letter_id",
    "act",
    "actor",
    "from_state",
    "to_state",
    "reason",
    "via",
    "detail",
)
"""What a line says, in the order in which it is signed; one without a detail as before there were any."""
REASON = FIELDS.index("reason")
ERASED = "erased:"
"""Begins the `reason` of an erased line: `erased:<leaf>:<signature of what is left>`, both in hex."""
LETTER = "seal"
"""The kind of the letter that tells the head; it stands beside the kinds of `duban.letter`."""
SIZE = 32
"""Bytes of a leaf."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A link of the chain. Numbers begin with 1 and leave none out."""

    number: int
    at: datetime
    events: int
    code: str


def leaf(key: bytes, line: Sequence[object]) -> bytes:
    """`line`: the values of FIELDS; instants are aware."""
    return hmac.digest(key, _signed(line if line[-1] is not None else line[:-1]), "sha256")


def code(
    key: bytes, before: str, number: int, at: datetime, events: int, leaves: Iterable[bytes]
) -> str:
    """`before`: the code of the seal before; empty for the first one."""
    said = _signed((before, number, at, events)) + b"\n" + b"".join(leaves)
    return hmac.digest(key, said, "sha256").hex()


def is_erased(reason: str) -> bool:
    return reason.startswith(ERASED)


def erased(key: bytes, stub: Sequence[object], kept: bytes) -> str:
    """The `reason` of an erased line. `stub`: what is left of it, whatever its reason; `kept`: its leaf."""
    return f"{ERASED}{kept.hex()}:{_signature(key, stub, kept).hex()}"


def kept_leaf(keys: Iterable[bytes], line: Sequence[object]) -> bytes | None:
    """The leaf that an erased line keeps; None when what is left of it was changed."""
    words = str(line[REASON]).split(":")
    try:
        kept, signature = (bytes.fromhex(word) for word in words[1:])
    except ValueError:
        return None
    good = [hmac.compare_digest(_signature(key, line, kept), signature) for key in keys]
    return kept if any(good) and len(kept) == SIZE else None


def _signature(key: bytes, stub: Sequence[object], kept: bytes) -> bytes:
    said = stub if stub[-1] is not None else stub[:-1]
    left = [value for place, value in enumerate(said) if place != REASON]
    return hmac.digest(key, ERASED.encode() + kept + _signed(left), "sha256")


def _signed(values: Sequence[object]) -> bytes:
    return _WRITE(tuple(values)).encode("ascii")


def _instant(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"not signed: {type(value)}")


_WRITE = json.JSONEncoder(separators=(",", ":"), default=_instant).encode
"""Canonical: one line of ASCII."""
