"""Following a chain from its first entry to its last, and saying what is wrong with it where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from collab.process.audit.entry import FIRST, Entry, enter


class FaultKind(StrEnum):
    """What can be wrong with an entry; one alteration of one row gives one of these."""

    ALTERED = "altered"
    """Its content does not give its hash."""
    MISSING = "missing"
    """There are no entries from this number to that in ``detail``."""
    MISPLACED = "misplaced"
    """It stands where its number does not belong: moved, or there twice."""
    UNLINKED = "unlinked"
    """It does not continue the entry before: one of the two was put in or replaced."""
    CONTRADICTED = "contradicted"
    """What the rest of the database says of the act is something else."""
    UNRECORDED = "unrecorded"
    """An act happened that has no entry; ``number`` is that of its event."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where."""

    chain: str
    number: int
    kind: FaultKind
    detail: str = ""


class Follower:
    """Takes the entries of one chain one after the other."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self._hash = FIRST
        self.number = 0

    @property
    def head(self) -> str:
        """The hash of the last entry that was taken."""
        return self._hash

    def take(self, entry: Entry) -> Iterator[Fault]:
        """What is wrong with the next entry; goes on from it, so that one fault is told once."""
        expected = self.number + 1
        is_in_place = entry.number == expected
        if entry.number < expected:
            yield self._fault(entry.number, FaultKind.MISPLACED)
            return
        if entry.number > expected:
            last = str(entry.number - 1)
            yield self._fault(expected, FaultKind.MISSING, last)
        if enter(entry.draft, entry.number, entry.previous).hash != entry.hash:
            yield self._fault(entry.number, FaultKind.ALTERED)
        elif is_in_place and entry.previous != self._hash:
            yield self._fault(entry.number, FaultKind.UNLINKED)
        self._hash, self.number = entry.hash, entry.number

    def _fault(self, number: int, kind: FaultKind, detail: str = "") -> Fault:
        return Fault(self.chain, number, kind, detail)


def verify(chain: str, entries: Iterable[Entry]) -> list[Fault]:
    """Everything that is wrong with a whole chain, given in its order."""
    follower = Follower(chain)
    return [fault for entry in entries for fault in follower.take(entry)]
