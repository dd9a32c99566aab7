"""Reads Yjs v1 updates and state vectors, without pycrdt and before pycrdt sees them.

Format (yjs ``encoding.js``): a number of clients, for each the number of its structs, its id, the
clock of the first and the structs; then the delete set. A struct is one info byte (the kind in
the low five bits, then "has key", "has right origin", "has origin"), the ids that place it, and
its content. Reading is linear in the bytes; claims of size are never believed.
"""

from typing import NamedTuple

from collab.sync.codec import malformed, read_var_string, read_var_uint
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.content import CONTENT_READERS, GC, Content

CLOCK_MAX = (1 << 31) - 1

HAS_ORIGIN = 0x80
HAS_RIGHT = 0x40
HAS_KEY = 0x20
KIND = 0x1F

Id = tuple[int, int]
"""``(client, clock)``."""


class Struct(NamedTuple):
    """One struct. ``parent`` is a root's name or a type's id, given only without origins."""

    kind: int
    length: int
    origin: Id | None
    right: Id | None
    parent: str | Id | None
    key: str | None
    content: Content


class Block(NamedTuple):
    """Consecutive structs of one client, the first at ``clock``, ending before ``end``."""

    client: int
    clock: int
    end: int
    structs: list[Struct]


class Update(NamedTuple):
    """A whole update; ``deletes`` holds ranges ``(client, start, end)`` as they were sent.

    ``data``: the bytes it was read from.
    """

    blocks: list[Block]
    deletes: list[tuple[int, int, int]]
    data: bytes


def parse_update(data: bytes, *, structs_max: int | None = None) -> Update:
    """Read an update completely; more structs than ``structs_max`` are not even read.

    Raises:
        FrameRefused: malformed, too-deep, clock-too-big, or kind-not-allowed for structs that
            have no place in our documents (skips, embeds, sub-documents, moves, …).
    """
    if data == b"\x00\x00":
        return Update([], [], data)
    try:
        count, at = read_var_uint(data, 0)
        blocks = []
        structs_left = len(data) if structs_max is None else structs_max
        for _ in range(count):
            block, at = _read_block(data, at, structs_left)
            blocks.append(block)
            structs_left -= len(block.structs)
        deletes, at = _read_deletes(data, at)
    except IndexError:
        raise malformed("update ends early") from None
    if at != len(data):
        raise malformed("bytes left over at the end")
    return Update(blocks, deletes, data)


def _read_block(data: bytes, at: int, structs_max: int) -> tuple[Block, int]:
    count, at = read_var_uint(data, at)
    client, at = read_var_uint(data, at)
    clock, at = read_var_uint(data, at)
    if count == 0:
        raise malformed("no structs")
    if count > structs_max:
        raise FrameRefused(RefusalReason.TOO_MANY, "structs in one update")
    end = clock
    structs = []
    for _ in range(count):
        struct, at = read_struct(data, at)
        if struct.length == 0:
            raise malformed("empty run")
        end += struct.length
        structs.append(struct)
    if end > CLOCK_MAX:
        raise FrameRefused(RefusalReason.CLOCK_TOO_BIG)
    return Block(client, clock, end, structs), at


def read_struct(data: bytes, at: int) -> tuple[Struct, int]:
    """One struct and the position behind it; ``IndexError`` if it ends early."""
    info = data[at]
    at += 1
    kind = info & KIND
    if kind == GC:
        if info != GC:
            raise malformed("flags on what is collected")  # pycrdt compares the whole byte
        length, at = read_var_uint(data, at)
        return Struct(GC, length, None, None, None, None, None), at
    reader = CONTENT_READERS.get(kind)
    if reader is None:
        raise FrameRefused(RefusalReason.KIND_NOT_ALLOWED, f"struct kind {kind}")
    origin = right = parent = key = None
    if info & HAS_ORIGIN:
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        origin = (client, clock)
    if info & HAS_RIGHT:
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        right = (client, clock)
    if not info & (HAS_ORIGIN | HAS_RIGHT):
        parent, at = _read_parent(data, at)
        if info & HAS_KEY:
            key, at = read_var_string(data, at)
    length, content, at = reader(data, at)
    return Struct(kind, length, origin, right, parent, key, content), at


def _read_parent(data: bytes, at: int) -> tuple[str | Id, int]:
    is_root, at = read_var_uint(data, at)
    if is_root == 1:
        return read_var_string(data, at)
    if is_root != 0:
        raise malformed("parent is neither root nor id")
    client, at = read_var_uint(data, at)
    clock, at = read_var_uint(data, at)
    return (client, clock), at


def _read_deletes(data: bytes, at: int) -> tuple[list[tuple[int, int, int]], int]:
    count, at = read_var_uint(data, at)
    deletes: list[tuple[int, int, int]] = []
    clients = set()
    for _ in range(count):
        client, at = read_var_uint(data, at)
        clients.add(client)
        ranges, at = read_var_uint(data, at)
        for _ in range(ranges):
            start, at = read_var_uint(data, at)
            length, at = read_var_uint(data, at)
            if length == 0:
                raise malformed("empty range")
            if start + length > CLOCK_MAX:
                raise FrameRefused(RefusalReason.CLOCK_TOO_BIG)
            deletes.append((client, start, start + length))
    if len(clients) != count:
        raise malformed("deletes of a client occur twice")  # pycrdt forgets the first of them
    return deletes, at


def parse_state_vector(data: bytes) -> dict[int, int]:
    """Read a state vector: client id → number of its clocks that are known.

    Raises:
        FrameRefused: malformed, clock-too-big.
    """
    try:
        count, at = read_var_uint(data, 0)
        if count > (len(data) - at) // 2:
            raise malformed("more clients than bytes")
        clocks: dict[int, int] = {}
        for _ in range(count):
            client, at = read_var_uint(data, at)
            clocks[client], at = read_var_uint(data, at)
    except IndexError:
        raise malformed("state vector ends early") from None
    if at != len(data) or len(clocks) != count:
        raise malformed("state vector has more than it says")
    if clocks and max(clocks.values()) > CLOCK_MAX:
        raise FrameRefused(RefusalReason.CLOCK_TOO_BIG)
    return clocks
