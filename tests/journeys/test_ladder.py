"""The ladder through the database and the post: several people are told one stage, each of them once."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from duban.completion import Act
from duban.letter import REPORTS
from duban.letter import Kind as Letters
from duban.request import Kind
from flows.mornings import write_morning
from flows.premises import use
from flows.tick import look_again
from state import assignments, requests, withdraw
from state.scope import Scope
from state.tables import delivery, event, letter, letter_item, urging
from tests.books import SPRING
from tests.ladders import (
    CLERK,
    HEAD,
    LEADER,
    LIAISON,
    OTHER,
    PEOPLE,
    PLAN,
    SUBSTITUTE,
    alone,
    laddered,
)
from tests.sitting import Sitting, at, sitting

NOTICED = "2026-02-14T09:00"
BLUE, YELLOW, RED = "2026-03-13T09:00", "2026-03-17T09:00", "2026-03-20T09:00"


async def told(one: Sitting, when: str) -> list[str]:
    """Who got a mail at that tick that asks for something, be it in part."""
    before = len(one.catcher.caught)
    await one.tick(when)
    return sorted(
        mail.recipient
        for mail in one.catcher.caught[before:]
        if mail.headers["X-Duban-Kind"] not in (*REPORTS, Letters.WORK)
    )


def written(one: Sitting, when: str) -> None:
    """The morning's letters are written, and the machine stops before it hands them over."""
    use(one.site)
    look_again(at(when))
    write_morning("ceshi", at(when))


def accept(one: Sitting, recipient: str) -> None:
    """The mail server has taken what waited for that person."""
    mine = select(letter.c.id).where(letter.c.recipient == recipient)
    with one.site.database.writing() as connection:
        connection.execute(
            update(delivery)
            .where(delivery.c.letter_id.in_(mine), delivery.c.state == "queued")
            .values(state="accepted", phase=None)
        )


async def test_the_leader_hears_of_it_only_when_the_ladder_says_so(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        heard = {}
        for day in ("02-14", "02-28", "03-06", "03-09", "03-11", "03-13", "03-17", "03-20"):
            heard[day] = await told(one, f"2026-{day}T09:00")

        assert LEADER not in [who for day in list(heard)[:5] for who in heard[day]]
        assert heard["03-13"] == heard["03-17"] == [SUBSTITUTE, LEADER, LIAISON]
        assert heard["03-20"] == [SUBSTITUTE, HEAD, LEADER, LIAISON]


async def test_a_report_stops_the_letters_of_everybody(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        written(one, BLUE)
        one.act(PLAN, Act.REPORT, "2026-03-13T09:01")

        assert await told(one, "2026-03-13T09:02") == []
        assert await told(one, YELLOW) == []


async def test_whose_letter_did_not_go_out_is_told_alone_the_next_morning(
    database_url: str,
) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        written(one, BLUE)
        accept(one, LIAISON)
        accept(one, SUBSTITUTE)

        assert await told(one, "2026-03-16T09:00") == [LEADER]
        assert await told(one, "2026-03-16T09:05") == []
        assert await told(one, YELLOW) == [SUBSTITUTE, LEADER, LIAISON]


async def test_letters_that_all_waited_too_long_are_all_written_anew(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        written(one, BLUE)

        assert await told(one, "2026-03-16T09:00") == [SUBSTITUTE, LEADER, LIAISON]
        with one.site.database.reading() as connection:
            found = connection.scalars(select(letter_item.c.sent_key)).all()
        assert [x for x in Counter(found).items() if x[0] and x[1] > 1] == []


async def test_after_a_return_the_leader_is_not_told_of_the_old_delay(database_url: str) -> None:
    # ruoyi-vue-pro#1018
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        await one.tick(BLUE)
        one.act(PLAN, Act.REPORT, "2026-03-13T15:00")
        one.act(PLAN, Act.RETURN, "2026-03-23T15:00")

        assert await told(one, "2026-03-24T09:00") == [LIAISON]
        assert await told(one, "2026-03-26T09:00") == [SUBSTITUTE, LIAISON]
        assert await told(one, "2026-03-30T09:00") == [SUBSTITUTE, LEADER, LIAISON]


async def test_after_an_extension_the_ladder_counts_from_the_new_day(database_url: str) -> None:
    # moodle-local_reminders#134
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        await one.tick(BLUE)
        extend(one, "2026-03-31", "2026-03-13T15:00")

        assert await told(one, "2026-03-16T09:00") == [LIAISON]
        assert await told(one, "2026-03-20T09:00") == []
        assert await told(one, "2026-04-08T09:00") == [SUBSTITUTE, LEADER, LIAISON]


async def test_who_stands_in_is_not_told_again_what_he_was_told_himself(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        written(one, BLUE)
        accept(one, SUBSTITUTE)
        accept(one, LEADER)
        gone = [person for person in PEOPLE if person["email"] != LIAISON]
        one.apply(alone(contacts=gone), "2026-03-13T10:00")

        assert await told(one, "2026-03-16T09:00") == []
        assert await told(one, YELLOW) == [SUBSTITUTE, LEADER]


async def test_the_work_list_names_whom_the_ladder_cannot_reach(database_url: str) -> None:
    people = [one for one in PEOPLE if one["email"] not in (SUBSTITUTE, LEADER, HEAD)]
    async with sitting(database_url, alone(contacts=people)) as one:
        await one.tick(NOTICED)
        await one.tick("2026-03-06T09:00")

        mails = {mail.recipient: mail.part("plain") for mail in one.catcher.caught}
        vacant = "测试市的纲要办领导；市水利局的AB岗、分管领导"
        assert f"催办函没有人收，请补上联系人：{vacant}。" in mails[CLERK]


async def test_an_extension_asks_anew_for_what_was_dropped_as_too_late(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        assert await told(one, "2026-04-10T09:00") == []
        extend(one, "2026-04-30", "2026-04-10T10:00")

        assert await told(one, "2026-04-13T09:00") == [LIAISON]


def extend(one: Sitting, until: str, when: str) -> None:
    scope, (desk, _) = Scope("ceshi"), one.site.desk("ceshi")
    common = {"at": at(when), "actor": "李干事", "via": "console"}
    with one.site.database.writing() as connection:
        item = assignments.find(connection, PLAN)
        asked = requests.ask(
            connection,
            scope,
            item.row,
            Kind.EXTENSION,
            reason="等经费",
            wanted=at(f"{until}T00:00").date(),
            today=at(when).date(),
            **common,  # type: ignore[arg-type]
        )
        requests.grant(connection, desk, scope, asked.id, **common)  # type: ignore[arg-type]


async def test_every_letter_is_numbered_by_department_and_day(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        for when in (BLUE, "2026-03-13T09:05", YELLOW, RED):
            await one.tick(when)

        with one.site.database.reading() as connection:
            rows = connection.execute(select(urging).order_by(urging.c.serial)).all()
        assert [(row.department, f"{row.day:%m-%d}", row.serial) for row in rows] == [
            ("shuili", "03-13", 1),
            ("shuili", "03-17", 2),
            ("shuili", "03-20", 3),
        ]
        mails = [mail.part("plain") for mail in one.catcher.caught[-4:]]
        assert all("测试市督〔2026〕3号" in mail for mail in mails)


async def test_a_letter_tells_what_was_said_and_done_before(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        one.act(PLAN, Act.ACKNOWLEDGE, "2026-02-24T15:00")
        await one.tick("2026-03-09T09:00")
        await one.tick(BLUE)

        mail = one.catcher.caught[-1].part("plain")
        assert "2月14日首次通知（市水利局联络员）；2月24日签收（李干事）；3月9日逾期提醒" in mail
        assert "3月17日（星期二）前办结并报送；届时没有办结的，将发黄色督办函" in mail


async def test_the_account_says_who_was_urged(database_url: str) -> None:
    async with sitting(database_url, alone()) as one:
        await one.tick(NOTICED)
        await one.tick(BLUE)

        query = select(letter.c.recipient).join(event, event.c.letter_id == letter.c.id)
        with one.site.database.reading() as connection:
            urged = connection.scalars(query.where(event.c.act == "urge")).all()
        assert sorted(urged) == [SUBSTITUTE, LEADER, LIAISON]


async def test_the_ladder_is_not_spent_over_a_holiday(database_url: str) -> None:
    # probo#1591
    break_ = {"name": "测试假", "start": "2026-03-07", "end": "2026-03-22"}
    days = {**SPRING, "holidays": [*SPRING["holidays"], break_]}  # type: ignore[misc]
    async with sitting(database_url, alone(common={"workdays": [days]})) as one:
        await one.tick(NOTICED)
        await one.tick("2026-03-06T09:00")
        first = at("2026-03-07T09:00")
        quiet = [await told(one, f"{first + timedelta(n):%Y-%m-%d}T09:00") for n in range(16)]

        assert not any(quiet)
        assert await told(one, "2026-03-23T09:00") == [LIAISON]


async def test_the_lead_reads_who_keeps_it_waiting(database_url: str) -> None:
    steps = [{"id": "plan", "name": "方案报送", "due": "开始前15天"}]
    sets = [{"id": "day", "name": "主题日", "notice": "开始前30天", "steps": steps}]
    async with sitting(database_url, laddered(common={"sets": sets})) as one:
        await one.tick(NOTICED)
        await one.tick("2026-03-09T09:00")

        mails = {mail.recipient: mail.part("plain") for mail in one.catcher.caught}
        assert "尚未报送的责任单位：市科协“方案报送”已逾期1个工作日" in mails[LIAISON]
        assert "尚未报送" not in mails[OTHER]


async def test_a_stage_that_nobody_heard_in_the_end_leaves_what_was_told_before(
    database_url: str,
) -> None:
    async with sitting(database_url, alone()) as one:
        one.act(PLAN, Act.REPORT, "2026-02-10T09:00")
        one.act(PLAN, Act.RETURN, "2026-03-06T09:00")
        written(one, "2026-03-11T09:00")
        took_back(one, SUBSTITUTE, "2026-03-11T09:01")
        written(one, "2026-03-11T09:02")
        took_back(one, LIAISON, "2026-03-11T09:03")
        took_back(one, SUBSTITUTE, "2026-03-11T09:04")

        with one.site.database.reading() as connection:
            item = assignments.find(connection, PLAN)
        assert (item.told, item.unheard) == (None, None)
        assert await told(one, "2026-03-11T09:10") == [SUBSTITUTE, LIAISON]


def took_back(one: Sitting, recipient: str, when: str) -> None:
    """The last look finds that person's letter outdated: it belongs to a day that is past."""
    desks = {"ceshi": one.site.desk("ceshi")[0]}
    mine = select(delivery.c.letter_id).join(letter, letter.c.id == delivery.c.letter_id)
    mine = mine.where(letter.c.recipient == recipient, delivery.c.state == "queued")
    tomorrow = {"ceshi": (at(when) + timedelta(1)).date()}
    with one.site.database.writing() as connection:
        claimed = list(connection.scalars(mine))
        withdrawn = withdraw.withdraw_outdated(
            connection, desks, at=at(when), today=tomorrow, claimed=claimed
        )
    assert withdrawn == set(claimed) != set()
