"""People who type into a hub of this process, and note what its wire promises them.

An acknowledgement promises the tokens it answers, a shown text promises every token in it. Who is
sent away comes back and says again what was not promised, as clients do.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, cast
from uuid import UUID

from bench.disk.journal import Journal
from collab.sync.address import DocumentAddress
from collab.sync.messages import Incoming, SyncStep1, SyncStep2, Update
from collab.sync.rooms.session import Participant
from collab.sync.rooms.turns import Received
from server.actions import seeds
from server.network.framing import next_frame
from server.realtime.hub import Hub
from server.realtime.open_rooms import NotAdmitted
from server.realtime.sockets.connection import Connection
from storage.database import StorageUnavailable
from tests.harness import lib0
from tests.harness.actor import STEP_2, SYNC, UPDATE
from tests.harness.protocols import SYNC_STATUS
from tests.harness.text import SharedText

SECTION = "situation"
TOKEN = re.compile(r"<[a-z]+[0-9]+>")
TOKEN_IN_BYTES = re.compile(rb"<[a-z]+[0-9]+>")
UNANSWERED_MAX = 4
ANSWER_S = 30.0
RETURNS_MAX = 200
RETURN_S = 0.01


class Typist:
    """A person at a text: the copy in front of him and what he has not been promised yet."""

    def __init__(self, hub: Hub, journal: Journal, document: UUID, person: UUID, name: str) -> None:
        self.returns = 0
        """How often he was sent away and came back."""
        self._hub = hub
        self._journal = journal
        self._address = DocumentAddress(document, 1, seeds.SCHEMA_NUMBER)
        self._person = person
        self._name = name
        self._updates: list[bytes] = []
        self._text = SharedText(self._updates.append)
        self._unanswered: deque[list[str]] = deque()
        self._news = asyncio.Event()
        self._wire: HeardWire | None = None

    async def type_on(self, keystrokes: int, rng: random.Random) -> None:
        """Type, never far ahead of the acknowledgements, and wait for the last of them."""
        await self._come_back()
        for number in range(keystrokes):
            token = f"<{self._name}{number}>"
            self._text.append(SECTION, token)
            for update in self._updates:
                await self._say(Update(update), [token])
            self._updates.clear()
            ahead = rng.randrange(UNANSWERED_MAX)
            await self._until_answered(ahead)
        await self._until_answered(0)

    async def _sit_down(self) -> None:
        """Take a seat, catch up, and say again what was not promised."""
        wire = self._wire = HeardWire(self)
        admitted = await self._hub.admit(self._address, self._person)
        client = await self._hub.seat(
            admitted,
            participant=Participant(self._person, self._name, self._name),
            address=f"{self._address}#{self._name}",
            connection=Connection(cast("Any", wire), person_id=self._person, session_key=None),
            is_hocuspocus=True,
            on_end=lambda: None,
        )
        self._room, self._session = admitted.room, client.session.id
        await self._say(SyncStep1(b"\x00"))
        await self._until(lambda: wire.is_synced)
        if self._unanswered:
            unpromised = [token for tokens in self._unanswered for token in tokens]
            self._unanswered.clear()
            await self._say(SyncStep2(self._text.doc.get_update(b"\x00")), unpromised)

    async def _say(self, message: Incoming, promises: list[str] | None = None) -> None:
        if promises is not None:
            self._unanswered.append(promises)
        await self._room.inbox.put(Received(self._session, message))

    async def _until_answered(self, unanswered_max: int) -> None:
        """Wait for acknowledgements; who is sent away comes back, as clients do."""
        while len(self._unanswered) > unanswered_max:
            try:
                await self._until(lambda: len(self._unanswered) <= unanswered_max)
            except ConnectionError:
                self.returns += 1
                await self._come_back()

    async def _come_back(self) -> None:
        for _ in range(RETURNS_MAX):
            try:
                return await self._sit_down()
            except (ConnectionError, NotAdmitted, StorageUnavailable):
                await asyncio.sleep(RETURN_S)
        raise ConnectionError(f"{self._name} was sent away {RETURNS_MAX} times")

    async def _until(self, condition: Callable[[], bool]) -> None:
        assert self._wire is not None
        async with asyncio.timeout(ANSWER_S):
            while not condition():
                if self._wire.ended_with is not None:
                    raise ConnectionError(self._wire.ended_with)
                self._news.clear()
                await self._news.wait()

    # What comes over the wire.

    def acknowledged(self) -> None:
        """The oldest frame that is unanswered is kept."""
        self._promise(self._unanswered.popleft())

    def shown(self, update: bytes) -> None:
        """What others wrote, or what was there."""
        self._promise(each.decode() for each in TOKEN_IN_BYTES.findall(update))
        self._text.apply(update)

    def notify(self) -> None:
        self._news.set()

    def _promise(self, tokens: Iterable[str]) -> None:
        self._journal.promise(str(self._address.document), tokens)


class HeardWire:
    """The wire of one connection: what the server writes on it is a promise from here on."""

    is_behind = False

    def __init__(self, typist: Typist) -> None:
        self.is_synced = False
        self.ended_with: str | None = None
        self._typist = typist

    @property
    def is_closing(self) -> bool:
        return self.ended_with is not None

    def close(self, code: int, reason: str = "") -> None:
        self.ended_with = self.ended_with or f"{code} {reason}"
        self._typist.notify()

    def hold(self, _reason: int) -> None:
        """A typist says nothing that could be held."""

    def release(self, _reason: int) -> None:
        """Nothing was held."""

    def send(self, frames: bytes) -> None:
        """Take whole WebSocket frames."""
        if self.is_closing:
            return
        at = 0
        while (frame := next_frame(frames, at)) is not None:
            self._hear(lib0.Reader(frames[frame.start : frame.end]))
            at = frame.end
        self._typist.notify()

    def _hear(self, message: lib0.Reader) -> None:
        message.string()  # the address
        kind = message.uint()
        if kind == SYNC_STATUS:
            assert message.uint() == 1, "refused"
            self._typist.acknowledged()
        elif kind == SYNC and (step := message.uint()) in {STEP_2, UPDATE}:
            self._typist.shown(message.bytes())
            self.is_synced = self.is_synced or step == STEP_2
