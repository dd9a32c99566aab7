"""One document on one device, as the npm providers keep it in step.

A y-websocket provider sends what was typed, and what the server lacks when the server says what
it has. A hocuspocus provider presents a token first, and counts the changes that are not
acknowledged.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from pycrdt import Doc, TransactionEvent, XmlFragment

from bench.chaos.judge import Durable, parsed
from bench.chaos.people import wire
from bench.chaos.people.pens import Pen
from collab.sync.address import DocumentAddress
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticate,
    Authenticated,
    Awareness,
    AwarenessEntry,
    Outgoing,
    Refused,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.yjs.content import STRING

if TYPE_CHECKING:
    from bench.chaos.people.devices import Device


class Copy:
    """One document on one device: the provider and the Doc it keeps in step."""

    def __init__(self, device: Device, document_id: UUID, epoch: int) -> None:
        world = device.world
        self.device = device
        self.key = (document_id, epoch)
        self.client_id = world.new_client_id()
        self.doc: Doc[XmlFragment] = Doc(client_id=self.client_id)
        self.pen = Pen(self.doc, device.dice)
        self.is_synced = False
        self.may_write = True
        self.unsynced = 0
        """Changes that are not acknowledged, as a hocuspocus provider counts them."""
        self.unsaved: list[bytes] = []
        """What was typed here and is not known to be saved."""
        self.typed: list[tuple[int, str]] = []
        self._echoed = Durable(is_whole=False)
        self._is_applying = False
        self._presence_clock = 0
        self._subscription = self.doc.observe(self._changed)

    @property
    def name(self) -> str:
        return f"{self.device.name}/{self.key[0].hex[:4]}"

    @property
    def address(self) -> str:
        return str(DocumentAddress(self.key[0], self.key[1], 1))

    @property
    def is_settled(self) -> bool:
        """Nothing is left to be sent or to be acknowledged, as far as this copy knows."""
        line = self.device.line
        if line is None or not line.flows or not self.device.is_open or not self.is_synced:
            return False
        return not self.device.is_hocuspocus or self.unsynced == 0

    def edit(self) -> None:
        """Type, delete, mark: whatever the dice say; sent at once if there is a connection."""
        self.device.world.trace.note(f"edit {self.name}")
        self.pen.edit()

    def opened(self) -> None:
        """The device has a connection: introduce this copy."""
        self.is_synced = False
        if self.device.is_hocuspocus:
            self._say(Authenticate("token"))
            self.unsynced = 1
        else:
            self.may_write = True  # until told otherwise
        self._say(SyncStep1(self.doc.get_state()))
        self._presence_clock += 1
        state = json.dumps({"cursor": self._presence_clock})
        self._say(Awareness((AwarenessEntry(self.client_id, self._presence_clock, state),)))

    def hear(self, message: Outgoing) -> None:
        """The server has said something about this document."""
        match message:
            case SyncStep1(state_vector):
                self._say(SyncStep2(self.doc.get_update(state_vector)))
            case SyncStep2(update) | Update(update):
                self._apply(update)
                self.is_synced = self.is_synced or isinstance(message, SyncStep2)
            case Acknowledged():
                self.unsynced -= 1
                if self.unsynced == 0:
                    self._saved(self.unsaved)
            case Authenticated(write):
                self._learn(write)
            case AccessChanged(write, _):
                self._learn(write)
            case Refused():
                self._learn(may_write=False)
            case _:
                pass

    def _changed(self, event: TransactionEvent) -> None:
        if self._is_applying:
            return
        update = event.update
        self.unsaved.append(update)
        for block in parsed(update).blocks:
            clock = block.clock
            for struct in block.structs:
                if struct.kind == STRING:
                    assert isinstance(struct.content, str)
                    self.typed.append((clock, struct.content))
                clock += struct.length
        self.unsynced += 1
        if self.device.is_open:
            self._say(Update(update))

    def _apply(self, update: bytes) -> None:
        self._is_applying = True
        try:
            self.doc.apply_update(update)
        finally:
            self._is_applying = False
        if not self.device.is_hocuspocus:
            self._take_echo(update)

    def _take_echo(self, update: bytes) -> None:
        """A y-websocket client takes what comes back of its own for saved."""
        if self.unsaved:
            self._echoed.add(update, None)
        while self.unsaved and self._echoed.covers(self.unsaved[0]):
            self._saved([self.unsaved[0]])

    def _saved(self, updates: list[bytes]) -> None:
        """The person is shown that this is saved: so it must be."""
        durable = self.device.world.judge.durable(self.key)
        for update in list(updates):
            if not durable.covers(update):
                self.device.world.judge.object_to(f"{self.name} shows as saved what is not")
        del self.unsaved[: len(updates)]

    def _learn(self, may_write: bool) -> None:
        had, self.may_write = self.may_write, may_write
        if may_write and not had and self.unsynced:
            # What was refused meanwhile is sent once more.
            self.device.reconnect()

    def _say(self, message: wire.Said) -> None:
        self.device.say(wire.frame(self._spelling, message))

    @property
    def _spelling(self) -> str | None:
        return self.address if self.device.is_hocuspocus else None
