"""How much a request may bring, and that whoever brings more hears so.

Who answers before the body is there, and then hangs up, is not heard: a connection that is closed
over bytes that nobody has read is reset, and most systems drop the answer with it (RFC 9112 §9.6).
So the answer goes out at once, and the rest of the body is read and thrown away behind it.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import on_http_exception

DISCARDED_BYTES_MAX: Final = 32 * 1024 * 1024
"""So much is thrown away of one body; then the connection is closed whatever still comes.

How long it may take is bounded as for every body (``server.network.patience``).
"""


class Measured:
    """Refuses requests with impossible addresses, or with a body of more than ``bytes_max``."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(Headers(scope=scope), self._bytes_max, receive, send)
        if status := _refusal(scope, body):
            response = await on_http_exception(Request(scope), HTTPException(status))
            await response(scope, body.receive, body.send)
            return
        await self._app(scope, body.receive, body.send)


def _refusal(scope: Scope, body: "_Body") -> int | None:
    """The status for what is refused by its head alone."""
    if not body.is_promised_to_fit:
        return 413
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        # No address of ours has it, and PostgreSQL cannot even be asked for it.
        return 400
    return None


class _Body:
    """One request's body, on its way in, and the answer that may be out before it has arrived."""

    def __init__(self, headers: Headers, bytes_max: int, receive: Receive, send: Send) -> None:
        length = headers.get("content-length")
        announced = _number(length)
        self.is_promised_to_fit = announced is not None and announced <= bytes_max
        """As far as the head says; without a length nothing is said."""
        is_untold = length is None and "transfer-encoding" in headers
        self._may_be_endless = is_untold or not self.is_promised_to_fit
        self._is_coming = is_untold or announced != 0
        self._waits_for_word = headers.get("expect", "").lower() == "100-continue"
        self._bytes_max = bytes_max
        self._received = 0
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        """The next piece.

        Raises:
            HTTPException: 413, it is too much.
        """
        message = await self._next()
        if self._received > self._bytes_max:
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on; before its end, throw away what still comes of the body."""
        if message["type"] == "http.response.start" and self._is_coming and self._may_be_endless:
            MutableHeaders(scope=message)["Connection"] = "close"
        if _is_last(message) and self._is_coming and not self._waits_for_word:
            await self._send({**message, "more_body": True})
            await self._discard()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def _discard(self) -> None:
        most = self._received + DISCARDED_BYTES_MAX
        while self._is_coming and self._received < most:
            await self._next()

    async def _next(self) -> Message:
        self._waits_for_word = False  # whoever asks for a body has said "go on"
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if not message.get("more_body", False):
            self._is_coming = False
        return message


def _number(length: str | None) -> int | None:
    """What a ``Content-Length`` says; 0 without one, None if it is not a number."""
    if length is None:
        return 0
    return int(length) if length.isascii() and length.isdigit() else None


def _is_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body", False)
