"""The ground that faults are tried on: a site whose one office works all day, on any database."""

from pathlib import Path

from adapters.post import Server, Timeouts
from adapters.settings import load_settings
from app.reading import prepare
from flows import applying
from flows.premises import Site
from tests.books import book, document
from tests.sitting import REPOSITORY, at

START = at("2026-03-05T09:00")
"""A Thursday; the Friday is a working day too."""
PATIENT = Timeouts(connect=20, reply=20, block=20, dot=20, farewell=5)


def found(url: str) -> str:
    """Make the tables, and apply a book whose office is open from midnight to midnight."""
    site = open_site(url)
    prepare(site)
    office = {**document()["branches"][0]["office"], "hour": "00:00", "closes": "23:59"}
    always = book(office=office)
    applying.apply(site, always, applying.plan(site, always, START), START, "王主任")
    site.database.close()
    return url


def open_site(url: str, port: int = 0, *, connections: int = 2, **server) -> Site:
    """The site at a database's URL, whose mail goes to a port on loopback."""
    site = Site(load_settings(REPOSITORY, database=url, mail={"connections": connections}))
    settings = {"tls": "none", "timeouts": PATIENT, **server}
    site.server = Server("127.0.0.1", port, **settings)
    return site


def sqlite(folder: Path) -> str:
    """The URL of a new database with the book in it."""
    return found(f"sqlite:///{folder / 'duban.db'}")
