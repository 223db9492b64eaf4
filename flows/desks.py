"""The desks of a site: one an office, opened when somebody asks for it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Lock

from duban.agenda import Agenda, agenda
from duban.book import COMMON, Book, Branch, Common
from duban.desk import Desk
from duban.office import Office
from duban.workdays import WorkCalendar
from state import applied
from state.database import Database


class Desks(Mapping[str, tuple[Desk, Agenda]]):
    """By office id, as one applied calendar has them.

    A site may have hundreds of offices: which there are is known at once, but each one's documents are
    read, and its agenda computed, when it is first asked for, and kept. What did not change since
    `earlier` is taken over from there.
    """

    def __init__(
        self,
        database: Database,
        stamp: str,
        rows: Mapping[str, int],
        earlier: "Desks | None" = None,
    ) -> None:
        """`rows`: the number of each scope's document in force (state.applied.newest)."""
        self.stamp = stamp
        self._database = database
        self._common_row = rows[COMMON]
        self._rows = {scope: row for scope, row in sorted(rows.items()) if scope != COMMON}
        self._lock = Lock()
        self._known: dict[str, tuple[Desk, Agenda]] = {}
        self._common: tuple[Common, WorkCalendar] | None = None
        self._offices: dict[int, Office] = {}
        self._every: dict[str, Office] = {}
        if earlier is not None:
            self._take_over(earlier)

    def _take_over(self, earlier: "Desks") -> None:
        self._offices = earlier._offices
        if earlier._common_row != self._common_row:
            return
        self._common = earlier._common
        self._known = {
            office: known
            for office, known in earlier._known.copy().items()
            if earlier._rows[office] == self._rows.get(office)
        }

    def __contains__(self, office: object) -> bool:
        return office in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, office: str) -> tuple[Desk, Agenda]:
        known = self._known.get(office)
        return known or self._open(office)

    def _open(self, office: str) -> tuple[Desk, Agenda]:
        """Nothing is asked of the database while others wait for the lock."""
        with self._database.reading() as connection:
            text = applied.document(connection, self._rows[office])
            shared = None if self._common else applied.document(connection, self._common_row)
        with self._lock:
            if office not in self._known:
                if self._common is None and shared:
                    common = Common.model_validate_json(shared)
                    self._common = common, WorkCalendar(common.workdays)
                self._known[office] = self._computed(Branch.model_validate_json(text))
            return self._known[office]

    def _computed(self, branch: Branch) -> tuple[Desk, Agenda]:
        assert self._common
        common, workdays = self._common
        desk = Desk(Book(common=common, branches=(branch,)), branch, workdays)
        return desk, agenda(desk)

    @property
    def offices(self) -> dict[str, Office]:
        """What each office is, by id; no desk is opened for that."""
        if not self._every:
            self._every = self._looked_up()
        return self._every

    @cached_property
    def below(self) -> dict[str, dict[str, Office]]:
        """By the id of an office: those that name it as their parent, by id."""
        found: dict[str, dict[str, Office]] = {}
        for id, office in self.offices.items():
            if office.parent:
                found.setdefault(office.parent, {})[id] = office
        return found

    def _looked_up(self) -> dict[str, Office]:
        missing = [row for row in self._rows.values() if row not in self._offices]
        if missing:
            with self._database.reading() as connection:
                found = applied.offices(connection, missing)
            read = {row: Office.model_validate_json(text) for row, text in found.items()}
            self._offices = {**self._offices, **read}
        return {id: self._offices[row] for id, row in self._rows.items()}
