"""Who is in the room and where: checked, stamped with the true name, never stored.

A session speaks for one client id, its own. What it says of itself is cut down to the cursor;
who it is, the server writes. Nobody can speak, or fall silent, in another's name
(docs/rules.md, presence).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from collab.sync.messages import Awareness, AwarenessEntry
from collab.sync.rooms.elsewhere import CLOCK_MAX, COLOURS, Elsewhere, Seen
from collab.sync.rooms.session import Participant, Session, SessionId

CLOCK_STEP_MAX = 100_000
STATE_BYTES_MAX = 2_048
KEPT_KEYS = ("cursor", "typing")


@dataclass(slots=True)
class _Seat:
    session: SessionId
    participant: Participant
    client_id: int
    clock: int
    state: str | None
    leaves_at: float | None = None
    """When the seat of a session that has gone is cleared (seconds, the hub's clock)."""


class Presence:
    """The seats of one room, by client id; ``elsewhere`` are those at other processes."""

    def __init__(self, elsewhere: Elsewhere | None = None) -> None:
        self._elsewhere = elsewhere or Elsewhere()
        self._seats: dict[int, _Seat] = {}
        self._leaving: dict[int, _Seat] = {}
        """Those of ``_seats`` whose session has gone."""
        self._colours: dict[str, int] = {}

    def report(self, session: Session, message: Awareness) -> Awareness | None:
        """Take what a session says of itself; returns what the others shall hear.

        Entries about other clients are passed over: providers repeat what they heard. Guests
        are not shown.
        """
        if session.participant.person_id is None:
            return None
        heard = [self._take(session, entry) for entry in message.entries]
        entries = tuple(entry for entry in heard if entry is not None)
        return Awareness(entries) if entries else None

    def everybody(self) -> Awareness | None:
        """All presence known, for one who has just come; ``None`` if nobody is here."""
        entries = tuple(
            AwarenessEntry(seat.client_id, seat.clock, seat.state)
            for seat in self._seats.values()
            if seat.state is not None
        )
        return Awareness(entries) if entries else None

    def leave(self, session: SessionId, leaves_at: float) -> None:
        """Note that a session has gone; its seat is kept for the grace period.

        A client that reconnects repeats its last clock, which peers ignore once they have seen
        it removed; the grace period spares it that.
        """
        for seat in self._seats.values():
            if seat.session == session:
                seat.leaves_at = leaves_at
                self._leaving[seat.client_id] = seat

    def expire(self, now: float) -> Awareness | None:
        """Clear the seats whose grace period is over; returns the removals to announce."""
        if not self._leaving:
            return None
        gone = [s for s in self._leaving.values() if s.leaves_at is not None and s.leaves_at <= now]
        for seat in gone:
            del self._leaving[seat.client_id]
            del self._seats[seat.client_id]
            self._free_colour(seat.participant)
        entries = tuple(AwarenessEntry(seat.client_id, seat.clock, None) for seat in gone)
        return Awareness(entries) if entries else None

    def next_expiry(self) -> float | None:
        """When ``expire`` has something to do next."""
        due = [seat.leaves_at for seat in self._leaving.values() if seat.leaves_at is not None]
        return min(due, default=None)

    def entry(self, client_id: int) -> AwarenessEntry | None:
        """What the client says of itself here; a state ``None``: that it shows itself no more."""
        seat = self._seats.get(client_id)
        return None if seat is None else AwarenessEntry(client_id, seat.clock, seat.state)

    def handle_of(self, client_id: int) -> str | None:
        """Who speaks for the client here."""
        seat = self._seats.get(client_id)
        return None if seat is None else seat.participant.handle

    @property
    def is_anybody_here(self) -> bool:
        """Somebody shows himself here."""
        return any(seat.state is not None for seat in self._seats.values())

    def client_ids(self) -> Iterable[int]:
        """The clients that show themselves here."""
        return [seat.client_id for seat in self._seats.values() if seat.state is not None]

    def gives_way(self, client_id: int, other: Seen) -> bool:
        """Let go of a seat if its client has come back elsewhere."""
        seat = self._seats.get(client_id)
        if seat is None or seat.participant.handle != other.handle:
            return False
        has_left = seat.leaves_at is not None
        if other.clock < seat.clock or (other.clock == seat.clock and not has_left):
            return False
        self._leaving.pop(client_id, None)
        del self._seats[client_id]
        self._free_colour(seat.participant)
        return True

    def remove(self, session: SessionId) -> Awareness | None:
        """Clear a session's seats at once: it was sent away."""
        self.leave(session, leaves_at=float("-inf"))
        return self.expire(float("-inf"))

    def participants(self) -> Iterable[tuple[Participant, str]]:
        """Each person once, with the colour class he is shown in."""
        seen = {seat.participant.handle: seat.participant for seat in self._seats.values()}
        return [(person, self._colour(person)) for person in seen.values()]

    def _take(self, session: Session, entry: AwarenessEntry) -> AwarenessEntry | None:
        seat = self._seats.get(entry.client_id)
        if seat is None:
            if self._is_seated(session) or entry.clock > CLOCK_MAX:
                return None
            if self._elsewhere.is_anothers(entry.client_id, session.participant.handle):
                return None
        elif not self._may_speak(session, seat, entry):
            return None
        elif seat.session != session.id and self._is_seated(session):
            return None  # or two tabs could hand each other seats without end
        state = None if entry.state is None else self._stamped(session, entry.state)
        if state is None and (seat is None or entry.state is not None):
            return None
        self._leaving.pop(entry.client_id, None)
        self._seats[entry.client_id] = _Seat(
            session.id, session.participant, entry.client_id, entry.clock, state
        )
        return AwarenessEntry(entry.client_id, entry.clock, state)

    def _is_seated(self, session: Session) -> bool:
        return any(seat.session == session.id for seat in self._seats.values())

    @staticmethod
    def _may_speak(session: Session, seat: _Seat, entry: AwarenessEntry) -> bool:
        """The seat's own session, or a newer connection of the same person, with a newer clock."""
        if seat.session != session.id and seat.participant.handle != session.participant.handle:
            return False
        is_new = entry.clock > seat.clock or (
            entry.clock == seat.clock and (entry.state is None or seat.session != session.id)
        )
        echoes_renewal = entry.clock == seat.clock and entry.state is not None
        return (is_new or echoes_renewal) and entry.clock <= min(
            CLOCK_MAX, seat.clock + CLOCK_STEP_MAX
        )

    def _stamped(self, session: Session, state: str) -> str | None:
        """The state reduced to what it may say, with the user as the server knows him."""
        try:
            claimed = json.loads(state, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None
        if not isinstance(claimed, dict):
            return None
        kept = {key: claimed[key] for key in KEPT_KEYS if claimed.get(key) is not None}
        if not _is_fit(kept):
            kept = {}
        person = session.participant
        kept["user"] = {
            "id": person.handle,
            "name": person.name,
            "colour": self._colour(person),
        }
        return json.dumps(kept)

    def _colour(self, participant: Participant) -> str:
        """``c0`` … ``c7``, kept while the person is here.

        It is the one he has elsewhere, or a least used one of all processes: his own, which he
        has at the board, before others.
        """
        colour = self._colours.get(participant.handle)
        if colour is None:
            elsewhere = self._elsewhere.colours()
            colour = elsewhere.get(participant.handle)
            if colour is None:
                taken = list((elsewhere | self._colours).values())
                own = participant.person_id.int if participant.person_id else 0
                turned = [(own + step) % COLOURS for step in range(COLOURS)]
                colour = min(turned, key=taken.count)
            self._colours[participant.handle] = colour
        return f"c{colour}"

    def _free_colour(self, participant: Participant) -> None:
        if not any(s.participant.handle == participant.handle for s in self._seats.values()):
            self._colours.pop(participant.handle, None)


def _is_fit(kept: dict[str, object]) -> bool:
    """Short enough, and JSON to everybody: a number like 1e999 would come out as ``Infinity``."""
    try:
        return len(json.dumps(kept, allow_nan=False)) <= STATE_BYTES_MAX
    except (ValueError, RecursionError):
        return False


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
