"""Files of records: one more stands behind the others, and reads back as what was written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.files import read_site
from adapters.records import CannotGrow
from adapters.transfers import file_of, passed_on
from duban.transfer import Transfer
from tests.sites import located, write_site

FILE = file_of("cq")


def record(**more: object) -> Transfer:
    fields = {"activity": "世界水日", "year": 2026, "step": "plan", "from": "shui", "to": "jiao"}
    at = datetime(2026, 2, 20, 2, tzinfo=UTC)
    return Transfer.model_validate({**fields, "at": at, "by": '李"经办', **more})


def test_a_new_file_explains_itself_and_reads_back_as_what_was_written(tmp_path: Path) -> None:
    first, second = record(), record(to="市科协", reason="分工调整")
    text = passed_on("cq", passed_on("cq", "", first), second)

    reading = read_site(write_site(tmp_path, {FILE: text}))

    assert reading.faults == ()
    assert reading.book
    said = [one.model_dump_json() for one in reading.book.branches[0].transfers]
    assert said == [first.model_dump_json(), second.model_dump_json()]


def test_a_fault_in_it_is_told_by_its_line(tmp_path: Path) -> None:
    text = passed_on("cq", "", record(to="市教育局"))

    faults = read_site(write_site(tmp_path, {FILE: text})).faults

    assert located(faults) == [f"{FILE}:9 transfers[1].to 没有成员单位“市教育局”"]


@pytest.mark.parametrize("before", ["transfers: []\n", "transfers: [\n", "abc\n"])
def test_a_file_that_cannot_grow_is_told(before: str) -> None:
    with pytest.raises(CannotGrow, match="不能往后加"):
        passed_on("cq", before, record())
