"""The workbench of a large site: one office after the other is read, checked and planned, and put away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapters.branches import KEPT, Branches
from duban.almanac import Almanac
from duban.book import Book, Branch
from duban.desk import Desk
from duban.kept import Kept
from duban.workdays import WorkCalendar
from flows import applying
from flows.applying import Planned
from flows.parcels import Parcel, parcel
from flows.premises import Site
from state.applied import digest_of


@dataclass(slots=True)
class Bench:
    site: Site
    branches: Branches
    at: datetime
    digests: Mapping[str, str]
    """By scope: the SHA-256 of the document in force."""
    fresh: bool
    """Whether no calendar was ever applied."""
    _workdays: WorkCalendar = field(init=False)
    _almanac: Almanac = field(init=False)
    _desks: Kept[str, Desk] = field(default_factory=lambda: Kept(KEPT, Desk.put_away))

    def __post_init__(self) -> None:
        common = self.branches.shared.common
        self._workdays, self._almanac = WorkCalendar(common.workdays), Almanac(common)

    def parcel(self, office: str) -> Parcel:
        planned = self.planned(office)
        document = planned.desk.branch.document()
        changed = digest_of(document) != self.digests.get(office)
        return parcel(planned, document if changed else None)

    def planned(self, office: str) -> Planned:
        return applying.look(self.site, self.desk(office), self.at, fresh=self.fresh)

    def desk(self, office: str) -> Desk:
        known = self._desks.get(office)
        return known or self._desks.put(office, self._made(self._branch(office)))

    def _made(self, branch: Branch) -> Desk:
        """The office above matters only where this one is a department of it."""
        parent = branch.office.parent
        upper = self.branches.branch(parent) if parent else None
        above = self.desk(upper.office.id) if upper and branch.office.id in upper.linked else None
        below = {id: self._branch(id) for id in branch.linked}
        book = Book(common=self.branches.shared.common, branches=(branch,))
        return Desk(book, branch, self._workdays, None, above, below, self._almanac)

    def _branch(self, office: str) -> Branch:
        found = self.branches.branch(office)
        assert found, office
        return found
