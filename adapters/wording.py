"""The words of letters: dates, spans and standings as Chinese official mail writes them."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from adapters import digestwords
from duban.activity import Certainty
from duban.assignment import Occasion
from duban.completion import State
from duban.letter import Item, Kind, Letter, Receipt
from duban.rule import Span
from duban.step import Answer

_DIGITS = "零一二三四五六七八九十"


_few = lru_cache(maxsize=1024)
"""For words of dates: a morning's letters speak of few."""


@_few
def full(value: date) -> str:
    """`2026年3月22日（星期日）`."""
    return f"{long(value)}（{weekday(value)}）"


@_few
def long(value: date) -> str:
    """`2026年3月22日`."""
    return f"{value.year}年{short(value)}"


@_few
def short(value: date) -> str:
    """`3月22日`."""
    return f"{value.month}月{value.day}日"


@_few
def weekday(value: date) -> str:
    """`星期日`."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


def parts(item: Item, today: date) -> list[str]:
    """When it is due, cut where a line may break: `3月5日`, `（星期四）`, `17:00前`.

    The year stands first where it is not today's.
    """
    hour = [f"{item.due_at:%H:%M}前"] if item.due_at else []
    return [*_cut(item.due, today), *hour]


def _cut(day: date, today: date) -> list[str]:
    year = [] if day.year == today.year else [f"{day.year}年"]
    return [*year, short(day), f"（{weekday(day)}）"]


def due(item: Item, today: date) -> str:
    """`3月5日（星期四）17:00前`."""
    return "".join(parts(item, today))


def old(item: Item, today: date) -> list[str]:
    """In a change, what its department was told before, cut like `parts`."""
    return _cut(item.was, today) if item.was else ["待公布"]


def new(item: Item, today: date) -> list[str]:
    """In a change, what holds from now on, cut like `parts`."""
    if not item.gone:
        return parts(item, today)
    return ["取消"] if _cancelled(item) else ["待公布，", "另行通知"]


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


def usual(value: Span) -> str:
    """`5月19日至6月1日`: when something usually falls, no year, no weekday."""
    last = value.last
    first = f"{value.start.month}月{value.start.day}日"
    return first if last == value.start else f"{first}至{last.month}月{last.day}日"


def standing(item: Item, today: date) -> str:
    """How an item stands on the morning of its letter: `已逾期3个工作日`, `还有5个工作日`."""
    return "".join(stands(item, today))


def stands(item: Item, today: date) -> list[str]:
    """The same, cut where a line may break: `已逾期`, `3个工作日`."""
    if item.answer is Answer.CONFIRM:
        return ["待确认", f"{item.days}个工作日"] if item.days > 0 else ["今起", "待确认"]
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


def _cancelled(item: Item) -> bool:
    return item.gone and item.state is State.WITHDRAWN


def _late(item: Item) -> bool:
    """A date to be confirmed is nobody's report, however long ago it was asked for."""
    return item.overdue and item.answer is not Answer.CONFIRM


def asked(answer: Answer) -> str:
    """What a department has to do about a step."""
    return {Answer.KNOW: "知悉即可", Answer.CONFIRM: "确认"}.get(answer, "报送")


def demanded(item: Item) -> str:
    """The same in a change, where it may have been cancelled."""
    return "不必办理" if _cancelled(item) and _reported(item) else asked(item.answer)


def request(items: Iterable[Item]) -> str:
    """The closing request of a section's first sentence."""
    return "请按时限办理" if any(map(_reported, items)) else "请知悉"


def urgent(items: Iterable[Item]) -> list[Item]:
    """Overdue first, then by due date; otherwise as they came."""
    return sorted(items, key=lambda item: (not _late(item), item.due))


def late(items: Iterable[Item]) -> list[Item]:
    """The overdue ones."""
    return [item for item in items if _late(item)]


def tally(items: Sequence[Item]) -> list[str]:
    """`2项已逾期`, `3项即将到期`, `1项请知悉`, those that there are."""
    open_ones = [item for item in items if not _late(item)]
    counts = {
        "已逾期": len(items) - len(open_ones),
        "即将到期": sum(map(_reported, open_ones)),
        "请知悉": sum(item.answer is Answer.KNOW for item in open_ones),
        "待确认": sum(item.answer is Answer.CONFIRM for item in open_ones),
    }
    return [f"{count}项{what}" for what, count in counts.items() if count]


def changed(occasions: Sequence[tuple[Occasion, Sequence[Item]]]) -> list[str]:
    """What a change changes: `2项工作的时限调整`, `1项取消`; without numbers where it is about one
    occasion: `时限调整`, `部分事项取消`."""
    if len(occasions) == 1:
        word, items = _change(occasions[0][1]), occasions[0][1]
        if word == "取消":
            return ["原定事项取消"]
        return [word, "部分事项取消"] if any(map(_cancelled, items)) else [word]
    words = [_change(items) for _, items in occasions]
    counts = {word: words.count(word) for word in _CHANGES if word in words}
    return [
        f"{count}项{'' if number else '工作的' if word == '时限调整' else '工作'}{word}"
        for number, (word, count) in enumerate(counts.items())
    ]


_CHANGES = ("时限调整", "取消", "改为待公布", "日期已定")


def _change(items: Sequence[Item]) -> str:
    if all(map(_cancelled, items)):
        return "取消"
    if all(item.gone for item in items):
        return "改为待公布"
    fixed = all(item.was is None and not item.gone for item in items)
    return "日期已定" if fixed else "时限调整"


def dropped(items: Iterable[Item]) -> bool:
    """Whether nothing of an occasion is asked for any more."""
    return all(map(_cancelled, items))


def worst(items: Iterable[Item]) -> Item:
    """The one that is overdue the longest; ValueError where there is none."""
    return max(items, key=lambda item: item.days)


def tentative(occasions: Iterable[tuple[Occasion, Sequence[Item]]]) -> bool:
    """Whether a day of an activity is only known by its rule."""
    return any(
        one.certainty is Certainty.RULE and one.span and not one.category for one, _ in occasions
    )


def greeting(letter: Letter) -> str:
    """`市水利局 王小川，您好！`; the departments are left out where the name says them already."""
    name = letter.recipient_name
    known = all(department in name for department in letter.departments)
    return f"{name if known else f'{names(letter.departments)} {name}'}，您好！"


def kinds(letter: Letter) -> list[str]:
    """`notice`, `reminder`: what its sections are, in their order."""
    return [section.kind.value for section in letter.sections]


def heading(letter: Letter) -> str:
    """`通知 · 提醒`."""
    return " · ".join(section.kind.label for section in letter.sections)


def reported(letter: Letter) -> bool:
    """Whether a notice, a reminder or a digest asks for a report."""
    work = [
        one for one in letter.sections if one.kind not in (Kind.CHANGE, Kind.CONFIRM, Kind.ACCOUNT)
    ]
    return any(_reported(item) for section in work for item in section.items)


def button(letter: Letter) -> str:
    """What stands on the link of a letter; its first section decides."""
    return {
        Kind.DIGEST: "打开看板",
        Kind.OVERSIGHT: "打开看板",
        Kind.ACCOUNT: "查看这些事项",
        Kind.PHASE: "打开规划",
        Kind.WORK: "打开督办台",
        Kind.CONFIRM: "打开督办台",
        Kind.RETURNED: "打开督办台",
        Kind.RECEIPT: "查看办理情况",
    }.get(letter.kind, "办理：签收、报送、申请延期")


def done(receipt: Receipt) -> str:
    """What a receipt tells of: `已签收`, `退回`."""
    if receipt.lead and receipt.act == "report":
        return "已报送，请审核"
    return _DONE.get(receipt.act, receipt.act)


_DONE = {
    "acknowledge": "已签收",
    "report": "已报送",
    "extension": "已申请延期",
    "transfer": "已申请转办",
    "not-ours": "已提出非本单位",
    "return": "退回",
    "refuse": "申请未获同意",
    "exempt": "免办",
    "complete": "审核通过",
}


def clock(moment: datetime) -> str:
    """`3月2日10:05`."""
    return f"{short(moment.date())}{moment:%H:%M}"


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


def numbered(values: Iterable[object]) -> Iterable[tuple[int, object]]:
    """With their numbers from 1: what `loop.index` would give, in a third of the time."""
    return enumerate(values, 1)


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
        full, long, short, parts, due, old, new, span, standing, stands, asked, demanded, request,
        urgent, usual, late, tally, changed, dropped, worst, tentative, greeting, kinds, heading,
        reported, button, done, clock, names, numeral, numbered, clip, pad,
    )
} | digestwords.FILTERS  # fmt: skip
"""By the names under which the templates know them."""
