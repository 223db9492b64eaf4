"""How many statements a page asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from starlette.testclient import TestClient

from tests.console.conftest import House


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Every statement of the site's engine while the context lasts; begin and commit are not among them."""
    said: list[str] = []

    def hear(*call: object) -> None:
        said.append(str(call[2]))

    engine = house.site.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def queries(house: House, browser: TestClient, path: str) -> int:
    """Of a page that is there, once its desk is open."""
    assert browser.get(path).status_code == 200
    with counted(house) as said:
        browser.get(path)
    return len(said)
