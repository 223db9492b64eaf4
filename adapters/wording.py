"""The words of letters: dates, spans and standings as Chinese official mail writes them."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from duban.activity import Certainty
from duban.assignment import Occasion
from duban.letter import Item
from duban.rule import Span
from duban.step import Answer

_DIGITS = "零一二三四五六七八九十"


def full(value: date) -> str:
    """`2026年3月22日（星期日）`."""
    return f"{long(value)}（{weekday(value)}）"


def long(value: date) -> str:
    """`2026年3月22日`."""
    return f"{value.year}年{short(value)}"


def short(value: date) -> str:
    """`3月22日`."""
    return f"{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """`星期日`."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


def parts(item: Item, today: date) -> list[str]:
    """When it is due, cut where a line may break: `3月5日`, `（星期四）`, `17:00前`.

    The year stands first where it is not today's.
    """
    year = [] if item.due.year == today.year else [f"{item.due.year}年"]
    hour = [f"{item.due_at:%H:%M}前"] if item.due_at else []
    return [*year, short(item.due), f"（{weekday(item.due)}）", *hour]


def due(item: Item, today: date) -> str:
    """`3月5日（星期四）17:00前`."""
    return "".join(parts(item, today))


def span(value: Span | None) -> str:
    """A day or a range with weekdays; a range of more than 31 days without; `待公布` for None."""
    if value is None:
        return "待公布"
    if value.end is None:
        return f"{full(value.start)}起"
    if value.end == value.start:
        return full(value.start)
    write = long if (value.end - value.start).days > 31 else full
    return f"{write(value.start)}至{write(value.end).removeprefix(f'{value.start.year}年')}"


def standing(item: Item, today: date) -> str:
    """How an item stands on the morning of its letter: `已逾期3个工作日`, `还有5个工作日`."""
    return "".join(stands(item, today))


def stands(item: Item, today: date) -> list[str]:
    """The same, cut where a line may break: `已逾期`, `3个工作日`."""
    if item.overdue:
        return ["已逾期", f"{item.days}个工作日"] if item.days > 0 else ["已逾期"]
    if item.due <= today:
        return ["已过" if item.due < today else "今天到期" if _reported(item) else "就在今天"]
    if item.days < 0:
        return ["还有", f"{-item.days}个工作日"]
    return (
        ["今天是", "最后一个", "工作日"]
        if _reported(item)
        else [f"还有{(item.due - today).days}天"]
    )


def _reported(item: Item) -> bool:
    return item.answer is Answer.REPORT


def asked(answer: Answer) -> str:
    """What a department has to do about a step."""
    return "知悉即可" if answer is Answer.KNOW else "报送"


def request(items: Iterable[Item]) -> str:
    """The closing request of a section's first sentence."""
    return "请按时限办理" if any(map(_reported, items)) else "请知悉"


def urgent(items: Iterable[Item]) -> list[Item]:
    """Overdue first, then by due date; otherwise as they came."""
    return sorted(items, key=lambda item: (not item.overdue, item.due))


def late(items: Iterable[Item]) -> list[Item]:
    """The overdue ones."""
    return [item for item in items if item.overdue]


def tally(items: Sequence[Item]) -> list[str]:
    """`2项已逾期`, `3项即将到期`, `1项请知悉`, those that there are."""
    open_ones = [item for item in items if not item.overdue]
    coming = sum(map(_reported, open_ones))
    counts = {
        "已逾期": len(items) - len(open_ones),
        "即将到期": coming,
        "请知悉": len(open_ones) - coming,
    }
    return [f"{count}项{what}" for what, count in counts.items() if count]


def worst(items: Iterable[Item]) -> Item:
    """The one that is overdue the longest; ValueError where there is none."""
    return max(items, key=lambda item: item.days)


def tentative(occasions: Iterable[tuple[Occasion, Sequence[Item]]]) -> bool:
    """Whether a day of an activity is only known by its rule."""
    return any(one.certainty is Certainty.RULE and not one.category for one, _ in occasions)


def names(values: Iterable[str]) -> str:
    """`市水利局、市教委`."""
    return "、".join(values)


def numeral(number: int) -> str:
    """`一`, `十二`, `三十`; 100 and more in digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    lead = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return lead + (_DIGITS[ones] if ones else "")


def clip(text: str, most: int) -> str:
    """At most `most` characters, the last one `…` where something was cut off."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def pad(text: str, width: int) -> str:
    """Filled up to `width` columns, a Chinese character counting two, and at least two of space."""
    used = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    wide, narrow = divmod(max(width - used, 2), 2)
    return text + "　" * wide + " " * narrow


FILTERS: dict[str, Callable[..., object]] = {
    known.__name__: known
    for known in (
        full, long, short, parts, due, span, standing, stands, asked, request, urgent, late,
        tally, worst, tentative, names, numeral, clip, pad,
    )
}  # fmt: skip
"""By the names under which the templates know them."""
