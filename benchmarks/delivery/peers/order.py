"""What the benchmark asks of a driver in the peers' environment: the standard library only."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Order:
    task: str
    """`fill` or `send`."""
    mails: int
    processes: int
    port: int
    """Of the mail server."""
    tuned: bool
    """With the settings that are best for speed, else with the defaults."""
    mail: dict[str, str]
    """subject, text, html, sender; and the whole of it as `mime`, for who can take it so."""
    store: dict[str, Any]
    """An entry of Django's DATABASES; for Celery {"redis": its address, "counters": the sink's}."""

    @classmethod
    def read(cls) -> "Order":
        return cls(**json.loads(sys.argv[1]))

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    def messages(self) -> Iterator[dict[str, str]]:
        """The mail, once for each recipient (`to`)."""
        for number in range(self.mails):
            yield {**self.mail, "to": f"liaison{number:08}@shuili.ceshi.example"}
