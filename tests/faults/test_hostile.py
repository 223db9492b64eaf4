"""Each reply, silence and nonsense at each step has the reaction of docs/promise.md in the database."""

from pathlib import Path

from tests.faults import hostile
from tests.faults.cells import CLASSES, SILENT, STEPS, cells

EVERY = 4
"""Of the cells, in a test; `./run faults hostile` plays them all."""


def test_each_fault_at_each_step_has_its_reaction(tmp_path: Path) -> None:
    (figures,) = hostile.measure(tmp_path, EVERY)

    assert not figures.complaints, "\n".join(figures.complaints)


def test_the_cells_are_many_and_the_chosen_ones_of_every_kind() -> None:
    chosen = cells()[::EVERY]

    assert len(cells()) > 900
    assert {cell.step for cell in chosen} == set(STEPS)
    assert {cell.reply for cell in chosen} == {*CLASSES, "silent"}
    assert {cell.kind for cell in chosen} >= {"reply", "late", "long", "last", "overdue", *SILENT}
    assert {cell.pipelining for cell in chosen} == {True, False}
