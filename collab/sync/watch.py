"""Who is told before an update reaches pycrdt, in case that is the last thing the process does."""

from collections.abc import Hashable
from typing import Protocol


class Watch(Protocol):
    """Notes what is about to be applied where the death of the process does not wipe it out."""

    def applying(self, update: bytes, actor: Hashable) -> None:
        """This update of the turn is judged and applied next."""

    def applied(self) -> None:
        """All updates of the turn are applied; what follows only reads."""


class Unwatched:
    """Nobody is told."""

    def applying(self, update: bytes, actor: Hashable) -> None:
        """Nothing to note."""

    def applied(self) -> None:
        """Nothing to note."""


UNWATCHED = Unwatched()
