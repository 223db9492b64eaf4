"""The ladder keeps its promises in any story (tests/journeys/ladder_story.py).

DUBAN_LONG=<examples> runs that many long stories (200 steps each) instead of a few short ones; `./run faults
ladder` runs 50,000 steps in several processes.

Broken by hand, the program was caught by `python -m tests.faults.ladder 3 3000`: a completed item is still
due, by how it is written (884 steps); no last look besides, by two mails in a morning (800); a leader is
mailed one stage early (300).
"""

import os
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import new_database
from tests.journeys.ladder_story import LadderStory

LONG = int(os.environ.get("DUBAN_LONG") or 0)
STEPS = 200 if LONG else 30


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 6), ("postgresql", 2)])
def test_the_ladder_keeps_its_promises(
    request: pytest.FixtureRequest, kind: str, examples: int
) -> None:
    run_state_machine_as_test(
        lambda: LadderStory(partial(new_database, request, kind)),
        settings=settings(
            max_examples=LONG or examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not LONG,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    if LONG:
        print(dict(LadderStory.tally))
