"""Cuts out of updates what is known already, so that only what was judged is stored and merged.

Yjs takes of a client's clocks what comes first and passes over what comes again. Honest clients
send the same again, so it does not matter. A hostile one sends something else, under anybody's
client id, which nobody has judged because it counts as known; and in a log whose rows are merged
and put in order by their authors his copy may come to stand first.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from collab.sync.codec import read_var_bytes, read_var_uint, write_var_string, write_var_uint
from collab.sync.yjs.content import ANY, ANY_DEPTH_MAX, DELETED, GC, STRING, read_any
from collab.sync.yjs.update import (
    CLOCK_MAX,
    HAS_KEY,
    HAS_ORIGIN,
    HAS_RIGHT,
    Id,
    Struct,
    parse_update,
    read_struct,
)

FIRST_HAND_MAX = 2_048
CALLS_KEPT = 4
"""A turn admits in two calls and merges then; so long what was cut is remembered."""


class FirstHand:
    """What updates have brought for the first time.

    Of an update that repeated something it keeps the rest, until a few calls later. Of the others
    it remembers that they did not, which spares the merging of what many people type at once the
    reading of it.
    """

    __slots__ = ("_cut", "_hashes")

    def __init__(self) -> None:
        self._hashes: set[int] = set()
        self._cut: deque[dict[bytes, bytes]] = deque([{}], maxlen=CALLS_KEPT)

    def __len__(self) -> int:
        return len(self._hashes)

    def begin(self) -> None:
        """The next updates are admitted."""
        if self._cut[-1]:
            self._cut.append({})
        elif len(self._cut) > 1:
            self._cut.popleft()

    def note(self, update: bytes) -> None:
        """Remember an update that began where what was known ended."""
        if len(self._hashes) >= FIRST_HAND_MAX:
            self._hashes.clear()
        self._hashes.add(hash(update))

    def note_repeating(self, update: bytes, inserted: Iterable[tuple[int, int, int]]) -> None:
        """Remember what an update has brought: these clock ranges of it, and its deletes."""
        starts = {client: start for client, start, _ in inserted}
        cut = self._cut[-1][update] = _cut(update, starts, CLOCK_MAX + 1)
        self.note(cut)

    def disjoint(self, updates: Sequence[bytes]) -> Sequence[bytes]:
        """What each update brought; of updates that are not remembered what earlier ones lack."""
        found = [self._brought(update) for update in updates]
        if len(found) < 2 or all(hash(each) in self._hashes for each in found):
            return found
        return disjoint(found)

    def _brought(self, update: bytes) -> bytes:
        for cut in self._cut:
            if update in cut:
                return cut[update]
        return update


def disjoint(updates: Sequence[bytes]) -> list[bytes]:
    """The updates in their order, each without the clocks that earlier ones hold.

    Each client's clocks must follow on from update to update, as they do in what a document has
    admitted. What is no update raises ``FrameRefused``.
    """
    ends: dict[int, int] = {}
    found = []
    for data in updates:
        blocks = parse_update(data).blocks
        overlaps = any(block.clock < ends.get(block.client, 0) for block in blocks)
        found.append(_cut(data, ends, 0) if overlaps else data)
        for client, _, end, _ in blocks:
            ends[client] = max(end, ends.get(client, 0))
    return found


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
