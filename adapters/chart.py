"""The chart of a digest as a PNG: a column for each span, what was reported in time below, what was not
above. Only digits stand in it, for no font can be relied on; words stand beside it in the letter."""

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw, ImageFont

from duban.punctual import Bar

WIDTH, HEIGHT = 580, 190
"""As it is shown; it is drawn twice as large, for screens with small pixels."""
SCALE = 2
FLOOR, TOP = 158, 30
SHADES = 28
KEPT, LATE, GROUND, INK, LINE = "#1d4a7a", "#d98880", "#ffffff", "#3d4852", "#cfd6dd"


def draw(bars: Sequence[Bar]) -> bytes:
    """The same bars always give the same bytes."""
    return _drawn(tuple(bars))


@lru_cache(maxsize=32)
def _drawn(bars: tuple[Bar, ...]) -> bytes:
    """Very many offices have nothing to show."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
    pen = ImageDraw.Draw(image)
    most = max((bar.due for bar in bars), default=0) or 1
    share = (WIDTH - 20) / max(len(bars), 1)
    for number, bar in enumerate(bars):
        _column(pen, bar, 10 + share * number, share, most)
    _box(pen, 10, FLOOR, WIDTH - 10, FLOOR + 1, LINE)
    return _png(image)


def _column(pen: ImageDraw.ImageDraw, bar: Bar, left: float, share: float, most: int) -> None:
    width = min(share * 0.56, 44)
    start, middle = left + (share - width) / 2, left + share / 2
    kept, due = (_height(count, most) for count in (bar.kept, bar.due))
    _box(pen, start, FLOOR - due, start + width, FLOOR - kept, LATE)
    _box(pen, start, FLOOR - kept, start + width, FLOOR, KEPT)
    if bar.percent is not None:
        _text(pen, middle, FLOOR - due - 12, f"{bar.percent}%")
    _text(pen, middle, FLOOR + 15, bar.label)


def _height(count: int, most: int) -> float:
    return (FLOOR - TOP) * count / most


def _box(
    pen: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, colour: str
) -> None:
    """Nothing where it has no height."""
    corners = [round(edge * SCALE) for edge in (left, top, right, bottom)]
    if corners[3] > corners[1]:
        pen.rectangle((corners[0], corners[1], corners[2] - 1, corners[3] - 1), fill=colour)


def _text(pen: ImageDraw.ImageDraw, middle: float, height: float, text: str) -> None:
    pen.text((middle * SCALE, height * SCALE), text, fill=INK, font=_font(), anchor="mm")


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own, which every machine has."""
    return ImageFont.load_default(13 * SCALE)


def _png(image: Image.Image) -> bytes:
    target = BytesIO()
    few = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    few.save(target, "PNG", optimize=True)
    return target.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """What is drawn, and the shades at the edges of digits: to look for them takes longer than to draw."""
    drawn = [ImageColor.getrgb(name)[:3] for name in (GROUND, KEPT, LATE, LINE)]
    ink, ground = ImageColor.getrgb(INK), ImageColor.getrgb(GROUND)
    shades = [
        tuple(round(ink[n] + (ground[n] - ink[n]) * step / SHADES) for n in range(3))
        for step in range(SHADES)
    ]
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in (*drawn, *shades) for part in colour])
    return made
