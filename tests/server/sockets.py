"""Sockets of the application in the test's own event loop: opened as ASGI, spoken to as a peer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from server.network.handshake import EXTENSION
from tests.harness import lib0
from tests.harness.transport import Closed, Peer
from tests.server.idea.arena_of_all import Everyone
from tests.server.running import ORIGIN


@asynccontextmanager
async def socket(
    arena: Everyone, path: str, *, origin: str = ORIGIN, **headers: str
) -> AsyncIterator[Peer]:
    """Open ``path`` as somebody does who sends these headers."""
    peer = Peer()
    named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"arena.test"), (b"origin", origin.encode()), *named],
        "subprotocols": [],
        "client": ("192.0.2.1", 1),
        "scheme": "ws",
        "state": {},
        "app": arena.arena.app,
        "extensions": {EXTENSION: {"hand_over": lambda: peer.wire}},
    }
    answers: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        answers.append(message["type"])

    await arena.arena.app(scope, receive, send)
    if answers != ["websocket.accept"]:
        raise TurnedAway(answers)
    try:
        yield peer
    finally:
        peer.hang_up()


class TurnedAway(Exception):
    """The socket was not accepted."""


async def close_code(peer: Peer) -> int:
    closed = await peer.until(lambda each: isinstance(each, Closed))
    assert isinstance(closed, Closed)
    return closed.code


async def hear(peer: Peer, part: bytes) -> None:
    """Wait for a message that holds ``part``."""
    await peer.until(lambda each: isinstance(each, bytes) and part in each)


async def document_of(arena: Everyone, ref: str) -> str:
    client = await arena.client("moderator")
    return str((await client.get(f"/api/v1/ideas/{ref}")).json()["document_id"])


def frame(document: str, kind: int, body: bytes) -> bytes:
    return lib0.string(document) + lib0.uint(kind) + body
