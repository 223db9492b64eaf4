from io import BytesIO

from PIL import Image, ImageColor

from adapters.chart import HEIGHT, KEPT, LATE, SCALE, WIDTH, draw
from duban.punctual import Bar


def colours(*bars: Bar) -> dict[tuple[int, ...], int]:
    """How many pixels of each."""
    image = Image.open(BytesIO(draw(bars))).convert("RGB")
    assert image.size == (WIDTH * SCALE, HEIGHT * SCALE)
    return {colour: count for count, colour in image.getcolors(maxcolors=1000)}


def test_what_came_in_time_and_what_did_not_take_room_by_their_numbers() -> None:
    found = colours(Bar(4, 3, "3"))

    kept, late = (found[ImageColor.getrgb(name)] for name in (KEPT, LATE))
    assert abs(kept / late - 3) < 0.05


def test_a_span_in_which_nothing_was_due_has_no_column() -> None:
    found = colours(Bar(label="3"))

    assert not {ImageColor.getrgb(KEPT), ImageColor.getrgb(LATE)} & set(found)


def test_the_same_numbers_give_the_same_bytes() -> None:
    bars = [Bar(month, month // 2, str(month)) for month in range(1, 13)]

    assert draw(bars) == draw(list(bars))


def test_without_any_span_it_is_an_empty_picture() -> None:
    assert colours()
