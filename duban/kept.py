"""Values that are kept for as long as they are used: the last ones, so that memory stays as it is."""

from collections.abc import Callable, Hashable, Iterator
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """`most`: how many; None: all. `away`: done with what is put away. Threads may share it."""

    def __init__(
        self, most: int | None = None, away: Callable[[V], object] = lambda _: None
    ) -> None:
        self._most, self._away = most, away
        self._lock = Lock()
        self._values: dict[K, V] = {}
        """Those used last stand last."""

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        if self._most is None:
            return self._values.get(key)
        with self._lock:
            value = self._values.pop(key, None)
            if value is not None:
                self._values[key] = value
            return value

    def put(self, key: K, value: V) -> V:
        """The one that is kept: another thread may have been faster."""
        with self._lock:
            known = self._values.setdefault(key, value)
            if self._most is not None and len(self._values) > self._most:
                self._away(self._values.pop(next(iter(self._values))))
            return known

    def items(self) -> Iterator[tuple[K, V]]:
        """As they are now."""
        return iter(list(self._values.items()))
