"""The course of an item: its lines of the account, taken one by one, and what a score has to know of them."""

from dataclasses import dataclass, replace
from datetime import date

from duban.completion import Act, State
from duban.facts import Facts

TELLING = ("notify", "remind", "urge", "correct")
"""Acts of letters that tell a date."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account about an item."""

    day: date
    """Of the office."""
    act: str
    state: State | None
    """Into which it led; None where it moved nothing."""
    letter: int | None = None
    facts: Facts | None = None
    """What is asked from then on, where that changed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the department knows."""

    told: date | None = None
    heard: date | None = None
    """The day of the letter that told it, or told a later date before."""
    issued: date | None = None
    """The day of the notice."""
    planned: date | None = None
    """When the notice should have gone out: not before its date was known."""


@dataclass(frozen=True, slots=True)
class Handed:
    day: date
    bound: date | None
    """The date that bound it when it came."""
    known: Known


class Course:
    """What became of one item, taken line by line."""

    __slots__ = ("answer", "facts", "known", "letters", "shelved", "since", "state")

    def __init__(self) -> None:
        self.state = State.PLANNED
        self.facts: Facts | None = None
        self.since: date | None = None
        """When its date became known."""
        self.known = Known()
        self.letters: dict[int, Known] = {}
        """What was known before each letter that may be taken back."""
        self.answer: Handed | None = None
        self.shelved: Handed | None = None
        """Of before it was withdrawn and began anew."""

    @property
    def counts(self) -> date | None:
        """The date that counts."""
        if self.answer is None or self.state in (State.WITHDRAWN, State.EXEMPTED):
            return self._bound()
        granted = self.facts.extended if self.facts else None
        return granted or self.answer.bound or self._bound()

    def _bound(self) -> date | None:
        facts, told = self.facts, self.known.told
        if facts is None or facts.due is None:
            return None
        if facts.extended:
            return facts.extended
        return max(facts.due, told) if told else facts.due

    def take(self, line: Line) -> None:
        if line.facts is not None:
            self._ask(line.facts, line.day)
        before, state = self.state, line.state or self.state
        self.state = state
        if line.act in TELLING:
            self._tell(line)
        elif line.act == "unsend":
            self._take_back(line, before)
        elif line.act == Act.REPORT:
            if before is not State.RETURNED or self.answer is None:  # else it was accepted before
                self.answer = Handed(line.day, self._bound(), self.known)
        elif line.act == Act.RETURN:
            self.answer = None
        elif line.act == Act.COMPLETE and self.answer is None:
            self.answer = Handed(line.day, self._bound(), self.known)
        elif before is State.WITHDRAWN and state is State.PLANNED:
            self.answer, self.shelved, self.known = None, self.answer, Known()
            self.since = line.day

    def _ask(self, facts: Facts, day: date) -> None:
        if self.facts is None or facts.due != self.facts.due:
            self.since = day
        self.facts = facts

    def _tell(self, line: Line) -> None:
        """A letter about it, which tells the date that holds, or that it is cancelled."""
        known = self.known
        if line.letter is not None:
            self.letters[line.letter] = known
        if self.state in (State.WITHDRAWN, State.PLANNED):
            self.known = replace(known, told=None)
            return
        target = (self.facts.extended or self.facts.due) if self.facts else None
        if line.act != Act.NOTIFY and known.heard and known.told == target:
            return
        earlier = target is not None and known.told is not None and target < known.told
        heard = line.day if known.heard is None or earlier else known.heard
        if line.act == Act.NOTIFY:
            self.known = Known(target, line.day, line.day, self._planned())
        else:
            self.known = replace(known, told=target, heard=heard)

    def _planned(self) -> date | None:
        days = (self.facts.notice if self.facts else None, self.since)
        return max((day for day in days if day), default=None)

    def _take_back(self, line: Line, before: State) -> None:
        """The letter was not handed over: nobody knows what it said."""
        if line.letter is not None and line.letter in self.letters:
            self.known = self.letters.pop(line.letter)
        if before is State.PLANNED and self.state is State.REPORTED and self.answer is None:
            self.answer = self.shelved
