"""Small made-up countries."""

from pathlib import Path

from adapters.countryfiles import Size, write_country
from adapters.files import read_site
from tests.sitting import REPOSITORY


def make_country(folder: Path, size: Size) -> Path:
    """The files of one in the empty `folder`."""
    shipped = read_site(REPOSITORY).book
    assert shipped
    write_country(folder, REPOSITORY, shipped.common.activities, size)
    return folder
