"""Bodies that are too large, over real sockets: who is still sending hears why he may not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from server.middleware import bodies
from tests.server.network.test_server import serving
from tests.server.running import running

MOST = 4_096
PIECE = 64 * 1024
FAR_BEYOND = 8 * 1024 * 1024
"""More than any socket's buffers hold, so that it is still being sent when the answer is there."""

CLOSE = {"Connection": "close"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """Where Arena listens; it takes bodies up to ``MOST`` bytes."""
    async with (
        running(tmp_path, body_bytes_max=MOST) as arena,
        serving(arena.app) as (_, port),
    ):
        yield port


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client heard."""

    status: int
    kind: str | None
    text: str


def post(
    port: int, size: int, *, announced: bool, path: str = "/api/v1/ideas", **headers: str
) -> Answer:
    """Send it all, then read: as simple clients do, and most proxies with ``Connection: close``."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(client):
        named = {"Content-Type": "application/json", **headers}
        named |= {"Content-Length": str(size)} if announced else {"Transfer-Encoding": "chunked"}
        client.request("POST", path, pieces(size), named, encode_chunked=not announced)
        answer = client.getresponse()
        return Answer(answer.status, answer.getheader("content-type"), answer.read().decode())


def pieces(size: int) -> Iterator[bytes]:
    """So many spaces, which are no JSON."""
    for at in range(0, size, PIECE):
        yield b" " * min(PIECE, size - at)


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("size", "status"), [(MOST, 422), (MOST + 1, 413), (FAR_BEYOND, 413)])
async def test_s40_who_sends_too_much_hears_so_however_he_sends_it(
    port: int, size: int, status: int, announced: bool
) -> None:
    for headers in ({}, CLOSE):
        answer = await asyncio.to_thread(post, port, size, announced=announced, **headers)
        assert (answer.status, answer.kind) == (status, "application/problem+json"), headers
        assert json.loads(answer.text)["detail"]
    form = {"path": "/report", "Accept": "text/html", "Content-Type": FORM, **CLOSE}
    page = await asyncio.to_thread(post, port, size, announced=announced, **form)
    assert (page.status == 413) == (status == 413)
    assert page.kind == "text/html; charset=utf-8"
    assert status != 413 or "Das ist zu groß." in page.text


async def test_s40_who_is_refused_for_something_else_hears_that(port: int) -> None:
    foreign = {"Origin": "https://elsewhere.test", **CLOSE}
    answer = await asyncio.to_thread(post, port, FAR_BEYOND, announced=False, **foreign)
    assert (answer.status, json.loads(answer.text)["code"]) == (403, "foreign-origin")


@pytest.mark.parametrize("announced", [True, False])
async def test_s40_what_is_thrown_away_is_bounded(
    port: int, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    monkeypatch.setattr(bodies, "DISCARDED_BYTES_MAX", FAR_BEYOND)
    length = f"Content-Length: {10**12}" if announced else "Transfer-Encoding: chunked"

    def pour() -> tuple[int, int]:
        """Send for ever; the status that came and how many bytes went out before the end."""
        with socket.create_connection(("127.0.0.1", port), timeout=30) as peer:
            peer.sendall(f"POST /api/v1/ideas HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n".encode())
            piece = b" " * PIECE if announced else b"%x\r\n%s\r\n" % (PIECE, b" " * PIECE)
            heard = HTTPResponse(peer)
            peer.sendall(piece)
            heard.begin()
            sent = 0
            with contextlib.suppress(ConnectionError):
                while sent < 100 * FAR_BEYOND:
                    peer.sendall(piece)
                    sent += PIECE
            return heard.status, sent

    status, sent = await asyncio.to_thread(pour)
    assert status == 413, "the answer is there before the end of what never ends"
    assert FAR_BEYOND / 2 < sent < 4 * FAR_BEYOND


async def test_s40_who_asks_first_need_not_send(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /api/v1/ideas HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
        b"Content-Length: 5000\r\n\r\n"
    )
    async with asyncio.timeout(20):
        heard = await reader.read()
    assert heard.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in heard
    writer.close()
