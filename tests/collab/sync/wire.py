"""Hand-made Yjs updates for tests: every byte as a hostile client could choose it."""

from collections.abc import Sequence

from collab.sync.codec import write_var_bytes, write_var_string, write_var_uint

Id = tuple[int, int]
Block = tuple[int, int, Sequence[bytes]]

PARAGRAPH = b"\x03\x09paragraph"
ROOT = "need"


def uint(number: int) -> bytes:
    """One varUint."""
    buffer = bytearray()
    write_var_uint(buffer, number)
    return bytes(buffer)


def string(text: str) -> bytes:
    """One varString."""
    buffer = bytearray()
    write_var_string(buffer, text)
    return bytes(buffer)


def prefixed(data: bytes) -> bytes:
    """One varBytes."""
    buffer = bytearray()
    write_var_bytes(buffer, data)
    return bytes(buffer)


def struct(
    kind: int,
    content: bytes,
    *,
    origin: Id | None = None,
    right: Id | None = None,
    parent: str | Id | None = None,
    key: str | None = None,
) -> bytes:
    """One item; without origins its parent is the root ``need`` unless another is given."""
    info = kind | bool(origin) << 7 | bool(right) << 6 | (key is not None) << 5
    parts = [bytes([info])]
    parts += [uint(number) for ident in (origin, right) if ident for number in ident]
    if not origin and not right:
        parent = ROOT if parent is None else parent
        if isinstance(parent, str):
            parts += [b"\x01", string(parent)]
        else:
            parts += [b"\x00", *map(uint, parent)]
        if key is not None:
            parts.append(string(key))
    return b"".join(parts) + content


def text(content: str, **place: object) -> bytes:
    """Characters."""
    return struct(4, string(content), **place)  # type: ignore[arg-type]


def mark(name: str, value: str, **place: object) -> bytes:
    """The start or end of a mark; ``value`` is JSON."""
    return struct(6, string(name) + string(value), **place)  # type: ignore[arg-type]


def element(name: str, **place: object) -> bytes:
    """An XML element."""
    return struct(7, b"\x03" + string(name), **place)  # type: ignore[arg-type]


def xml_text(**place: object) -> bytes:
    """An XML text."""
    return struct(7, b"\x06", **place)  # type: ignore[arg-type]


def values(*encoded: bytes, **place: object) -> bytes:
    """Values, each already encoded as lib0 Any."""
    return struct(8, uint(len(encoded)) + b"".join(encoded), **place)  # type: ignore[arg-type]


def any_string(content: str) -> bytes:
    """A string as lib0 Any."""
    return b"\x77" + string(content)


def deleted(length: int, **place: object) -> bytes:
    """Something its author deleted before sending it."""
    return struct(1, uint(length), **place)  # type: ignore[arg-type]


def gc(length: int) -> bytes:
    """Something collected."""
    return b"\x00" + uint(length)


def skip(length: int) -> bytes:
    """A hole, as merging of updates makes them."""
    return b"\x0a" + uint(length)


def update(*blocks: Block, deletes: Sequence[tuple[int, int, int]] = ()) -> bytes:
    """Blocks ``(client, clock, structs)`` and deletes ``(client, start, length)``."""
    parts = [uint(len(blocks))]
    for client, clock, structs in blocks:
        parts += [uint(len(structs)), uint(client), uint(clock), *structs]
    parts.append(delete_set(deletes))
    return b"".join(parts)


def delete_set(deletes: Sequence[tuple[int, int, int]]) -> bytes:
    """Ranges ``(client, start, length)``, those of a client together."""
    clients = list(dict.fromkeys(client for client, _, _ in deletes))
    parts = [uint(len(clients))]
    for each in clients:
        ranges = [(start, length) for client, start, length in deletes if client == each]
        parts += [uint(each), uint(len(ranges)), *(uint(n) for pair in ranges for n in pair)]
    return b"".join(parts)
