"""Updates that are never applied again, because they killed a server or broke the document."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from collab.sync.yjs.update import Update

ClientRange = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Barred:
    """Known by their bytes, and by what they insert: a client may send them in other company.

    ``ranges`` are runs of clocks ``(from, to)`` by client id.
    """

    hashes: frozenset[str] = frozenset()
    ranges: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, killers: Iterable[tuple[str, Iterable[Sequence[int]]]]) -> Self:
        """From pairs of a hash (hex) and the clock ranges ``(client, from, to)`` inserted."""
        hashes: set[str] = set()
        ranges: dict[int, list[tuple[int, int]]] = {}
        for digest, clients in killers:
            hashes.add(digest)
            for client, start, end in clients:
                ranges.setdefault(client, []).append((start, end))
        return cls(frozenset(hashes), ranges)

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def holds(self, data: bytes, update: Update) -> bool:
        """Whether ``data``, which reads as ``update``, is one of them or has one in it."""
        return hashlib.sha256(data).hexdigest() in self.hashes or any(
            block.clock < end and start < block.end
            for block in update.blocks
            for start, end in self.ranges.get(block.client, ())
        )


NOTHING_BARRED = Barred()
