"""Who is in the room: awareness of several sessions, honest, hostile and broken."""

from __future__ import annotations

import json
import random
import uuid

from bench.fuzz.targets.mutations import damaged
from bench.fuzz.targets.target import Subject, Target, demand
from bench.fuzz.wire import string, uint
from collab.sync.messages import Awareness
from collab.sync.protocols.sync_body import awareness_payload, read_awareness
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.elsewhere import COLOURS
from collab.sync.rooms.presence import KEPT_KEYS, STATE_BYTES_MAX, Presence
from collab.sync.rooms.session import Grant, Participant, Session

NAMES = ("ada", "ben", "ben", "cleo", None)
"""Of the sessions: one person has two of them, one is a guest."""

REPORT, LEAVE, REMOVE, EXPIRE = range(4)
GRACE_S = 4.0
CLOCKS = (0, 1, 2, 3, 99, 100_000, 100_003, 1 << 31, (1 << 31) + 1, (1 << 53) - 1)
STATES = (
    "null", "{}", '{"cursor":{"a":1}}', '{"typing":true}', '{"cursor":null,"user":{"name":"Chef"}}',
    "[]", "1", '"x"', '{"cursor":NaN}', '{"cursor":1e999}', '{"cursor":"\\ud800"}',
    '{"user":{"id":"ada"},"typing":1}', "{", "",
    '{"cursor":' + "[" * 400 + "]" * 400 + "}", '{"cursor":"' + "x" * 3_000 + '"}', "[" * 4_000,
)  # fmt: skip


def sessions_of(names: tuple[str | None, ...]) -> list[Session]:
    """A session for each name; ``None`` is a guest."""
    return [
        Session(
            number,
            Participant(
                None if name is None else uuid.uuid5(uuid.NAMESPACE_URL, name),
                name or "guest",
                (name or "Gast").title(),
            ),
            Grant(read=True, write=name is not None),
            "document",
            echoes=number % 2 == 0,
        )
        for number, name in enumerate(names)
    ]


def states(dice: random.Random) -> bytes:
    """The payload of an awareness message."""
    count = dice.choice((1, 1, 1, 1, 2, 3, 16, 17))
    entries = [
        uint(dice.choice((10, 11, 12, 13, 14, 0, (1 << 53) - 1)))
        + uint(dice.choice(CLOCKS) if dice.random() < 0.4 else dice.randrange(8))
        + string(dice.choice(STATES) if dice.random() < 0.5 else dice.choice(STATES[:5]))
        for _ in range(count)
    ]
    claimed = count if dice.random() < 0.97 else dice.choice(CLOCKS)
    return uint(claimed) + b"".join(entries)


class PresenceTarget(Target):
    """``presence``: what sessions say of themselves and of each other."""

    name = "presence"
    inputs_per_case = 60

    def opening(self, dice: random.Random) -> bytes:
        return b"\x00"

    def open(self, opening: bytes) -> Subject:
        return Company()


class Company(Subject):
    """An input is an act, the session it concerns, and the payload."""

    def __init__(self) -> None:
        self._sessions = sessions_of(NAMES)
        self._presence = Presence()
        self._now = 0.0
        self._heard: dict[int, str] = {}
        """Client id → the person who is shown under it, to those who listen."""

    def make(self, dice: random.Random) -> bytes:
        act = dice.choices((REPORT, LEAVE, REMOVE, EXPIRE), (90, 4, 2, 4))[0]
        payload = states(dice)
        if dice.random() < 0.15:
            payload = damaged(payload, dice)
        return bytes([act, dice.randrange(len(NAMES))]) + payload

    def feed(self, data: bytes) -> str:
        act, who = (*data[:2], 0, 0)[:2]
        session = self._sessions[who % len(self._sessions)]
        self._now += 1.0
        if act % 4 == LEAVE:
            self._presence.leave(session.id, self._now + GRACE_S)
            return self._after(None, "left", None)
        if act % 4 == REMOVE:
            return self._after(self._presence.remove(session.id), "removed", None)
        if act % 4 == EXPIRE:
            return self._after(self._presence.expire(self._now), "expired", None)
        try:
            message = read_awareness(data[2:])
        except FrameRefused as refusal:
            return f"refused {refusal.reason}"
        heard = self._presence.report(session, message)
        return self._after(heard, "accepted" if heard else "passed over", session)

    def _after(self, heard: Awareness | None, label: str, speaker: Session | None) -> str:
        """What is told can be read, is the speaker's, and has the name that the server knows."""
        for entry in heard.entries if heard else ():
            shown = self._heard.get(entry.client_id)
            if speaker is not None:
                handle = speaker.participant.handle
                demand(speaker.participant.person_id is not None, "a guest is shown")
                demand(shown in (None, handle), "somebody speaks in another's name")
                if entry.state is not None:
                    self._check_state(entry.state, handle, speaker.participant.name)
            if entry.state is None:
                self._heard.pop(entry.client_id, None)
            elif speaker is not None:
                self._heard[entry.client_id] = speaker.participant.handle
        if heard is not None:
            demand(read_awareness(awareness_payload(heard)) == heard, "cannot be read again")
        everybody = self._presence.everybody()
        there = {entry.client_id for entry in everybody.entries} if everybody else set()
        demand(there == set(self._heard), "who has just come sees others than are shown")
        demand(len(there) <= len(self._sessions), "more shown than there are sessions")
        return label

    def _check_state(self, state: str, handle: str, name: str) -> None:
        told = json.loads(state, parse_constant=lambda each: demand(False, f"{each} is no JSON"))
        demand(set(told) <= {*KEPT_KEYS, "user"}, "more is told than the cursor")
        user = told["user"]
        demand((user["id"], user["name"]) == (handle, name), "another's name")
        demand(user["colour"] in {f"c{number}" for number in range(COLOURS)}, "no colour")
        demand(len(state.encode()) <= STATE_BYTES_MAX + 500, "too long")
