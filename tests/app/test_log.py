"""What is logged: to stderr, and without what is a key to something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from adapters.secret import Secret
from app.reading import look_at
from tests.sites import write_site


@pytest.fixture
def as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("as_it_was")
def test_a_traceback_in_the_log_names_no_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look_at(write_site(tmp_path))
    _fail(cookie="chocolate")

    said = capsys.readouterr()

    assert "ValueError: no such thing" in said.err
    assert "chocolate" not in said.err
    assert said.out == ""


def _fail(cookie: str) -> None:
    try:
        raise ValueError("no such thing")
    except ValueError:
        structlog.get_logger().exception("page broke")


def test_a_secret_does_not_tell_its_keys() -> None:
    assert "chocolate" not in repr(Secret((b"chocolate",)))
