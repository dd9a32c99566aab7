"""The opening of a WebSocket: uvicorn's, until the application accepts and takes the wire.

An endpoint accepts as ASGI wants it and then calls ``take_wire``; from then on the socket is a
``Wire``, and the ASGI task ends.
"""

from __future__ import annotations

from typing import Any, cast

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.network.wire import Wire

EXTENSION = "arena.wire"
EARLY_BYTES_MAX = 65_536
"""What a peer may send before he was let in."""


class Handshake(WebSocketsSansIOProtocol):
    """One WebSocket that is being opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._early = bytearray()
        self._is_asked = False

    def data_received(self, data: bytes) -> None:
        """The request comes first and whole; what follows too early waits."""
        if not self._is_asked:
            self._is_asked = True
            super().data_received(data)
            if not self.handshake_initiated and not self.transport.is_closing():
                # The core takes no such request (too many headers, too long ones, a body) and
                # says nothing; nobody would ever hear of this connection again.
                self.transport.abort()
            return
        self._early += data
        if len(self._early) > EARLY_BYTES_MAX:
            self.transport.abort()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:
            extensions = cast("dict[str, Any]", self.scope["extensions"])
            extensions[EXTENSION] = {"hand_over": self.hand_over}

    def hand_over(self) -> Wire:
        """Give the transport away; this object is done."""
        transport = self.transport
        self.stop_keepalive()
        self.connections.discard(self)
        wire = Wire(transport, self.connections, bytes(self._early))
        transport.set_protocol(wire)
        self.transport = cast("Any", _Gone())
        return wire


class _Gone:
    """Stands where the transport was; uvicorn closes it when the application returns."""

    def close(self) -> None:
        """The transport is somebody else's now."""


async def take_wire(websocket: WebSocket) -> Wire:
    """Accept a socket and take it out of ASGI's hands.

    Raises:
        RuntimeError: another server than ours runs the application.
    """
    await websocket.accept()
    extension = websocket.scope.get("extensions", {}).get(EXTENSION)
    if extension is None:
        raise RuntimeError("Arena's sockets need Arena's server: start it with 'arena serve'")
    wire: Wire = extension["hand_over"]()
    return wire
