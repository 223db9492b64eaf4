"""The desks of a site: one an office, opened when somebody asks for it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Lock

from duban.agenda import Agenda, agenda
from duban.book import COMMON, Book, Branch, Common
from duban.card import Card
from duban.desk import Desk
from duban.office import Office
from duban.parts import read, share
from duban.workdays import WorkCalendar
from state import applied
from state.cards import cards
from state.database import Database


class Desks(Mapping[str, tuple[Desk, Agenda]]):
    """By office id, as one applied calendar has them.

    A site may have hundreds of offices: which there are is known at once, but each one's documents are
    read, and its agenda computed, when it is first asked for, and kept. What did not change since
    `earlier` is taken over from there. A desk is made from the documents of the offices above it, too,
    and of those below that are departments of it.
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
        self._here = frozenset(self._rows.values())
        self._lock = Lock()
        self._known: dict[str, tuple[Desk, Agenda]] = {}
        self._made_of: dict[str, Mapping[str, int]] = {}
        """By office: the numbers of the documents that its desk was made from, by scope."""
        self._branches: dict[int, Branch] = {}
        self._common: tuple[Common, WorkCalendar] | None = None
        self._cards: dict[int, Card] = {}
        if earlier is not None:
            self._take_over(earlier)

    def _take_over(self, earlier: "Desks") -> None:
        self._cards = earlier._cards
        if earlier._common_row != self._common_row:
            return
        self._common = earlier._common
        branches = earlier._branches.copy()
        self._branches = {row: one for row, one in branches.items() if row in self._here}
        for office, known in earlier._known.copy().items():
            made_of = earlier._made_of[office]
            if made_of.items() <= self._rows.items():
                self._known[office], self._made_of[office] = known, made_of

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
        branch = self._branch(office)
        parent = branch.office.parent
        above = self[parent][0] if parent in self._rows else None
        below = {id: self._branch(id) for id in branch.linked if id in self._rows}
        common, workdays = self._shared()
        with self._lock:
            if office not in self._known:
                book = Book(common=common, branches=(branch,))
                desk = Desk(book, branch, workdays, None, above, below)
                self._made_of[office] = {
                    **(self._made_of[parent] if parent and above else {}),
                    **{id: self._rows[id] for id in (office, *below)},
                }
                self._known[office] = desk, agenda(desk)
            return self._known[office]

    def _branch(self, office: str) -> Branch:
        row = self._rows[office]
        if row not in self._branches:
            with self._database.reading() as connection:
                text = applied.document(connection, row)
            self._branches[row] = Branch.model_validate_json(text)
        return self._branches[row]

    def _shared(self) -> tuple[Common, WorkCalendar]:
        if self._common is None:
            with self._database.reading() as connection:
                text = applied.document(connection, self._common_row)
            common = Common.model_validate_json(text)
            self._common = common, WorkCalendar(common.workdays)
        return self._common

    @cached_property
    def cards(self) -> dict[str, Card]:
        """The card of each office, by id; no desk is opened for that."""
        known = {row: card for row, card in self._cards.items() if row in self._here}
        missing = [row for row in self._here if row not in known]
        if missing:
            with self._database.reading() as connection:
                known |= cards(connection, missing)
        self._cards = known
        return {id: known[row] for id, row in self._rows.items()}

    @cached_property
    def offices(self) -> dict[str, Office]:
        """What each office is, by id."""
        return {id: card.office for id, card in self.cards.items()}

    def part(self, said: str) -> list[str]:
        """The ids of a part of all offices, such as `2/8` (duban/parts.py), in the order of `downwards`.
        Raises NoPart."""
        part = read(said)
        if part.of == 1:
            return self.downwards
        mine = share(part, {id: card.offices for id, card in self.cards.items()})
        return [id for id in self.downwards if id in mine]

    @cached_property
    def below(self) -> dict[str, dict[str, Office]]:
        """By the id of an office: those that name it as their parent, by id."""
        found: dict[str, dict[str, Office]] = {}
        for id, office in self.offices.items():
            if office.parent:
                found.setdefault(office.parent, {})[id] = office
        return found

    @cached_property
    def downwards(self) -> list[str]:
        """The ids of all, each behind the office above it, whose letters to common readers go first."""
        return sorted(self._rows, key=lambda id: (self._depth(id), id))

    def _depth(self, id: str) -> int:
        depth, parent = 0, self.offices[id].parent
        while parent in self._rows and depth < len(self._rows):
            depth, parent = depth + 1, self.offices[parent].parent
        return depth
