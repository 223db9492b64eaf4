"""The ground that faults are tried on: a site whose one office works all day, on any database."""

from pathlib import Path

from sqlalchemy import event

from adapters.post import Server, Timeouts
from adapters.settings import load_settings
from app.reading import prepare
from flows import applying
from flows.premises import Site
from state.database import Database
from tests.books import book, document
from tests.sitting import REPOSITORY, at

START = at("2026-03-05T09:00")
"""A Thursday; the Friday is a working day too."""
PATIENT = Timeouts(connect=20, reply=20, block=20, dot=20, farewell=5)


def found(url: str, seats: Path | None = None) -> str:
    """Make the tables, and apply a book whose office is open from midnight to midnight."""
    site = open_site(url, seats=seats)
    prepare(site)
    office = {**document()["branches"][0]["office"], "hour": "00:00", "closes": "23:59"}
    always = book(office=office)
    applying.apply(site, always, applying.plan(site, always, START), START, "王主任")
    site.database.close()
    return url


def open_site(
    url: str, port: int = 0, *, connections: int = 2, seats: Path | None = None, **server
) -> Site:
    """The site at a database's URL, whose mail goes to a port on loopback, and any number of it.

    `seats`: a folder; None, on SQLite: one beside the file.
    """
    seats = seats or Path(url.removeprefix("sqlite:///")).with_suffix(".seats")
    mail = {"connections": connections, "breaker": 0}
    site = Site(load_settings(REPOSITORY, database=url, seats=seats, mail=mail))
    settings = {"tls": "none", "timeouts": PATIENT, **server}
    site.server = Server("127.0.0.1", port, **settings)
    return site


def hurry(database: Database) -> None:
    """Commits need not wait for the disk."""
    event.listen(database.engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))


def sqlite(folder: Path) -> str:
    """The URL of a new database with the book in it."""
    return found(f"sqlite:///{folder / 'duban.db'}")
