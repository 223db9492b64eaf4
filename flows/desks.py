"""The desks of a site: one an office, opened when somebody asks for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from duban.agenda import Agenda, agenda
from duban.almanac import Almanac
from duban.book import COMMON, Book, Branch, Common
from duban.card import Card
from duban.desk import Desk
from duban.kept import Kept
from duban.office import Office
from duban.parts import read, share
from duban.roster import Roster
from duban.workdays import WorkCalendar
from state import applied
from state.cards import cards
from state.database import Database
from state.waiting import Link

KEPT = 100
"""Desks that stay open where there are more offices."""
AHEAD = 2
"""Offices beside one another that come before what is below the first of them."""


@dataclass(frozen=True, slots=True)
class _Opened:
    pair: tuple[Desk, Agenda]
    made_of: Mapping[str, int]
    """The numbers of the documents that it was made from, by scope."""


def _put_away(opened: _Opened) -> None:
    opened.pair[0].put_away()


class Desks(Mapping[str, tuple[Desk, Agenda]]):
    """By office id, as one applied calendar has them.

    A site may have hundreds of offices: which there are is known at once, but each one's documents are
    read, and its agenda computed, when it is first asked for, and kept, of many offices those that were
    used last (KEPT). What did not change since `earlier` is taken over from there. A desk is made from the
    documents of the offices above it, too, and of those below that are departments of it.
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
        most = KEPT if len(self._rows) > KEPT else None
        self._opened: Kept[str, _Opened] = Kept(most, _put_away)
        self._branches: Kept[int, Branch] = Kept(most)
        self._common: tuple[Almanac, WorkCalendar] | None = None
        self._cards: dict[int, Card] = {}
        if earlier is not None:
            self._take_over(earlier)

    def _take_over(self, earlier: "Desks") -> None:
        self._cards = earlier._cards
        if earlier._common_row != self._common_row:
            return
        self._common = earlier._common
        for row, branch in earlier._branches.items():
            if row in self._here:
                self._branches.put(row, branch)
        for office, opened in earlier._opened.items():
            if opened.made_of.items() <= self._rows.items():
                self._opened.put(office, opened)

    def __contains__(self, office: object) -> bool:
        return office in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, office: str) -> tuple[Desk, Agenda]:
        return self._find(office).pair

    def _find(self, office: str) -> "_Opened":
        return self._opened.get(office) or self._opened.put(office, self._open(office))

    def _open(self, office: str) -> "_Opened":
        branch = self._branch(office)
        parent = branch.office.parent
        above = self._find(parent) if parent in self._rows else None
        below = self._branches_of([id for id in branch.linked if id in self._rows])
        almanac, workdays = self._shared()
        book = Book(common=almanac.common, branches=(branch,))
        over = above.pair[0] if above else None
        desk = Desk(book, branch, workdays, None, over, below, almanac)
        made_of = {id: self._rows[id] for id in (office, *below)}
        return _Opened((desk, agenda(desk)), {**(above.made_of if above else {}), **made_of})

    def _branch(self, office: str) -> Branch:
        return self._branches_of([office])[office]

    def _branches_of(self, offices: Sequence[str]) -> dict[str, Branch]:
        """What is not at hand is asked for at once."""
        known = {id: self._branches.get(self._rows[id]) for id in offices}
        found = {id: branch for id, branch in known.items() if branch}
        missing = {self._rows[id]: id for id in offices if id not in found}
        if missing:
            with self._database.reading() as connection:
                documents = applied.documents(connection, missing)
            for row, id in missing.items():
                branch = Branch.model_validate_json(documents[row])
                found[id] = self._branches.put(row, branch)
        return found

    def _shared(self) -> tuple[Almanac, WorkCalendar]:
        if self._common is None:
            with self._database.reading() as connection:
                text = applied.document(connection, self._common_row)
            common = Common.model_validate_json(text)
            self._common = Almanac(common), WorkCalendar(common.workdays)
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

    @cached_property
    def links(self) -> list[Link]:
        """Every office that is a department of the one above it."""
        return [
            Link(office, above, department, self._names(office))
            for above, card in self.cards.items()
            for department, office in card.linked
            if office in self._rows and self.offices[office].parent == above
        ]

    def _names(self, office: str) -> tuple[tuple[str, str], ...]:
        """Where it does what the office above asks by another name: both ids."""
        pairs = self.cards[office].adopts
        return tuple((self._id(own), self._id(asked)) for own, asked in pairs)

    def _id(self, name: str) -> str:
        activity = self.almanac.activity(name)
        return activity.id if activity else name

    def part(self, said: str) -> list[str]:
        """The ids of a part of all offices, such as `2/8` (duban/parts.py), in the order of `downwards`.
        Raises NoPart."""
        part = read(said)
        if part.of == 1:
            return self.downwards
        mine = share(part, {id: card.offices for id, card in self.cards.items()})
        return [id for id in self.downwards if id in mine]

    @property
    def desks(self) -> Mapping[str, Desk]:
        """Each office's desk alone."""
        return _Alone(self)

    @cached_property
    def roster(self) -> Roster:
        return Roster(self.offices, self.workdays)

    @property
    def almanac(self) -> Almanac:
        return self._shared()[0]

    @property
    def workdays(self) -> WorkCalendar:
        return self._shared()[1]

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
        """The ids of all, each behind the office above it, whose letters to common readers go first. Between
        an office and those below it stand some beside it, so that nobody has to wait for its letters."""
        top = sorted(id for id in self._rows if self.offices[id].parent not in self._rows)
        reached = list(self._walk(top))
        return [*reached, *sorted(self._rows.keys() - set(reached))]

    def _walk(self, beside: list[str]) -> Iterator[str]:
        """Where parents go in a circle nobody comes by."""
        yield from beside[:AHEAD]
        for one, later in zip_longest(beside, beside[AHEAD:]):
            if later:
                yield later
            yield from self._walk(sorted(self.below.get(one, ())))


class _Alone(Mapping[str, Desk]):
    def __init__(self, every: Desks) -> None:
        self._every = every

    def __contains__(self, office: object) -> bool:
        return office in self._every

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    def __getitem__(self, office: str) -> Desk:
        return self._every[office][0]
