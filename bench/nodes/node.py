"""One node of the bench: its rooms as they run in earnest, people without sockets in them.

Started by ``bench.nodes.measuring`` with its task as JSON on the first line of standard input; says
``ready``, waits for another line, types, and prints what it found as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast
from unittest.mock import Mock
from uuid import UUID

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from bench.load.population import ROOT
from collab.sync.address import DocumentAddress
from collab.sync.messages import Outgoing, SyncStep1, SyncStep2, Update
from collab.sync.rooms.session import Participant
from collab.sync.rooms.turns import Received
from server.realtime.hub import Hub
from server.realtime.rooms.client import Client, Frames
from server.realtime.rooms.live_room import LiveRoom
from server.realtime.sockets.connection import Connection
from storage.database import Database

STAMP: Final = re.compile(rb"@(\d{6,})@")
"""When a letter was typed, in microseconds of the machine's clock, written in the text itself."""

SETTLE_S: Final = 10.0


@dataclass
class Task:
    """What a node has to do."""

    url: str
    redis: str | None
    address: str
    people: list[str]
    rate: float
    """Letters of each person in a second; 0: the next when the last one is acknowledged."""
    warm_s: float
    seconds: float


@dataclass
class Found:
    """What a node has measured; times in seconds."""

    acknowledged: list[float] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)
    """From the typing at another node until somebody here was sent it."""
    sent: int = 0
    ended: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(eq=False)
class Typist(Client):
    """Somebody who types at the end of a paragraph of his own."""

    doc: Doc[XmlFragment] = field(default_factory=Doc)
    sent_at: list[tuple[float, bool]] = field(default_factory=list)
    """What waits for its acknowledgement, and whether it counts."""
    told: asyncio.Event = field(default_factory=asyncio.Event)
    found: Found = field(default_factory=Found)
    listens: bool = False
    here: set[bytes] = field(default_factory=set)
    """The stamps of what was typed at this node."""
    measures: bool = False
    text: XmlText | None = None

    def share(self, message: Outgoing, frames: Frames) -> None:
        if isinstance(message, SyncStep2):
            self.doc.apply_update(message.update)
            self.told.set()
        elif isinstance(message, Update) and self.listens and self.measures:
            now = time.monotonic()
            for stamp in set(STAMP.findall(message.update)) - self.here:
                self.found.elsewhere.append(now - int(stamp) / 1e6)

    def acknowledge(self, frames: int) -> None:
        now = time.monotonic()
        for at, counts in self.sent_at[:frames]:
            if counts:
                self.found.acknowledged.append(now - at)
        del self.sent_at[:frames]
        self.told.set()

    def end(self, reason: str) -> None:
        self.found.ended.append(reason)
        self.told.set()
        super().end(reason)

    def letter(self) -> bytes:
        """The update of the next letter, which carries when it was typed."""
        before = self.doc.get_state()
        stamp = b"%d" % int(time.monotonic() * 1e6)
        self.here.add(stamp)
        with self.doc.transaction():
            if self.text is None:
                self.text = XmlText("")
                root = self.doc.get(ROOT, type=XmlFragment)
                root.children.append(XmlElement("paragraph", {}, [self.text]))
            self.text.insert(len(self.text), f"@{stamp.decode()}@")
        return self.doc.get_update(before)


async def main(task: Task) -> Found:
    """Do the task between ``ready`` and the figures."""
    database = await Database.open(task.url)
    hub = Hub(database, lambda: datetime.now(UTC))
    await hub.start()
    found, here = Found(), set[bytes]()
    async with relayed(hub, database, task):
        seats = [await seat(hub, task, UUID(each), found, here) for each in task.people]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        seats[0][1].listens = True
        typing = [asyncio.create_task(type_on(room, typist, task)) for room, typist in seats]
        await asyncio.sleep(task.warm_s)
        began = time.process_time()
        for _, typist in seats:
            typist.measures = True
        await asyncio.gather(*typing)
        found.cpu_s = time.process_time() - began
        for _, typist in seats:
            await caught_up(typist)
            typist.measures = False
    rooms: Any = getattr(hub, "rooms", None)
    found.counts = asdict(rooms.counts) if rooms is not None else {}
    await hub.stop()
    await database.close()
    return found


async def seat(
    hub: Hub, task: Task, person: UUID, found: Found, here: set[bytes]
) -> tuple[LiveRoom, Typist]:
    """Let somebody in who has read the text."""
    address = DocumentAddress.parse(task.address)
    socket = Connection(cast("Any", Mock(is_behind=False)), person_id=person, session_key=None)
    admitted = await hub.admit(address, person)
    client = await hub.seat(
        admitted,
        participant=Participant(person, person.hex[:8], "Somebody"),
        address=task.address,
        connection=socket,
        is_hocuspocus=True,
        on_end=lambda: None,
        kind=Typist,
    )
    assert isinstance(client, Typist)
    client.found, client.here = found, here
    await admitted.room.inbox.put(Received(client.session.id, SyncStep1(b"\x00")))
    async with asyncio.timeout(SETTLE_S):
        await client.told.wait()
    return admitted.room, client


async def type_on(room: LiveRoom, typist: Typist, task: Task) -> None:
    """Type until the time is over, or he was sent away."""
    loop = asyncio.get_running_loop()
    end = loop.time() + task.warm_s + task.seconds
    due = loop.time() + (hash(typist.session.id) % 10) / 10 / (task.rate or 10.0)
    while loop.time() < end and not typist.found.ended:
        typist.told.clear()
        update = typist.letter()
        typist.sent_at.append((time.monotonic(), typist.measures))
        typist.found.sent += typist.measures
        await room.inbox.put(Received(typist.session.id, Update(update)))
        if not task.rate:
            await typist.told.wait()
            continue
        due += 1 / task.rate
        await asyncio.sleep(max(0.0, due - loop.time()))


async def caught_up(typist: Typist) -> None:
    """Wait until everything he has typed is acknowledged."""
    async with asyncio.timeout(SETTLE_S):
        while typist.sent_at and not typist.found.ended:
            typist.told.clear()
            await typist.told.wait()


@asynccontextmanager
async def relayed(hub: Hub, database: Database, task: Task) -> AsyncIterator[None]:
    """With a relay, if there is one to be used."""
    if task.redis is None:
        yield
        return
    from server.realtime.relay.documents import connect_documents
    from server.realtime.relay.relay import Relay
    from storage.cluster.installation import installation_id
    from storage.relay.bus import RedisBus, uniform

    url = task.redis
    async with database.read() as tx:
        installation = await installation_id(tx)
    relay = Relay(installation, lambda listener: RedisBus(url, listener, uniform))
    connect_documents(relay, hub)
    relay.on_listening.append(lambda _channel: hub.watch.look_for_heads())
    await relay.start()
    try:
        yield
    finally:
        await relay.stop()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(main(Task(**json.loads(sys.stdin.readline())))))))
