"""A console on a site with files of its own, applied from them: the tiny site of tests.sites."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from httpx import Response
from starlette.testclient import TestClient

from adapters.files import read_site
from adapters.sitefiles import source_texts
from duban.account import Role
from flows import applying
from tests.console.conftest import House, make_house
from tests.console.pagereader import Page
from tests.sites import write_site
from tests.sitting import REPOSITORY

OFFICE = "/o/cq"
CALENDAR = f"{OFFICE}/calendar"
YEAR_FILE = "calendar/offices/cq/2026.yaml"


@dataclass
class Estate:
    house: House
    home: Path
    browser: TestClient

    def page(self, path: str) -> Page:
        said = self.browser.get(path)
        assert said.status_code == 200, said.text
        return Page(said.text)

    def send(self, page: Page, action: str, **values: str) -> Response:
        """The page's form of that address, filled in."""
        form = page.form(action)
        return self.browser.post(form.action, data=form.filled(**values))

    def edit(self, file: str, text: str) -> Response:
        return self.send(self.page(f"{CALENDAR}/file?file={file}"), "/check", text=text)

    def confirm(self, shown: Response) -> Response:
        assert shown.status_code == 200, Page(shown.text).words
        return self.send(Page(shown.text), "/apply")

    def text(self, file: str) -> str:
        return (self.home / file).read_text("utf-8")


def make_estate(
    url: str, folder: Path, files: Mapping[str, str] | None = None, **overrides: str
) -> Iterator[Estate]:
    """`files` and `overrides`: as in write_site."""
    home = write_site(folder / "home", files, **overrides)
    shutil.copytree(REPOSITORY / "templates", home / "templates")
    book = read_site(home).book
    assert book
    for house in make_house(url, folder, home, book):
        planned = applying.plan(house.site, book, house.now)
        applying.apply(house.site, book, planned, house.now, "王主任", source_texts(home))
        yield Estate(house, home, house.browser(Role.SECRETARIAT))
