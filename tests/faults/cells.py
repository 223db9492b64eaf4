"""The cells of the matrix: what the server does at which step, and what must come of it.

The table is the one of docs/promise.md, written down by hand: nothing here asks the code under test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tests.smtp_script import Act, Deed, Last, Late

# OK     it is accepted
# FAIL   it failed, with the server's code
# DEFER  it is tried later
# REST   it is tried later, like every other letter, and the server is left alone until then
# HOLD   it stays queued, like every other, no attempt counted: a person has to mend something
# DOUBT  it may have arrived: same bytes again, and listed
# Of two letters; the other one is accepted, but for REST and HOLD when it comes after.
TABLE = """
       greeting ehlo starttls auth mail  rcpt  data  body  dot   rset quit
2xx    OK       OK   REST     OK   OK    OK    DEFER DOUBT OK    OK   OK
3xx    REST     REST REST     REST DEFER DEFER DEFER DOUBT DOUBT OK   OK
451    REST     REST REST     REST DEFER DEFER DEFER DEFER DEFER OK   OK
454    REST     REST REST     REST DEFER DEFER DEFER DEFER DEFER OK   OK
421    REST     REST REST     REST REST  REST  REST  REST  REST  REST OK
550    HOLD     HOLD HOLD     HOLD HOLD  FAIL  FAIL  FAIL  FAIL  OK   OK
552    HOLD     HOLD HOLD     HOLD FAIL  FAIL  FAIL  FAIL  FAIL  OK   OK
535    HOLD     HOLD HOLD     HOLD HOLD  HOLD  HOLD  HOLD  HOLD  OK   OK
silent REST     REST REST     REST DEFER DEFER DEFER DOUBT DOUBT OK   OK
closed REST     DEFER REST   DEFER DEFER DEFER DEFER DOUBT OK    OK   OK
"""
STEPS = TABLE.split("\n")[1].split()
EXPECTED = {
    (row.split()[0], step): end
    for row in TABLE.strip().split("\n")[1:]
    for step, end in zip(STEPS, row.split()[1:], strict=True)
}
"""`closed`: a wrong 2xx, and then the end of the connection, which is found at the next step.
At `rset` the first letter was refused before, and the second is meant; at `quit` nothing is left."""

WRONG_2XX = {"greeting": "250", "ehlo": "220", "starttls": "250", "auth": "250", "data": "250"}
WRONG_3XX = {"data": "334"}
TOO_LATE = ("2xx", "421", "550")
"""What comes when nobody waits for it any more: what it says makes no difference."""
CLASSES = ("2xx", "3xx", "451", "454", "421", "550", "552", "535")

OVERDUE = 30.0
"""Seconds after which no client of the matrix waits any more."""
SILENT: dict[str, Deed] = {
    "drop": Act.DROP,
    "reset": Act.RESET,
    "hang": Act.HANG,
    "half": b"250-and\r\n",
    "binary": b"\xff\xfe what?\r\n",
    "empty": b"\r\n",
    "words": b"hello there\r\n",
    "short": b"25 ok\r\n",
    "strange": b"999 ok\r\n",
    "endless": b"250 " + b"x" * 200_000,
}
WAITED_FOR = ("overdue", "hang", "half", "short", "strange")
"""Kinds in which the client has to run out of patience."""


@dataclass(frozen=True)
class Cell:
    step: str
    kind: str
    """How it is said, or what is done instead."""
    reply: str
    """Class of the reply, or `silent`."""
    deed: Deed
    pipelining: bool
    lenient: bool = False
    second: bool = False
    """It strikes the second letter, whose commands may have been written with the first one's body."""

    @property
    def name(self) -> str:
        marks = ["pipelining" if self.pipelining else "plain"]
        marks += ["lenient"] * self.lenient + ["second"] * self.second
        return "-".join((self.step, self.kind, self.reply, *marks))

    @property
    def expected(self) -> str:
        row = self.reply
        if self.kind == "overdue":
            row = "silent"
        if self.kind == "last" and self.reply == "2xx":
            row = "closed"
        if self.second and self.step == "mail" and self.kind in ("drop", "reset"):
            return "OK"  # a kept line that turns out to be dead
        return EXPECTED[row, self.step]

    @property
    def code(self) -> int | None:
        """Of the reply, where the account has to show it."""
        return int(self.reply) if self.reply.isdigit() else None

    @property
    def slow(self) -> bool:
        return self.kind in WAITED_FOR

    @property
    def ordinary(self) -> bool:
        """A proper refusal of one letter, after which the connection may be kept."""
        refusal = self.expected in ("DEFER", "FAIL") and self.reply.isdigit()
        said = self.kind in ("reply", "late", "long")
        return said and (self.expected == "OK" or (refusal and self.step != "body"))


def cells() -> list[Cell]:
    return list(_cells())


def _cells() -> Iterator[Cell]:
    for step, pipelining in product(STEPS, (False, True)):
        for reply in CLASSES:
            answer = _answer(reply, step)
            for kind, deed in _ways(answer, overdue=reply in TOO_LATE).items():
                yield Cell(step, kind, reply, deed, pipelining)
        for kind, deed in SILENT.items():
            yield Cell(step, kind, "silent", deed, pipelining)
    for step in ("mail", "rcpt", "data", "dot"):
        for reply in CLASSES:
            for kind, deed in _ways(_answer(reply, step), overdue=False).items():
                yield Cell(step, kind, reply, deed, True, second=True)
        for kind, deed in SILENT.items():
            if kind != "reset" or step in (
                "mail",
                "dot",
            ):  # it may take the answers before it along
                yield Cell(step, kind, "silent", deed, True, second=True)
    for step, reply in product(("mail", "rcpt"), CLASSES[1:]):
        yield Cell(step, "reply", reply, _answer(reply, step), True, lenient=True)


def _answer(reply: str, step: str) -> str:
    code = reply if reply.isdigit() else {"2xx": WRONG_2XX, "3xx": WRONG_3XX}[reply].get(step)
    return f"{code or {'2xx': '251', '3xx': '354'}[reply]} as the script says"


def _ways(answer: str, *, overdue: bool) -> dict[str, Deed]:
    ways = {
        "reply": answer,
        "late": Late(answer, 0.05),
        "long": answer + " again and again" * 250,
        "last": Last(answer),
    }
    return {**ways, "overdue": Late(answer, OVERDUE)} if overdue else ways
