"""The book: everything that was configured, as one immutable value, cut into documents to keep."""

from collections.abc import Collection

from pydantic import Field

from duban.activity import Activity
from duban.announcement import Announcement
from duban.frozen import Frozen
from duban.ladder import Ladder
from duban.office import Contact, Department, Office
from duban.officeyear import OfficeYear
from duban.programme import Programme
from duban.scoring import Scoring
from duban.step import StepSet
from duban.transfer import Transfer
from duban.workdays import WorkYear

COMMON = "common"


class Common(Frozen):
    """What all offices share."""

    activities: tuple[Activity, ...] = ()
    workdays: tuple[WorkYear, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    sets: tuple[StepSet, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    scoring: Scoring = Field(default_factory=Scoring)

    def document(self) -> str:
        """As JSON, to keep. Equal ones give equal texts."""
        return self.model_dump_json(exclude_defaults=True, by_alias=True)


class Branch(Frozen):
    """What belongs to one office."""

    office: Office
    departments: tuple[Department, ...] = ()
    contacts: tuple[Contact, ...] = ()
    years: tuple[OfficeYear, ...] = ()
    programmes: tuple[Programme, ...] = ()
    transfers: tuple[Transfer, ...] = ()

    def document(self) -> str:
        """As JSON, to keep. Equal ones give equal texts."""
        return self.model_dump_json(exclude_defaults=True, by_alias=True)

    @property
    def linked(self) -> tuple[str, ...]:
        """Ids of the offices that are departments of this one."""
        return tuple(dict.fromkeys(one.office for one in self.departments if one.office))


class Book(Frozen):
    common: Common = Field(default_factory=Common)
    branches: tuple[Branch, ...] = ()

    def branch(self, office: str) -> Branch | None:
        return next((branch for branch in self.branches if branch.office.id == office), None)

    def kin(self, offices: Collection[str]) -> frozenset[str]:
        """These and all whose agenda follows from theirs: above what they decline, below what they ask, or
        asked until now."""
        linked = [(one.office.id, below) for one in self.branches for below in one.linked]
        above = {upper for upper, lower in linked if lower in offices}
        found = {
            *offices,
            *(one.office.id for one in self.branches if one.office.parent in offices),
        }
        grown = -1
        while grown != len(found):
            grown = len(found)
            found |= {lower for upper, lower in linked if upper in found}
        return frozenset(found | above)

    def documents(self) -> dict[str, str]:
        """The book as one JSON text a scope: `common`, and one an office id. Equal books give equal texts."""
        return {COMMON: self.common.document()} | {
            branch.office.id: branch.document() for branch in self.branches
        }

    @classmethod
    def from_documents(cls, documents: dict[str, str]) -> "Book":
        """The book that `documents` gave. Raises pydantic's ValidationError when they do not fit."""
        common = Common.model_validate_json(documents[COMMON])
        branches = (
            Branch.model_validate_json(text)
            for scope, text in sorted(documents.items())
            if scope != COMMON
        )
        return cls(common=common, branches=tuple(branches))
