"""Scores: whether they are made each night."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.doctor.finding import Finding, attention, good
from app.doctor.ground import Ground
from app.doctor.words import long, moment
from state import scores as state

LATE = timedelta(hours=49)
"""Two nights, and a little."""


def scores(ground: Ground) -> Iterator[Finding]:
    with ground.site.database.reading() as connection:
        last = state.last_scored(connection)
    known = any(job.flow == "score" for job in ground.jobs)
    yield verdict(known, last, ground.at, ground.zones[0])


def verdict(known: bool, last: datetime | None, at: datetime, zone: str) -> Finding:
    """`known`: whether the timetable has it; `last`: when any office was scored."""
    if not known:
        remedy = "请在 config/timetable.yaml 补上（照出厂的样子），看板的按时率要用它"
        return attention("考核", "时刻表里没有 score，考核结果不会更新", remedy)
    if last is None:
        return good("考核", "还没有算过，今晚算")
    if at - last > LATE:
        remedy = "看 duban serve 是否在运行；马上计算用 duban score --update"
        return attention("考核", f"上次计算是 {long(at - last)}前", remedy)
    return good("考核", f"{moment(last, zone)}算过")
