"""The words on the wire: numbers, strings, values, state vectors, whole updates."""

from __future__ import annotations

import random

from bench.fuzz.grammar import BAD_VALUES, BIG, VALUES
from bench.fuzz.histories import HISTORIES, history
from bench.fuzz.targets.mutations import damaged
from bench.fuzz.targets.target import Subject, Target, demand
from bench.fuzz.wire import draft_of, prefixed, string, uint
from collab.sync.codec import UINT_MAX, Reader
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.content import ANY_DEPTH_MAX, read_any
from collab.sync.yjs.cutting import brought
from collab.sync.yjs.update import parse_state_vector, parse_update
from tests.harness import lib0

KINDS = 5


class Codec(Target):
    """``codec``: the readers alone, compared with a second implementation where both read."""

    name = "codec"
    inputs_per_case = 60

    def opening(self, dice: random.Random) -> bytes:
        return bytes([dice.randrange(HISTORIES)])

    def open(self, opening: bytes) -> Subject:
        return Words(opening[0] if opening else 0)


class Words(Subject):
    """An input is a kind of reading, and the bytes to be read."""

    def __init__(self, number: int) -> None:
        self._honest = history(number)

    def make(self, dice: random.Random) -> bytes:
        kind = dice.randrange(KINDS)
        data = MAKERS[kind](self, dice)
        if dice.random() < 0.3:
            data = damaged(data, dice)
        return bytes([kind]) + data

    def feed(self, data: bytes) -> str:
        kind, rest = (data[0] if data else 0) % KINDS, data[1:]
        try:
            READERS[kind](rest)
        except FrameRefused as refusal:
            return f"refused {refusal.reason}"
        return "accepted"

    def _numbers(self, dice: random.Random) -> bytes:
        return b"".join(uint(dice.choice((*BIG, dice.getrandbits(50)))) for _ in range(4))

    def _strings(self, dice: random.Random) -> bytes:
        texts = ("", "a", "Weg ß", "😀", "\ud800", "\x00", "x" * 200)
        return b"".join(string(dice.choice(texts)) for _ in range(3))

    def _values(self, dice: random.Random, depth: int = 0) -> bytes:
        chance = dice.random()
        if chance < 0.3 and depth < dice.randint(0, ANY_DEPTH_MAX + 2):
            inside = [self._values(dice, depth + 1) for _ in range(dice.randint(0, 2))]
            return b"\x75" + uint(len(inside)) + b"".join(inside)
        if chance < 0.5 and depth < 4:
            inside = [
                string("k") + self._values(dice, depth + 1) for _ in range(dice.randint(0, 2))
            ]
            return b"\x76" + uint(len(inside)) + b"".join(inside)
        return dice.choice(VALUES if chance < 0.93 else BAD_VALUES)

    def _vector(self, dice: random.Random) -> bytes:
        clients = {
            dice.choice((1, 2, dice.getrandbits(53))): dice.choice(BIG[:6]) for _ in range(5)
        }
        pairs = b"".join(uint(client) + uint(clock) for client, clock in clients.items())
        return uint(len(clients) if dice.random() < 0.8 else dice.choice(BIG)) + pairs

    def _update(self, dice: random.Random) -> bytes:
        return dice.choice(self._honest.log)


def read_numbers(data: bytes) -> None:
    """Numbers to the end: as the other implementation reads them, in their shortest form."""
    reader, other = Reader(data), lib0.Reader(data)
    while reader.remaining:
        number = reader.var_uint()
        demand(number == other.uint() <= UINT_MAX, "another number")
    reader.done()
    demand(other.is_done(), "not at the end")


def read_strings(data: bytes) -> None:
    """Strings to the end, each of which writes as it was read."""
    reader, other, written = Reader(data), lib0.Reader(data), b""
    while reader.remaining:
        text = reader.var_string()
        demand(text == other.string(), "another string")
        written += prefixed(text.encode())
    demand(written == data, "a string that writes differently")


def read_value(data: bytes) -> None:
    """One value, no deeper than allowed; what lies behind it is refused as in a frame."""
    try:
        value, at = read_any(data, 0, ANY_DEPTH_MAX)
    except IndexError:
        raise FrameRefused(RefusalReason.MALFORMED, "ends early") from None
    demand(at <= len(data), "read past the end")
    demand(depth_of(value) <= ANY_DEPTH_MAX, "deeper than allowed")


def depth_of(value: object) -> int:
    """How deep values lie in each other."""
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 0


def read_vector(data: bytes) -> None:
    """A state vector, as the other implementation reads it."""
    demand(parse_state_vector(data) == lib0.clocks(data), "another state vector")


def read_update(data: bytes) -> None:
    """An update that adds up, writes as it was read, and is cut to nothing by itself."""
    update = parse_update(data)
    for block in update.blocks:
        lengths = sum(struct.length for struct in block.structs)
        demand(block.clock + lengths == block.end, "a block that does not add up")
    draft = draft_of(data)
    demand(parse_update(draft.encode())[:2] == update[:2], "an update that writes differently")
    if len({block.client for block in update.blocks}) == len(update.blocks):
        demand(not parse_update(brought(data, [])).blocks, "nothing new, and something is left")
        ranges = [(block.client, block.clock, block.end) for block in update.blocks]
        demand(
            parse_update(brought(data, ranges))[:2] == update[:2],
            "all is new, and it reads otherwise",
        )


MAKERS = (Words._numbers, Words._strings, Words._values, Words._vector, Words._update)
READERS = (read_numbers, read_strings, read_value, read_vector, read_update)
