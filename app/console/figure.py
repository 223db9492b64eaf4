"""The figure of a target in a form: asked for, read, refused with what is wrong."""

from dataclasses import dataclass

from app.console.visit import Visit, Wrong
from duban.assignment import Assignment
from duban.measure import Counting, Measured, NoFigure, aim, read
from duban.progress import measure_of

VALUE, NONE = "value", "no-value"
"""Names of the field, and of the box that says that there is no figure."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form says beside its field."""

    year: int
    unit: str
    how: str
    """`截至年末` or `当年`."""
    aim: str
    """`2025年至少15%`; empty where no target is set."""


def asked(visit: Visit, item: Assignment) -> Asked | None:
    """None where words are enough."""
    measure = measure_of(visit.desk, item.asked)
    if measure is None:
        return None
    how = "当年" if measure.counts is Counting.YEARLY else "截至年末"
    return Asked(item.asked.year, measure.unit, how, aim(measure))


def given(visit: Visit, item: Assignment, text: str) -> Measured | None:
    """`text`: what is said besides. None where no figure is asked for. Raises Wrong."""
    measure = measure_of(visit.desk, item.asked)
    if measure is None:
        return None
    said, nothing = visit.form.text(VALUE), bool(visit.form.text(NONE))
    if said and nothing:
        raise Wrong("填了数值，又勾选了“本年没有数据”，请只留一样")
    if nothing:
        if not text:
            raise Wrong("本年没有数据的，请在办理情况里写明原因")
        return Measured(None, measure.unit)
    if not said:
        raise Wrong(
            f"请填写{item.asked.year}年的数值（单位：{measure.unit}）；没有数据的，勾选“本年没有数据”并写明原因"
        )
    try:
        return Measured(read(measure, said), measure.unit)
    except NoFigure as fault:
        raise Wrong(str(fault)) from None
