"""What a draft would do, as a page shows it: rows by office and kind, and the mail that results."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from adapters.letters import LetterError, Letters
from adapters.wording import long
from app.diffs import KINDS
from duban.assignment import Duties
from duban.diff import Change
from duban.letter import Letter
from flows.applying import Planned
from flows.premises import Site

ROWS = 100
"""Of one kind; the rest is counted."""
LETTERS = 50
"""That are shown in full; the rest is counted."""


@dataclass(slots=True)
class Row:
    name: str
    step: str
    was: str
    now: str
    mailed: date | None
    departments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind."""

    label: str
    count: int
    rows: list[Row]
    more: int


@dataclass(frozen=True, slots=True)
class Mail:
    day: date
    kind: str
    recipient: str
    name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class OfficeChanges:
    name: str
    groups: list[Group]
    letters: list[Mail]
    count: int
    """Of letters."""
    outdated: int


def changes(site: Site, planned: list[Planned]) -> list[OfficeChanges]:
    """Only offices for which anything changes."""
    words, url = site.letters, site.settings.console.url
    return [_of(words, url, one) for one in planned if one.diff or one.letters or one.outdated]


def _of(words: Letters, url: str, one: Planned) -> OfficeChanges:
    return OfficeChanges(
        one.desk.office.short,
        [*_reassigned(one), *_groups(one)],
        [_mail(words, url, one, letter) for letter in one.letters[:LETTERS]],
        len(one.letters),
        len(one.outdated),
    )


def _reassigned(one: Planned) -> Iterator[Group]:
    pairs = one.diff.reassigned
    if not pairs:
        return
    rows = []
    for gone, taken in pairs[:ROWS]:
        asked = taken.after.asked
        who = [one.desk.called(gone.after.asked.department), one.desk.called(asked.department)]
        row = Row(
            asked.name, asked.step_name, "", _date(asked), _soon(one, taken), [" → ".join(who)]
        )
        rows.append(row)
    yield Group("改派", len(pairs), rows, len(pairs) - len(rows))


def _groups(one: Planned) -> Iterator[Group]:
    passed_on = {change.key for pair in one.diff.reassigned for change in pair}
    for kind, label in KINDS.items():
        found = [change for change in getattr(one.diff, kind) if change.key not in passed_on]
        if found:
            rows = _rows(one, found)
            yield Group(label, len(found), rows[:ROWS], max(len(rows) - ROWS, 0))


def _rows(one: Planned, found: list[Change]) -> list[Row]:
    """One a step, the departments together."""
    rows: dict[tuple[object, ...], Row] = {}
    for change in found:
        asked = change.after.asked
        was = _date(change.before.asked) if change.before else ""
        row = Row(asked.name, asked.step_name, was, _date(asked), _soon(one, change))
        key = (row.name, row.step, row.was, row.now, row.mailed)
        rows.setdefault(key, row).departments.append(one.desk.called(asked.department))
    return list(rows.values())


def _date(asked: Duties) -> str:
    if asked.due:
        return long(asked.due)
    return f"暂定 {long(asked.expected)}" if asked.expected else "待公布"


def _soon(one: Planned, change: Change) -> date | None:
    """What is due already goes out on the first working morning."""
    on = change.after.next_on
    return max(on, one.morning) if on else None


def _mail(words: Letters, url: str, one: Planned, letter: Letter) -> Mail:
    try:
        rendered = words.render(letter, one.desk.office, url and f"{url}/r/…")
        subject, text = rendered.subject, rendered.text
    except LetterError as fault:
        subject, text = "", str(fault)
    return Mail(
        letter.day, letter.kind.label, letter.recipient, letter.recipient_name, subject, text
    )
