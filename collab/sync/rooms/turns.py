"""What goes into a turn of a room, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from collab.sync.document import Admission, Document
from collab.sync.messages import Incoming, SyncStep2, Update
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.effects import Effect
from collab.sync.rooms.session import SessionId


@dataclass(frozen=True, slots=True)
class Received:
    """A message from a session, still to be judged."""

    session: SessionId
    message: Incoming


@dataclass(frozen=True, slots=True)
class ServerUpdate:
    """An update that the server makes on behalf of ``actor``, such as a revert.

    ``epoch`` is that of the document it was made for; in another one it would bring back what was
    erased. ``access_version`` is that of the rights it was made under; under others it might come
    into a text that has been settled meanwhile. ``None``: it fits any.
    """

    update: bytes
    actor: UUID | None
    epoch: int | None = None
    access_version: int | None = None


@dataclass(frozen=True, slots=True)
class ServerChange:
    """A change that the server makes of the text as it is at that moment, on behalf of ``actor``.

    ``make`` gives the update for the document, or ``None`` if the change has no place in it; it
    may be called again when the text moved meanwhile. ``epoch`` and ``access_version`` as above.
    """

    make: Callable[[Document], bytes | None]
    actor: UUID | None
    epoch: int
    access_version: int


Writing = Received | ServerUpdate
Judged = tuple[Writing, Admission | FrameRefused]


def update_of(writing: Writing) -> bytes:
    """The update that a writing carries; only for those that change the text."""
    if isinstance(writing, ServerUpdate):
        return writing.update
    assert isinstance(writing.message, SyncStep2 | Update)
    return writing.message.update


@dataclass(frozen=True, slots=True)
class Sorted:
    """A turn's verdicts without those that wait, and what is to be judged once more.

    ``answered`` are the sessions whose second sync step was admitted; ``waiting`` is what each
    session holds back after this turn.
    """

    final: tuple[Judged, ...] = ()
    again: tuple[Received, ...] = ()
    answered: frozenset[SessionId] = frozenset()
    waiting: Mapping[SessionId, tuple[Received, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one actor adds to the document in one turn: a row of the log.

    ``clients`` lists the clock ranges ``(client, from, to)`` that the update inserts.
    ``actor`` is ``None`` for the server itself.
    """

    actor: UUID | None
    update: bytes
    clients: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The outcome of a turn of writing.

    ``contributions`` must be committed, with ``claims`` (client id → its actor), before any of
    ``effects`` is performed; without contributions the effects may be performed at once.
    ``refused`` are updates of the server itself that the guard did not take. ``late`` came after
    the text was settled: each is still to be kept and answered.
    """

    contributions: tuple[Contribution, ...] = ()
    claims: Mapping[int, UUID | None] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    refused: tuple[tuple[ServerUpdate, FrameRefused], ...] = ()
    late: tuple[Received, ...] = ()
    early: Sorted | None = None
