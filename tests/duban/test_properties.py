"""What holds for every calendar, shown on generated ones; DUBAN_LONG=<examples> shows it on more."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from duban.agenda import agenda
from duban.assignment import Assignment
from duban.book import Book
from duban.check import check
from duban.completion import Act, State, move
from duban.desk import Desk, desks
from duban.diff import compare
from duban.ladder import CHANGE
from duban.letter import Kind
from duban.morning import write
from duban.piece import due_day
from duban.preview import letters, mornings
from duban.stages import scheduled
from duban.step import Shift
from tests.books import contact, document

LONG = int(os.environ.get("DUBAN_LONG") or 0)
quick = settings(
    max_examples=LONG or 20,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FIRST, LAST = date(2026, 1, 1), date(2026, 8, 31)
DEPARTMENTS = ["市水利局", "市科协", "市科技局"]

days = st.dates(FIRST, date(2026, 7, 31))
units = st.sampled_from(["天", "个工作日", "周"])


@st.composite
def rules(draw: st.DrawFn) -> str:
    month, day = draw(st.integers(1, 7)), draw(st.integers(1, 24))
    return draw(
        st.sampled_from(
            [
                f"{month}月{day}日",
                f"{month}月{day}日至{day + 4}日",
                f"{month}月第{day % 4 + 1}个星期{'一二三四五六日'[day % 7]}",
                f"包含{month}月{day}日的一周",
                "农历五月初五",
                f"每年公布（通常{month}月{day}日）",
            ]
        )
    )


@st.composite
def offsets(draw: st.DrawFn, anchors: str = "开始前 开始后 结束后") -> str:
    anchor = draw(st.sampled_from([*anchors.split(), "开始当天"]))
    if anchor == "开始当天":
        return anchor
    unit = draw(units)
    return f"{anchor}{draw(st.integers(1, 6 if unit == '周' else 40))}{unit}"


@st.composite
def step_sets(draw: st.DrawFn, id: str) -> dict[str, Any]:
    steps = [
        {
            "id": f"step{number}",
            "name": f"节点{number}",
            "due": draw(offsets()),
            "answer": draw(st.sampled_from(["报送", "报送", "知悉"])),
            "shift": draw(st.sampled_from([None, "提前", "顺延", "不变"])),
            "who": draw(st.sampled_from(["全部", "牵头", "责任"])),
        }
        for number in range(draw(st.integers(1, 4)))
    ]
    return {"id": id, "name": id, "notice": draw(offsets("开始前 到期前")), "steps": steps}


@st.composite
def ladders(draw: st.DrawFn, id: str) -> dict[str, Any]:
    shifts = sorted(draw(st.sets(st.integers(-8, 12), min_size=1, max_size=4)))
    stages = [
        {
            "id": f"stage{number}",
            "name": f"提醒{number}",
            "when": _when(shift),
            "late": draw(st.sampled_from(["合并", "跳过", "照发"])),
        }
        for number, shift in enumerate(shifts)
    ]
    if shifts[-1] > 0 and draw(st.booleans()):
        stages[-1]["when"] += f"起每{draw(st.integers(1, 7))}个工作日"
    return {"id": id, "name": id, "stages": stages, "stale": draw(st.integers(0, 20))}


def _when(shift: int) -> str:
    if shift == 0:
        return "到期当天"
    return f"到期前{-shift}个工作日" if shift < 0 else f"逾期{shift}个工作日"


@st.composite
def work_years(draw: st.DrawFn) -> dict[str, Any]:
    """Holidays that do not touch, and weekends that are worked outside of them."""
    holidays, free = [], FIRST
    for number in range(draw(st.integers(0, 4))):
        start = free + timedelta(draw(st.integers(0, 60)))
        end = start + timedelta(draw(st.integers(0, 9)))
        free = end + timedelta(8)
        weekend = [end + timedelta(n) for n in range(1, 8) if (end + timedelta(n)).weekday() > 4]
        work = draw(st.lists(st.sampled_from(weekend), unique=True))
        holidays.append({"name": f"假{number}", "start": start, "end": end, "work": sorted(work)})
    return {"year": 2026, "notice": "测发〔2025〕1号", "holidays": holidays}


@st.composite
def people(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number, department in enumerate(DEPARTMENTS):
        shared = draw(st.booleans())
        who = {"name": "老王"} if shared else {}
        email = "wang@ceshi.example" if shared else f"l{number}@ceshi.example"
        start = draw(days)
        away = [{"start": start, "end": start + timedelta(draw(st.integers(0, 30)))}]
        absent = {"away": away} if draw(st.booleans()) else {}
        found.append({**contact(department, email), **absent, **who})
        if draw(st.booleans()):
            found.append(contact(department, f"ab{number}@ceshi.example", "AB岗"))
    found.append(contact(None, "boss@kx.ceshi.example", "管理者"))
    if draw(st.booleans()):
        found.append({**contact(None, "wang@ceshi.example", "管理者"), "name": "老王"})
    if draw(st.booleans()):
        found.append(contact(None, "desk@kx.ceshi.example", "经办人"))
    return found


@st.composite
def plains(draw: st.DrawFn) -> dict[str, Any]:
    """A book as plain data."""
    activities, entries = [], []
    for number in range(draw(st.integers(1, 3))):
        rule = draw(rules())
        known = {}
        if draw(st.booleans()):
            start = draw(days)
            end = start + timedelta(draw(st.integers(0, 9)))
            known = {"dates": [{"year": 2026, "start": start, "end": end}]}
        name = f"活动{number}"
        activities.append({"id": f"a{number}", "name": name, "rules": [{"rule": rule}], **known})
        lead = draw(st.sampled_from(DEPARTMENTS))
        others = [one for one in DEPARTMENTS if one != lead]
        support = draw(st.lists(st.sampled_from(others), unique=True))
        steps = draw(st.sampled_from(["one", "two"]))
        entries.append({"activity": name, "lead": [lead], "support": support, "steps": steps})
    plain = document(
        contacts=draw(people()),
        years=[{"office": "ceshi", "year": 2026, "activities": entries}],
        common={
            "activities": activities,
            "workdays": [draw(work_years())],
            "ladders": [draw(ladders("standard")), draw(ladders("event"))],
            "sets": [draw(step_sets("one")), draw(step_sets("two"))],
        },
    )
    return plain


books = plains().map(Book.model_validate)


@st.composite
def lived(draw: st.DrawFn) -> tuple[Desk, list[Assignment]]:
    """A book applied and lived with for some months; people acted on some of its items."""
    desk = desks(draw(books))[0]
    wanted = agenda(desk)
    now = {c.key: c.after for c in compare(desk, wanted, ()).new}
    last = draw(st.dates(FIRST, date(2026, 6, 30)))
    for _, morning in mornings(desk, wanted, list(now.values()), FIRST, last):
        now |= {step.after.key: step.after for step in morning.spent}
    acts = st.sampled_from([Act.ACKNOWLEDGE, Act.REPORT, Act.RETURN, Act.COMPLETE, Act.EXEMPT])
    for key in now:
        for doing in draw(st.lists(acts, max_size=2)):
            now[key] = _acted(desk, now[key], doing, last)
    return desk, list(now.values())


def _acted(desk: Desk, item: Assignment, doing: Act, day: date) -> Assignment:
    try:
        state = move(item.state, doing)
    except Exception:
        return item
    spent = item.stage_on if item.state is State.PLANNED else max(item.stage_on or day, day)
    return scheduled(desk, replace(item, state=state, stage_on=spent))


def applied(desk: Desk, items: list[Assignment]) -> list[Assignment]:
    """The items after applying the desk's book."""
    after = {item.key: item for item in items}
    after |= {c.key: c.after for c in compare(desk, agenda(desk), items).changes}
    return list(after.values())


@quick
@given(books)
def test_notices_and_letters_fall_on_working_days(book: Book) -> None:
    desk = desks(book)[0]
    wanted = agenda(desk)
    items = applied(desk, [])

    for duty in wanted.duties.values():
        assert duty.notice_on is None or desk.workdays.working(duty.notice_on)
    for item in items:
        assert item.next_on is None or desk.workdays.working(item.next_on)
    for letter in letters(mornings(desk, wanted, items, FIRST, LAST)):
        assert desk.workdays.working(letter.day)


@quick
@given(books)
def test_a_due_day_that_is_moved_is_a_working_day_and_the_nearest_on_its_side(book: Book) -> None:
    desk = desks(book)[0]
    for piece in agenda(desk).pieces.values():
        for step in piece.steps:
            day = due_day(desk, piece, step, piece.span(step))
            if day is None or step.direction is Shift.STAY:
                continue
            meant = due_day(
                desk, piece, step.model_copy(update={"shift": Shift.STAY}), piece.span(step)
            )
            assert meant is not None
            between = [min(day, meant) + timedelta(n) for n in range(abs((day - meant).days) + 1)]
            assert desk.workdays.working(day)
            assert (day <= meant) if step.direction is Shift.BEFORE else (day >= meant)
            assert not any(desk.workdays.working(one) for one in between if one != day)


@quick
@given(books)
def test_steps_keep_their_order_and_follow_their_notice_or_check_refuses(book: Book) -> None:
    assume(not check(book))
    desk = desks(book)[0]
    wanted = agenda(desk)

    for piece in wanted.pieces.values():
        dues = [due_day(desk, piece, step, piece.span(step)) for step in piece.steps]
        known = [day for day in dues if day]
        assert all(a <= b for a, b in pairwise(known))
    for duty in wanted.duties.values():
        assert duty.due is None or duty.notice_on is None or duty.notice_on <= duty.due


@quick
@given(lived(), books)
def test_what_was_applied_has_an_empty_diff(
    before: tuple[Desk, list[Assignment]], book: Book
) -> None:
    desk = desks(book)[0]

    after = applied(desk, before[1])

    assert not compare(desk, agenda(desk), after)


@quick
@given(lived())
def test_dropping_the_years_and_adding_them_again_is_the_identity(
    before: tuple[Desk, list[Assignment]],
) -> None:
    desk, items = before
    empty = Desk(desk.book, desk.branch.model_copy(update={"years": ()}))

    assert applied(desk, applied(empty, items)) == items


@quick
@given(lived(), books)
def test_a_change_names_the_date_that_was_told_and_nobody_else_gets_one(
    before: tuple[Desk, list[Assignment]], book: Book
) -> None:
    desk = desks(book)[0]
    told = {item.key: item.told for item in before[1]}

    for item in applied(desk, before[1]):
        if item.next_stage == CHANGE:
            assert item.told == told[item.key] != item.target


@quick
@given(lived())
def test_a_preview_says_each_stage_once_and_writes_one_letter_a_morning(
    before: tuple[Desk, list[Assignment]],
) -> None:
    desk, items = before

    found = letters(mornings(desk, agenda(desk), items, date(2026, 3, 1), LAST))

    said = Counter(
        (item.assignment, item.version, item.stage)
        for letter in found
        for section in letter.sections
        if section.kind is not Kind.DIGEST
        for item in section.items
    )
    assert max(said.values(), default=1) == 1
    assert max(Counter(letter.key for letter in found).values(), default=1) == 1
    assert max(Counter((x.recipient, x.day) for x in found).values(), default=1) == 1


@quick
@given(plains(), st.randoms(use_true_random=False))
def test_the_order_in_the_files_does_not_matter(plain: dict[str, Any], chance: Any) -> None:
    first = _letters(plain)
    branch = plain["branches"][0]
    for entries in (
        plain["common"]["activities"],
        plain["common"]["sets"],
        plain["common"]["ladders"],
        branch["years"][0]["activities"],
        branch["contacts"],
    ):
        chance.shuffle(entries)

    assert _letters(plain) == first


def _letters(plain: dict[str, Any]) -> list[Any]:
    desk = desks(Book.model_validate(plain))[0]
    return letters(mornings(desk, agenda(desk), applied(desk, []), FIRST, LAST))


@quick
@given(lived(), st.randoms(use_true_random=False))
def test_the_order_in_which_items_are_due_does_not_matter(
    before: tuple[Desk, list[Assignment]], chance: Any
) -> None:
    desk, items = before
    day = desk.workdays.after(date(2026, 7, 1))
    due = [item for item in items if item.next_on and item.next_on <= day]
    shuffled = chance.sample(due, len(due))

    one, other = (write(desk, agenda(desk), day, order) for order in (due, shuffled))

    assert one.letters == other.letters
