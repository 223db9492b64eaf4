"""Parts of all offices: what belongs together stays together, nobody is left out, all are about alike."""

from random import Random

import pytest

from duban.parts import WHOLE, NoPart, Part, groups, read, share

COUNTRY = {f"city{c}": [f"city{c}-{d}" for d in range(c)] for c in range(12)}
ALONE: dict[str, list[str]] = {f"alone{number}": [] for number in range(20)}
LINKED = {**COUNTRY, **{id: [] for every in COUNTRY.values() for id in every}, **ALONE}


def test_a_part_is_written_with_its_number_and_how_many_there_are() -> None:
    assert read("2/8") == Part(2, 8)
    assert read("") == WHOLE


@pytest.mark.parametrize("text", ["0/8", "9/8", "2", "2/", "a/b", "1/2000", " 1/2", "1/2/3", "²/8"])
def test_what_names_no_part_is_refused(text: str) -> None:
    with pytest.raises(NoPart, match="应如 2/8"):
        read(text)


@pytest.mark.parametrize("of", [1, 2, 3, 8, 100])
def test_every_office_is_in_one_part(of: int) -> None:
    parts = [share(Part(number, of), LINKED) for number in range(1, of + 1)]

    assert sorted(id for part in parts for id in part) == sorted(LINKED)


def test_an_office_is_in_the_same_part_as_its_departments_that_are_offices() -> None:
    parts = [share(Part(number, 5), LINKED) for number in range(1, 6)]

    for city, districts in COUNTRY.items():
        (mine,) = [part for part in parts if city in part]
        assert mine.issuperset(districts)


def test_links_reach_over_several_offices() -> None:
    assert groups({"a": ["b"], "b": ["c"], "c": [], "d": []}) == [("a", "b", "c"), ("d",)]


def test_a_department_of_an_office_that_is_unknown_changes_nothing() -> None:
    assert groups({"a": ["gone"], "b": []}) == [("a",), ("b",)]


def test_no_part_has_much_more_than_another() -> None:
    sizes = [len(share(Part(number, 4), LINKED)) for number in range(1, 5)]

    assert max(sizes) - min(sizes) <= 1


def test_the_order_in_which_offices_are_known_changes_nothing() -> None:
    names = list(LINKED)
    Random(7).shuffle(names)
    shuffled = {id: list(reversed(LINKED[id])) for id in names}

    assert share(Part(2, 3), shuffled) == share(Part(2, 3), LINKED)
