"""Editing the calendar's files from the console: a draft is read, planned, and applied as one act.

The files are how the calendar is written and kept. A draft goes the way of the command line: read ->
plan -> diff -> apply; when anything fails, the files are put back byte for byte.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.branches import Branches
from adapters.files import Reading, read_site
from adapters.sitefiles import source_texts
from adapters.sitemap import recognise
from adapters.snapshot import snapshot
from app.diffs import as_json
from app.manyoffices import contents, large
from duban.book import COMMON, Book
from duban.fault import Fault
from duban.trouble import Trouble
from flows import applying, inforce
from flows.applying import Planned
from flows.bench import Bench
from flows.premises import Site
from state import applied
from state.assignments import Conflict

LONGEST = 1_000_000
"""Characters of one file."""
LOCK = Path("var/calendar.lock")


class Stale(Conflict):
    """Somebody else changed what the draft was made from, or what it would do."""


class CannotWrite(Trouble):
    """The files cannot be written; the message says why."""


class StillFaulty(Trouble):
    """The draft has faults; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What some files are to hold (None: they go), and the fingerprint of what they held before."""

    files: Mapping[str, str | None]
    base: str
    about: str = ""
    """What it is for, in words."""

    def as_text(self) -> str:
        """For a hidden field; `read_draft` takes it back."""
        parts = {"files": dict(self.files), "base": self.base, "about": self.about}
        return json.dumps(parts, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft would do. `mark` is another one when it would do something else."""

    book: Book
    planned: list[Planned]
    scopes: frozenset[str]
    """Whose documents would be new."""
    mark: str
    files: Mapping[str, str | None] | None = None
    """Where only some files were read: those that are others than in the calendar in force, and their
    SHA-256."""


def begin(home: Path, files: Mapping[str, str | None], about: str = "") -> Draft:
    """A draft made from the files as they are now."""
    return Draft(files, fingerprint(home, files), about)


def read_draft(text: str) -> Draft:
    """Raises ValueError for what is none of ours, or names a file that is no part of the calendar."""
    parts = json.loads(text)
    json.dumps(parts, ensure_ascii=False).encode()  # halves of characters cannot be written
    if not (isinstance(parts, dict) and isinstance(parts.get("files"), dict)):
        raise ValueError("no draft")
    files = {str(path): None if t is None else str(t) for path, t in parts["files"].items()}
    if not files or not all(map(is_calendar_file, files)):
        raise ValueError("not a file of the calendar")
    if any(text and len(text) > LONGEST for text in files.values()):
        raise ValueError("too long")
    return Draft(files, str(parts.get("base", "")), str(parts.get("about", ""))[:1000])


def is_calendar_file(path: str) -> bool:
    """Whether the path is that of a file of the book, and nowhere else."""
    parts = path.split("/")
    plain = all(part and not part.startswith(".") for part in parts) and path.isprintable()
    return plain and "\\" not in path and recognise(path) is not None


def current(home: Path, path: str) -> str:
    """What the file holds now; empty where there is none. Raises CannotWrite for one that is no text."""
    try:
        return (home / path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise CannotWrite(f"打不开 {path}：请检查权限，并存为 UTF-8 编码") from None


def fingerprint(home: Path, paths: Mapping[str, str | None]) -> str:
    """Another one as soon as one of the files on disk is another."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = _bytes(home / path)
        digest.update(f"{path}\0{'-' if content is None else len(content)}\0".encode())
        digest.update(content or b"")
    return digest.hexdigest()


def examine(site: Site, draft: Draft, at: datetime) -> tuple[tuple[Fault, ...], Proposal | None]:
    """What would be wrong with the site; where nothing is, what applying it would do."""
    home = site.settings.home
    if large(home) and (few := _few(site, draft, at)):
        return few
    reading = check(home, draft)
    return reading.faults, None if reading.book is None else propose(site, reading.book, at)


def check(home: Path, draft: Draft) -> Reading:
    """The whole site as it would be."""
    return read_site(home, draft.files)


def _few(
    site: Site, draft: Draft, at: datetime
) -> tuple[tuple[Fault, ...], Proposal | None] | None:
    """Of a large site only what the draft, and files that are not applied yet, concern; None where that is
    everybody."""
    now = {
        **snapshot(site.settings.home),
        **{file: _digest(text) for file, text in draft.files.items()},
    }
    found = inforce.differing(site, {file: digest for file, digest in now.items() if digest})
    if found.offices is None:
        return None
    few = inforce.touched(site, found.offices, now, draft.files)
    bench = Bench(site, Branches(few.shared, few.known(site)), at, {}, fresh=False)
    faults = tuple(fault for one in sorted(few.faulty) for fault in bench.branches.faults(one))
    if faults:
        return faults, None
    planned = [bench.planned(office) for office in few.offices if office in few.shared.offices]
    book = Book(common=few.shared.common, branches=tuple(one.desk.branch for one in planned))
    return (), replace(_proposal(site, book, planned), files=found.files)


def _digest(text: str | None) -> str:
    """Empty for a file that goes."""
    return "" if text is None else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def propose(site: Site, book: Book, at: datetime) -> Proposal:
    """What applying that book would do; only offices that it touches are looked at."""
    scopes = _scopes(site, book).keys()
    planned = applying.plan(site, book, at, None if COMMON in scopes else scopes)
    return _proposal(site, book, planned)


def _proposal(site: Site, book: Book, planned: list[Planned]) -> Proposal:
    scopes = _scopes(site, book)
    return Proposal(book, planned, frozenset(scopes), _mark(planned, scopes))


def _scopes(site: Site, book: Book) -> dict[str, str]:
    """The documents that would be new, and their SHA-256."""
    digests = {scope: applied.digest_of(text) for scope, text in book.documents().items()}
    with site.database.reading() as connection:
        known = applied.digests(connection)
    return {scope: digest for scope, digest in digests.items() if known.get(scope) != digest}


def commit(
    site: Site, draft: Draft, mark: str, at: datetime, actor: str, via: str
) -> tuple[Proposal, list[str]]:
    """Write the files and apply them: both or neither; returns what was done and the new scopes.

    Raises Stale where the files, or what the draft does, are not what `mark` was made from.
    """
    home = site.settings.home
    with turn(home):
        if fingerprint(home, draft.files) != draft.base:
            raise Stale(CHANGED)
        _, proposal = examine(site, draft, at)
        if proposal is None:
            raise StillFaulty("文件里有错误，没有应用；请改正后再提交")
        if proposal.mark != mark:
            raise Stale("您看过之后情况变了，结果会不一样；请重新看一遍变化，再确认")
        with written(home, draft.files):
            texts = source_texts(home) if proposal.files is None else None
            some = None if proposal.files is None else contents(home, proposal.files)
            scopes = applying.apply(
                site, proposal.book, proposal.planned, at, actor, texts, via, changed=some
            )
    return proposal, scopes


CHANGED = "您打开以后，别人改过这些文件，您的改动没有写入；请重新打开，再改一次"


@contextmanager
def turn(home: Path) -> Iterator[None]:
    """One at a time may change the files."""
    file = home / LOCK
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
    except OSError as fault:
        raise CannotWrite(f"写不了 {LOCK}：{fault.strerror}；请检查权限") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def written(home: Path, files: Mapping[str, str | None]) -> Iterator[None]:
    """The files hold this, and go on to when all went well; else they are as they were."""
    before = {path: _bytes(home / path) for path in files}
    try:
        try:
            for path, text in files.items():
                _put(home / path, None if text is None else text.encode("utf-8", "replace"))
        except OSError as fault:
            raise CannotWrite(f"写不了日历文件：{fault.strerror}；请检查权限和磁盘") from None
        yield
    except BaseException:
        for path, content in before.items():
            _put(home / path, content)
        raise


def _put(file: Path, content: bytes | None) -> None:
    """The whole file or nothing."""
    if content is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            part.chmod(file.stat().st_mode & 0o777)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _mark(planned: list[Planned], documents: Mapping[str, str]) -> str:
    letters = [letter.key for one in planned for letter in one.letters]
    return _sha256(json.dumps([as_json(planned), sorted(documents.items()), letters], default=str))
