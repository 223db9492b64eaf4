"""What a site's files hold now, as digests: only those that look changed are read again.

A file looks the same when its size, times and number are those that were noted with its digest, and it had
been at rest before that look began: one that changed meanwhile could bear the same time (as git has it,
Documentation/technical/racy-git).
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from adapters.sitefiles import shown
from adapters.sitemap import ROOMS, elsewhere

CACHE = Path("var/files.json")
REST = 2_000_000_000
"""Nanoseconds: file systems with coarse clocks have seconds."""
Look = tuple[int, int, int, int]
"""Size, both times, and number of a file."""


def snapshot(root: Path) -> dict[str, str]:
    """SHA-256 of every YAML file of both rooms, by its name below `root`; empty for one that cannot be read.

    Settings and the like, which are no part of the calendar, are left out. What was found is noted in var/
    where that can be written.
    """
    begun, noted = _begin(root), _noted(root)
    found: dict[str, tuple[Look, str]] = {}
    fresh = False
    for name, entry in _walk(root):
        try:
            look = _look(entry.stat())
            known = noted.get(name)
            same = known is not None and known[0] == look
            digest = (
                known[1] if known and same else sha256(Path(entry.path).read_bytes()).hexdigest()
            )
            fresh = fresh or not same
            found[name] = (look, digest)
        except OSError:
            found[name] = ((0, 0, 0, 0), "")
    if begun and (fresh or len(found) != len(noted)):
        _note(root, begun, found)
    return {name: digest for name, (_, digest) in found.items()}


def _walk(root: Path) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """As adapters.sitefiles.site_files, in no order."""
    rooms = [(str(root / room), room) for room in ROOMS]
    while rooms:
        folder, below = rooms.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                name = f"{below}/{entry.name}"
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    rooms.append((entry.path, name))
                elif entry.name.lower().endswith((".yaml", ".yml")) and not elsewhere(name):
                    yield name if name.isascii() else shown(name), entry


def _look(stat: os.stat_result) -> Look:
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _begin(root: Path) -> int:
    """The file system's own clock; 0 where nothing can be written."""
    part = root / CACHE.with_suffix(".part")
    try:
        part.parent.mkdir(exist_ok=True)
        part.write_bytes(b"")
        return part.stat().st_mtime_ns
    except OSError:
        return 0


def _noted(root: Path) -> dict[str, tuple[Look, str]]:
    """What was noted of files that were at rest by then."""
    try:
        said = json.loads((root / CACHE).read_bytes())
        at_rest = int(said["begun"]) - REST
        return {
            str(name): (look, str(digest))
            for name, (*times, digest) in said["files"].items()
            if (look := _times(times))[1] < at_rest and look[2] < at_rest
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _times(said: list[int]) -> Look:
    size, modified, changed, number = map(int, said)
    return size, modified, changed, number


def _note(root: Path, begun: int, found: Mapping[str, tuple[Look, str]]) -> None:
    said = {name: (*look, digest) for name, (look, digest) in found.items() if digest}
    part = root / CACHE.with_suffix(".part")
    with suppress(OSError):
        part.write_text(json.dumps({"begun": begun, "files": said}), encoding="utf-8")
        part.replace(root / CACHE)
