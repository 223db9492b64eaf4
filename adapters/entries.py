"""One file's data as a model: every entry by itself, so that a fault in one hides no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from adapters.explain import explain
from adapters.shape import Misfit, misfits, shape
from adapters.yamlfile import Data, Sheet
from duban.fault import Fault, Path, Place
from duban.frozen import Frozen
from duban.unread import UNREAD

M = TypeVar("M", bound=Frozen)

_STAND_INS: Mapping[str, Data] = {
    "id": UNREAD,
    "name": UNREAD,
    "short": UNREAD,
    "region": UNREAD,
    "since": "1990-01-01",
    "sender": "unread@unread.example",
    "email": "unread@unread.example",
    "role": "经办人",
    "activity": UNREAD,
    "lead": [UNREAD],
    "kind": "重点任务",
    "steps": [{"id": UNREAD, "name": UNREAD, "due": "开始当天"}],
    "rules": [{"rule": "日期不详"}],
    "stages": [],
    "holidays": [],
    "notice": UNREAD,
    "reason": UNREAD,
}
"""Values for required keys that cannot be read, so that the rest of an entry is still checked."""


@dataclass(slots=True)
class Taken(Generic[M]):
    """What could be read of a file, and what was wrong with it."""

    entry: M | None = None
    """None when even a mended file makes no model."""
    faults: list[Fault] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    """Every word of the entries that were not read whole."""
    nameless: set[str] = field(default_factory=set)
    """Those words of entries whose id, name or short name could not be read."""
    idless: bool = False
    """Whether the id of an entry in a list could not be read."""
    whole: bool = True
    """Whether each list could be read, as far as its entries go."""
    damaged: set[Place] = field(default_factory=set)


def take(model: type[M], sheet: Sheet, stand_ins: Mapping[str, Data]) -> Taken[M]:
    """Read one file. `stand_ins` replace keys of its own that are wrong (an office, a year)."""
    taken = Taken[M](faults=list(sheet.faults))
    if not isinstance(sheet.data, dict):
        taken.whole = False
        if not sheet.faults:
            message = "文件应由“键: 值”组成"
            taken.faults.append(Fault(Place(sheet.file), message, f"开头应是“{_first(model)}:”", 1))
        return taken
    _fill(taken, model, sheet, sheet.data, stand_ins)
    taken.words.update(_words(list(sheet.aside)))
    return taken


def _first(model: type[Frozen]) -> str:
    return next(iter(shape(model)))


def _fill(
    taken: Taken[M],
    model: type[M],
    sheet: Sheet,
    data: Mapping[str, Data],
    stand_ins: Mapping[str, Data],
) -> None:
    lists = {key: slot for key, slot in shape(model).items() if slot.below and slot.listed}
    head = {
        key: [] if key in lists and isinstance(value, list) else value
        for key, value in data.items()
    }
    entry = _Reading(sheet, taken).read(model, head, (), stand_ins)
    taken.whole = all(
        isinstance(data.get(key), list) or (key not in data and not slot.required)
        for key, slot in lists.items()
    )
    found: dict[str, tuple[Frozen, ...]] = {}
    for key, slot in lists.items():
        items = data.get(key)
        if slot.below and isinstance(items, list):
            found[key] = tuple(_items(taken, slot.below, sheet, key, items))
    if entry is not None:
        taken.entry = entry.model_copy(update=found)


def _items(
    taken: Taken[M], model: type[Frozen], sheet: Sheet, key: str, items: list[Data]
) -> Iterator[Frozen]:
    reading = _Reading(sheet, taken)
    for number, raw in enumerate(items):
        if entry := reading.read(model, raw, (key, number), {}):
            yield entry


N = TypeVar("N", bound=Frozen)


class _Reading:
    """Reads the entries of one sheet, noting in `taken` what is wrong with each."""

    def __init__(self, sheet: Sheet, taken: Taken[Any]) -> None:
        self.sheet = sheet
        self.taken = taken
        self._broken: dict[Path, list[Path]] = {}
        for where in sheet.broken:
            for depth in range(min(len(where), 2) + 1):
                self._broken.setdefault(where[:depth], []).append(where)

    def read(
        self, model: type[N], raw: Data, path: Path, stand_ins: Mapping[str, Data]
    ) -> N | None:
        """The entry, mended when something in it is wrong; None when that does not do."""
        odd = list(misfits(model, raw))
        near = self._broken.get(path[:2], ())
        broken = {where[len(path) :] for where in near if where[: len(path)] == path}
        entry, errors = _validated(model, _without(raw, odd))
        told = broken | {misfit.path for misfit in odd}
        if not errors and not told:
            assert entry is not None
            entry.settle(self.sheet.file, path)
            return entry
        wrong = [*odd, *(error for error in errors if not _within(error.path, told))]
        self.taken.faults.extend(self._fault(misfit, path) for misfit in wrong)
        paths = [*told, *(error.path for error in errors)]
        entry = _mended(model, raw, paths, {**_STAND_INS, **stand_ins})
        self._lose(model, entry, raw, path)
        if entry is not None:
            entry.settle(self.sheet.file, path)
            self.taken.damaged.add(entry.place)
        return entry

    def _lose(self, model: type[Frozen], entry: Frozen | None, raw: Data, path: Path) -> None:
        """Note by what the entry may be named elsewhere."""
        words = set(_words(raw))
        self.taken.words |= words
        names = {"id", "name", "short"} & set(shape(model))
        if any(getattr(entry, name, UNREAD) == UNREAD for name in names):
            self.taken.nameless |= words
        if path and "id" in names and getattr(entry, "id", UNREAD) == UNREAD:
            self.taken.idless = True

    def _fault(self, misfit: Misfit, path: Path) -> Fault:
        where = (*path, *misfit.path)
        return Fault(
            Place(self.sheet.file, where), misfit.message, misfit.hint, self.sheet.line(where)
        )


def _validated(model: type[N], raw: Data) -> tuple[N | None, list[Misfit]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, list(explain(model, raw, error.errors(include_url=False)))


def _within(path: Path, told: set[Path]) -> bool:
    """Whether a fault at or around `path` is told already."""
    return any(path[:length] in told for length in range(len(path) + 1))


def _without(raw: Data, odd: list[Misfit]) -> Data:
    """A copy of `raw` without the odd values: keys go, items of lists become None."""
    if not odd:
        return raw
    gone = {misfit.path for misfit in odd}

    def copy(value: Data, path: Path) -> Data:
        if isinstance(value, dict):
            below = {key: (*path, key) for key in value}
            return {
                key: copy(value[key], where) for key, where in below.items() if where not in gone
            }
        if isinstance(value, list):
            return [
                None if (*path, number) in gone else copy(item, (*path, number))
                for number, item in enumerate(value)
            ]
        return value

    return copy(raw, ())


def _mended(
    model: type[N], raw: Data, paths: list[Path], stand_ins: Mapping[str, Data]
) -> N | None:
    """The entry with its wrong keys left out, or stood in for where they are required."""
    if not isinstance(raw, dict):
        return None
    slots = shape(model)
    wrong = {str(path[0]) for path in paths if path}
    kept = {key: value for key, value in raw.items() if key in slots and key not in wrong}
    needed = {
        key: stand_ins[key]
        for key, slot in slots.items()
        if slot.required and key not in kept and key in stand_ins
    }
    return _validated(model, {**kept, **needed})[0]


def _words(raw: Data) -> Iterator[str]:
    """Every word of an entry, those of 、-lists one by one."""
    if isinstance(raw, str):
        yield raw.strip()
        if "、" in raw:
            yield from (part.strip() for part in raw.split("、"))
    elif isinstance(raw, list):
        for item in raw:
            yield from _words(item)
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from _words(value)
