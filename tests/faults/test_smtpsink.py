"""Our account and Postfix's smtp-sink agree, whatever mood it is in."""

from pathlib import Path

import pytest

from tests.faults import smtpsink
from tests.faults.figures import table

pytestmark = pytest.mark.skipif(bool(smtpsink.reason()), reason=str(smtpsink.reason()))


def test_account_and_server_agree_in_every_mood(tmp_path: Path) -> None:
    figures = smtpsink.measure(tmp_path, letters=100)

    assert not any(one.complaints for one in figures), table(figures)
    assert sum(one.duplicates for one in figures) == 100
