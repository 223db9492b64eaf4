"""The shipped programmes are true to their documents."""

import re

import pytest

from duban.book import Book
from duban.programme import Kind
from tests.shipped import ANNEX, POINTS, facts, needs_facts, needs_seeds, programme, tasks


def test_the_work_points_of_2022_are_numbered_1_to_45(book: Book) -> None:
    points = tasks(book, "chongqing-2022", Kind.POINT)

    assert [point.number for point in points] == list(range(1, 46))
    assert [point.name for point in points if len(point.name) > 20] == []
    assert [point.number for point in points if not point.category] == []


def test_four_work_points_have_an_output_besides_the_yearly_report(book: Book) -> None:
    points = tasks(book, "chongqing-2022", Kind.POINT)

    extra = {point.number: point.steps for point in points if not isinstance(point.steps, str)}

    assert list(extra) == [22, 27, 39, 44]
    for steps in extra.values():
        assert [step.due for step in steps] == ["2022年12月31日", "12月31日"]


@needs_seeds
def test_each_work_point_is_led_by_whom_the_document_names(book: Book) -> None:
    text = re.sub(r"\s+|—\d+—", "", POINTS.read_text(encoding="utf-8"))
    closing = r"（((?:[^（）]|（[^（）]*）)*?(?:按职责分工负责|各责任单位))）"

    named = [found.removesuffix("按职责分工负责") for found in re.findall(closing, text)]

    points = tasks(book, "chongqing-2022", Kind.POINT)
    assert ["、".join(point.lead) for point in points] == named


def test_wulong_has_five_actions_and_five_projects(book: Book) -> None:
    keys = tasks(book, "wulong-2021-2025", Kind.TASK)

    wanted = [(category, n) for category in ("提升行动", "重点工程") for n in range(1, 6)]

    assert [(task.category, task.number) for task in keys] == wanted


@needs_seeds
def test_wulongs_key_tasks_are_shared_out_as_in_the_annex(book: Book) -> None:
    lines = ANNEX.read_text(encoding="utf-8").splitlines()
    rows = [line.strip().split("\t")[-2:] for line in lines if re.search(r"\t\d\. 实施", line)]

    keys = tasks(book, "wulong-2021-2025", Kind.TASK)

    assert [["、".join(task.lead), "、".join(task.support)] for task in keys] == rows


@needs_facts
@pytest.mark.parametrize(
    ("id", "seed"), [("wulong-2021-2025", "002"), ("chongqing-2016-2020", "003")]
)
def test_phases_last_as_the_documents_say(book: Book, id: str, seed: str) -> None:
    written = [fact for fact in facts("milestones.json") if fact["kind"] == "phase"]

    wanted = [(f["start"], f["end"]) for f in written if f["file"].startswith(seed)]

    phases = programme(book, id).phases
    assert [(phase.start.isoformat(), phase.end.isoformat()) for phase in phases] == wanted


@pytest.mark.parametrize(
    ("id", "baseline", "target"),
    [
        ("chongqing-2021-2025", "10.20%", "15%"),
        ("wulong-2021-2025", "8.9%", "13%"),
        ("chongqing-2016-2020", "4.74%", "8.3%"),
    ],
)
def test_each_programme_aims_at_its_literacy_rate(
    book: Book, id: str, baseline: str, target: str
) -> None:
    aim = next(task for task in programme(book, id).tasks if task.id == "literacy")

    assert baseline in (aim.baseline or "")
    assert target in (aim.target or "")
