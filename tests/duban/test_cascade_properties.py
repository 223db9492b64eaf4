"""What holds of every cascade, shown on generated ones."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from duban.book import Book
from duban.desk import OFFICE, desks
from duban.step import Answer
from tests.cascades import CITY, EAST, WEST, city, opened

DUES = ("开始前40天", "开始前15天", "开始当天", "结束后16天", "结束后3个月", "6月30日")
AHEADS = ("0天", "3天", "5个工作日", "20个工作日", "2周")
steps = st.lists(
    st.builds(
        lambda id, due, know: {
            "id": id,
            "name": id,
            "due": due,
            "answer": "知悉" if know else "报送",
        },
        st.sampled_from(["plan", "event", "summary", "extra"]),
        st.sampled_from(DUES),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda step: step["id"],
)


@st.composite
def cascades(draw: st.DrawFn) -> Book:
    name = draw(st.sampled_from(["世界水日", "世界地球日", "科技活动周"]))
    asked: dict[str, Any] = {"activity": name, "steps": draw(steps)}
    if draw(st.booleans()):
        asked["cascade"] = {"ahead": draw(st.sampled_from(AHEADS))}
    entry: dict[str, Any] = {
        "activity": draw(st.sampled_from(["世界水日", "世界地球日", "科技活动周"])),
        "lead": "区水利局",
        "support": draw(st.sampled_from([[], ["区科协"]])),
        "steps": draw(steps),
    }
    if draw(st.booleans()):
        entry["adopts"] = name
    decline = {
        "activity": name,
        "reason": "不承接",
        "step": draw(st.sampled_from(["plan", "extra"])),
    }
    entries = [entry] if draw(st.booleans()) else []
    return city(entries, [decline] if draw(st.booleans()) else [], asked)


def alone(book: Book) -> Book:
    """The same with a city that asks nobody."""
    first = book.branches[0].model_copy(update={"years": ()})
    return book.model_copy(update={"branches": (first, *book.branches[1:])})


@given(cascades())
@settings(deadline=None)
def test_no_demand_is_without_an_item_of_the_district_or_its_word(book: Book) -> None:
    _, above = opened(book, CITY)
    for office, department in ((EAST, "dongqu"), (WEST, "xiqu")):
        desk, agenda = opened(book, office)
        refused = {d.step for year in desk.branch.years for d in year.declines}

        for duty in above.duties.values():
            if duty.department == department and duty.answer is Answer.REPORT:
                own = agenda.adopted.get(duty.key, ())
                assert (bool(own) and set(own) <= agenda.duties.keys()) != (duty.step in refused)


@given(cascades())
@settings(deadline=None)
def test_what_adopts_a_demand_is_never_due_after_it(book: Book) -> None:
    for office in (EAST, WEST):
        _, agenda = opened(book, office)
        for demand in agenda.demands:
            for key in agenda.adopted.get(demand.asked.key, ()):
                due = agenda.duties[key].due
                assert demand.asked.due is None or (due and due <= demand.asked.due)


@given(cascades())
@settings(deadline=None)
def test_a_district_keeps_all_that_is_its_own(book: Book) -> None:
    _, with_city = opened(book, EAST)
    _, without = opened(alone(book), EAST)

    added = with_city.duties.keys() - without.duties.keys()

    assert without.duties.keys() <= with_city.duties.keys()
    assert all(with_city.duties[key].department == OFFICE for key in added)


@given(cascades())
@settings(deadline=None)
def test_whatever_was_declined_and_asked_is_put_to_the_citys_secretariat(book: Book) -> None:
    _, above = opened(book, CITY)
    asked = {d.step for d in above.duties.values() if d.department == "dongqu"}
    reports = {d.step for d in above.duties.values() if d.answer is Answer.REPORT}
    refused = {d.step for year in book.branches[1].years for d in year.declines}

    told = [key for key in above.duties if ".declined/" in key]

    assert len(told) == bool(refused & asked & reports)


def test_every_desk_of_a_book_is_there_even_when_offices_are_each_others_parents() -> None:
    book = city()
    first, second, *rest = book.branches
    office = first.office.model_copy(update={"parent": EAST})
    circle = book.model_copy(
        update={"branches": (first.model_copy(update={"office": office}), second, *rest)}
    )

    assert [desk.office.id for desk in desks(circle)] == [CITY, EAST, WEST]
