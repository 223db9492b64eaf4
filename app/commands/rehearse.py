"""`duban rehearse`: any year of the calendar in time-lapse."""

import asyncio
import shutil
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.out import console, hint, say, say_json
from app.place import home
from duban.trouble import Trouble

if TYPE_CHECKING:
    from app.rehearsal.play import Year

Seed = Annotated[int, typer.Option(help="随机种子：同样的种子，同样的一年")]
Folder = Annotated[Path | None, typer.Option(help="结果放在哪个文件夹")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出总结")]

MARK = ".rehearsal"
"""The file by which a folder is known to hold nothing but a rehearsal."""
MADE = {"duban.db", "duban.db-shm", "duban.db-wal", "mails"}
"""What rehearsals left before they had the mark."""


class NoFolder(Trouble):
    """The folder is not one for a rehearsal; nothing in it was touched."""

    exit_code = 2


def rehearse(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="排练哪一年")] = 2026,
    seed: Seed = 7,
    silent: Annotated[bool, typer.Option("--silent", help="所有单位都不答复")] = False,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """排练任意一年，看每封信。

    流程和 SMTP 是真的，答复是模拟的；一封信也不会离开这台机器。
    """
    target = folder or home() / "var" / f"rehearsal-{year}"
    started = time.monotonic()
    played = perform(year, None if silent else seed, target)
    finish(played, target, json=json)
    hint(f"用时 {time.monotonic() - started:.0f} 秒。")


def perform(
    year: int, seed: int | None, folder: Path, *, copied: bool = False, **overrides: Any
) -> "Year":
    """Play the year into an emptied `folder`, with progress shown. `overrides`: of the settings;
    `copied`: from a copy of the site's files, which may then be changed."""
    from app.reading import quietly, read_book

    book = read_book(home())
    from adapters.settings import load_settings
    from app.rehearsal.play import play

    _empty(folder, load_settings(home()).database_url)
    places = {"database": _database(folder), "seats": folder.resolve() / "seats"}
    settings = load_settings(_copy(folder) if copied else home(), **places, **overrides)
    with quietly(), _Progress(year) as progress:
        mails = folder / "mails"
        return asyncio.run(
            play(book, settings, year, seed=seed, folder=mails, progress=progress.step)
        )


def _copy(folder: Path) -> Path:
    """The files that people write, in `folder`/site."""
    for name in ("calendar", "config", "templates"):
        shutil.copytree(home() / name, folder / "site" / name)
    return folder.resolve() / "site"


def finish(played: "Year", folder: Path, *, json: bool) -> None:
    """Write the browsable pages and print the summary."""
    from adapters.mailbox import write_pages
    from app.rehearsal import summary

    index = write_pages(folder / "mails", played.caught)
    if json:
        say_json(summary.facts(played) | {"folder": str(index.resolve())})
        return
    summary.show(played)
    say(f"每一封信都可以在浏览器里看：{index.resolve()}")


def _empty(folder: Path, database: str) -> None:
    """Only a folder that an earlier rehearsal made is emptied, and never the site's own database.

    Raises NoFolder.
    """
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
        made = MARK in names or ("mails" in names and names <= MADE)
        if database == _database(folder) or (names and not made):
            raise NoFolder(f"{folder} 不是空文件夹，也不是以前排练的结果，请换一个")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as fault:
        raise NoFolder(f"用不了文件夹 {folder}，请换一个（{fault.strerror}）") from None


def _database(folder: Path) -> str:
    return f"sqlite:///{(folder / 'duban.db').resolve()}"


class _Progress:
    """A bar on a terminal; a line a month elsewhere."""

    def __init__(self, year: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.year, self.month = year, 0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        terminal = console(stderr=True)
        self.live = terminal.is_terminal
        self.bar = Progress(*columns, console=terminal, disable=not self.live)
        self.task = self.bar.add_task(f"{year} 年", total=366 if year % 4 == 0 else 365)

    def __enter__(self) -> "_Progress":
        self.bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.bar.stop()

    def step(self, day: date) -> None:
        self.bar.update(self.task, advance=1, description=str(day))
        if not self.live and day.month != self.month:
            self.month = day.month
            hint(f"{day.year}年{day.month}月 ……")
