"""Headless people: they share a text with the server and note what it has promised to keep.

What both protocols share; the two that a test uses are in ``protocols``. Like npm's providers an
actor sends what is typed as soon as the socket is open. Frames are written and read here, not
with Arena's code.
"""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.harness import lib0
from tests.harness.text import Edit, SharedText
from tests.harness.waiting import WAIT_S

STEP_1, STEP_2, UPDATE = 0, 1, 2
SYNC, AWARENESS = 0, 1

Presence = dict[str, object]


class Actor(ABC):
    """One person with one socket at one document."""

    def __init__(
        self, origin: str, document: str, token: str | None = None, *, client_id: int | None = None
    ) -> None:
        self.origin = origin.replace("http", "ws", 1)
        self.document = document
        self.token = token
        self.text = SharedText(self._edited, client_id)
        self.is_synced = False
        self.acknowledged = 0
        """The clock of the own client id up to which the server has promised to keep the text."""
        self.refusals: list[str] = []
        self.presences: dict[int, Presence | None] = {}
        self.close_code: int | None = None
        self.close_reason = ""
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._outgoing: deque[tuple[int, bytes, int]] = deque()
        self._news = asyncio.Event()
        self._presence_clock = 0

    # What the protocols do differently

    @abstractmethod
    def _url(self) -> str:
        """Where the socket of this document is."""

    @abstractmethod
    def _headers(self) -> dict[str, str]:
        """What identifies the person in the upgrade request."""

    @abstractmethod
    def _opening(self) -> list[bytes]:
        """The frames before the first sync step."""

    @abstractmethod
    def _frame(self, kind: int, body: bytes) -> bytes:
        """A frame around a body that both protocols share."""

    @abstractmethod
    def _unframe(self, frame: bytes) -> tuple[int, lib0.Reader]:
        """The kind of a frame and a reader at its body."""

    @abstractmethod
    def _sent_changes(self, clock: int) -> None:
        """A frame with everything up to ``clock`` is on its way."""

    @abstractmethod
    def _received_changes(self, update: bytes) -> None:
        """The server has sent changes, maybe the own ones."""

    @abstractmethod
    def _received_state(self, state_vector: bytes) -> None:
        """The server has said what it holds."""

    @abstractmethod
    def _received_other(self, kind: int, body: lib0.Reader) -> None:
        """The server has sent a message of its own protocol."""

    # What a test does

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(self, *_: object) -> None:
        await self.disconnect()

    async def connect(self, *, is_waiting: bool = True) -> Self:
        """Open the socket and, unless told otherwise, wait until the texts are the same."""
        self.is_synced, self.close_code = False, None
        self._outgoing.clear()  # the second sync step carries what was typed offline
        self.presences.clear()  # as npm's providers do: who is there is told anew
        self._socket = await connect(
            self._url(),
            additional_headers=self._headers(),
            compression=None,
            max_size=None,
            proxy=None,
        )
        self._reader = asyncio.create_task(self._read(self._socket))
        for frame in self._opening():
            await self.send(frame)
        self._outgoing.append((STEP_1, self.text.doc.get_state(), 0))
        await self.flush()
        if is_waiting:
            await self.until(lambda: self.is_synced, "the first sync")
        return self

    async def disconnect(self) -> None:
        """Close the socket; what was typed stays in this copy."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
        self._socket = self._reader = None

    async def drop(self) -> None:
        """Lose the socket without a word, as a device does whose network is gone."""
        if self._socket is not None:
            self._socket.transport.abort()
        await self.disconnect()

    async def type(self, section: str, text: str) -> None:
        """Type at the end of the section, in one update."""
        self.text.append(section, text)
        await self.flush()

    async def splice(self, section: str, edits: Iterable[Edit]) -> None:
        """Replace pieces of the section, all in one update."""
        self.text.splice(section, edits)
        await self.flush()

    async def share(self, update: bytes) -> None:
        """Send an update that was made elsewhere with this actor's client id."""
        self.text.apply(update)
        self._edited(update)
        await self.flush()

    async def point(self, state: Presence | None) -> None:
        """Show ``state`` as presence, or leave with ``None``."""
        self._presence_clock += 1
        client = lib0.uint(self.text.doc.client_id) + lib0.uint(self._presence_clock)
        body = lib0.uint(1) + client + lib0.string(json.dumps(state))
        await self.send(self._frame(AWARENESS, lib0.prefixed(body)))

    async def send_sync(self, subtype: int, payload: bytes) -> None:
        """Send a sync message of the test's own making, good or bad."""
        await self.send(self._frame(SYNC, lib0.uint(subtype) + lib0.prefixed(payload)))

    async def send(self, frame: bytes) -> None:
        """Send bytes; a socket that has died meanwhile is noted by the reader."""
        if self._socket is not None:
            try:
                await self._socket.send(frame)
            except ConnectionClosed:
                return

    async def flush(self) -> None:
        """Send what waits; without a socket it stays for the next sync."""
        while self._outgoing and self.is_connected:
            subtype, payload, clock = self._outgoing.popleft()
            if subtype != STEP_1:
                self._sent_changes(clock)
            await self.send_sync(subtype, payload)

    async def until(
        self, condition: Callable[[], bool], what: str, *, timeout_s: float = WAIT_S
    ) -> None:
        """Wait for frames until ``condition`` holds."""
        try:
            async with asyncio.timeout(timeout_s):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            state = f"closed {self.close_code} {self.close_reason!r}, refused {self.refusals}"
            raise TimeoutError(f"{type(self).__name__}: {what} ({state})") from None

    async def until_saved(self, *, timeout_s: float = WAIT_S) -> None:
        """Wait until everything typed here is acknowledged."""
        clock, what = self.text.clock, f"saved up to {self.text.clock}"
        await self.until(lambda: self.acknowledged >= clock, what, timeout_s=timeout_s)

    async def until_reads(self, section: str, wanted: str, *, timeout_s: float = WAIT_S) -> None:
        """Wait until the section holds ``wanted``."""
        what = f"{wanted!r} in {section}"
        await self.until(lambda: wanted in self.text.read(section), what, timeout_s=timeout_s)

    async def until_closed(self, *, timeout_s: float = WAIT_S) -> int:
        """Wait until the server closes the socket; its code."""
        await self.until(lambda: self.close_code is not None, "closed", timeout_s=timeout_s)
        assert self.close_code is not None
        return self.close_code

    @property
    def is_shown_as_gone(self) -> bool:
        """The server tells that this client has left."""
        return self.presences.get(self.text.doc.client_id, {}) is None

    @property
    def shown(self) -> set[int]:
        """The other clients that are there, as far as this one was told."""
        there = {client for client, state in self.presences.items() if state is not None}
        return there - {self.text.doc.client_id}

    @property
    def is_connected(self) -> bool:
        """The socket is open as far as this side knows."""
        return self._socket is not None and self.close_code is None

    # Inside

    def _edited(self, update: bytes) -> None:
        self._outgoing.append((UPDATE, update, self.text.clock))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                assert isinstance(frame, bytes)
                self._received(*self._unframe(frame))
                self._news.set()
                await self.flush()
        except ConnectionClosed:
            pass  # code and reason are read below, however it ended
        self.close_code = socket.close_code
        self.close_reason = socket.close_reason or ""
        self._news.set()

    def _received(self, kind: int, body: lib0.Reader) -> None:
        if kind == SYNC:
            self._received_sync(body.uint(), body.bytes())
        elif kind == AWARENESS:
            self._received_presences(lib0.Reader(body.bytes()))
        else:
            self._received_other(kind, body)

    def _received_sync(self, subtype: int, payload: bytes) -> None:
        if subtype == STEP_1:
            self._received_state(payload)
            missing = self.text.doc.get_update(payload)
            self._outgoing.append((STEP_2, missing, self.text.clock))
            return
        self.text.apply(payload)
        self._received_changes(payload)
        self.is_synced = self.is_synced or subtype == STEP_2

    def _received_presences(self, body: lib0.Reader) -> None:
        for _ in range(body.uint()):
            client, clock = body.uint(), body.uint()
            self.presences[client] = json.loads(body.string())
            if client == self.text.doc.client_id:
                self._presence_clock = max(self._presence_clock, clock)
