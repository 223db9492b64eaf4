"""axe-core (Deque, MPL 2.0): the judge of accessibility. Fetched once by npm into .cache; not shipped."""

import shutil
import subprocess
import tarfile
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Page

VERSION = "4.11.4"
KEPT = Path(__file__).parents[2] / ".cache" / f"axe-core-{VERSION}.js"
GRAVE = ("serious", "critical")


def grave(page: Page) -> list[str]:
    """What is seriously wrong with the page as it stands, a line each."""
    page.evaluate(source())
    found = page.evaluate("axe.run()")
    return [_told(one) for one in found["violations"] if one["impact"] in GRAVE]


def _told(one: dict[str, Any]) -> str:
    where = "; ".join(str(node["target"]) for node in one["nodes"][:3])
    return f"{one['impact']} {one['id']}: {one['help']} at {where}"


@lru_cache(maxsize=1)
def source() -> str:
    if not KEPT.exists():
        _fetch()
    return KEPT.read_text("utf-8")


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing, so that axe-core cannot be fetched (apt install npm)")
    with TemporaryDirectory() as folder:
        subprocess.run(
            [npm, "pack", f"axe-core@{VERSION}"], cwd=folder, check=True, capture_output=True
        )
        (pack,) = Path(folder).glob("*.tgz")
        with tarfile.open(pack) as files:
            member = files.extractfile("package/axe.min.js")
            assert member
            content = member.read()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_bytes(content)
