"""What a document must hold once some updates are applied, to notice that a part is missing.

pycrdt keeps what it cannot place yet as pending and says nothing about it; a document that is
loaded with a hole would look whole and be shorter. Comparing clocks finds the hole.
"""

from collections.abc import Mapping
from typing import Final

from pycrdt import get_state

from collab.sync.yjs.update import parse_state_vector, parse_update

NATIVE_BYTES_MIN: Final = 1 << 15
"""From this size on, what an update covers is asked of pycrdt instead of read in Python."""


class Expected:
    """The clock that each client id must reach."""

    __slots__ = ("clocks",)

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}

    def note(self, data: bytes) -> None:
        """Add what one update inserts and deletes; a snapshot's own deletes need no look.

        Raises:
            FrameRefused: it is no update.
        """
        if len(data) < NATIVE_BYTES_MIN:
            update = parse_update(data)
            ends = [(block.client, block.end) for block in update.blocks]
            ends += [(client, end) for client, _, end in update.deletes]
        else:
            ends = list(parse_state_vector(get_state(data)).items())
        for client, end in ends:
            if end > self.clocks.get(client, 0):
                self.clocks[client] = end

    def is_reached(self, clocks: Mapping[int, int]) -> bool:
        """Whether a document with these clocks holds it all."""
        return all(clocks.get(client, 0) >= end for client, end in self.clocks.items())
