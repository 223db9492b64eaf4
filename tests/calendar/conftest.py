"""The shipped book."""

import pytest

from adapters.files import read_site
from duban.book import Book
from tests.shipped import SITE


@pytest.fixture(scope="module")
def book() -> Book:
    book = read_site(SITE).book
    assert book is not None
    return book
