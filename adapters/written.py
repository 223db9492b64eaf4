"""A letter of ours as it was written, to be looked at: its text and its HTML, without the key of its link."""

import re
from dataclasses import dataclass

from adapters.catcher import Caught

_LINK = re.compile(r"(/[rb]/)[A-Za-z0-9_-]{16,}")


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    html: str


def read(mime: bytes) -> Written:
    """Whoever looks at a letter must not be able to answer in its recipient's place."""
    mail = Caught("", "", mime)
    return Written(_LINK.sub(r"\1…", mail.part("plain")), _LINK.sub(r"\1…", mail.shown))
