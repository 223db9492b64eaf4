"""What Prefect is to be told, from the same timetable as the embedded driver's."""

from pathlib import Path

from adapters.settings import PrefectSettings, Senders
from adapters.timetable import Job, read_timetable
from app.timetable import FLOWS
from flows.deployments import Deployment, wanted
from tests.prefects import REPOSITORY


def made(*jobs: Job, **said: object) -> dict[str, Deployment]:
    """By their names, `flow/name`."""
    found = wanted(jobs or shipped(), FLOWS, PrefectSettings.model_validate(said))
    return {one.called: one for one in found}


def shipped(folder: Path = REPOSITORY) -> tuple[Job, ...]:
    return read_timetable(folder).jobs


def test_each_flow_is_one_deployment() -> None:
    found = made()

    assert set(found) == {"tick/tick", "send/send", "bounces/bounces", "seal/seal", "score/score"}
    assert found["seal/seal"].entrypoint == "flows.sealing.seal"
    assert found["tick/tick"].parameters == {"hands_over": True}


def test_what_goes_over_offices_is_cut_into_parts() -> None:
    found = made(parts=3)

    ticks = [one for one in found.values() if one.flow == "tick"]
    assert [one.parameters["part"] for one in ticks] == ["1/3", "2/3", "3/3"]
    assert "score/score-2-of-3" in found
    assert "seal/seal" in found


def test_digests_wake_the_tick() -> None:
    tick = Job(flow="tick", name="写信", cron="*/5 * * * *")
    weekly = Job(
        flow="digest", name="周报", cron="30 8 * * mon", digest="weekly", zone="Asia/Urumqi"
    )

    (one,) = made(tick, weekly).values()

    assert [(w.slug, w.cron, w.zone) for w in one.wakeups] == [
        ("tick", "*/5 * * * *", "Asia/Shanghai"),
        ("digest-weekly", "30 8 * * mon", "Asia/Urumqi"),
    ]
    assert one.description == "写信；周报"


def test_equal_times_of_a_flow_wake_it_once() -> None:
    early, again = (Job(flow="tick", name=name, cron="0 8 * * *") for name in ("一", "二"))
    late = Job(flow="tick", name="三", cron="0 9 * * *")

    (one,) = made(early, again, late).values()

    assert [(w.slug, w.cron) for w in one.wakeups] == [
        ("tick", "0 8 * * *"),
        ("tick-2", "0 9 * * *"),
    ]


def test_with_senders_of_their_own_ticks_only_write() -> None:
    found = made(senders=Senders.PROCESSES, parts=2)

    assert "send/send" not in found
    assert [one.parameters["hands_over"] for one in found.values() if one.flow == "tick"] == [
        False,
        False,
    ]
