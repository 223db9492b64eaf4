"""Letters rendered with the project's own templates."""

import pytest

from adapters.letters import Letters, Rendered
from duban.letter import Item, Kind, Letter
from tests.letters import make_letter, make_office, make_section
from tests.pictures import TEMPLATES, words

LETTERS = Letters(TEMPLATES)
ITEMLESS = (Kind.RETURNED, Kind.RECEIPT, Kind.WORK, Kind.ACCOUNT, Kind.PHASE)
EVERY_KIND = pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in ITEMLESS])
"""Of sections that tell of each item in the same way."""


def render(letter: Letter, link: str = "", **office: object) -> Rendered:
    return LETTERS.render(letter, make_office(**office), link)


def reminded(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.REMINDER, *items)))


def updated(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.CHANGE, *items)))


def to_confirm(*items: Item) -> Rendered:
    return render(make_letter(make_section(Kind.CONFIRM, *items)))


def both(rendered: Rendered) -> list[str]:
    return [rendered.text, words(rendered.html)]
