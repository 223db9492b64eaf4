"""Digests, accounts and work lists in words."""

import re
from dataclasses import replace
from datetime import date

import pytest

from duban.digest import Below, Digest, Line, Task, Which, Work
from duban.letter import Kind, Section
from duban.punctual import Rate
from tests.digests import account, monthly, weekly, work
from tests.letters import make_late, make_letter, make_occasion
from tests.pictures import words
from tests.rendering import both, render

HOSTILE = "<script>alert(1)</script>"


def lacking(section: Section, *facts: str) -> list[list[str]]:
    """Facts that are missing in text and in HTML."""
    rendered = render(make_letter(section, departments=()))
    return [[fact for fact in facts if fact not in part] for part in both(rendered)]


def test_a_week_tells_what_is_overdue_compared_with_the_last_time() -> None:
    facts = ["12项工作逾期，涉及7个部门，比上期多3项（新增5项，减少2项）", "2项逾期（上期1项）"]

    assert lacking(weekly(), facts[0]) == [[], []]
    assert facts[1] in render(make_letter(weekly())).text


def test_a_week_tells_how_dates_were_kept_and_how_that_changed() -> None:
    said = "上周（2月23日至3月1日）应报送21项，按时18项，按时率85%，比前一周提高2个百分点"

    assert lacking(weekly(), said, "31个部门全部按时", "2月16日起") == [[], []]


def test_each_item_tells_its_last_answer() -> None:
    said = ("2月27日纲要办退回：材料不全", "2月12日市水利局联络员签收", "还没有答复")

    assert lacking(weekly(), *said) == [[], []]


def test_the_figures_of_the_chart_stand_in_a_table_and_in_its_alternative() -> None:
    page = render(make_letter(monthly())).html

    [alternative] = re.findall(r'<img[^>]* alt="([^"]*)"', page)
    assert 'src="cid:chart-monthly@duban"' in page
    assert alternative.startswith("按时率：3月90%，4月90%，5月77%")
    assert all(f">{month}月</th>" in page for month in (3, 12, 2))


def test_a_month_without_anything_overdue_says_so_first() -> None:
    digest = monthly().digest
    assert digest
    section = Section(Kind.DIGEST, (), digest=replace(digest, gone=4))

    assert lacking(section, "截至3月2日，没有逾期的工作；上期通报的4项都已不再逾期。") == [[], []]


@pytest.mark.parametrize(
    ("section", "subject"),
    [
        (weekly(), "【通报】市纲要办：12项逾期，涉及7个部门（3月2日）"),
        (monthly(), "【月度通报】市纲要办：2月按时率75%，12项逾期（3月2日）"),
        (account(), "【月度清单】市水利局2月：2项逾期，2项待报送，2项已报送"),
        (work(), "【今日待办】23份报送待审核、2份申请待决定、1项今天到期"),
    ],
)
def test_the_subject_tells_what_is_in_it(section: Section, subject: str) -> None:
    assert render(make_letter(section)).subject == subject


def test_an_account_tells_what_is_late_what_comes_and_what_was_done() -> None:
    groups = ("逾期的（2项）", "一个月内要报送的（2项）", "2026年2月报送的（2项）")

    assert lacking(account(), *groups, "应报送4项，按时3项，按时率75%") == [[], []]


def test_a_work_list_tells_what_waits_and_what_falls_due() -> None:
    facts = ["23份报送待审核", "2份申请待决定", "另有20份，请到督办台查看", "今天到期（1项）"]
    facts += ["本周还要到期（2项）", "31个日期待确认", "近30天有1封信没有送到"]

    assert lacking(work(), *facts, "申请延期：场地未定（延到3月20日）") == [[], []]


def hostile() -> list[Section]:
    item = replace(make_late(1, occasion=make_occasion(name=HOSTILE)), step_name=HOSTILE)
    digest = monthly().digest
    assert digest
    line = Line(HOSTILE, 1, None, 1, Rate(1, 0))
    task = Task(HOSTILE, HOSTILE, HOSTILE, date(2026, 3, 2), who=HOSTILE, said=HOSTILE)
    return [
        Section(Kind.DIGEST, (item,), digest=replace(digest, lines=(line,))),
        Section(
            Kind.ACCOUNT,
            (item,),
            digest=Digest(Which.ACCOUNT, digest.span, Rate(), Rate(), department=HOSTILE),
        ),
        Section(Kind.WORK, (), work=Work(1, (task,), 1, (task,), today=(task,), week=(task,))),
    ]


@pytest.mark.parametrize("section", hostile(), ids=lambda one: one.kind.value)
def test_what_people_wrote_is_escaped(section: Section) -> None:
    rendered = render(make_letter(section, departments=()))

    assert "<script" not in rendered.html
    assert HOSTILE in rendered.text


def test_a_city_reads_how_far_its_districts_are() -> None:
    plain = weekly()
    assert plain.digest
    below = (Below("武隆区", 6, 1, 0, 3, 2),)
    section = replace(plain, digest=replace(plain.digest, below=below))

    rendered = render(make_letter(section))

    line = next(line for line in rendered.text.splitlines() if "武隆区" in line)
    assert line.split() == ["武隆区", "要求6项", "已完成3项", "有逾期2项", "待分解1项"]
    assert "各区县落实今年要求的情况" in words(rendered.html)
