"""Clients as a process of their own: each asks for page after page on a connection that it keeps.

`python -m benchmarks.console.clients ADDRESS SECONDS < plan`: the plan is JSON, a list a client of
[label, path, cookie]; the answer is JSON, label -> milliseconds, and what was not answered with 200.
"""

import asyncio
import json
import random
import sys
import time
from urllib.parse import urlsplit

Step = tuple[str, str, str]


async def client(
    host: str, port: int, steps: list[Step], until: float, chance: random.Random
) -> list[tuple[str, float, int]]:
    reader, writer = await asyncio.open_connection(host, port)
    found = []
    while time.monotonic() < until:
        label, path, cookie = chance.choice(steps)
        begun = time.perf_counter()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: duban.test\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        status = await _read(reader)
        found.append((label, (time.perf_counter() - begun) * 1000, status))
    writer.close()
    return found


async def _read(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
    elif fields.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status


async def crowd(address: str, seconds: float, plan: list[list[Step]]) -> None:
    parts = urlsplit(address)
    until = time.monotonic() + seconds
    clients = (
        client(parts.hostname or "", parts.port or 80, steps, until, random.Random(number))
        for number, steps in enumerate(plan)
    )
    answers = [one for found in await asyncio.gather(*clients) for one in found]
    times: dict[str, list[float]] = {}
    for label, milliseconds, _ in answers:
        times.setdefault(label, []).append(milliseconds)
    wrong = sorted({(label, status) for label, _, status in answers if status not in (200, 303)})
    json.dump({"times": times, "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(crowd(sys.argv[1], float(sys.argv[2]), json.load(sys.stdin)))
