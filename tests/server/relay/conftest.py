"""Two nodes of one arena in the test's own event loop, over an exchange in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from server.app import running_realtime
from server.realtime import announce, live
from server.realtime.polling import watch
from server.realtime.relay import nodes as relay_nodes
from server.realtime.relay import rosters
from server.realtime.relay.relay import Relay
from server.realtime.relay.wiring import Relaying
from server.realtime.rooms import live_room
from server.realtime.rooms.elsewhere import telling
from storage.relay.memory import Exchange
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.running import ORIGIN, running


@dataclass
class Nodes:
    """Two nodes on one database, with the same people."""

    exchange: Exchange
    one: Everyone
    other: Everyone


def relay_of(node: Everyone) -> Relay:
    relay = node.arena.services.relay
    assert relay is not None
    return relay


@pytest.fixture
def no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not told over the relay is not noticed."""
    monkeypatch.setattr(announce, "TAIL_S", 3_600)
    for name in ("HEADS_S", "HEADS_ALONE_S", "ENDED_S", "ENDED_ALONE_S"):
        monkeypatch.setattr(watch, name, 3_600)


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes a fraction of them."""
    monkeypatch.setattr(relay_nodes, "BEAT_S", 0.05)
    monkeypatch.setattr(relay_nodes, "GONE_S", 0.6)
    monkeypatch.setattr(live, "TOUCH_S", 0.05)
    monkeypatch.setattr(live_room, "LEAVE_GRACE_S", 0.2)
    monkeypatch.setattr(rosters, "TELL_S", 0.02)
    monkeypatch.setattr(telling, "ANSWER_S", 0.02)


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[Nodes]:
    exchange = Exchange()
    realtime = partial(running_realtime, relaying=Relaying(exchange.bus, ORIGIN))
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    async with everyone(tmp_path / "one", realtime=realtime) as here:
        url = here.arena.services.settings.database_url
        async with running(tmp_path / "other", realtime=realtime, database_url=url) as there:
            there.clock.now = here.arena.clock.now
            yield Nodes(exchange, here, Everyone(there))
