"""The raw limit: Postfix's own generator, which has no queue and keeps no account."""

import os
import subprocess
import time

from benchmarks.delivery.crew import Failed, Run
from benchmarks.delivery.mails import SENDER, recipient
from benchmarks.delivery.sink import Sink, program

SESSIONS = 4
"""As many as ours has connections."""


def send(sink: Sink, mails: int) -> Run:
    """-d keeps the connections; 4,096 bytes a mail besides its header."""
    options = f"-d -s {SESSIONS} -l 4096 -m {mails} -f {SENDER} -t {recipient(0)}"
    command = [program("smtp-source", "postfix"), *options.split(), f"127.0.0.1:{sink.port}"]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or sink.mails != mails:
        raise Failed(f"smtp-source ended with {process.returncode}, {sink.mails} mails arrived")
    return Run(mails, seconds, usage.ru_utime + usage.ru_stime)
