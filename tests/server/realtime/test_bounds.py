"""What one peer may cost: his pace, his questions, his sockets, and a room with enough to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from collab.sync.address import DocumentAddress
from server.actions import programs
from server.auth import visitor
from server.network.holds import BUSY
from server.realtime.hub import hub_of
from server.realtime.rooms import live_room
from server.realtime.sockets import hocuspocus
from server.realtime.sockets.connection import Connection
from server.realtime.sockets.open import SOCKETS_PER_PERSON_MAX, OpenSockets
from server.realtime.sockets.paces import (
    BYTES_BURST,
    BYTES_PER_S,
    FRAMES_BURST,
    FRAMES_PER_S,
    PERSON_SHARE,
    Brake,
    SharedPaces,
    message_pace,
)
from tests.harness import lib0
from tests.harness.transport import Peer
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.sockets import document_of, frame, hear, socket

STEP_1 = lib0.uint(0) + lib0.prefixed(b"\x00")


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


def test_s36_a_socket_is_held_when_it_has_spent_its_burst_of_frames() -> None:
    pace = message_pace(now=0.0)
    assert [pace.spend(1, 0.0) for _ in range(FRAMES_BURST)] == [0.0] * FRAMES_BURST
    assert pace.spend(1, 0.0) == pytest.approx(1 / FRAMES_PER_S)
    assert pace.spend(1, 1.0) == 0.0


def test_s36_a_socket_is_held_when_it_has_spent_its_burst_of_bytes() -> None:
    pace = message_pace(now=0.0)
    assert pace.spend(BYTES_BURST, 0.0) == 0.0
    assert pace.spend(BYTES_PER_S, 0.0) == pytest.approx(1.0)


def test_s36_all_sockets_of_a_person_share_one_pace() -> None:
    paces, ana, ben = SharedPaces(), uuid4(), uuid4()
    one, other, of_ben = paces.of(ana, 0.0), paces.of(ana, 0.0), paces.of(ben, 0.0)
    for spent in range(FRAMES_BURST * PERSON_SHARE):
        assert (one if spent % 2 else other).spend(1, 0.0) == 0.0
    assert other.spend(1, 0.0) > 0
    assert of_ben.spend(1, 0.0) == 0.0


async def test_s36_one_person_has_so_many_sockets_and_no_more() -> None:
    sockets, ana = OpenSockets(), uuid4()
    connections = [connection() for _ in range(SOCKETS_PER_PERSON_MAX + 1)]
    assert all(sockets.add(each, ana) for each in connections[:-1])
    assert not sockets.add(connections[-1], ana)
    assert sockets.add(connections[-1], uuid4()), "another person"
    sockets.discard(connections[0])
    assert sockets.add(connections[-1], ana), "one has gone"
    assert len(sockets) == SOCKETS_PER_PERSON_MAX


def connection() -> Connection:
    return Connection(cast("Any", None), person_id=None, session_key=None)


async def seated(arena: Everyone, wire: Peer) -> str:
    """Authenticate for one document; returns its address."""
    document = await document_of(arena, await arena.idea("open"))
    wire.say(frame(document, 2, lib0.uint(0) + lib0.string("")))
    await hear(wire, b"read-write")
    return document


async def test_s36_a_question_for_the_text_is_answered_before_the_next_is_read(
    arena: Everyone,
) -> None:
    token = await programs.issue_token(arena.arena.services, "participant")
    async with socket(arena, "/collab", authorization=f"Bearer {token}") as wire:
        document = await seated(arena, wire)
        wire.say(frame(document, 0, STEP_1))
        assert not wire.transport.reads
        wire.say(frame(document, 0, STEP_1))
        for _ in range(2):
            await wire.until(lambda each: isinstance(each, bytes) and len(each) > 100)
        assert wire.transport.reads


async def test_s36_of_several_whiles_the_longest_counts() -> None:
    peer = Peer()
    peer.wire.release(BUSY)
    brake = Brake(peer.wire)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for seconds in (0.01, 0.2, 0.02):
        brake.hold_for(seconds)
    await passed(0.05)
    assert [peer.transport.reads] == [False]
    await passed(0.2)
    assert [peer.transport.reads] == [True]
    assert loop.time() - began >= 0.2


async def passed(seconds: float) -> None:
    """Let the event loop run for so long."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(seconds, over.set_result, None)
    await over


async def test_s36_who_is_gone_before_he_is_known_leaves_nobody_behind(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = arena.arena.services
    token = await programs.issue_token(services, "participant")
    document = await document_of(arena, await arena.idea("open"))
    known, is_asked = visitor.authenticate_token, asyncio.Event()
    may_answer = asyncio.Event()

    async def late(*arguments: Any) -> Any:
        is_asked.set()
        await may_answer.wait()
        return await known(*arguments)

    monkeypatch.setattr(hocuspocus, "authenticate_token", late)
    async with socket(arena, "/collab") as wire:
        wire.say(frame(document, 2, lib0.uint(0) + lib0.string(token)))
        await is_asked.wait()
    hub = hub_of(services)
    may_answer.set()
    await asyncio.gather(*(task for task in hub._tasks if task.get_name() == "socket"))
    assert len(hub.sockets) == 0
    await hub.flush(DocumentAddress.parse(document).document)
    assert list(hub.presence()) == []


async def test_s36_who_sends_faster_than_the_room_works_is_not_read(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_room, "INBOX_ITEMS_MAX", 3)
    token = await programs.issue_token(arena.arena.services, "participant")
    async with socket(arena, "/collab", authorization=f"Bearer {token}") as wire:
        document = await seated(arena, wire)
        update = frame(document, 0, lib0.uint(2) + lib0.prefixed(b"\x00\x00"))
        for _ in range(8):
            wire.say(update)
        assert not wire.transport.reads
        for _ in range(8):
            await hear(wire, b"\x08\x01")
        assert wire.transport.reads
