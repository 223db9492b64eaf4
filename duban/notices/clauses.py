"""The clauses of a sentence; each notes in the draft what it says."""

import re
from datetime import date

from duban.notices.days import LONGEST, Days, say, stretch, weekday
from duban.notices.draft import Draft
from duban.notices.faults import Odd
from duban.notices.figures import number
from duban.notices.grammar import BETWEEN, CLAUSES, LEAD
from duban.notices.text import Spot
from duban.workdays import Holiday


class Clauses:
    """Understands the sentences of one year's notice; `present` is what an adjustment adjusts."""

    def __init__(self, text: str, year: int, present: dict[str, Holiday]) -> None:
        self.text = text
        self.days = Days(year)
        self.present = present

    def read(self, draft: Draft, start: int, end: int, spot: Spot) -> None:
        """Raises Odd for what is not understood, and for what cannot be true."""
        lead = LEAD.match(self.text, start, end)
        place = lead.end() if lead else start
        while place < end:
            matched = ((name, one.match(self.text, place, end)) for name, one in CLAUSES.items())
            name, found = next(((name, one) for name, one in matched if one), ("", None))
            if found is None:
                raise Odd("看不懂这一句", "请核对原文；确实无关的话请删去")
            if not draft.name and name != "advice":
                raise Odd("没有写是哪个节日", "每条请以节日名和冒号开头，如“一、元旦：”")
            getattr(self, f"_{name}")(draft, found, spot)
            between = BETWEEN.match(self.text, found.end(), end)
            place = between.end() if between else found.end()

    def _off(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        days = self.days.read(draft, found["days"])
        if found["count"] and number(found["count"]) != len(days):
            raise Odd(f"写的是{found['count']}天，日期却有{len(days)}天", "请核对原文")
        draft.off.update(days)

    def _work(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        days = self.days.read(draft, found["days"])
        if found["from"] or (found["usual"] and len(days) == 1 and days[0].weekday() < 5):
            draft.claims.append(("back", days, spot))
            return
        for day in days:
            if day.weekday() < 5:
                raise Odd(f"{say(day)}是{weekday(day)}，本来就上班", "调休上班的应是周末")
        draft.work.update(days)

    def _rest(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        draft.off.update(self.days.read(draft, found["days"]))

    def _legal(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        draft.claims.append(("inside", self.days.read(draft, found["days"]), spot))

    def _weekend(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        _check_weekends(days := self.days.read(draft, found["days"]))
        draft.claims.append(("inside", days, spot))

    def _move(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        """A weekend day exchanged for a working day; one inside the holiday is only moved."""
        _check_weekends(moved := self.days.read(draft, found["days"]))
        draft.claims.append(("moved", moved, spot))
        draft.claims.append(("inside", self.days.read(draft, found["to"]), spot))

    def _longer(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        """The holiday as it was, up to another day."""
        before = self._before(draft)
        (last,) = self.days.read(draft, found["days"])
        if last <= before.end or (last - before.start).days >= LONGEST:
            raise Odd(f"原定放到{say(before.end)}，不能延长到{say(last)}", "请核对日期")
        draft.off |= set(stretch(before.start, last))
        draft.work |= set(before.work) - draft.off

    def _join(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        draft.join = True

    def _total(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        draft.claims.append(("count", number(found["count"]), spot))

    def _unmoved(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        draft.claims.append(("unmoved", 0, spot))

    def _advice(self, draft: Draft, found: re.Match[str], spot: Spot) -> None:
        """Employers are encouraged to give a day; it is no day off."""

    def _before(self, draft: Draft) -> Holiday:
        if draft.name not in self.present:
            raise Odd(f"原来的通知里没有“{draft.name}”", "请核对节日名")
        return self.present[draft.name]


def _check_weekends(days: list[date]) -> None:
    for day in days:
        if day.weekday() < 5:
            raise Odd(f"{say(day)}是{weekday(day)}，不是公休日", "请核对日期")
