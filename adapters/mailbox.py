"""Caught mails as a folder of pages: to be read in a browser, with no server and no network."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from adapters.catcher import Caught
from duban.letter import Kind

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "mailbox"
COLOURS = {
    "notice": "blue",
    "reminder": "amber",
    "digest": "green",
    "escalation": "red",
    "receipt": "green",
}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Entry:
    """One mail as the pages show it."""

    mail: Caught
    stem: str
    """Of its two files, `stem.eml` and `stem.html`."""

    @property
    def page(self) -> str:
        return f"{self.stem}.html"

    @property
    def eml(self) -> str:
        return f"{self.stem}.eml"

    @cached_property
    def date(self) -> datetime | None:
        """On the sender's wall clock; None when the mail does not say."""
        try:
            return parsedate_to_datetime(self.mail.message["Date"])
        except (TypeError, ValueError):
            return None

    @property
    def day(self) -> str:
        if self.date is None:
            return "日期不详"
        return f"{self.date.month}月{self.date.day}日 周{WEEKDAYS[self.date.weekday()]}"

    @property
    def clock(self) -> str:
        return f"{self.date:%H:%M}" if self.date else ""

    @property
    def full(self) -> str:
        return f"{self.date.year}年{self.day} {self.clock}" if self.date else "日期不详"

    @property
    def month(self) -> tuple[int, int]:
        return (self.date.year, self.date.month) if self.date else (0, 0)

    @cached_property
    def kind(self) -> str:
        return self.mail.headers.get("X-Duban-Kind", "other")

    @property
    def label(self) -> str:
        return label(self.kind)

    @property
    def colour(self) -> str:
        return COLOURS.get(self.kind, "grey")

    @property
    def subject(self) -> str:
        return self.mail.headers.get("Subject", "") or "（没有主题）"

    @property
    def sender(self) -> str:
        return self.mail.headers.get("From", self.mail.sender)

    @cached_property
    def name(self) -> str:
        """The recipient's; empty when only the address is known."""
        return self.mail.recipient_name

    @property
    def address(self) -> str:
        return self.mail.recipient


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    anchor: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class KindCount:
    value: str
    label: str
    colour: str
    count: int


def write_pages(folder: Path, mails: Iterable[Caught]) -> Path:
    """Write index.html and a page a mail into `folder`, and the mails that are not there yet.

    Returns the index. Pages of an earlier run are overwritten.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = _entries(folder, mails)
    pages = _environment()
    _write_letters(folder, pages, entries)
    index = folder / "index.html"
    index.write_text(_index(pages, entries), encoding="utf-8")
    return index


def label(kind: str) -> str:
    """In Chinese; a kind that is not known stands for itself."""
    try:
        return Kind(kind).label
    except ValueError:
        return "其他" if kind == "other" else kind


def _entries(folder: Path, mails: Iterable[Caught]) -> list[Entry]:
    """By month, then in the order in which they were sent; those without a date first."""
    entries = [Entry(mail, _stem(folder, mail, number)) for number, mail in enumerate(mails, 1)]
    return sorted(entries, key=lambda entry: (entry.month, entry.date and entry.date.timestamp()))


def _stem(folder: Path, mail: Caught, number: int) -> str:
    if mail.path is not None and mail.path.parent.resolve() == folder.resolve():
        return mail.path.stem
    path = folder / f"{number:04}.eml"
    path.write_bytes(mail.mime)
    return path.stem


def _write_letters(folder: Path, pages: jinja2.Environment, entries: Sequence[Entry]) -> None:
    template = pages.get_template("page.html")
    script = _script("page.js")
    neighbours = zip([None, *entries], entries, [*entries[1:], None], strict=False)
    for before, entry, after in neighbours:
        page = template.render(
            entry=entry,
            before=before,
            after=after,
            html=_with_new_tabs(entry.mail.shown),
            text=entry.mail.part("plain"),
            **script,
        )
        (folder / entry.page).write_text(page, encoding="utf-8")


def _index(pages: jinja2.Environment, entries: Sequence[Entry]) -> str:
    return pages.get_template("index.html").render(
        count=len(entries),
        kinds=list(_kinds(entries)),
        months=list(_months(entries)),
        **_script("index.js"),
    )


def _kinds(entries: Iterable[Entry]) -> Iterator[KindCount]:
    """The most frequent first."""
    for kind, count in Counter(entry.kind for entry in entries).most_common():
        yield KindCount(kind, label(kind), COLOURS.get(kind, "grey"), count)


def _months(entries: Iterable[Entry]) -> Iterator[Month]:
    for (year, month), group in groupby(entries, key=lambda entry: entry.month):
        name = f"{year}年{month}月" if year else "日期不详"
        yield Month(name, f"m{year}-{month:02}", list(group))


def _with_new_tabs(html: str) -> str:
    """Links of the letter open outside its frame."""
    base = '<base target="_blank">'
    return html.replace("<head>", f"<head>{base}", 1) if "<head>" in html else base + html


def _script(name: str) -> dict[str, str]:
    """A script, and the hash by which the page's policy lets it and no other run."""
    script = (TEMPLATES / name).read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    return {"script": Markup(script), "script_hash": f"sha256-{digest}"}


def _environment() -> jinja2.Environment:
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals["style"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    return pages
