"""The line to a server carries everything, stops without a word, breaks, and heals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from tests.topology.forwarder import Forwarder


@pytest.fixture
async def line() -> AsyncIterator[Forwarder]:
    """A line to a server that says everything twice."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(100):
                writer.write(data * 2)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    forwarder = Forwarder()
    forwarder.start(server.sockets[0].getsockname()[1])
    yield forwarder
    forwarder.stop()
    server.close()
    await server.wait_closed()


async def test_what_is_stalled_goes_on_where_it_stood(line: Forwarder) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"a")
    assert await reader.readexactly(2) == b"aa"
    line.stall()
    writer.write(b"b")
    answer = asyncio.ensure_future(reader.readexactly(2))
    late_reader, late_writer = await asyncio.open_connection("127.0.0.1", line.port)
    late_writer.write(b"c")
    late_answer = asyncio.ensure_future(late_reader.readexactly(2))
    await asyncio.wait([answer, late_answer], timeout=0.2)
    assert not answer.done()
    assert not late_answer.done()
    line.heal()
    async with asyncio.timeout(30):
        assert (await answer, await late_answer) == (b"bb", b"cc")
    writer.close()
    late_writer.close()


async def test_what_is_cut_breaks_and_only_new_connections_heal(line: Forwarder) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    line.cut()
    for broken in (reader, await _new(line)):
        async with asyncio.timeout(30):
            with suppress(ConnectionResetError):
                assert await broken.read() == b""
    line.heal()
    writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    writer.write(b"d")
    async with asyncio.timeout(30):
        assert await reader.readexactly(2) == b"dd"
    writer.close()


async def _new(line: Forwarder) -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    with suppress(ConnectionError):
        writer.write(b"x")
    writer.close()
    return reader
