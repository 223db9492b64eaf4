"""Debian's Chromium, driven by Playwright, on a site of our own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from duban.account import Role
from tests.browser.town import Town, open_town

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DESK, PHONE = (1280, 900), (390, 844)
WIDTHS = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
Open = Callable[..., Page]
PATIENCE = 30_000
"""Milliseconds, for machines that have much else to do."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: while it is open, no test of this thread can run a loop of its own."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (apt install chromium)")
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """For tests that only look."""
    yield from open_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A test's own."""
    yield from open_town(tmp_path)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Open]:
    """A function that opens a window of that size with nothing in its past. What the pages complain of in
    the browser's console fails the test."""
    contexts, complaints = [], []

    def open_window(size: tuple[int, int] = DESK) -> Page:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert [said for said in complaints if "Failed to load resource" not in said] == []


@pytest.fixture
def clerk(town: Town, visitor: Open, size: tuple[int, int]) -> Page:
    """Of the secretariat, logged in by hand; of the test's width."""
    page = visitor(size)
    town.account("clerk", Role.SECRETARIAT)
    town.log_in(page, "clerk")
    return page
