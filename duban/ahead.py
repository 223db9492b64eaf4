"""How long before the city's due date a district's own departments have to be done."""

import re
from typing import Annotated

from pydantic import AfterValidator

from duban.frozen import Frozen
from duban.offset import Anchor, Offset, Unit
from duban.text import tidy

_AHEAD = re.compile(r"(\d{1,2})(天|日|个工作日|周)")


def _read(text: str) -> Offset:
    found = _AHEAD.fullmatch(tidy(text))
    if found is None:
        raise ValueError(f"看不懂提前量“{text}”，可写：5个工作日、7天、1周，不提前写0天")
    count, unit = found.groups()
    return Offset(Anchor.DUE, -int(count), Unit("天" if unit == "日" else unit))


def _readable(text: str) -> str:
    _read(text)
    return text


class Cascade(Frozen):
    """`cascade` of an office, an entry or a task."""

    ahead: Annotated[str, AfterValidator(_readable)] = "5个工作日"

    @property
    def offset(self) -> Offset:
        return _read(self.ahead)


AHEAD = Cascade()
"""Where nothing is said."""
