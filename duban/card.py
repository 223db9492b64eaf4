"""The card of an office: what flows have to know of it without opening its desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from duban.office import Office
from duban.programme import Phase


@dataclass(frozen=True, slots=True)
class Card:
    office: Office
    linked: tuple[tuple[str, str], ...] = ()
    """Departments that are offices themselves: the department's id and the office's."""
    phases: tuple[tuple[str, Phase], ...] = ()
    """Of its programmes, with what the report of each is said once for: `programme/phase`."""
    adopts: tuple[tuple[str, str], ...] = ()
    """Where it does what the office above asks by another name: its own, and the other's."""

    @property
    def offices(self) -> tuple[str, ...]:
        """Ids of the offices that are departments of it."""
        return tuple(dict.fromkeys(office for _, office in self.linked))


def card(said: Mapping[str, Any]) -> Card:
    """From what the applied document says: `office` and `phases` (programme and phase) as JSON text,
    `linked` and `adopts` as pairs."""
    return Card(
        Office.model_validate_json(said["office"]),
        _pairs(said["linked"]),
        tuple(_phase(*one) for one in said["phases"]),
        _pairs(said["adopts"]),
    )


def _pairs(said: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in said)


def _phase(programme: str, said: Any) -> tuple[str, Phase]:
    phase = Phase.model_validate(said)
    return f"{programme}/{phase.id}", phase
