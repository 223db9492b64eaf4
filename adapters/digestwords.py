"""The words of digests: rates, comparisons, and the last thing that somebody did."""

from collections.abc import Callable, Iterable

from duban.acts import label, who
from duban.digest import Answered, Digest, Line, Task, Which
from duban.letter import Item, Section
from duban.punctual import Bar, Rate
from duban.vacancy import Vacancy


def rate(value: Rate) -> str:
    """`75%`; `—` where nothing was due."""
    return "—" if value.percent is None else f"{value.percent}%"


def looked(digest: Digest) -> str:
    """On which days it looks back: `上周（2月23日至3月1日）`, `2026年2月`."""
    first, last = digest.span.start, digest.span.last
    if digest.which is not Which.WEEKLY:
        return f"{first.year}年{first.month}月"
    return f"上周（{first.month}月{first.day}日至{last.month}月{last.day}日）"


def former(digest: Digest) -> str:
    """What its rate is compared with."""
    return "前一周" if digest.which is Which.WEEKLY else "前一个月"


def swing(digest: Digest) -> str:
    """`，比前一周提高5个百分点`; empty where there is nothing to compare."""
    now, then = digest.rate.percent, digest.rate_before.percent
    if now is None or then is None:
        return ""
    if now == then:
        return f"，与{former(digest)}持平"
    return f"，比{former(digest)}{'提高' if now > then else '下降'}{abs(now - then)}个百分点"


def compared(digest: Digest) -> str:
    """`，比上期多3项（新增5项，减少2项）`; empty where the last digest is not known."""
    if digest.before is None:
        return ""
    more = digest.new - digest.gone
    moved = [
        f"{word}{count}项" for word, count in (("新增", digest.new), ("减少", digest.gone)) if count
    ]
    many = f"比上期{'多' if more > 0 else '少'}{abs(more)}项" if more else "与上期一样多"
    return f"，{many}（{'，'.join(moved)}）" if moved else f"，{many}"


def formerly(line: Line) -> str:
    """`（上期5项）`; empty where that is the same, or not known."""
    same = line.before is None or line.before == line.overdue
    return "" if same else f"（上期{line.before}项）"


def column(bar: Bar, digest: Digest) -> str:
    """What a column of the chart is: `2月`, `2月23日起一周`."""
    if digest.which is not Which.WEEKLY:
        return f"{bar.label}月"
    month, _, day = bar.label.partition("/")
    return f"{month}月{day}日起"


def charted(digest: Digest) -> str:
    """The chart in one sentence, for who does not see it."""
    known = [f"{column(bar, digest)}{rate(bar)}" for bar in digest.bars if bar.due]
    return f"按时率：{'，'.join(known)}" if known else "按时率：没有到期的事项"


def answered(answer: Answered | None) -> str:
    """`3月1日王小川退回：材料不全`; what nobody did is `还没有答复`."""
    if answer is None:
        return "还没有答复"
    said = f"：{answer.said}" if answer.said else ""
    return f"{answer.at.month}月{answer.at.day}日{who(answer.who)}{label(answer.act)}{said}"


def asking(task: Task) -> str:
    """The same of what waits for the secretariat."""
    day = f"{task.at.month}月{task.at.day}日" if task.at else ""
    said = f"：{task.said}" if task.said else ""
    return f"{day}{who(task.who)}{task.what or '报送'}{said}"


def vacant(found: Iterable[Vacancy]) -> str:
    """`市水利局的分管领导；市科协的联络员、AB岗`."""
    return "；".join(one.words for one in found)


def owing(items: Iterable[Item]) -> list[Item]:
    """Of a department's account: what is still to be handed in, and not overdue."""
    return [item for item in items if item.state.chased and not item.overdue]


def finished(items: Iterable[Item]) -> list[Item]:
    """Of a department's account: what was handed in or closed."""
    return [item for item in items if not item.state.chased]


def grouped(section: Section) -> list[tuple[str, list[Item]]]:
    """An account's items as they are told: overdue, to be handed in, handed in; those that there are."""
    late = [item for item in section.items if item.state.chased and item.overdue]
    said = looked(section.digest) if section.digest else ""
    groups = [
        ("逾期的", late),
        ("一个月内要报送的", owing(section.items)),
        (f"{said}报送的", finished(section.items)),
    ]
    return [(name, items) for name, items in groups if items]


FILTERS: dict[str, Callable[..., object]] = {
    known.__name__: known
    for known in (
        rate, looked, former, swing, compared, formerly, column, charted, answered, asking, vacant,
        owing, finished, grouped,
    )
}  # fmt: skip
