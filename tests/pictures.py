"""What letters look like: `python -m tests.pictures FOLDER` takes a picture of each sample, in a wide
window and as narrow as a phone, with a Chromium that has no window of its own."""

import html
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.chart import draw
from adapters.letters import Letters, Rendered
from duban.letter import Kind, Letter
from duban.step import Answer
from tests.digests import account, monthly, weekly, work
from tests.letters import (
    CALLED_OFF,
    change,
    confirm,
    digest,
    make_gone,
    make_item,
    make_late,
    make_letter,
    make_office,
    make_section,
    make_unknown,
    notice,
    reminder,
    returned,
)
from tests.phases import phase

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
WIDE, PHONE = 800, 375
SILENT = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
PICTURED = ("change", "notice", "reminder", "confirm", "combined")
PICTURED += ("weekly", "monthly", "account", "work", "phase")
DARK = "--force-dark-mode"

FRAME = """<!DOCTYPE html><body style="margin: 0">
<iframe width="{width}" height="{height}" style="display: block; border: 0" srcdoc="{page}"></iframe>
<script>onload = () => {{
  const page = document.querySelector("iframe").contentDocument.documentElement
  document.title = `needs ${{page.scrollWidth}} ${{page.scrollHeight}}`
}}</script>"""
"""Chromium's own window cannot be narrower than 500 pixels; a frame in it can."""


def main(folder: Path) -> None:
    """Write `<letter>-<width>.png`, the letter's HTML, and all its words as `<letter>.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = Letters(TEMPLATES)
    for name, letter in samples().items():
        rendered = letters.render(letter, make_office())
        (folder / f"{name}.html").write_text(rendered.html, "utf-8")
        (folder / f"{name}.txt").write_text(read_aloud(rendered), "utf-8")
        if name not in PICTURED:
            continue
        page = charted(rendered.html, letter)
        take(page, WIDE, folder / f"{name}-{WIDE}.png")
        take(page, PHONE, folder / f"{name}-{PHONE}.png")
        take(page, PHONE, folder / f"{name}-dark.png", DARK)
        if page != rendered.html:
            take(rendered.html, PHONE, folder / f"{name}-imageless.png")


def samples() -> dict[str, Letter]:
    """Every kind of letter, with much in it and with little."""
    late = make_late(1)
    event = make_item(days=0, answer=Answer.KNOW, step="event", step_name="活动开展")
    gone = make_gone(date(2026, 4, 10), occasion=CALLED_OFF)
    return {
        "single": make_letter(),
        "overdue": make_letter(make_section(Kind.NOTICE, late)),
        "known": make_letter(make_section(Kind.NOTICE, event), make_section(Kind.REMINDER, event)),
        "manager": make_letter(make_section(Kind.DIGEST, late)),
        "cancelled": make_letter(make_section(Kind.CHANGE, gone)),
        "unknown": make_letter(make_section(Kind.CONFIRM, make_unknown(10))),
        "change": make_letter(change()),
        "notice": make_letter(notice()),
        "reminder": make_letter(reminder()),
        "confirm": make_letter(confirm()),
        "returned": make_letter(returned()),
        "digest": make_letter(digest()),
        "weekly": make_letter(weekly()),
        "monthly": make_letter(monthly()),
        "account": make_letter(account(), departments=()),
        "work": make_letter(work(), departments=()),
        "phase": make_letter(phase(), departments=()),
        "combined": make_letter(
            change(),
            notice(),
            reminder(),
            confirm(3),
            digest(),
            departments=("市水利局", "市科协"),
        ),
    }


def charted(page: str, letter: Letter) -> str:
    """With the charts in it, as mail programs show them."""
    for section in letter.sections:
        if section.digest and section.digest.picture:
            coded = b64encode(draw(section.digest.bars)).decode("ascii")
            page = page.replace(f"cid:{section.digest.picture}", f"data:image/png;base64,{coded}")
    return page


def read_aloud(rendered: Rendered) -> str:
    """The subject, the text, and the words of the HTML, a line a table row."""
    return f"{rendered.subject}\n\n{rendered.text}\n{'=' * 40}\n\n{words(rendered.html)}"


def words(page: str) -> str:
    """What a reader sees of an HTML page: cells are cut by `|`, small breaks by `/`."""
    body = re.sub(r"<!--.*?-->|\n", "", page.partition("<body")[2].partition(">")[2])
    for tags, mark in ((r"<br>", " / "), (r"</t[dh]>(?=<t[dh])", " | "), (r"</(p|h\d|tr)>", "\n")):
        body = re.sub(tags, mark, body)
    lines = html.unescape(re.sub(r"<[^>]*>", "", body)).splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())


def take(page: str, width: int, picture: Path, *flags: str) -> None:
    """Write a picture of the whole page as it stands in a window of that width."""
    height = needed(page, width)[1]
    flags = (f"--screenshot={picture}", f"--window-size={width},{height}", *flags)
    _show(FRAME.format(width=width, height=height, page=html.escape(page)), *flags)


def needed(page: str, width: int) -> tuple[int, int]:
    """The width and height that the page takes; wider than `width` means scrolling sideways."""
    shown = _show(FRAME.format(width=width, height=100, page=html.escape(page)), "--dump-dom")
    sizes = re.search(r"<title>needs (\d+) (\d+)</title>", shown)
    assert sizes, shown[:500]
    return int(sizes[1]), int(sizes[2])


def _show(document: str, *flags: str) -> str:
    with TemporaryDirectory() as folder:
        file = Path(folder, "frame.html")
        file.write_text(document, "utf-8")
        command = (CHROMIUM, *SILENT, f"--user-data-dir={folder}/profile", *flags, file.as_uri())
        return subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=60
        ).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
