"""The program, its settings and the site's files."""

import os
import platform
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from adapters.snapshot import snapshot
from app.doctor.finding import Finding, attention, fault, good
from app.doctor.ground import Ground
from app.manyoffices import large
from app.place import REPOSITORY
from app.reading import every_fault
from flows import inforce
from state import applied


def program(_: Ground) -> Iterator[Finding]:
    yield good("程序", f"duban {duban_version()}，Python {platform.python_version()}")


def duban_version() -> str:
    """Of the installed package, else of the folder that it runs in."""
    try:
        return version("duban")
    except PackageNotFoundError:
        project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])


def settings(ground: Ground) -> Iterator[Finding]:
    found = ground.settings
    _ = found.password
    variables = sorted(name for name in os.environ if name.upper().startswith("DUBAN_"))
    also = f"；其中这些由环境变量决定：{'、'.join(variables)}" if variables else ""
    yield good("设置", f"{ground.folder / 'config/settings.yaml'} 读得懂{also}")


def files(ground: Ground) -> Iterator[Finding]:
    many = large(ground.folder)
    faults = every_fault(ground.folder, () if many else ground.files.faults)
    if faults:
        yield fault("文件", f"config/ 和 calendar/ 里有 {len(faults)} 处错误", CHECK)
    elif many and not (ground.usable and not _changed(ground)):
        yield attention("文件", "纲要办很多，有文件改过，这里没有逐一检查", EACH)
    else:
        yield good("文件", "config/ 和 calendar/ 里没有错误")


CHECK = "运行 duban check，每处错误都有文件、行和改法；改好之前，照上次应用的日历运行"


def calendar(ground: Ground) -> Iterator[Finding]:
    """What is applied, and whether the files say something else by now."""
    site = ground.site
    names = [office.short for office in site.desks().offices.values()]
    more = f"等 {len(names)} 个纲要办" if len(names) > NAMED else ""
    offices = "、".join(names[:NAMED]) + more
    if _changed(ground):
        yield attention("日历", f"文件改过，还没有应用；现在照上次应用的运行（{offices}）", APPLY)
    else:
        yield good("日历", f"已应用：{offices}")


NAMED = 20
"""Offices that are told by name."""


def _changed(ground: Ground) -> bool:
    """Whether the files say something else than the calendar in force."""
    if large(ground.folder):
        return bool(inforce.differing(ground.site, snapshot(ground.folder)).files)
    with ground.site.database.reading() as connection:
        book = applied.load(connection)
    written = ground.files.book
    return bool(written and book and written.documents() != book.documents())


EACH = "运行 duban check 检查每一个文件"
APPLY = "运行 duban plan 看看变化，没有问题就运行 duban apply"
