"""Frames that carry nothing, by the thousand: the sender is cut off, the others notice nothing."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.realtime.sockets.wire import IDLE_FRAMES_BURST, BoundedProtocol

MASK = b"\0\0\0\0"
PING, PONG, CONTINUATION, BINARY = 0x9, 0xA, 0x0, 0x2
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def frame(kind: int, payload: bytes = b"", *, is_last: bool = True) -> bytes:
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length)
    return bytes([is_last << 7 | kind]) + size + MASK + payload


async def echo(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Say again what was heard; ``/deaf`` closes at once."""
    await receive()
    await send({"type": "websocket.accept"})
    if scope["path"] == "/deaf":
        await send({"type": "websocket.close", "code": 4401, "reason": "away"})
        return
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message.get("bytes") or b""})


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    config = uvicorn.Config(
        echo, ws=BoundedProtocol, lifespan="off", log_config=None, ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup([listener])
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await server.shutdown([listener])


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    async with serving() as origin:
        yield origin


def raw(peer: ClientConnection) -> asyncio.Transport:
    return peer.transport


@pytest.mark.parametrize("kind", [PING, PONG, CONTINUATION])
async def test_a_flood_of_idle_frames_ends_its_socket(origin: str, kind: int) -> None:
    async with connect(origin) as peer, connect(origin) as other:
        if kind == CONTINUATION:
            raw(peer).write(frame(BINARY, b"x", is_last=False))
        flood = frame(kind, is_last=kind != CONTINUATION)
        raw(peer).write(flood * (int(IDLE_FRAMES_BURST) + 500))
        with pytest.raises((ConnectionClosed, OSError)):
            await peer.recv()
        await other.send(b"still here")
        assert await other.recv() == b"still here"


async def test_a_message_in_many_fragments_arrives_whole(origin: str) -> None:
    parts = [bytes([n % 251]) * 100 for n in range(1_000)]
    async with connect(origin) as peer:
        raw(peer).write(frame(BINARY, parts[0], is_last=False))
        raw(peer).write(b"".join(frame(CONTINUATION, each, is_last=False) for each in parts[1:]))
        raw(peer).write(frame(CONTINUATION))
        assert await peer.recv() == b"".join(parts)


async def test_messages_that_come_at_once_are_all_heard_in_order(origin: str) -> None:
    said = [str(number).encode() for number in range(5_000)]
    async with connect(origin) as peer:
        raw(peer).write(b"".join(frame(BINARY, each) for each in said))
        assert [await peer.recv() for _ in said] == said


async def test_who_is_sent_away_cannot_go_on_flooding(origin: str) -> None:
    async with connect(f"{origin}/deaf") as peer:
        raw(peer).write(frame(BINARY, b"x") * (int(IDLE_FRAMES_BURST) + 500))
        with pytest.raises((ConnectionClosed, OSError)):
            await peer.recv()
