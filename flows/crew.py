"""A crew: processes that share a list of work; what they make comes back in the list's order."""

import gc
import multiprocessing
import pickle
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

from duban.trouble import Trouble

U = TypeVar("U")
Work = Callable[[U], Iterator[bytes]]
MADE, DONE, FAILED = b"m", b"d", b"f"
"""The first byte of what a process says: a result, that a unit is done, why it gave up."""


class Lost(Trouble):
    """A process ended without a word."""


def spread(
    units: Sequence[U], begin: Callable[[], Work[U]], processes: int
) -> Iterator[tuple[U, bytes]]:
    """What the work makes of each unit. `begin` is called once in each process, and gives the work.

    Processes are forked: nothing of what the caller holds may be a connection. With one, the caller does the
    work itself. A process that is ahead waits for the caller. Raises what the work raises; Lost.
    """
    if processes == 1:
        work = begin()
        for unit in units:
            yield from ((unit, made) for made in work(unit))
        return
    crew = [_start(units[number::processes], begin) for number in range(processes)]
    try:
        for number, unit in enumerate(units):
            yield from ((unit, made) for made in _of_one(crew[number % processes][1]))
    finally:
        for process, line in crew:
            line.close()
            process.terminate()
            process.join()


def _start(
    units: Sequence[U], begin: Callable[[], Work[U]]
) -> "tuple[multiprocessing.context.ForkProcess, Connection]":
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(units, begin, theirs), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of threads: ours hold nothing that it needs
        process.start()
    theirs.close()
    return process, ours


def _serve(units: Sequence[U], begin: Callable[[], Work[U]], line: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what was forked is shared memory as long as nobody looks at it
    try:
        work = begin()
        for unit in units:
            for made in work(unit):
                line.send_bytes(MADE + made)
            line.send_bytes(DONE)
    except BrokenPipeError:
        """Nobody listens any more."""
    except Trouble as trouble:
        line.send_bytes(FAILED + pickle.dumps(trouble))
    except Exception:
        line.send_bytes(FAILED + pickle.dumps(RuntimeError(traceback.format_exc())))


def _of_one(line: Connection) -> Iterator[bytes]:
    while True:
        try:
            said = line.recv_bytes()
        except EOFError:
            raise Lost("有一个计算进程意外中止，多半是内存不够；什么都没有写入") from None
        if said[:1] == DONE:
            return
        if said[:1] == FAILED:
            raise pickle.loads(said[1:])  # noqa: S301 - our own child's
        yield said[1:]
