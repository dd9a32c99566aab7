"""Whether other processes write in the same document, and how often rooms had to read the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TURNS_HELD: Final = 32
"""So many turns in a row without anybody else's row, and the room believes to be alone again."""


@dataclass(slots=True)
class Company:
    """What one room knows of the others: while they write, it asks for the lock first."""

    _turns_left: int = 0

    @property
    def is_there(self) -> bool:
        """Others have written lately, so a turn that is judged before the lock would be in vain."""
        return self._turns_left > 0

    def heard(self) -> None:
        """Another process has written."""
        self._turns_left = TURNS_HELD

    def unheard(self) -> None:
        """A turn went by under the lock, and nobody had written since the one before."""
        self._turns_left = max(0, self._turns_left - 1)


@dataclass(slots=True)
class Counts:
    """What keeping up has cost the rooms of this process."""

    taken: int = 0
    """Turns of other processes that were taken as they were told."""
    unsound: int = 0
    """Messages that were not what had been sent."""
    read_on: int = 0
    """Times that rows were read from the log."""
    reloaded: int = 0
    """Times that a document was thrown away and loaded anew."""
    lost: int = 0
    """Turns that were in vain because another process had written first."""
    held: int = 0
    """Turns that were judged under the lock."""
