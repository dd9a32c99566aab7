"""Who is in the same document at other processes, as they tell it.

Whom they name they have checked, as this process checks its own; what is kept of them is bounded
all the same. Nobody here speaks for a client that somebody else shows elsewhere. What another
process does not repeat for a while is over: so nobody stays whose leaving was not heard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from collab.sync.messages import AwarenessEntry
from collab.sync.rooms.copies import Copy

NODES_MAX = 1_000
SEATS_MAX = 2_000
"""Seats kept of one document and process; of more, those that came last are not shown."""
CLOCK_MAX = 2**31
COLOURS = 8
CLIENT_ID_MAX = 2**53
STATE_BYTES_MAX = 8_192
"""A state as its process has stamped it: what a client may say, and the name in front."""
UNREPEATED_S = 15.0

UNSOUND = (ValueError, KeyError, TypeError, RecursionError)
_COLOURS = {f"c{number}": number for number in range(COLOURS)}


@dataclass(frozen=True, slots=True)
class Seats:
    """What a process tells of its seats in one room, in the order of ``serial``.

    ``entries`` have changed; a state ``None`` says that the process has no such seat any more.
    ``whole``, where it is given, are the client ids of all seats.
    """

    serial: int
    entries: tuple[AwarenessEntry, ...]
    whole: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A seat at another process."""

    clock: int
    state: str
    handle: str
    colour: int | None


class Elsewhere:
    """The seats of one document at all other processes."""

    def __init__(self) -> None:
        self._copies: dict[str, Copy[int, Seen]] = {}
        self._repeated_at: dict[str, float] = {}

    def hear(self, node: str, seats: Seats, now: float) -> set[int]:
        """Take what a process tells; returns the client ids that show something else."""
        copy = self._copies.get(node)
        if copy is None:
            if len(self._copies) >= NODES_MAX:
                return set()
            copy = self._copies[node] = Copy(SEATS_MAX)
            self._repeated_at[node] = now
        if seats.whole is not None:
            self._repeated_at[node] = now
        changes: dict[int, Seen | None] = {}
        for entry in seats.entries:
            with suppress(*UNSOUND):
                changes[entry.client_id] = _seen(entry)
        return copy.take(seats.serial, changes, seats.whole)

    def forget(self, node: str) -> set[int]:
        """The process has gone; returns the client ids it has shown."""
        self._repeated_at.pop(node, None)
        copy = self._copies.pop(node, None)
        return set() if copy is None else set(copy)

    def expire(self, now: float) -> set[int]:
        """Forget what was not repeated; returns the client ids that were shown by it."""
        silent = [node for node, at in self._repeated_at.items() if at + UNREPEATED_S <= now]
        return {client_id for node in silent for client_id in self.forget(node)}

    def next_expiry(self) -> float | None:
        """When ``expire`` has something to do next, if nothing is repeated until then."""
        first = min(self._repeated_at.values(), default=None)
        return None if first is None else first + UNREPEATED_S

    def of(self, client_id: int) -> Iterator[Seen]:
        """The seats that this client has at other processes."""
        for copy in self._copies.values():
            seen = copy.get(client_id)
            if seen is not None:
                yield seen

    def is_anothers(self, client_id: int, handle: str) -> bool:
        """Somebody else speaks for this client at another process."""
        return any(seen.handle != handle for seen in self.of(client_id))

    def colours(self) -> dict[str, int]:
        """The colour that each person has elsewhere; by name of the process, if two differ."""
        found: dict[str, int] = {}
        for node in sorted(self._copies, reverse=True):
            for seen in self._copies[node].values():
                if seen.colour is not None:
                    found[seen.handle] = seen.colour
        return found


def shown(client_id: int, seats: Iterable[Seen]) -> Seen | None:
    """Which of a client's seats is shown: the newest, whatever order they were heard in.

    Two people under one client id, which only an attacker brings about, are told apart in a way
    that every process finds and nobody chooses.
    """
    found = list(seats)
    if not found:
        return None
    holder = min((seat.handle for seat in found), key=lambda handle: _lot(client_id, handle))
    return max(
        (seat for seat in found if seat.handle == holder), key=lambda seat: (seat.clock, seat.state)
    )


def _lot(client_id: int, handle: str) -> bytes:
    return sha256(f"{client_id}:{handle}".encode("utf-8", "replace")).digest()


def _seen(entry: AwarenessEntry) -> Seen | None:
    """The seat in an entry, ``None`` if there is none.

    Raises:
        UNSOUND: it is longer or other than what processes tell each other.
    """
    if not (0 <= entry.client_id <= CLIENT_ID_MAX and 0 <= entry.clock <= CLOCK_MAX):
        raise ValueError("out of range")
    if entry.state is None:
        return None
    if len(entry.state) > STATE_BYTES_MAX:
        raise ValueError("too long")
    user = json.loads(entry.state, parse_constant=_refuse_constant)["user"]
    if not all(isinstance(user[key], str) for key in ("id", "name", "colour")):
        raise ValueError("a name is a text")
    return Seen(entry.clock, entry.state, user["id"], _COLOURS.get(user["colour"]))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
