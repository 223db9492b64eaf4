"""Parcels: what applying does to one office, packed small, so that it can wait for its transaction in a file
and come from another process."""

import pickle
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from duban.diff import Change, Diff
from flows.applying import Planned
from state.additions import ASKED, OWN, NewRow, rows_of

KINDS = ("new", "moved", "changed", "withdrawn", "restored")
SAMPLE = 3
"""Changes of each office that are kept to be shown."""
_KEY, _DUE, _NOTICE = (ASKED.index(name) for name in ("key", "due", "notice_on"))
_NEXT = len(ASKED) + OWN.index("next_on")


@dataclass(frozen=True, slots=True)
class Line:
    """One change, to be shown."""

    kind: str
    name: str
    step: str
    department: str
    before: date | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person sees of a parcel."""

    office: str
    short: str
    counts: tuple[int, ...]
    """By KINDS."""
    letters: int
    outdated: int
    sample: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Parcel:
    summary: Summary
    stamp: str
    """Of the calendar that was in force."""
    document: str | None
    """The office's new one; None: it stays."""
    new: list[NewRow]
    diff: Diff
    """All but what is new."""
    taken: dict[str, str]
    """Of what passed from one department to another: by its key, the one that it had."""

    def packed(self) -> bytes:
        return zlib.compress(pickle.dumps(self, pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Parcel:
    """Only of what `packed` made in this run."""
    made: Parcel = pickle.loads(zlib.decompress(packed))  # noqa: S301 - our own
    return made


def parcel(planned: Planned, document: str | None) -> Parcel:
    diff, office = planned.diff, planned.desk.office
    summary = Summary(
        office.id,
        office.short,
        tuple(len(getattr(diff, kind)) for kind in KINDS),
        len(planned.letters),
        len(planned.outdated),
        tuple(_sample(planned)),
    )
    return Parcel(
        summary,
        planned.stamp,
        document,
        rows_of(change.after for change in diff.new),
        replace(diff, new=()),
        {after.key: gone.key for gone, after in diff.reassigned},
    )


def _sample(planned: Planned) -> Iterator[Line]:
    """Old things first, for they are fewer."""
    for kind in reversed(KINDS):
        for change in getattr(planned.diff, kind)[:SAMPLE]:
            yield _line(planned, kind, change)


def _line(planned: Planned, kind: str, change: Change) -> Line:
    asked, before = change.after.asked, change.before
    called = planned.desk.called(asked.department)
    was = before.asked.due if before else None
    return Line(kind, asked.name, asked.step_name, called, was, asked.due)


def changes(one: Parcel) -> Iterator[dict[str, Any]]:
    """As app.diffs.as_json has them."""
    office = one.summary.office
    for values, _ in one.new:
        key = values[_KEY]
        yield {
            "office": office,
            "kind": "new",
            "key": key,
            "due": values[_DUE],
            "due_before": None,
            "notice_on": values[_NOTICE],
            "next_on": values[_NEXT],
            "from": one.taken.get(key),
        }
    for kind in KINDS[1:]:
        for change in getattr(one.diff, kind):
            yield told(office, kind, change, one.taken)


def told(office: str, kind: str, change: Change, taken: Mapping[str, str]) -> dict[str, Any]:
    """A change as app.diffs.as_json has it. `taken`: see Parcel."""
    asked, before = change.after.asked, change.before
    return {
        "office": office,
        "kind": kind,
        "key": change.key,
        "due": asked.due,
        "due_before": before.asked.due if before else None,
        "notice_on": asked.notice_on,
        "next_on": change.after.next_on,
        "from": taken.get(change.key),
    }
