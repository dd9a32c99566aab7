"""What waits in a room's inbox for the next turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from collab.process.version import TextVersion
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.session import SessionId
from collab.sync.rooms.turns import Received, ServerChange, ServerUpdate
from collab.sync.text import DossierText
from server.realtime.rooms.client import Client
from server.realtime.rooms.elsewhere.written import Written


class RoomClosed(Exception):
    """The room closed before it could answer; ask the hub again."""


@dataclass(frozen=True, slots=True)
class Join:
    """A client comes in for this epoch, with the rights that held at this access version."""

    client: Client
    access_version: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Leave:
    session: SessionId


@dataclass(frozen=True, slots=True)
class Drained:
    """A client that was behind can take frames again."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class Regrant:
    """Rights may have changed: judge every session again."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Another process may have written to the document: read on, if it has."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody has moved at another process: tell it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody wants the durable text; with ``flush`` the projection is written as well."""

    answer: asyncio.Future[tuple[DossierText, TextVersion]]
    flush: bool


@dataclass(frozen=True, slots=True)
class Write:
    """The server itself writes; ``done`` tells when it is durable."""

    update: ServerUpdate
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Make:
    """The server changes the text as it is; ``done`` tells since which seq it is durable.

    ``None``: it has no place in the text, and nothing was changed.
    """

    change: ServerChange
    done: asyncio.Future[int | None]

    async def answer(self, making: Awaitable[int | None]) -> None:
        """Wait for the change and tell whoever asked for it."""
        try:
            seq = await making
        except FrameRefused as refusal:
            if not self.done.done():
                self.done.set_exception(refusal)
        else:
            if not self.done.done():
                self.done.set_result(seq)


Item = Join | Leave | Drained | Regrant | Follow | Written | Look | Read | Write | Make | Received

OF_OTHERS = (Follow, Written, Look)
"""What other processes bring; for that alone no room is kept open."""
