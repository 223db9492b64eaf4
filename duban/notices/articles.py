"""The articles of a notice, one a holiday, read sentence by sentence."""

import re
from collections.abc import Iterator

from duban.notices.clauses import Clauses
from duban.notices.dateline import date_line
from duban.notices.draft import Draft
from duban.notices.faults import Faults, Odd
from duban.notices.frame import Frame, Heading
from duban.notices.names import canonical
from duban.notices.text import Copy
from duban.workdays import Holiday

_SAYS = re.compile(r"\d[月日号天]|放假|上班|连休|不调休|公休")
"""What a sentence has that speaks of days; others are the notice's frame."""
_SAYS_LATE = re.compile(r"\d日(?:\([^()\d]{0,40}\))?(?:放假|上班|补休)")


def article_drafts(
    copy: Copy, frame: Frame, present: dict[str, Holiday], faults: Faults
) -> list[Draft]:
    """What each article says; `present` are the holidays that an adjustment adjusts."""
    sentences = _Sentences(copy, Clauses(copy.text, frame.year, present), faults)
    drafts = []
    for heading, end in _articles(copy.text, frame):
        draft = _draft(copy, heading, end, present)
        sentences.read(draft, heading.end, end)
        if draft.name and (draft.off or draft.bad or heading.end > heading.start):
            drafts.append(draft)
    return drafts


def _articles(text: str, frame: Frame) -> Iterator[tuple[Heading, int]]:
    """Each heading with the end of its article. What stands before them is of the title's holiday."""
    headings = list(frame.headings)
    if not headings or frame.start < headings[0].start:
        headings.insert(0, Heading(frame.titled, frame.start, frame.start))
    ends = [heading.start for heading in headings[1:]] + [len(text)]
    yield from zip(headings, ends, strict=True)


def _draft(copy: Copy, heading: Heading, end: int, present: dict[str, Holiday]) -> Draft:
    stop = copy.text.find("。", heading.start, end)
    spot = copy.spot(heading.start, end if stop < 0 else stop)
    return Draft(canonical(_as_known(heading.name, present)), spot)


def _as_known(name: str, present: dict[str, Holiday]) -> str:
    """The name under which the year's notice has that holiday: `国庆节、中秋节` for `国庆节`."""
    parts = set(canonical(name).split("、"))
    return next((one for one in present if parts <= set(one.split("、"))), name)


class _Sentences:
    """Reads the text's sentences in order, up to the date line and beyond it."""

    def __init__(self, copy: Copy, clauses: Clauses, faults: Faults) -> None:
        self.copy, self.clauses, self.faults = copy, clauses, faults
        self.ended = False
        """Whether the date line has been passed."""

    def read(self, draft: Draft, start: int, end: int) -> None:
        for found in re.finditer("[^。;]+", self.copy.text[start:end]):
            self._sentence(draft, start + found.start(), start + found.end())

    def _sentence(self, draft: Draft, start: int, end: int) -> None:
        if not self.ended and (line := date_line(self.copy.text, start, end)):
            self._sentence(draft, start, line.start())
            self.ended, start = True, line.end()
        if not (_SAYS_LATE if self.ended else _SAYS).search(self.copy.text, start, end):
            return
        spot = self.copy.spot(start, end)
        try:
            if self.ended:
                raise Odd("在落款日期之后，不知道算不算通知的内容", "请删去，或移到前面")
            if end - start > 2000:
                raise Odd("这一句太长", "请只留通知的正文，并补上句号")
            self.clauses.read(draft, start, end, spot)
        except Odd as odd:
            draft.bad = True
            self.faults.tell(odd.why, odd.hint, spot)
