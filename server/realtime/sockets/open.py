"""The open sockets of this process: whose they are, and how many one person may have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from server.realtime.sockets.connection import Connection

SOCKETS_PER_PERSON_MAX = 256
GUEST_SOCKETS_MAX = 5_000
"""All guests together, so that people who are signed in still find room."""


class OpenSockets:
    """Every connection from the moment it is let in until it is lost."""

    def __init__(self) -> None:
        self._owners: dict[Connection, UUID | None] = {}
        self._counts: Counter[UUID | None] = Counter()

    def __iter__(self) -> Iterator[Connection]:
        """All of them; they may come and go meanwhile."""
        return iter(list(self._owners))

    def __len__(self) -> int:
        return len(self._owners)

    def add(self, connection: Connection, person_id: UUID | None) -> bool:
        """Note whose a connection is; ``False``, and nothing is noted, if he has too many.

        Called again when a connection turns out to be somebody's.
        """
        most = GUEST_SOCKETS_MAX if person_id is None else SOCKETS_PER_PERSON_MAX
        if self._counts[person_id] >= most:
            return False
        self.discard(connection)
        connection.person_id = person_id
        self._owners[connection] = person_id
        self._counts[person_id] += 1
        return True

    def discard(self, connection: Connection) -> None:
        """The connection is over."""
        if connection not in self._owners:
            return
        person_id = self._owners.pop(connection)
        self._counts[person_id] -= 1
        if not self._counts[person_id]:
            del self._counts[person_id]
