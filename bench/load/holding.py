"""Somebody who sits in a document: brings its text, sees that the server has it, and stays."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from websockets.sync.client import ClientConnection, connect

from bench.load.servers import HOCUSPOCUS, Server
from tests.harness import lib0

ANSWER_S = 30.0
FRAME_BYTES_MAX = 64 << 20
SYNC, AUTH = 0, 2
STEP_1, STEP_2, UPDATE = 0, 1, 2


@contextlib.contextmanager
def held(server: Server, text: bytes, *, brings: bool) -> Iterator[None]:
    """Keep the first document open while the block runs; ``brings``: the text comes from here.

    Raises:
        TimeoutError: the server does not show the text in time.
    """
    path, document, token = server.place(0, 0)
    is_hocuspocus = server.protocol == HOCUSPOCUS
    prefix = lib0.string(document) if is_hocuspocus else b""
    headers = {"Authorization": f"Bearer {token}"} if token != "-" else {}
    url = f"ws://127.0.0.1:{server.port}{path}"
    with connect(
        url, additional_headers=headers, max_size=FRAME_BYTES_MAX, compression=None, proxy=None
    ) as socket:
        if is_hocuspocus:
            socket.send(prefix + bytes((AUTH, 0)) + lib0.string(token))
        if brings:
            socket.send(prefix + bytes((SYNC, UPDATE)) + lib0.prefixed(text))
        socket.send(prefix + bytes((SYNC, STEP_1)) + lib0.prefixed(b"\x00"))
        _wait_for(socket, len(text) // 2, is_hocuspocus=is_hocuspocus)
        yield


def _wait_for(socket: ClientConnection, bytes_min: int, *, is_hocuspocus: bool) -> None:
    """Read until the answer to step 1 has come, with at least so many bytes."""
    while True:
        frame = socket.recv(timeout=ANSWER_S)
        assert isinstance(frame, bytes)
        reader = lib0.Reader(frame)
        if is_hocuspocus:
            reader.string()
        if reader.uint() == SYNC and reader.uint() == STEP_2 and len(reader.bytes()) >= bytes_min:
            return
