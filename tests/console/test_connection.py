"""Connections that ask for nothing, or only ever begin to: they are ended, and others are let in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from app.console.connection import Connection
from app.console.server import make
from tests.console.conftest import House

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Hasty(Connection):
    patience = 0.05


class Small(Connection):
    most = 1


@asynccontextmanager
async def served(kind: type[Connection]) -> AsyncIterator[tuple[str, int]]:
    config, state = Config(PlainTextResponse("here"), log_config=None), ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, state, {}), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()


@asynccontextmanager
async def dialled(
    place: tuple[str, int],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*place)
    yield reader, writer
    writer.close()


async def until_the_end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize("sent", [b"", b"G", ASK])
async def test_who_does_not_say_in_time_what_they_want_is_cut_off(sent: bytes) -> None:
    async with served(Hasty) as place, dialled(place) as (reader, writer):
        writer.write(sent)

        assert await until_the_end(reader) == b""


async def test_after_an_answer_the_time_runs_again() -> None:
    async with served(Hasty) as place, dialled(place) as (reader, writer):
        writer.write(ASK + b"\r\n" + ASK)

        assert (await until_the_end(reader)).count(b"here") == 1


async def test_more_than_so_many_are_not_let_in() -> None:
    async with served(Small) as place, dialled(place) as (first, writer):
        async with dialled(place) as (second, _):
            refused = await until_the_end(second)
        writer.write(ASK + b"Connection: close\r\n\r\n")

        assert refused == b""
        assert b"here" in await until_the_end(first)


def test_the_console_is_served_so(cottage: House) -> None:
    assert make(cottage.site).config.http is Connection
