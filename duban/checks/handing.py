"""Checks of what one programme hands over to the next: nothing is dropped in silence."""

from collections.abc import Iterator

from duban.book import Branch
from duban.fault import Fault
from duban.handing import legacies, predecessor
from duban.programme import Programme


def handing(branch: Branch) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for programme in branch.programmes:
        former = predecessor(programme, branch.programmes)
        if programme.predecessor is None:
            yield from _alone(programme)
        elif former is None:
            message = f"没有规划“{programme.predecessor}”"
            known = "、".join(one.id for one in branch.programmes if one is not programme)
            hint = f"可写：{known}" if known else "请先录入上一个规划"
            yield programme.fault("predecessor", message=message, hint=hint)
        else:
            yield from _order(former, programme)
            yield from _said(former, programme)
            yield from _silent(former, programme)
            if former.id in taken:
                message = f"“{former.name}”已经由“{taken[former.id]}”接续"
                yield programme.fault("predecessor", message=message, hint="只能由一个规划接续")
            taken.setdefault(former.id, programme.name)


def _alone(programme: Programme) -> Iterator[Fault]:
    if programme.handover:
        message = "写了 handover，却没有写接续哪个规划"
        yield programme.fault("handover", message=message, hint="请写 predecessor")


def _order(former: Programme, programme: Programme) -> Iterator[Fault]:
    if former is programme or former.end >= programme.start:
        message = f"上一个规划“{former.name}”到{former.end}才结束"
        hint = f"本规划从{programme.start}开始，应接续在它之前结束的"
        yield programme.fault("predecessor", message=message, hint=hint)


def _said(former: Programme, programme: Programme) -> Iterator[Fault]:
    old, new = ({task.id for task in one.tasks} for one in (former, programme))
    seen: set[str] = set()
    for one in programme.handover:
        if one.task not in old:
            message = f"上一个规划里没有任务“{one.task}”"
            yield one.fault("task", message=message, hint=f"任务代号见“{former.name}”的 tasks")
        elif one.task in seen:
            yield one.fault("task", message=f"“{one.task}”写了两次", hint="每项任务只写一次去向")
        if one.becomes and one.becomes not in new:
            message = f"本规划里没有任务“{one.becomes}”"
            yield one.fault("becomes", message=message, hint="请写本规划 tasks 里的代号")
        seen.add(one.task)


def _silent(former: Programme, programme: Programme) -> Iterator[Fault]:
    """Every target and key task of the former is spoken of, be it as still to be decided."""
    dropped = [
        one.task for one in legacies(former, programme) if not programme.goes_on(one.task.id)
    ]
    if dropped:
        names = "、".join(f"{task.name}（{task.id}）" for task in dropped[:5])
        more = f"等{len(dropped)}项" if len(dropped) > 5 else ""
        message = f"上一个规划的{names}{more}没有写去向"
        hint = "在 handover 里写 becomes（接着办）、ended（不再列入的原因）或 pending（待定什么）"
        yield programme.fault("predecessor", message=message, hint=hint)
