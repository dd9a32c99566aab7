"""What other processes tell a room, within bounds: what is too much is read from the log."""

from __future__ import annotations

from typing import Final

from server.realtime.rooms.elsewhere.written import Written
from server.realtime.rooms.inbox import Inbox
from server.realtime.rooms.items import Follow, Item

MESSAGES_MAX: Final = 128
BYTES_MAX: Final = 4 * 1024 * 1024


class Mail:
    """Puts the turns of others into a room's inbox. It is never told to wait: it leaves out."""

    def __init__(self, inbox: Inbox[Item]) -> None:
        self._inbox = inbox
        self._messages = 0
        self._bytes = 0
        self._is_over = False

    def put(self, written: Written) -> None:
        """Add a turn, or a word that there is more than is kept here."""
        if self._is_over:
            return
        if not self._messages:
            self._inbox.when_taken(self._taken, None)
        self._messages += 1
        self._bytes += written.size
        self._is_over = self._messages > MESSAGES_MAX or self._bytes > BYTES_MAX
        self._inbox.signal(Follow() if self._is_over else written)

    def _taken(self, _nothing: None) -> None:
        """The room has taken everything that was there."""
        self._messages = self._bytes = 0
        self._is_over = False
