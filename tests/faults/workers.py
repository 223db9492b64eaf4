"""Prefect workers and senders share a morning on PostgreSQL: some are killed, servers stop and come back.

By the real clock: nothing here moves it. The senders write to a sink each, so that it is known who sent what.
"""

import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from tests.faults.crew import PARTS, Crew, Ground
from tests.faults.figures import Figures
from tests.faults.services import Service

OFFICES = 60
DOWN = 600.0
"""Seconds."""
SHARE = (0.3, 0.7)
RECOVERY = 60.0
NOBODY = "no worker to kill"
PATIENCE = 400.0
"""Seconds for all mail to arrive: longer than Prefect's lease of a run that died."""


def measure(folder: Path, offices: int = OFFICES, down: float = DOWN) -> list[Figures]:
    """Prints what each play came to, and a line a play of the table."""
    with ExitStack() as stack:
        ground = Ground(folder, stack, offices)
        plays = (shared, killed, database_restarted)
        return [*(play(ground) for play in plays), server_stopped(ground, down)]


# --- the plays ---


def shared(ground: Ground) -> Figures:
    """Nobody is killed: how much each did."""
    with ground.crew("shared") as crew:
        wrong = [crew.until(crew.arrived, PATIENCE, "not all mail arrived")]
        wrong.append(crew.until(lambda: crew.done().total() >= 2 * PARTS, 300, "too few ticks"))
        wrong += _uneven("ticks of the workers", list(crew.done().values()))
        wrong += _uneven("mails of the senders", crew.lines())
        _tell(f"a tick of Prefect's takes {_overhead(crew)}")
        return crew.figures("workers: shared", 0, list(filter(None, wrong)))


def _uneven(what: str, shares: list[int]) -> list[str]:
    total = sum(shares)
    _tell(f"{what}: " + ", ".join(f"{n} ({n / total:.0%})" for n in shares if total))
    good = len(shares) == 2 and all(SHARE[0] <= n / total <= SHARE[1] for n in shares if total)
    return [] if good else [f"{what} are shared {shares}"]


def _overhead(crew: Crew) -> str:
    """From the moment at which a run was due to its begin, and from there to its end."""
    ended = [one for one in crew.runs() if one["state_name"] == "Completed"]
    waited = sorted(_seconds(one, "expected_start_time", "start_time") for one in ended)
    took = sorted(_seconds(one, "start_time", "end_time") for one in ended)
    middle = len(ended) // 2
    return f"{waited[middle]:.1f} s to begin and {took[middle]:.1f} s to end (medians)"


def _seconds(run: dict[str, Any], first: str, last: str) -> float:
    begun, ended = (datetime.fromisoformat(run[name]) for name in (first, last))
    return (ended - begun).total_seconds()


def killed(ground: Ground) -> Figures:
    """kill -9 of a worker that has a tick under way, with the tick, and of a sender in mid-flow."""
    with ground.crew("killed") as crew:
        sender = crew.senders[0]
        wrong = [crew.until(lambda: bool(_ticking(crew)), PATIENCE, NOBODY)]
        worker = (_ticking(crew) or crew.workers)[0]
        worker.kill()
        wrong.append(crew.until(lambda: crew.lines()[0] > 5, PATIENCE, "no sender to kill"))
        sender.kill()
        begun = monotonic()
        wrong.append(crew.until(crew.arrived, PATIENCE, "not all mail arrived"))
        _tell(f"killed: all mail had arrived {monotonic() - begun:.0f} s after the last kill")
        states = Counter(one["state_name"] for one in crew.runs() if one["start_time"])
        _tell(f"killed: runs that had begun ended {dict(states)}")
        return crew.figures("workers: kill -9", 2, list(filter(None, wrong)))


def _ticking(crew: Crew) -> list[Service]:
    """The workers that have a tick under way while letters are being written."""
    running = [one for one in crew.runs() if one["state_name"] == "Running"]
    names = {one["labels"].get("prefect.worker.name") for one in running}
    if not 0 < crew.written() < crew.letters:
        return []
    numbered = enumerate(crew.workers, 1)
    return [worker for number, worker in numbered if f"{crew.folder.name}-w{number}" in names]


def database_restarted(ground: Ground) -> Figures:
    """Our PostgreSQL is restarted while letters are written, and while they are sent."""
    with ground.crew("restarted") as crew:
        wrong: list[str] = []
        moments: dict[str, Callable[[], bool]] = {
            "written": lambda: 0 < crew.written() < crew.letters,
            "sent": lambda: 0 < sum(crew.lines()) < crew.letters,
        }
        for what, moment in moments.items():
            wrong.append(crew.until(moment, PATIENCE, f"no letters were being {what}"))
            before, lines = crew.written(), sum(crew.lines())
            ground.cluster.restart()
            begun = monotonic()

            def goes_on(before: int = before, lines: int = lines) -> bool:
                return sum(crew.lines()) > lines or crew.written() > before

            wrong.append(crew.until(goes_on, RECOVERY, "no recovery within 60 s"))
            _tell(f"PostgreSQL restarted while letters were {what}: on again after")
            _tell(f"  {monotonic() - begun:.1f} s")
        wrong.append(crew.until(crew.arrived, PATIENCE, "not all mail arrived"))
        return crew.figures("workers: PostgreSQL restarted", 2, list(filter(None, wrong)))


def server_stopped(ground: Ground, down: float) -> Figures:
    """Prefect's server is away for a while; what was missed is caught up with once."""
    with ground.crew("stopped") as crew:
        wrong = [crew.until(lambda: crew.written() > 0, PATIENCE, "no letters were written")]
        ground.prefect.stop()
        away = datetime.now(UTC)
        crew.until(lambda: False, down, "")
        back = datetime.now(UTC)
        ground.prefect.start()
        wrong.append(crew.until(crew.arrived, PATIENCE, "not all mail arrived"))
        wrong.append(
            crew.until(lambda: _settled(crew, away, back), PATIENCE, "late runs are left open")
        )
        late = _between(crew, away, back)
        caught = Counter(one["deployment_id"] for one in late if one["state_name"] == "Completed")
        _tell(f"Prefect's server was away for {(back - away).total_seconds():.0f} s")
        _tell(f"  late runs ended {dict(Counter(one['state_name'] for one in late))}")
        _tell(
            f"  parts that caught up: {len(caught)} of {PARTS}, most often {max(caught.values(), default=0)}"
        )
        wrong += [f"a storm: {dict(caught)}"] if max(caught.values(), default=0) > 1 else []
        return crew.figures("workers: Prefect's server away", 1, list(filter(None, wrong)))


def _between(crew: Crew, first: datetime, last: datetime) -> list[dict[str, Any]]:
    def due(one: dict[str, Any]) -> bool:
        return first < datetime.fromisoformat(one["expected_start_time"]) < last

    return [one for one in crew.runs() if one["auto_scheduled"] and due(one)]


def _settled(crew: Crew, first: datetime, last: datetime) -> bool:
    open_ = {"SCHEDULED", "PENDING", "RUNNING", "CANCELLING"}
    return not any(one["state_type"] in open_ for one in _between(crew, first, last))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
