"""What a measured process does: say `ready`, wait for `go`, work, and tell what it cost.

Shared by ours and, in environments of their own, by the other queues: the standard library only.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def drive(work: Callable[[], int | None], also: Callable[[], Sequence[int]] = tuple) -> None:
    """`work` returns how many mails it sent, or None where only the server knows.

    `also`: further living processes that do its work; those that end meanwhile are counted anyway.
    """
    _say("ready")
    if not sys.stdin.readline():
        return
    before = _cpu_seconds(also())
    mails = work()
    spent = _cpu_seconds(also()) - before
    peak = max(_peak_megabytes(pid) for pid in (os.getpid(), *also()))
    _say(json.dumps({"mails": mails, "cpu": spent, "peak": peak}))
    sys.stdin.readline()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _cpu_seconds(others: Sequence[int]) -> float:
    ended = os.times()
    own = time.process_time() + ended.children_user + ended.children_system
    return own + sum(map(_cpu_of, others))


def _cpu_of(pid: int) -> float:
    """proc(5): utime and stime are the 14th and 15th field, after a name that may hold spaces."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_megabytes(pid: int) -> float:
    """The most resident memory so far. (getrusage would tell that of whoever forked it, too.)"""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
