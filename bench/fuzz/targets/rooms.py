"""Both protocols into a room: frames of several sessions, from the bytes to the answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from bench.fuzz.bend import bent
from bench.fuzz.grammar import Grammar
from bench.fuzz.histories import CLIENTS, history
from bench.fuzz.targets.mutations import damaged
from bench.fuzz.targets.order import whole
from bench.fuzz.targets.presence import sessions_of, states
from bench.fuzz.targets.target import Subject, Target, demand
from bench.fuzz.targets.updates import shown
from bench.fuzz.wire import draft_of, prefixed, string, uint
from bench.fuzz.writers import SCHEMA
from collab.sync.document import Document
from collab.sync.messages import (
    Acknowledged,
    Authenticate,
    Awareness,
    Detach,
    Ignored,
    Incoming,
    QueryAwareness,
    Refused,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.protocols import hocuspocus, ywebsocket
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.effects import Broadcast, Effect, End, Send
from collab.sync.rooms.room import Room
from collab.sync.rooms.session import Grant
from collab.sync.rooms.turns import Received

NAMES = ("ada", "ben", "cleo", "mallory", "mallory", "dora", None)
"""Of the sessions: Mallory has two, Dora may only read, the last one is a guest."""

READERS = (5, 6)
END_TURN = 0x80
ADDRESS = "doc.1.1"
EXTRA = (666, 777)
"""Client ids of Mallory."""


class Protocol(Target):
    """``ywebsocket`` and ``hocuspocus``: a room that is spoken to in one protocol."""

    inputs_per_case = 24

    def __init__(self, name: str) -> None:
        self.name = name

    def opening(self, dice: random.Random) -> bytes:
        return bytes([dice.randrange(256)])

    def open(self, opening: bytes) -> Subject:
        return Hall(opening[0] if opening else 0, self.name == "hocuspocus")


class Hall(Subject):
    """A room under attack, and one beside it. An input is a session and its frame."""

    def __init__(self, number: int, is_hocuspocus: bool) -> None:
        self._history = history(number)
        self._is_hocuspocus = is_hocuspocus
        self._sessions = sessions_of(NAMES)
        people = {each.participant.handle: each.participant.person_id for each in self._sessions}
        self._owners: dict[int, UUID | None] = {
            **{client: people[actor] for client, actor in CLIENTS.items()},
            **dict.fromkeys(EXTRA, people["mallory"]),
            1: None,
        }
        self._rows = list(self._history.log)
        self._room = self._opened()
        self._beside = Document.load(SCHEMA, self._history.log)
        self._beside_before = self._beside.state()
        self._turn: list[Received] = []
        self._next = 0
        self._unanswered: Counter[int] = Counter()
        for session in self._sessions:
            if session.id in READERS:
                session.grant = Grant(read=True, write=False)
            self._tell(self._room.join(session, greets=not is_hocuspocus))

    def _opened(self) -> Room:
        return Room(Document.load(SCHEMA, self._rows), dict(self._owners))

    def make(self, dice: random.Random) -> bytes:
        who = dice.randrange(len(NAMES))
        update, actor = self._update(dice, NAMES[who])
        if dice.random() < 0.8 and actor in NAMES:
            who = NAMES.index(actor)
        body = self._body(dice, update)
        frame = (
            string(dice.choice((ADDRESS, ADDRESS, "doc\0tab"))) + body
            if self._is_hocuspocus
            else body
        )
        if dice.random() < 0.1:
            frame = damaged(frame, dice)
        return bytes([who | END_TURN * (dice.random() < 0.5)]) + frame

    def _update(self, dice: random.Random, name: str | None) -> tuple[bytes, str | None]:
        update, actor = self._history.next[self._next % len(self._history.next)]
        chance = dice.random()
        if chance < 0.4:
            self._next += 1
            return update, actor
        if chance < 0.6:
            return bent(draft_of(update), dice).encode(), actor
        people = {each.participant.handle: each.participant.person_id for each in self._sessions}
        own = [c for c, owner in self._owners.items() if owner == people.get(name or "", "")]
        roots = list(SCHEMA.rules.items())
        index = self._room.document._guarded().index
        grammar = Grammar(index, dice, roots=roots, own=own or EXTRA, foreign=list(CLIENTS))
        return grammar.draft().encode(), name

    def _body(self, dice: random.Random, update: bytes) -> bytes:
        chance = dice.random()
        if chance < 0.7:
            return b"\x00" + dice.choice((b"\x01", b"\x02", b"\x02")) + prefixed(update)
        if chance < 0.78:
            vector = dice.choice((b"\x00", self._room.document.state_vector(), b"\x01\x01\x05"))
            return b"\x00\x00" + prefixed(vector)
        if chance < 0.92:
            return b"\x01" + prefixed(states(dice))
        others = (
            b"\x03",
            b"\x02\x00" + string("token") + string("4.0"),
            b"\x05" + string("{}"),
            b"\x07",
        )
        return dice.choice((*others, uint(dice.getrandbits(8)) + dice.randbytes(3)))

    def feed(self, data: bytes) -> str:
        who, frame = (data[0] if data else 0), data[1:]
        session = self._sessions[(who & 0x7F) % len(self._sessions)]
        try:
            message = self._parsed(frame)
        except FrameRefused as refusal:
            label = f"refused {refusal.reason}"
        else:
            label = self._take(session.id, message)
        if who & END_TURN:
            label = f"{label}, {self._end_turn()}"
        demand(self._beside.state() == self._beside_before, "the document beside has changed")
        return label

    def _parsed(self, frame: bytes) -> Incoming:
        if not self._is_hocuspocus:
            return ywebsocket.parse(frame)
        address, message = hocuspocus.parse(frame)
        demand(len(hocuspocus.document_name(address)) <= hocuspocus.ADDRESS_BYTES_MAX, "address")
        return message

    def _take(self, session: int, message: Incoming) -> str:
        """As the hub: presence at once, what touches the text in the turn."""
        if isinstance(message, Awareness | QueryAwareness):
            self._tell(self._room.attend(Received(session, message)))
            return "presence"
        if isinstance(message, Authenticate | Detach | Ignored):
            return type(message).__name__.lower()
        self._turn.append(Received(session, message))
        return "queued"

    def _end_turn(self) -> str:
        turn, self._turn = self._turn, []
        document = self._room.document
        before = document.state(), whole(document._guarded().index)
        outcome = self._room.write(turn)
        self._rows += [each.update for each in outcome.contributions]
        self._owners.update(outcome.claims)
        effects = self._room.committed(outcome)
        if not outcome.contributions:
            demand(
                (document.state(), whole(document._guarded().index)) == before, "no news, and yet"
            )
        self._check_answers(turn, effects)
        self._tell(effects)
        self._check_text(document, outcome.contributions)
        self._come_again(effects)
        return "news" if outcome.contributions else "no news"

    def _check_answers(self, turn: Sequence[Received], effects: Sequence[Effect]) -> None:
        """No session has more answers than frames with changes; what waits has none yet."""
        changes = (each for each in turn if isinstance(each.message, SyncStep2 | Update))
        self._unanswered.update(each.session for each in changes)
        self._unanswered.subtract(
            each.session
            for each in effects
            if isinstance(each, Send) and isinstance(each.message, Acknowledged | Refused)
            # a step 1 that is no state vector is refused as well
            if self._unanswered[each.session]
            or not any(isinstance(asked.message, SyncStep1) for asked in turn)
        )
        demand(min(self._unanswered.values(), default=0) >= 0, "more answers than frames")

    def _check_text(self, document: Document, news: Sequence[object]) -> None:
        """The log gives the text that the room has, unless its order is in doubt."""
        if not news:
            return
        stored = Document.load(SCHEMA, self._rows)
        demand(stored.state_vector() is not None, "no state vector")
        if shown(stored) == shown(document):
            return
        demand(self._is_in_doubt(), "the log reads differently")
        self._room.replace_document(stored, dict(self._owners))

    def _is_in_doubt(self) -> bool:
        """Whether some row of the log lies where it does only because of its order."""
        judge = Document.load(SCHEMA, self._rows[:1])
        for row in self._rows[1:]:
            (verdict,) = judge.admit_and_apply([(row, None)], AnyOwner())
            if getattr(verdict, "is_doubtful", True):
                return True
        return False

    def _come_again(self, effects: Sequence[Effect]) -> None:
        """Who was sent away comes back, as clients do."""
        for effect in effects:
            if isinstance(effect, End):
                session = self._sessions[effect.session]
                self._tell(self._room.dismiss(session.id))
                session.is_synced = False
                self._unanswered[session.id] = 0
                self._tell(self._room.join(session, greets=not self._is_hocuspocus))

    def _tell(self, effects: Sequence[Effect]) -> None:
        """Every message can be written in the protocol; updates among them can be read."""
        for effect in effects:
            if not isinstance(effect, Send | Broadcast):
                continue
            encoded = (
                hocuspocus.encode(ADDRESS, effect.message)
                if self._is_hocuspocus
                else ywebsocket.encode(effect.message)
            )
            demand(encoded is None or len(encoded) > 0, "an empty frame")


class AnyOwner(dict[int, None]):
    """Everything belongs to whoever says so."""

    def __missing__(self, client: int) -> None:
        return None

    def get(self, client: int, default: object = None) -> None:
        return None
