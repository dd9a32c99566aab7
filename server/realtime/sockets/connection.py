"""One socket as the rooms see it: whose it is, what it is sent, and how it is closed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from uuid import UUID

from server.network.framing import BINARY, TEXT, framed
from server.network.holds import BUSY
from server.network.wire import Wire

CLOSE_MALFORMED = 1007
CLOSE_NOT_ALLOWED = 1008
CLOSE_TOO_BIG = 1009
CLOSE_GOING_AWAY = 1012
CLOSE_TRY_AGAIN_LATER = 1013
CLOSE_REFUSED = 4400
CLOSE_SIGN_IN = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_ABSENT = 4404
CLOSE_STALE = 4409


_NUMBERS = count(1)


class Connection:
    """The server's end of a socket; receives what its wire tells."""

    __slots__ = (
        "_on_lost",
        "_on_message",
        "name",
        "on_drained",
        "person_id",
        "protocol",
        "session_key",
        "token_key",
        "wire",
    )

    def __init__(
        self,
        wire: Wire,
        *,
        person_id: UUID | None,
        session_key: str | None,
        token_key: str | None = None,
        protocol: str = "",
    ) -> None:
        self.protocol = protocol
        self.name = f"{next(_NUMBERS):x}"
        """How the log calls it; says nothing about who it is."""
        self.wire = wire
        self.person_id = person_id
        self.session_key = session_key
        self.token_key = token_key
        self.on_drained: list[Callable[[], None]] = []
        self._on_message: Callable[[bytes | str], None] = lambda _message: None
        self._on_lost: Callable[[], None] = lambda: None

    def begin(self, on_message: Callable[[bytes | str], None], on_lost: Callable[[], None]) -> None:
        """Hear what the peer says from now on; ``on_lost`` is called once, at the end."""
        self._on_message = on_message
        self._on_lost = on_lost
        self.wire.begin(self)

    @property
    def is_closing(self) -> bool:
        return self.wire.is_closing

    @property
    def is_behind(self) -> bool:
        """The peer has not taken what waits for him: leave out what can be made up for."""
        return self.wire.is_behind

    def send(self, message: bytes | str) -> None:
        """Send one message."""
        if isinstance(message, str):
            self.wire.send(framed(message.encode(), TEXT))
        else:
            self.wire.send(framed(message, BINARY))

    def close(self, code: int, reason: str = "") -> None:
        """Close the socket after what was sent before."""
        self.wire.close(code, reason)

    def pause(self) -> None:
        """Hear nothing further until ``resume``."""
        self.wire.hold(BUSY)

    def resume(self) -> None:
        self.wire.release(BUSY)

    # What the wire tells (server.network.wire.Receiver).

    def receive(self, message: bytes | str) -> None:
        self._on_message(message)

    def drained(self) -> None:
        for each in self.on_drained:
            each()

    def lost(self) -> None:
        self._on_lost()
