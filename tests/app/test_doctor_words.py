"""What the doctor says of plain facts."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.certificate import Certificate
from adapters.outcome import Step
from adapters.probe import Cause, Probe
from adapters.server import Server as MailServer
from adapters.zonedata import ZoneData, zone_data
from app.doctor import clocks, database, mail, outbox, timetable
from app.doctor.finding import Level
from app.doctor.mailwords import remedy, trouble
from app.doctor.words import long, size
from app.watching import Pulse
from duban.workdays import WorkCalendar, WorkYear
from state.backlog import Backlog
from state.health import Server as PostgreSQL
from state.servers import Server
from tests.sitting import at

GOOD, ATTENTION, FAULT = Level
ZONE = "Asia/Shanghai"
NOW = at("2026-03-02T09:00")


@pytest.mark.parametrize(
    ("free", "used", "level"),
    [
        (50e6, 1e6, FAULT),
        (500e6, 1e6, ATTENTION),
        (5e9, 1e6, GOOD),
        (5e9, 3e9, ATTENTION),
        (7e9, 3e9, GOOD),
    ],
)
def test_there_has_to_be_room_for_a_copy_of_the_database(free, used, level):
    found = database.space(Path("/srv"), int(free), int(used))

    assert found.level is level
    assert bool(found.remedy) is (level is not GOOD)


def test_another_journal_than_wal_is_an_attention():
    assert database.journal("wal").level is GOOD
    assert database.journal("delete").level is ATTENTION


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [(0, GOOD, ""), (59, GOOD, ""), (61, ATTENTION, "快 1 分钟"), (-7200, ATTENTION, "慢 2 小时")],
)
def test_the_clock_of_the_database_server_is_compared(seconds, level, words):
    found = database.apart(NOW + timedelta(seconds=seconds), NOW)

    assert found.level is level
    assert words in found.said


@pytest.mark.parametrize(
    ("version", "level"), [("15.4", GOOD), ("13.0", GOOD), ("9.6.24", ATTENTION)]
)
def test_an_old_postgresql_is_an_attention(version, level):
    server = PostgreSQL(version, NOW, 1000, True, "u@db:5432/duban")

    assert database.postgres(server).level is level


@pytest.mark.parametrize(
    ("newest", "level"),
    [
        (None, GOOD),
        (NOW - timedelta(days=9), GOOD),
        (NOW + timedelta(seconds=59), GOOD),
        (NOW + timedelta(minutes=2), FAULT),
    ],
)
def test_a_clock_that_is_behind_what_was_written_is_wrong(newest, level):
    assert clocks.sane(NOW, newest, ZONE).level is level


@pytest.mark.parametrize("year", [1970, 2000, 2025, 2101])
def test_a_clock_that_shows_an_impossible_year_is_wrong(year):
    assert clocks.sane(NOW.replace(year=year), None, ZONE).level is FAULT


@pytest.mark.parametrize(
    ("years", "day", "level"),
    [
        ([2026], "2026-11-14", GOOD),
        ([2026], "2026-11-15", ATTENTION),
        ([2026], "2026-12-31", ATTENTION),
        ([2026], "2027-01-01", FAULT),
        ([2026, 2027], "2026-12-31", GOOD),
        ([], "2026-03-02", FAULT),
    ],
)
def test_the_notice_of_working_days_is_missed_from_the_middle_of_november_on(years, day, level):
    calendar = WorkCalendar(WorkYear(year=year, notice="x", holidays=()) for year in years)

    found = clocks.notices(calendar, date.fromisoformat(day))

    assert found.level is level
    assert ("duban workdays import" in found.remedy) is (level is not GOOD)


@pytest.mark.parametrize(
    ("data", "level", "words"),
    [
        (None, FAULT, "没有 Asia/Shanghai 的时区数据"),
        (ZoneData("/usr/share/zoneinfo", "2025b"), GOOD, "2025b 版"),
        (ZoneData("/usr/share/zoneinfo", ""), GOOD, "不知是哪一版"),
        (ZoneData("tzdata", "2023a"), ATTENTION, "有些旧了"),
    ],
)
def test_old_data_of_zones_is_an_attention(data, level, words):
    found = clocks.rules(ZONE, data, NOW)

    assert found.level is level
    assert words in found.said


def test_the_data_of_this_machines_zones_is_found():
    found = zone_data(ZONE)

    assert found is not None
    assert found.year is None or found.year > 2020
    assert zone_data("Asia/Nowhere") is None


def test_without_the_systems_data_the_package_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zoneinfo.TZPATH", ())

    found = zone_data(ZONE)

    assert found is not None
    assert found.source == "tzdata"
    assert found.version[:4].isdigit()
    assert found.version[4:].isalpha()


@pytest.mark.parametrize(
    ("server", "level", "words"),
    [
        (Server("s"), GOOD, "没有停"),
        (Server("s", rest_until=NOW - timedelta(minutes=1), rests=1), GOOD, "没有停"),
        (
            Server("s", rest_until=NOW + timedelta(minutes=20), rests=3, reason="451 later"),
            ATTENTION,
            "连续 3 次，歇到2026年3月2日 09:20再试：451 later",
        ),
        (
            Server("s", stopped_at=NOW - timedelta(hours=1), reason="535 no"),
            FAULT,
            "2026年3月2日 08:00起停止发信：535 no",
        ),
    ],
)
def test_a_server_that_rests_or_is_stopped_is_told_with_its_reason(server, level, words):
    found = outbox.standing(server, NOW, ZONE)

    assert found.level is level
    assert words in found.said
    assert ("duban outbox release" in found.remedy) is (level is not GOOD)


@pytest.mark.parametrize(
    ("queued", "minutes", "level"), [(0, None, GOOD), (3, 59, GOOD), (3, 61, ATTENTION)]
)
def test_letters_that_wait_for_more_than_an_hour_are_an_attention(queued, minutes, level):
    oldest = None if minutes is None else NOW - timedelta(minutes=minutes)

    assert outbox.queue(Backlog(queued, oldest, 0, 0), NOW).level is level


@pytest.mark.parametrize(
    ("felt", "level", "words"),
    [
        (Pulse(None), ATTENTION, "还没有运行过"),
        (Pulse(NOW - timedelta(minutes=2)), GOOD, "2026年3月2日 08:58:00，按时"),
        (
            Pulse(NOW - timedelta(minutes=32), NOW - timedelta(minutes=30)),
            FAULT,
            "本应在2026年3月2日 08:30再醒来，已过了 30 分钟",
        ),
        (
            Pulse(NOW - timedelta(minutes=32), NOW - timedelta(minutes=30), sending=True),
            ATTENTION,
            "还在寄信",
        ),
        (Pulse(NOW + timedelta(days=400)), ATTENTION, "比现在还晚"),
    ],
)
def test_the_watchdogs_verdict_is_told(felt, level, words):
    found = timetable.verdict(felt, NOW, ZONE)

    assert found.level is level
    assert words in found.said


def test_the_next_moments_name_a_day_where_it_changes():
    found = [at("2026-03-02T19:55"), at("2026-03-03T07:00"), at("2026-03-04T07:00")]

    words = timetable.moments(found, NOW, ZONE)

    assert words == "今天 19:55、明天 07:00、3月4日 07:00（Asia/Shanghai）"


def test_the_next_moments_are_in_the_offices_time():
    (moment,) = [datetime(2026, 3, 2, 23, 55, tzinfo=UTC)]

    assert timetable.moments([moment], NOW, ZONE) == "明天 07:55（Asia/Shanghai）"


SERVER = MailServer("mail.test", 587, user="u@mail.test", password="geheim", ca=Path("ca.pem"))


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("step", [Step.CONNECT, Step.EHLO, Step.STARTTLS, Step.AUTH])
@pytest.mark.parametrize("code", [None, 421, 550])
def test_every_trouble_with_the_mail_server_has_its_words_and_its_remedy(cause, step, code):
    seen = Probe(step, cause, code, "so")

    said, do = trouble(seen, SERVER, ZONE), remedy(seen, SERVER, NOW, ZONE)

    assert said
    assert do
    assert not said.endswith(("。", "："))
    assert "None" not in said + do


@pytest.mark.parametrize(("days", "level"), [(21, GOOD), (20, ATTENTION), (0, ATTENTION)])
def test_three_weeks_before_its_end_a_certificate_is_an_attention(days, level):
    ends = NOW + timedelta(days=days, hours=1)
    held = Certificate(("mail.test",), "CA", NOW, ends)

    found = mail.encryption(Probe(Step.AUTH, certificate=held), SERVER, NOW, ZONE)

    assert found.level is level


@pytest.mark.parametrize("port", [25, 587])
def test_where_a_login_is_usual_its_absence_is_an_attention(port):
    seen = Probe(Step.EHLO, logins=("plain",))

    *_, last = mail.findings(seen, MailServer("mail.test", port, tls="none"), NOW, ZONE)

    assert (last.level is ATTENTION) is (port == 587)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 字节"), (999, "999 字节"), (4_200_000, "4.2 MB"), (79e9, "79 GB")]
)
def test_sizes_have_two_figures(number, words):
    assert size(int(number)) == words


@pytest.mark.parametrize(
    ("span", "words"), [(40, "40 秒"), (61, "1 分钟"), (7300, "2 小时"), (3 * 86400 + 5, "3 天")]
)
def test_spans_are_said_in_their_biggest_unit(span, words):
    assert long(timedelta(seconds=span)) == words
