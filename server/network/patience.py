"""HTTP with an end to patience: a request must arrive within a bounded time.

Uvicorn waits for ever for the rest of a head or a body, so a few hundred connections that send a
byte a minute would hold a few hundred descriptors (slow loris).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_S_MAX = 20.0
"""From the first byte of a request, or the opening of the connection, to its last byte."""

HEAR_OUT_S = 1.0
HEAR_AGAIN_S = 0.01


async def hear_out(connections: Iterable[asyncio.Protocol]) -> None:
    """Let the requests of those who have just come arrive, for at most ``HEAR_OUT_S``.

    A server that ends closes every connection with no request under way, and to somebody who was
    accepted a moment ago that is no answer at all.
    """
    for _ in range(round(HEAR_OUT_S / HEAR_AGAIN_S)):
        if not any(isinstance(each, PatientHttp) and each.is_listening for each in connections):
            return
        await asyncio.sleep(HEAR_AGAIN_S)


class PatientHttp(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1; whoever does not finish his request in time is cut off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience: asyncio.TimerHandle | None = None

    @property
    def is_listening(self) -> bool:
        """Whether a request is still to come: the first one, or the rest of one."""
        return self._patience is not None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait_for_request()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait_for_request(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(REQUEST_S_MAX, self._lose_patience)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        self.transport.abort()
