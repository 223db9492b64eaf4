"""What a model expects of a file: its keys, and of each key the kind of value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from adapters.yamlfile import Data
from duban.fault import Path
from duban.frozen import Frozen

_FORMS = {
    date: (r"\d{4}-\d{2}-\d{2}", "日期", "应写年-月-日，如 2026-05-23"),
    time: (r"\d{2}:\d{2}(:\d{2})?", "时刻", "应写时:分，如 08:30"),
    int: (r"[+-]?\d{1,9}", "整数", "应写数字，如 5"),
    Decimal: (r"[+-]?\d{1,12}(\.\d{1,4})?", "数", "应写数字，最多四位小数，如 15 或 10.20"),
}
"""What pydantic alone reads too freely: it takes `830` for a time and `0` for a date."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One key of a model."""

    required: bool
    below: type[Frozen] | None
    """The model of the value, or of the items of the list."""
    single: type | None
    """date, time, int, Decimal, str or an enum where one plain value may stand; else None."""
    item: type | None
    """The same of a list's items."""
    listed: bool
    least: int | None
    most: int | None

    @property
    def either(self) -> bool:
        """Whether a plain value or a list may stand here (`steps: day` or `steps: [...]`)."""
        return self.single is not None and self.listed

    @property
    def choices(self) -> tuple[str, ...]:
        kind = self.single or self.item
        if isinstance(kind, type) and issubclass(kind, Enum):
            return tuple(str(member.value) for member in kind)
        return ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that cannot be what its key asks for."""

    path: Path
    message: str
    hint: str


@lru_cache(maxsize=256)
def shape(model: type[Frozen]) -> dict[str, Slot]:
    """The model's keys as files write them."""
    return {info.alias or name: _slot(info) for name, info in model.model_fields.items()}


def _slot(info: FieldInfo) -> Slot:
    plain: list[type] = []
    items: list[type] = []
    listed = False
    for kind, in_list in _kinds(info.annotation):
        listed = listed or in_list
        (items if in_list else plain).append(kind)
    models = [kind for kind in (*plain, *items) if issubclass(kind, Frozen)]
    return Slot(
        required=info.is_required(),
        below=models[0] if models else None,
        single=next((kind for kind in plain if not issubclass(kind, Frozen)), None),
        item=next((kind for kind in items if not issubclass(kind, Frozen)), None),
        listed=listed,
        least=next((one.ge for one in info.metadata if hasattr(one, "ge")), None),
        most=next((one.le for one in info.metadata if hasattr(one, "le")), None),
    )


def _kinds(annotation: Any, in_list: bool = False) -> Iterator[tuple[type, bool]]:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _kinds(inner[0], in_list)
    elif origin in (Union, UnionType):
        for one in inner:
            yield from _kinds(one, in_list)
    elif origin is tuple:
        yield from _kinds(inner[0], True)
    elif isinstance(annotation, type) and annotation is not type(None):
        yield annotation, in_list


def misfits(model: type[Frozen], raw: Data, path: Path = ()) -> Iterator[Misfit]:
    """Values of the wrong form at or below `raw`; what pydantic tells well is left to it."""
    if not isinstance(raw, dict):
        return
    slots = shape(model)
    for key, value in raw.items():
        if slot := slots.get(key):
            yield from _misfit(slot, value, (*path, key))


def _misfit(slot: Slot, value: Data, path: Path) -> Iterator[Misfit]:
    if isinstance(value, list) and slot.listed:
        for number, item in enumerate(value):
            where = (*path, number)
            if slot.below:
                yield from misfits(slot.below, item, where)
            elif slot.item and item is not None:
                yield from _badly_put(slot.item, item, where)
    elif slot.below and isinstance(value, dict):
        yield from misfits(slot.below, value, path)
    elif slot.single:
        yield from _badly_put(slot.single, value, path)


def _badly_put(kind: type, value: Data, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, str):
        what = "列表" if isinstance(value, list) else "“键: 值”"
        yield Misfit(path, f"这里应写一个值，不是{what}", "写在同一行，冒号后空一格")
    elif kind in _FORMS:
        form, name, hint = _FORMS[kind]
        if re.fullmatch(form, value, re.ASCII) is None:
            yield Misfit(path, f"“{value}”不是{name}", hint)
