"""The YAML files of a site: which there are, in their order, and what they hold."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from adapters.sitemap import ROOMS, recognise
from adapters.yamlfile import MAX_BYTES


def site_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every YAML file of both rooms with its name below the root, in order; hidden ones are not."""
    for room in ROOMS:
        for folder, below, names in os.walk(root / room):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                if name.lower().endswith((".yaml", ".yml")) and not name.startswith("."):
                    path = Path(folder, name)
                    yield path, shown(path.relative_to(root).as_posix())


def drafted(root: Path, drafts: Mapping[str, str | None]) -> Iterator[tuple[Path, str, str | None]]:
    """The same with the drafts in their places; text None: as the file on disk has it."""
    if not drafts:
        yield from ((path, file, None) for path, file in site_files(root))
        return
    there = {file: path for path, file in site_files(root)}
    there.update({file: root / file for file in drafts})
    for file in sorted(there, key=walked):
        if drafts.get(file, "") is not None:
            yield there[file], file, drafts.get(file)


def walked(file: str) -> tuple[int, list[tuple[bool, str]]]:
    """Where a file stands in the order of site_files: a folder's own files before those below it."""
    room, *folders, name = file.split("/")
    known = ROOMS.index(room) if room in ROOMS else len(ROOMS)
    return known, [*((True, folder) for folder in folders), (False, name)]


def named(file: Path, draft: str | None = None) -> str:
    """The office that the text of a file names, such as a programme's; `?`, which is none, for none."""
    try:
        found = _OFFICE.search(file.read_text("utf-8") if draft is None else draft)
    except (OSError, UnicodeDecodeError):
        return "?"
    return found[1] if found else "?"


_OFFICE = re.compile(r"""^office:[ ]*["']?([a-z][a-z0-9-]*)""", re.MULTILINE)


def source_texts(root: Path) -> dict[str, str]:
    """What the files that make the book hold, by their paths; those that cannot be read are left out."""
    found = {}
    for path, file in site_files(root):
        if recognise(file):
            try:
                with path.open("rb") as stream:
                    found[file] = stream.read(MAX_BYTES + 1).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError):
                continue
    return found


def shown(text: str) -> str:
    """Text that can be printed, whatever somebody named a file or wrote in one."""
    return "".join("\ufffd" if unicodedata.category(one)[0] == "C" else one for one in text)
