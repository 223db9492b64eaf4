"""Things by their names, with the near one for a name that is not there."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from duban.fault import Fault
from duban.frozen import Frozen
from duban.text import nearest
from duban.unread import UNREAD, Unread

T = TypeVar("T")


class Register(Generic[T]):
    """One shelf of the book, looked up by name."""

    def __init__(self, shelf: str, unread: Unread) -> None:
        self.shelf = shelf
        self.unread = unread
        self._things: dict[str, T] = {}
        self._asked = 0
        self._near = lru_cache(maxsize=1000)(self._nearest)

    def add(self, name: str, thing: T) -> T:
        """Put `thing` under `name`; returns what stands there, which is another when it was taken."""
        return thing if name == UNREAD else self._things.setdefault(name, thing)

    def find(self, name: str) -> T | None:
        return self._things.get(name)

    def unknown(self, name: str) -> bool:
        """Whether the name is nowhere, not even in what could not be read."""
        return name not in self._things and not self.unread.excuses(self.shelf, name)

    def near(self, word: str) -> str | None:
        """The name most like `word`; None when none is near enough."""
        return self._near(word)

    def hint(self, word: str) -> str:
        """`是不是“市水利局”？`, or where to write it when nothing is near."""
        if set(word) & set("，,；;"):
            return "几个名称之间用顿号“、”隔开"
        near = self.near(word)
        return f"是不是“{near}”？" if near else f"请在 {self._file} 里补上"

    def _nearest(self, word: str) -> str | None:
        """Comparing is slow; who has a hundred unknown names has another trouble than spelling."""
        self._asked += 1
        return nearest(word, self._things) if self._asked <= 100 and len(word) <= 60 else None

    @property
    def _file(self) -> str:
        return _FILES.get(self.shelf, f"config/{self.shelf}.yaml")


_FILES = {
    "offices": "config/offices.yaml",
    "ladders": "config/ladders.yaml",
    "sets": "calendar/steps.yaml",
    "activities": "calendar/observances.yaml",
}


def repeated(entries: Iterable[Frozen], key: str, what: str) -> Iterator[Fault]:
    """A fault for each entry whose `key` an earlier entry has."""
    first: dict[object, Frozen] = {}
    for entry in entries:
        value = getattr(entry, key)
        if value != UNREAD and (other := first.setdefault(value, entry)) is not entry:
            taken = f"，{where}已经用了" if (where := spot(other, entry)) else ""
            yield entry.fault(key, message=f"{what}“{value}”重复{taken}", hint="请换一个")


def spot(entry: Frozen, beside: Frozen) -> str:
    """Where an entry stands, seen from another one: its key, and its file when that differs."""
    same = entry.place.file == beside.place.file
    return " ".join(part for part in ("" if same else entry.place.file, entry.place.key) if part)


def backwards(entry: Frozen, first: str = "since", last: str = "until") -> Iterator[Fault]:
    """A fault where an entry ends before it begins."""
    start, end = getattr(entry, first), getattr(entry, last)
    if start is not None and end is not None and end < start:
        yield entry.fault(last, message=f"结束{end}早于开始{start}", hint="请改正其中一个")
