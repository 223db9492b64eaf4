"""Checks of the rules of scores: what is better has to bring more."""

from collections.abc import Iterator

from duban.fault import Fault
from duban.scoring import Lamps, Points, Scoring


def scoring(rules: Scoring) -> Iterator[Fault]:
    if not rules.counted:
        yield rules.fault("counted", message="什么也不计入", hint="可写：活动、规划任务")
    if not (rules.weights.lead or rules.weights.support):
        message = "牵头和责任的权重都是0，什么也不计入"
        yield rules.weights.fault("lead", message=message, hint="至少一个大于0")
    yield from _points(rules.points)
    yield from _lamps(rules.lamps)


def _points(points: Points) -> Iterator[Fault]:
    if points.late > points.on_time:
        message = f"逾期报送得{points.late}分，比按时报送的{points.on_time}分还多"
        yield points.fault("late", message=message, hint="late 不应大于 on_time")
    if points.missing > points.late:
        message = f"没有报送得{points.missing}分，比逾期报送的{points.late}分还多"
        yield points.fault("missing", message=message, hint="missing 不应大于 late")


def _lamps(lamps: Lamps) -> Iterator[Fault]:
    if lamps.yellow > lamps.green:
        message = f"黄灯从{lamps.yellow}分起，比绿灯的{lamps.green}分还高"
        yield lamps.fault("yellow", message=message, hint="yellow 不应大于 green")
