"""What providers mean by replies that RFC 5321 would read otherwise: config/providers.yaml."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from adapters.entries import take
from adapters.outcome import Outcome, Verdict
from adapters.settings import SettingsFault
from adapters.yamlfile import read_yaml
from duban.fault import Fault, Place
from duban.frozen import Frozen

FILE = "config/providers.yaml"


class Then(StrEnum):
    DEFER = "defer"
    """This letter is tried again later."""
    HOLD = "hold"
    """The whole server is left alone for some minutes."""
    FAIL = "fail"
    """This letter has failed."""


class Reading(Frozen):
    """How one reply is to be read: its code, and words that it has to contain."""

    code: Annotated[int, Field(ge=400, le=599)]
    text: str = ""
    then: Then
    minutes: Annotated[int, Field(ge=1, le=2880)] | None = None
    """For `hold`; None: as after any trouble with the server."""
    why: str = ""

    def fits(self, code: int, reply: str) -> bool:
        return code == self.code and self.text.casefold() in reply.casefold()

    def read(self, outcome: Outcome) -> Outcome:
        said = f"{outcome.reply}（{self.why}）" if self.why else outcome.reply
        if self.then is Then.FAIL:
            return replace(outcome, verdict=Verdict.FAILED, reply=said, server_wide=False)
        wide = self.then is Then.HOLD
        rest = timedelta(minutes=self.minutes) if wide and self.minutes else None
        return replace(
            outcome, verdict=Verdict.DEFERRED, reply=said, server_wide=wide, stop=False, rest=rest
        )


class _File(Frozen):
    replies: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Providers:
    """The table, read from the top: the first line that fits decides."""

    replies: tuple[Reading, ...] = ()

    def judge(self, outcome: Outcome) -> Outcome:
        """The outcome as the provider meant it; unchanged where no line fits."""
        if outcome.code is None or outcome.verdict in (Verdict.ACCEPTED, Verdict.AMBIGUOUS):
            return outcome
        for one in self.replies:
            if one.fits(outcome.code, outcome.reply):
                return one.read(outcome)
        return outcome


def read_providers(home: Path) -> Providers:
    """An empty table where there is no file. Raises SettingsFault with every fault in it."""
    found, faults = check_providers(home)
    if faults:
        raise SettingsFault("\n".join(map(str, faults)))
    return found


def check_providers(home: Path) -> tuple[Providers, list[Fault]]:
    """The table, and every fault in its file."""
    try:
        sheet = read_yaml((home / FILE).read_bytes(), FILE)
    except FileNotFoundError:
        return Providers(), []
    except OSError as trouble:
        return Providers(), [Fault(Place(FILE), "打不开文件", trouble.strerror or "")]
    taken = take(_File, sheet, {})
    if taken.faults or taken.entry is None:
        lined = (replace(f, line=f.line or sheet.line(f.place.path)) for f in taken.faults)
        return Providers(), sorted(lined, key=lambda fault: fault.line)
    return Providers(taken.entry.replies), []
