"""Which rows of a log can stand without those that were left out."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collab.sync.refusals import FrameRefused
from collab.sync.yjs.update import Update, parse_update


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows that stand, and the places of those that do not: no update at all, or cut off."""

    kept: list[bytes]
    unreadable: list[int]
    aside: list[int]


def sort_out(rows: Sequence[bytes]) -> Sorted:
    """Sort the rows of a log into those that can stand and those that cannot."""
    standing = Standing()
    kept: list[bytes] = []
    unreadable: list[int] = []
    aside: list[int] = []
    for at, row in enumerate(rows):
        try:
            update = parse_update(row)
        except FrameRefused:
            unreadable.append(at)
            continue
        if standing.take(update):
            kept.append(row)
        else:
            aside.append(at)
    return Sorted(kept, unreadable, aside)


class Standing:
    """What the rows kept so far hold: for each client id, the clocks from 0 up to a number.

    pycrdt would hold back what it cannot place, and say nothing; so it is never given any.
    """

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}

    def take(self, update: Update) -> bool:
        """Whether this row follows on what is kept; if so it counts as kept from now on."""
        added: dict[int, int] = {}
        clocks = ChainMap(added, self.clocks)
        for block in update.blocks:
            known = clocks.get(block.client, 0)
            if block.clock > known:
                return False
            added[block.client] = max(known, block.end)
        if not _stands(update, clocks):
            return False
        self.clocks.update(added)
        return True


def _stands(update: Update, clocks: Mapping[int, int]) -> bool:
    """Whether everything that the update points to is there."""
    return all(clock < clocks.get(client, 0) for client, clock in _pointed_at(update)) and all(
        end <= clocks.get(client, 0) for client, _, end in update.deletes
    )


def _pointed_at(update: Update) -> Iterable[tuple[int, int]]:
    for block in update.blocks:
        for struct in block.structs:
            for place in (struct.origin, struct.right, struct.parent):
                if isinstance(place, tuple):
                    yield place
