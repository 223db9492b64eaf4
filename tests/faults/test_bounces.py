from pathlib import Path

import pytest

from tests.faults.bounces import FORGERIES, count
from tests.postfix import program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Postfix here, or not root"),
]


def test_what_a_real_postfix_gives_back_is_matched_and_what_is_forged_is_not(
    tmp_path: Path,
) -> None:
    counts = count(tmp_path, 50)

    assert counts.wrong == ()
    assert (counts.matched, counts.delays) == (50, 10)
    assert counts.quarantined == counts.forged == 5 * min(FORGERIES, counts.taken)
    assert counts.reports == 60
