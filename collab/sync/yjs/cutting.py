"""Cuts out of updates what is known already, so that only what was judged is stored and merged.

Yjs takes of a client's clocks what comes first and passes over what comes again. Honest clients
send the same again, so it does not matter. A hostile one sends something else, under anybody's
client id, which nobody has judged because it counts as known; and in a log whose rows are merged
and put in order by their authors his copy may come to stand first.
"""

from collections.abc import Iterable, Mapping

from collab.sync.codec import read_var_bytes, read_var_uint, write_var_string, write_var_uint
from collab.sync.yjs.content import ANY, ANY_DEPTH_MAX, DELETED, GC, STRING, read_any
from collab.sync.yjs.update import (
    CLOCK_MAX,
    HAS_KEY,
    HAS_ORIGIN,
    HAS_RIGHT,
    Id,
    Struct,
    read_struct,
)

ClockRange = tuple[int, int, int]


def brought(data: bytes, inserted: Iterable[ClockRange]) -> bytes:
    """What is left of an update if only these clock ranges of it are new, with its deletes.

    ``inserted``: ``(client, from, to)``, for each client up to the end of what the update holds.
    """
    return _cut(data, {client: start for client, start, _ in inserted}, CLOCK_MAX + 1)


def _cut(data: bytes, starts: Mapping[int, int], otherwise: int) -> bytes:
    """One update without the clocks below ``starts``; ``otherwise`` holds for other clients."""
    count, at = read_var_uint(data, 0)
    blocks = bytearray()
    kept = 0
    for _ in range(count):
        structs, at = read_var_uint(data, at)
        client, at = read_var_uint(data, at)
        clock, at = read_var_uint(data, at)
        body = bytearray()
        left, start = 0, starts.get(client, otherwise)
        first = max(clock, start)
        for _ in range(structs):
            struct, end_at = read_struct(data, at)
            end = clock + struct.length
            if end > start:
                left += 1
                body += (
                    data[at:end_at]
                    if clock >= start
                    else _rest_of(struct, data[at:end_at], (client, start - 1), start - clock)
                )
            clock, at = end, end_at
        if left:
            kept += 1
            write_var_uint(blocks, left)
            _write_id(blocks, (client, first))
            blocks += body
    whole = bytearray()
    write_var_uint(whole, kept)
    return bytes(whole + blocks) + data[at:]


def _rest_of(struct: Struct, raw: bytes, before: Id, offset: int) -> bytes:
    """The struct from ``offset`` on; ``before`` is the id of the clock in front of that."""
    buffer = bytearray()
    if struct.kind == GC:
        buffer.append(GC)
        write_var_uint(buffer, struct.length - offset)
        return bytes(buffer)
    buffer.append(struct.kind | HAS_ORIGIN | (HAS_RIGHT if struct.right else 0))
    _write_id(buffer, before)
    if struct.right:
        _write_id(buffer, struct.right)
    if struct.kind == STRING:
        units = str(struct.content).encode("utf-16-le")
        write_var_string(buffer, units[2 * offset :].decode("utf-16-le", "replace"))
    elif struct.kind == DELETED:
        write_var_uint(buffer, struct.length - offset)
    else:
        assert struct.kind == ANY, "other kinds have one clock"
        write_var_uint(buffer, struct.length - offset)
        buffer += _values_from(raw, offset)
    return bytes(buffer)


def _values_from(raw: bytes, offset: int) -> bytes:
    """The encoded values from the ``offset``-th on: they are the end of the struct."""
    _, at = read_var_uint(raw, content_start(raw))
    for _ in range(offset):
        _, at = read_any(raw, at, ANY_DEPTH_MAX)
    return raw[at:]


def content_start(raw: bytes) -> int:
    """Where the content of an encoded item begins, behind what places it."""
    info, at = raw[0], 1
    for flag in (HAS_ORIGIN, HAS_RIGHT):
        at = _behind_id(raw, at) if info & flag else at
    if not info & (HAS_ORIGIN | HAS_RIGHT):
        is_root, at = read_var_uint(raw, at)
        at = read_var_bytes(raw, at)[1] if is_root else _behind_id(raw, at)
        if info & HAS_KEY:
            at = read_var_bytes(raw, at)[1]
    return at


def _behind_id(raw: bytes, at: int) -> int:
    _, at = read_var_uint(raw, at)
    return read_var_uint(raw, at)[1]


def _write_id(buffer: bytearray, ident: Id) -> None:
    write_var_uint(buffer, ident[0])
    write_var_uint(buffer, ident[1])
