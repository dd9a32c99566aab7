"""One socket: a bounded outbox with one writer, a pace for its reader."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.websockets import WebSocket

from server.realtime.sockets import connection as under_test
from server.realtime.sockets.connection import (
    CLOSE_TRY_AGAIN_LATER,
    OUTBOX_BYTES_MAX,
    Connection,
)

FRAME_BYTES = 65_536

Message = MutableMapping[str, Any]


class Peer:
    """The other end of a socket that reads only while its gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.heard: list[Message] = []

    async def receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def send(self, message: Message) -> None:
        await self.gate.wait()
        self.heard.append(message)

    @property
    def frames(self) -> list[object]:
        return [m.get("bytes") or m.get("text") for m in self.heard if "send" in m["type"]]


async def connected() -> tuple[Connection, Peer]:
    peer = Peer()
    websocket = WebSocket({"type": "websocket"}, peer.receive, peer.send)
    await websocket.accept()
    return Connection(websocket, person_id=None, session_key=None), peer


async def test_frames_leave_in_order_and_the_close_comes_last() -> None:
    connection, peer = await connected()
    connection.send(b"one")
    connection.send("two")
    connection.close(4403, "forbidden")
    await connection.write()
    assert peer.frames == [b"one", "two"]
    assert peer.heard[-1]["code"] == 4403


async def test_nothing_is_queued_once_the_connection_closes() -> None:
    connection, peer = await connected()
    connection.close(1012)
    connection.send(b"late")
    await connection.write()
    assert peer.frames == []


async def test_a_reader_who_does_not_take_his_frames_is_behind_and_told_when_he_is_not() -> None:
    connection, peer = await connected()
    peer.gate.clear()
    drained = asyncio.Event()
    connection.on_drained.append(drained.set)
    writer = asyncio.create_task(connection.write())
    for _ in range(OUTBOX_BYTES_MAX // FRAME_BYTES):
        connection.send(b"x" * FRAME_BYTES)
    assert connection.is_behind
    peer.gate.set()
    await drained.wait()
    assert [connection.is_behind] == [False]
    connection.close(1000)
    await writer


async def test_a_reader_who_stays_behind_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "BEHIND_S_MAX", 0.01)
    connection, peer = await connected()
    peer.gate.clear()
    connection.send(b"never taken")
    writer = asyncio.create_task(connection.write())
    await asyncio.wait({writer})
    assert connection._closing == (CLOSE_TRY_AGAIN_LATER, "fell behind")


async def test_who_does_not_read_waits_before_asking_for_more() -> None:
    connection, peer = await connected()
    peer.gate.clear()
    writer = asyncio.create_task(connection.write())
    connection.send(b"x" * OUTBOX_BYTES_MAX)
    connection.send(b"x" * OUTBOX_BYTES_MAX)
    waiting = asyncio.create_task(connection.caught_up())
    await asyncio.wait({waiting}, timeout=0.02)
    assert not waiting.done()
    peer.gate.set()
    await waiting
    assert not connection.is_behind
    connection.close(1000)
    await writer


async def test_nobody_waits_for_a_connection_that_closes() -> None:
    connection, peer = await connected()
    peer.gate.clear()
    connection.send(b"x" * OUTBOX_BYTES_MAX)
    waiting = asyncio.create_task(connection.caught_up())
    await asyncio.wait({waiting}, timeout=0)
    connection.close(1012)
    await waiting
    peer.gate.set()
    await connection.write()
