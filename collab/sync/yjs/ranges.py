"""Sets of ids as clock ranges per client: delete sets, and who wrote what.

Ranges are half-open ``[start, end)``, disjoint, merged and sorted. Encoded they are the delete
set of the Yjs v1 format, which pycrdt reads as ``IdSet``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Self

from collab.sync.codec import write_var_uint


class IdRanges:
    """A set of ids ``(client, clock)``, kept as merged ranges."""

    __slots__ = ("_clients",)

    def __init__(self) -> None:
        self._clients: dict[int, tuple[list[int], list[int]]] = {}

    @classmethod
    def of(cls, *ranges: tuple[int, int, int]) -> Self:
        """The set of these ``(client, start, end)``."""
        made = cls()
        for client, start, end in ranges:
            made.add(client, start, end)
        return made

    def __bool__(self) -> bool:
        return bool(self._clients)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Each range as ``(client, start, end)``, sorted within a client."""
        for client, (starts, ends) in self._clients.items():
            for start, end in zip(starts, ends, strict=True):
                yield client, start, end

    def __len__(self) -> int:
        """The number of ranges (not of ids)."""
        return sum(len(starts) for starts, _ in self._clients.values())

    def covers(self, client: int, start: int, end: int) -> bool:
        """Whether all of ``[start, end)`` is in the set."""
        found = self._clients.get(client)
        if found is None:
            return False
        starts, ends = found
        at = bisect_right(starts, start) - 1
        return at >= 0 and end <= ends[at]

    def add(self, client: int, start: int, end: int) -> None:
        """Add ``[start, end)``, merging it with what it touches."""
        if start >= end:
            return
        found = self._clients.get(client)
        if found is None:
            self._clients[client] = ([start], [end])
            return
        starts, ends = found
        first = bisect_left(ends, start)
        last = bisect_right(starts, end)
        if first < last:
            start = min(start, starts[first])
            end = max(end, ends[last - 1])
        starts[first:last] = [start]
        ends[first:last] = [end]

    def count(self, client: int, start: int, end: int | None = None) -> int:
        """How many ranges lie in ``[start, end)`` at least in part; without ``end`` all behind."""
        found = self._clients.get(client)
        if found is None:
            return 0
        starts, ends = found
        last = len(starts) if end is None else bisect_left(starts, end)
        return max(0, last - bisect_right(ends, start))

    def has_edge(self, client: int, clock: int) -> bool:
        """Whether a range begins or ends before ``clock``."""
        found = self._clients.get(client)
        if found is None:
            return False
        starts, ends = found
        at = bisect_left(ends, clock)
        if at < len(ends) and ends[at] == clock:
            return True
        at = bisect_left(starts, clock)
        return at < len(starts) and starts[at] == clock

    def missing(self, client: int, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of ``[start, end)`` that are not in the set."""
        found = self._clients.get(client)
        if found is None:
            return [(start, end)] if start < end else []
        starts, ends = found
        parts = []
        at = bisect_right(ends, start)
        while start < end and at < len(starts) and starts[at] < end:
            if start < starts[at]:
                parts.append((start, starts[at]))
            start = ends[at]
            at += 1
        if start < end:
            parts.append((start, end))
        return parts

    def without(self, others: "IdRanges") -> "IdRanges":
        """A new set: these ids but not the others'."""
        rest = IdRanges()
        for client, start, end in self:
            for first, last in others.missing(client, start, end):
                rest.add(client, first, last)
        return rest

    def encode(self) -> bytes:
        """The set as a Yjs v1 delete set."""
        buffer = bytearray()
        write_var_uint(buffer, len(self._clients))
        for client, (starts, ends) in sorted(self._clients.items(), reverse=True):
            write_var_uint(buffer, client)
            write_var_uint(buffer, len(starts))
            for start, end in zip(starts, ends, strict=True):
                write_var_uint(buffer, start)
                write_var_uint(buffer, end - start)
        return bytes(buffer)
