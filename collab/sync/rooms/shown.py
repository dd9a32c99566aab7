"""Whom a room shows: its own people and those at other processes, one seat for each client.

A client that changes from one process to another is never shown as gone between them: of its
seats the newest counts, and what the room tells never goes back behind what it has told. Peers
pass over what has no newer clock, so where the truth does not bring one, the room adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collab.sync.messages import Awareness, AwarenessEntry
from collab.sync.rooms.elsewhere import Elsewhere, Seats, Seen, shown
from collab.sync.rooms.presence import Presence
from collab.sync.rooms.session import Session, SessionId

GONE_MAX = 1_000
"""Clients that were told to be gone, whose clocks are remembered; of more, the last."""
PARCEL_ENTRIES = 64


@dataclass(frozen=True, slots=True)
class _Told:
    """What peers were told of a client, and which clock it had itself."""

    entry: AwarenessEntry
    clock: int


class Shown:
    """The presence of one room."""

    def __init__(self) -> None:
        self.elsewhere = Elsewhere()
        self.presence = Presence(self.elsewhere)
        self._changed: dict[int, None] = {}
        """Clients of whom peers do not know the newest, in their order."""
        self._news: set[int] = set()
        """Clients of this process of whom other processes do not know the newest."""
        self._told: dict[int, _Told] = {}
        self._gone: dict[int, int] = {}

    # What happens here.

    def report(self, session: Session, message: Awareness) -> None:
        """A session says something of itself."""
        self._note(self.presence.report(session, message))

    def leave(self, session: SessionId, leaves_at: float) -> None:
        self.presence.leave(session, leaves_at)

    def remove(self, session: SessionId) -> Awareness | None:
        """A session was sent away; returns what peers are told at once."""
        removed = self._note(self.presence.remove(session))
        return self._tell(removed)

    def expire(self, now: float) -> Awareness | None:
        """Let go of those who have left for good, here or elsewhere; what peers are told."""
        gone = {*self._note(self.presence.expire(now)), *self.elsewhere.expire(now)}
        return self._tell(sorted(gone))

    def next_expiry(self) -> float | None:
        """When ``expire`` has something to do next."""
        due = (self.presence.next_expiry(), self.elsewhere.next_expiry())
        return min((each for each in due if each is not None), default=None)

    # What happens elsewhere.

    def hear(self, node: str, seats: Seats, now: float) -> None:
        """Another process tells of its seats."""
        self._take(self.elsewhere.hear(node, seats, now))

    def forget(self, node: str) -> None:
        """Another process has gone, or has the document open no more."""
        self._take(self.elsewhere.forget(node))

    # What is told.

    @property
    def has_changed(self) -> bool:
        """Peers, here or elsewhere, do not know the newest."""
        return bool(self._changed) or bool(self._news)

    def spread(self) -> Awareness | None:
        """What peers are told of all that has changed: the newest of each client."""
        return self._tell(list(self._changed))

    def everybody(self) -> Awareness | None:
        """All that peers were told, for one who has just come; ``None`` if nobody is here."""
        entries = tuple(told.entry for told in self._told.values())
        return Awareness(entries) if entries else None

    @property
    def is_anybody_here(self) -> bool:
        """Somebody shows himself at this process."""
        return self.presence.is_anybody_here

    def news(self, serials: Iterator[int], *, whole: bool) -> list[Seats]:
        """What other processes are told: what has changed here, or all there is, in pieces."""
        here = frozenset(self.presence.client_ids())
        told = sorted(here if whole else self._news)
        self._news.clear()
        if not told and not whole:
            return []
        return [
            Seats(
                next(serials),
                tuple(map(self._own, told[start : start + PARCEL_ENTRIES])),
                here if whole and start == 0 else None,
            )
            for start in range(0, max(1, len(told)), PARCEL_ENTRIES)
        ]

    # Helpers.

    def _own(self, client_id: int) -> AwarenessEntry:
        return self.presence.entry(client_id) or AwarenessEntry(client_id, 0, None)

    def _note(self, heard: Awareness | None) -> list[int]:
        """Note what has changed at seats of this process."""
        clients = [] if heard is None else [entry.client_id for entry in heard.entries]
        self._changed.update(dict.fromkeys(clients))
        self._news.update(clients)
        return clients

    def _take(self, clients: set[int]) -> None:
        """Note what has changed elsewhere; whoever has come back there has left here."""
        for client_id in sorted(clients):
            self._changed[client_id] = None
            if any(self.presence.gives_way(client_id, s) for s in self.elsewhere.of(client_id)):
                self._news.add(client_id)

    def _tell(self, clients: Iterable[int]) -> Awareness | None:
        entries = []
        for client_id in clients:
            self._changed.pop(client_id, None)
            entry = self._entry(client_id)
            if entry is not None:
                entries.append(entry)
        return Awareness(tuple(entries)) if entries else None

    def _entry(self, client_id: int) -> AwarenessEntry | None:
        """What is told of a client now; ``None``: that it is not here, as peers know."""
        own = self.presence.entry(client_id)
        seats = list(self.elsewhere.of(client_id))
        handle = self.presence.handle_of(client_id)
        if own is not None and own.state is not None and handle is not None:
            seats.append(Seen(own.clock, own.state, handle, None))
        best = shown(client_id, seats)
        if best is None:
            return self._removal(client_id, 0 if own is None else own.clock)
        clock = best.clock
        told = self._told.pop(client_id, None)
        if told is not None and (told.clock, told.entry.state) == (best.clock, best.state):
            clock = told.entry.clock
        elif told is not None:
            clock = max(clock, told.entry.clock + 1)
        else:
            clock = max(clock, self._gone.pop(client_id, -1) + 1)
        entry = AwarenessEntry(client_id, clock, best.state)
        self._told[client_id] = _Told(entry, best.clock)
        return entry

    def _removal(self, client_id: int, clock: int) -> AwarenessEntry | None:
        told = self._told.pop(client_id, None)
        if told is None:
            return None
        entry = AwarenessEntry(client_id, max(clock, told.entry.clock), None)
        self._gone[client_id] = entry.clock
        while len(self._gone) > GONE_MAX:
            self._gone.pop(next(iter(self._gone)))
        return entry
