"""Real connections to uvicorn with our protocols: the handshake, and an end to patience."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.network import patience
from server.network.handshake import EARLY_BYTES_MAX, Handshake, take_wire
from server.network.patience import PatientHttp, hear_out
from server.network.wire import Wire
from tests.harness.waiting import until_true

DECIDING = asyncio.Event()


class Echo:
    """Says again what was heard."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def receive(self, message: bytes | str) -> None:
        assert isinstance(message, bytes)
        self._wire.send(bytes([0x82, len(message)]) + message)

    def drained(self) -> None:
        raise AssertionError("nothing here is that long")

    def lost(self) -> None:
        pass


async def echo(websocket: WebSocket) -> None:
    wire = await take_wire(websocket)
    wire.begin(Echo(wire))


async def turned_away(websocket: WebSocket) -> None:
    await websocket.close()


async def undecided(websocket: WebSocket) -> None:
    DECIDING.set()
    await websocket.receive()
    await websocket.receive()  # the peer leaves


async def hello(_request: object) -> PlainTextResponse:
    return PlainTextResponse("hello")


ROUTES = [
    Route("/", hello, methods=["GET", "POST"]),
    WebSocketRoute("/echo", echo),
    WebSocketRoute("/no", turned_away),
    WebSocketRoute("/undecided", undecided),
]


@asynccontextmanager
async def serving(app: Starlette | None = None) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """Uvicorn on a socket, and its port."""
    config = uvicorn.Config(
        app or Starlette(routes=ROUTES),
        http=PatientHttp,
        ws=Handshake,
        lifespan="off",
        log_config=None,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
    )
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup([listener])
        try:
            yield server, listener.getsockname()[1]
        finally:
            await server.shutdown([listener])


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serving() as (_, port):
        yield port


async def test_an_accepted_socket_is_a_wire_and_its_task_has_ended(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/echo") as one:
        async with connect(f"ws://127.0.0.1:{port}/echo") as other:
            await other.send(b"other")
            await one.send(b"one")
            assert [await one.recv(), await other.recv()] == [b"one", b"other"]
        await one.send(b"still here")
        assert await one.recv() == b"still here"


async def test_a_refused_socket_gets_an_answer_of_http(port: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{port}/no")
    assert refused.value.response.status_code == 403


async def test_the_server_ends_wires_with_their_code(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/echo") as peer:
        await peer.send(b"x")
        await peer.recv()
        await peer.close(1000)
        assert peer.close_code == 1000


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT",
    ],
)
async def test_s36_a_request_that_does_not_end_is_cut_off(
    port: int, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "REQUEST_S_MAX", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    async with asyncio.timeout(5):
        await until_cut_off(reader)
    writer.close()


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: a"])
async def test_t49_who_came_just_before_the_end_is_answered(start: bytes) -> None:
    rest = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".removeprefix(start)
    async with serving() as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(start)
        await until_true(lambda: bool(server.server_state.connections), "it is accepted")
        ending = asyncio.create_task(hear_out(server.server_state.connections))
        await asyncio.wait([ending], timeout=patience.HEAR_AGAIN_S)
        writer.write(rest)
        await ending
        await server.shutdown()
        assert (await reader.read()).endswith(b"hello")
        writer.close()


async def test_t49_who_says_nothing_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "HEAR_OUT_S", 0.05)
    async with serving() as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await until_true(lambda: bool(server.server_state.connections), "it is accepted")
        await hear_out(server.server_state.connections)
        await server.shutdown()
        assert await reader.read() == b""
        writer.close()


async def until_cut_off(reader: asyncio.StreamReader) -> None:
    """Read until the server has ended the connection, whichever way."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(1_000):
            pass


async def test_a_quick_request_is_answered_and_the_connection_kept(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "REQUEST_S_MAX", 5.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        answer = await reader.readuntil(b"hello")
        assert answer.startswith(b"HTTP/1.1 200")
    writer.close()


async def test_who_sends_too_much_before_he_is_let_in_is_cut_off(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /undecided HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    async with asyncio.timeout(5):
        await DECIDING.wait()
        writer.write(b"x" * (EARLY_BYTES_MAX + 1))
        await until_cut_off(reader)
    writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-%d: y\r\n" % number for number in range(200)),
        b"X: " + b"y" * 9_000 + b"\r\n",
        b"Content-Length: 5\r\n",
    ],
    ids=["many-headers", "long-header", "body"],
)
async def test_s36_an_upgrade_that_cannot_be_is_cut_off(port: int, head: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        + head
        + b"\r\n"
    )
    async with asyncio.timeout(5):
        await until_cut_off(reader)
    writer.close()
