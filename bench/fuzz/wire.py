"""Yjs updates piece by piece: every number and byte as a hostile client could choose it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from collab.sync.codec import UINT_MAX, write_var_uint
from collab.sync.yjs.content import GC
from collab.sync.yjs.cutting import content_start
from collab.sync.yjs.update import HAS_KEY, HAS_ORIGIN, HAS_RIGHT, Id, parse_update, read_struct


class Piece(NamedTuple):
    """One struct with its content as bytes; ``length`` is what its content claims."""

    kind: int
    length: int
    content: bytes
    origin: Id | None = None
    right: Id | None = None
    parent: str | Id | None = None
    key: str | None = None


@dataclass(slots=True)
class Draft:
    """An update that is being made up: blocks ``[client, clock, pieces]`` and deletes."""

    blocks: list[tuple[int, int, list[Piece]]] = field(default_factory=list)
    deletes: list[tuple[int, int, int]] = field(default_factory=list)
    """``(client, start, length)``"""

    def encode(self) -> bytes:
        """The bytes of the update."""
        parts = [uint(len(self.blocks))]
        for client, clock, pieces in self.blocks:
            parts += [uint(len(pieces)), uint(client), uint(clock), *map(encoded, pieces)]
        groups: list[list[tuple[int, int, int]]] = []
        for each in self.deletes:
            if not groups or groups[-1][0][0] != each[0]:
                groups.append([])
            groups[-1].append(each)
        parts.append(uint(len(groups)))
        for group in groups:
            parts += [uint(group[0][0]), uint(len(group))]
            parts += [uint(number) for _, *range_ in group for number in range_]
        return b"".join(parts)


def uint(number: int) -> bytes:
    """One varUint; too big a number gets the biggest."""
    buffer = bytearray()
    write_var_uint(buffer, min(max(number, 0), UINT_MAX))
    return bytes(buffer)


def prefixed(data: bytes) -> bytes:
    """Bytes behind their number."""
    return uint(len(data)) + data


def string(text: str) -> bytes:
    """Text behind the number of its bytes; halves of characters are written as they are."""
    return prefixed(text.encode("utf-8", "surrogatepass"))


def ids(*idents: Id | None) -> Iterable[bytes]:
    """The ids that are there."""
    return (uint(number) for ident in idents if ident for number in ident)


def encoded(piece: Piece) -> bytes:
    """The bytes of one struct."""
    if piece.kind == GC:
        return b"\x00" + piece.content
    info = piece.kind & 0x1F
    info |= HAS_ORIGIN * bool(piece.origin) | HAS_RIGHT * bool(piece.right)
    info |= HAS_KEY * (piece.key is not None)
    parts = [bytes([info]), *ids(piece.origin, piece.right)]
    if not piece.origin and not piece.right:
        if isinstance(piece.parent, tuple):
            parts += [b"\x00", *ids(piece.parent)]
        else:
            parts += [b"\x01", string(piece.parent or "")]
        if piece.key is not None:
            parts.append(string(piece.key))
    return b"".join([*parts, piece.content])


def draft_of(update: bytes) -> Draft:
    """An honest update taken apart."""
    draft = Draft(
        deletes=[(c, start, end - start) for c, start, end in parse_update(update).deletes]
    )
    at = len(uint(update[0])) if update[0] < 0x80 else 2
    for client, clock, _, structs in parse_update(update).blocks:
        at += len(uint(len(structs)) + uint(client) + uint(clock))
        pieces = []
        for _ in structs:
            struct, end = read_struct(update, at)
            raw = update[at:end]
            content = raw[1:] if struct.kind == GC else raw[content_start(raw) :]
            pieces.append(
                Piece(
                    struct.kind,
                    struct.length,
                    content,
                    struct.origin,
                    struct.right,
                    struct.parent,
                    struct.key,
                )
            )
            at = end
        draft.blocks.append((client, clock, pieces))
    return draft
