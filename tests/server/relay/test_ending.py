"""A node that is asked to end ends, whatever is under way to Redis at that moment."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from structlog.testing import CapturingLogger

from server.realtime import draining
from server.realtime.draining import ended
from server.realtime.relay.messages import Happened
from server.realtime.relay.relay import Relay, RelayState
from storage.relay.bus import RedisBus
from tests.harness.waiting import until_async

ENDED_S = 5
TURNS = 10
EVERY_S = 0.0005


@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_t70_a_task_that_loses_cancellations_ends_all_the_same(
    lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "CANCEL_AGAIN_S", 0.01)
    cancelled: list[int] = []

    has_begun = asyncio.Event()

    async def work() -> None:
        has_begun.set()
        while len(cancelled) <= lost:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(1)

    task = asyncio.create_task(work())
    await has_begun.wait()
    async with asyncio.timeout(ENDED_S):
        await ended([task])
    assert len(cancelled) == lost + 1


async def test_t70_a_relay_stops_while_it_speaks_and_listens(redis_url: str) -> None:
    """At any moment; the client of Redis loses about every second cancellation of a speaker."""
    for turn in range(TURNS):
        relay = Relay(uuid4(), lambda listener: RedisBus(redis_url, listener, lambda: 0.0))
        await relay.start()
        await _until_connected(relay)
        _talk(relay, [])
        await asyncio.wait(relay._tasks, timeout=turn / 1000)
        async with asyncio.timeout(ENDED_S):
            await relay.stop()


async def test_t70_a_node_that_starts_does_not_take_the_relay_for_away(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = CapturingLogger()
    monkeypatch.setattr("server.realtime.relay.relay.log", heard)
    relay = Relay(uuid4(), lambda listener: RedisBus(redis_url, listener, lambda: 0.0))
    await relay.start()
    await _until_connected(relay)
    await relay.stop()
    assert [call.args for call in heard.calls] == [("the relay is connected",)]


async def _until_connected(relay: Relay) -> None:
    async def is_connected() -> bool:
        return relay.state is RelayState.CONNECTED

    await until_async(is_connected, "the relay is connected")


def _talk(relay: Relay, opened: list[UUID]) -> None:
    """Say something and change what is listened to, again and again until the relay ends."""
    relay.tell_all(Happened())
    if opened:
        relay.closed(opened.pop())
    else:
        opened.append(uuid4())
        relay.opened(opened[0])
    if not all(task.done() for task in relay._tasks):
        asyncio.get_running_loop().call_later(EVERY_S, _talk, relay, opened)
