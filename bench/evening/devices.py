"""What forty people hold in their hands: a device that keeps what is typed and sends it if it can.

Each has two live documents open, the idea of its table and the board. What is typed while the
network is away stays in the device's copy, as y-indexeddb keeps it, and is sent on return.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText
from websockets.exceptions import InvalidHandshake

from tests.harness.ideas import FREE_SECTION
from tests.harness.protocols import HocuspocusActor
from tests.harness.text import plain
from tests.harness.waiting import until_async

TOKEN: Final = re.compile("⟨[a-z]+[0-9]+🌳⟩")
TOKEN_BYTES: Final = re.compile("⟨([a-z]+)[0-9]+🌳⟩".encode())
BOARD: Final = "notes"
NOTES_MAX: Final = 20
NOTE_CHARS_MAX: Final = 450
"""Below what a note takes."""

PATIENCE_S: Final = 5.0
RETURN_S: Final = (0.1, 1.0)
"""As clients do, so that forty do not come back at the same moment."""


@dataclass
class Watch:
    """When each word was typed, and how much later devices of other tables were shown it."""

    typed_at: dict[bytes, float] = field(default_factory=dict)
    latencies_s: list[float] = field(default_factory=list)


class ListeningActor(HocuspocusActor):
    """Somebody at a document who notes when words of other tables arrive."""

    def __init__(self, origin: str, document: str, token: str, table: str, watch: Watch) -> None:
        super().__init__(origin, document, token)
        self._table = table.encode()
        self._watch = watch

    def _received_sync(self, subtype: int, payload: bytes) -> None:
        super()._received_sync(subtype, payload)
        if subtype != 2:
            return  # what comes with the first sync is no keystroke of now
        now = time.perf_counter()
        for found in TOKEN_BYTES.finditer(payload):
            typed_at = self._watch.typed_at.get(found.group(0))
            if typed_at is not None and not found.group(1).startswith(self._table):
                self._watch.latencies_s.append(now - typed_at)


class Document:
    """One live document on a device: what was typed into it, and what the server has promised."""

    def __init__(self, actor: HocuspocusActor, type_into: Callable[[str], None]) -> None:
        self.actor = actor
        self.closed: list[tuple[int | None, str]] = []
        self.refused: list[str] = []
        self._type_into = type_into
        self._tokens: list[tuple[str, int]] = []

    @property
    def typed(self) -> list[str]:
        return [token for token, _ in self._tokens]

    @property
    def acknowledged(self) -> set[str]:
        """What the server has promised to keep."""
        return {token for token, clock in self._tokens if clock <= self.actor.acknowledged}

    @property
    def is_saved(self) -> bool:
        """Whether everything that was typed here is promised."""
        return self.actor.is_connected and self.actor.acknowledged >= self.actor.text.clock

    async def type(self, token: str) -> None:
        """Type one word; it is sent if there is a socket."""
        self._type_into(token)
        self._tokens.append((token, self.actor.text.clock))
        await self.actor.flush()

    async def come_back(self) -> bool:
        """Whether there is a socket now; if not, one attempt was made."""
        if self.actor.is_connected and not self.actor.refusals:
            return True
        if self.actor.close_code is not None:
            self.closed.append((self.actor.close_code, self.actor.close_reason))
        self.refused += self.actor.refusals
        self.actor.refusals.clear()
        await self.actor.drop()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.actor.connect(is_waiting=False)
                await self.actor.until(
                    lambda: self.actor.is_synced or not self.actor.is_connected, "an answer"
                )
        except (OSError, InvalidHandshake):  # a TimeoutError is an OSError
            await self.actor.drop()
        return self.actor.is_connected


class Device:
    """One person's device at one table."""

    def __init__(
        self, name: str, origin: str, idea: str, board: str, token: str, watch: Watch
    ) -> None:
        self.name = name
        self.token = token
        self.is_offline = False
        self.first_saved_s: float | None = None
        at_table = HocuspocusActor(origin, idea, token)
        on_board = ListeningActor(origin, board, token, name[0], watch)
        self.table = Document(at_table, lambda word: at_table.text.append(FREE_SECTION, word))
        self.board = Document(on_board, Notes(on_board, name).type)
        self._watch = watch
        self._count = 0
        self._is_stopping = False

    @property
    def documents(self) -> tuple[Document, Document]:
        return self.table, self.board

    async def type_on(self, rng: random.Random, pause_s: tuple[float, float]) -> None:
        """Type now here, now there, until told to stop; the network may come and go."""
        keeping = [asyncio.create_task(self._keep(each, rng)) for each in self.documents]
        try:
            while not self._is_stopping:
                document = self.board if rng.random() < 0.5 else self.table
                await self._type(document)
                await asyncio.sleep(rng.uniform(*pause_s))
        finally:
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    def stop(self) -> None:
        self._is_stopping = True

    async def go_offline(self) -> None:
        """Lose the network without a word."""
        self.is_offline = True
        for document in self.documents:
            await document.actor.drop()

    def go_online(self) -> None:
        """The network is there again; whoever keeps the documents open will notice."""
        self.is_offline = False

    async def until_saved(self, timeout_s: float) -> bool:
        """Whether everything that was typed here was promised within the time."""

        async def is_saved() -> bool:
            there = [await document.come_back() for document in self.documents]
            return all(there) and all(document.is_saved for document in self.documents)

        try:
            await until_async(is_saved, f"{self.name} is saved", timeout_s=timeout_s)
        except TimeoutError:
            return False
        return True

    async def until_there(self, timeout_s: float) -> None:
        """Come back to both documents.

        Raises:
            TimeoutError: that was not possible in the time.
        """

        async def is_there() -> bool:
            return all([await document.come_back() for document in self.documents])

        await until_async(is_there, f"{self.name} is there", timeout_s=timeout_s)

    def next_word(self) -> str:
        """A word that nobody else types, and this person only once."""
        self._count += 1
        return f"⟨{self.name}{self._count}🌳⟩"

    async def leave(self) -> None:
        for document in self.documents:
            await document.actor.drop()

    async def _type(self, document: Document) -> None:
        token = self.next_word()
        if document is self.board and not self.is_offline:
            self._watch.typed_at[token.encode()] = time.perf_counter()
        await document.type(token)

    async def _keep(self, document: Document, rng: random.Random) -> None:
        """Come back to a document whenever the socket is gone, unless there is no network."""
        while True:
            if not self.is_offline:
                await document.come_back()
            await asyncio.sleep(rng.uniform(*RETURN_S) if self.is_offline else 0.1)


class Notes:
    """The notes of one person on the board: some new ones, then more words on those there are."""

    def __init__(self, actor: HocuspocusActor, name: str) -> None:
        self._actor = actor
        self._name = name
        self._own: list[XmlText] = []
        self._turn = 0

    def type(self, token: str) -> None:
        """Put the word on a new note, or behind what stands on an own one."""
        with self._actor.text.own_edit():
            if len(self._own) < NOTES_MAX:
                self._add(token)
                return
            for _ in self._own:
                self._turn = (self._turn + 1) % len(self._own)
                note = self._own[self._turn]
                if len(plain(note)) + len(token) <= NOTE_CHARS_MAX:
                    note.insert(len(plain(note).encode()), token)
                    return
            self._add(token)

    def _add(self, token: str) -> None:
        number = len(self._own)
        board = self._actor.text.doc.get(BOARD, type=XmlFragment)
        note = board.children.append(
            XmlElement("note", {"id": f"note-{self._name}-{number}", "colour": "yellow"})
        )
        for key, value in (("x", 20.0 * number), ("y", 30.0 * ord(self._name[0]))):
            note.attributes[key] = value
        self._own.append(note.children.append(XmlText(token)))


def words_on(doc: Doc[XmlFragment], root: str) -> list[str]:
    """Every word that stands in a document, in its order."""
    text = "".join(plain(child) for child in doc.get(root, type=XmlFragment).children)
    return TOKEN.findall(text)
