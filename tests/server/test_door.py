"""Which requests come in: origin, and size."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.auth.visitor import bearer_token, origin_allowed
from server.middleware.bodies import Measured
from server.middleware.door import may_change
from server.settings import load_settings

SETTINGS = load_settings(base_url="https://arena.example", origins="https://board.example")
OURS, THEIRS = "https://arena.example", "https://evil.example"
COOKIE = {"cookie": "arena_session=x"}


@pytest.mark.parametrize(
    ("headers", "is_allowed"),
    [
        ({"sec-fetch-site": "same-origin", **COOKIE}, True),
        ({"sec-fetch-site": "none", **COOKIE}, True),
        ({"sec-fetch-site": "cross-site", "origin": THEIRS, **COOKIE}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://x.arena.example", **COOKIE}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://board.example", **COOKIE}, True),
        ({"sec-fetch-site": "cross-site", **COOKIE}, False),
        ({"sec-fetch-site": "something-new", "origin": THEIRS}, False),
        ({"origin": OURS, **COOKIE}, True),
        ({"origin": "https://board.example", **COOKIE}, True),
        ({"origin": "https://arena.local", "host": "arena.local", **COOKIE}, True),
        ({"origin": THEIRS, "host": "arena.example", **COOKIE}, False),
        ({"origin": THEIRS, "host": "arena.example"}, False),
        ({"origin": "null", "host": "arena.example", **COOKIE}, False),
        ({"origin": "", "host": "", **COOKIE}, False),
        ({"origin": "https://arena.example.evil.example", "host": "arena.example"}, False),
        ({"host": "arena.example"}, True),
        ({"host": "arena.example", **COOKIE}, False),
        ({"authorization": "Bearer t", "origin": THEIRS}, True),
        ({"authorization": "Bearer t", "origin": THEIRS, **COOKIE}, False),
        ({"authorization": "Basic t", "origin": THEIRS}, False),
    ],
)
def test_only_our_pages_and_programs_change_anything(
    headers: dict[str, str], is_allowed: bool
) -> None:
    assert may_change(SETTINGS, Headers(headers)) is is_allowed


@pytest.mark.parametrize(
    ("headers", "is_allowed"),
    [
        ({"origin": OURS, **COOKIE}, True),
        ({"origin": THEIRS, **COOKIE}, False),
        ({"origin": THEIRS}, False),
        ({**COOKIE}, False),
        ({}, True),
    ],
)
def test_sockets_are_opened_by_our_pages_and_by_programs(
    headers: dict[str, str], is_allowed: bool
) -> None:
    assert origin_allowed(SETTINGS, Headers(headers)) is is_allowed


@pytest.mark.parametrize(
    ("value", "token"),
    [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", None), ("", None)],
)
def test_bearer_tokens_are_found(value: str, token: str | None) -> None:
    assert bearer_token(Headers({"authorization": value})) == token


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def too_big(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse("too big", error.status_code)


def limited() -> httpx2.AsyncClient:
    """A client of an application that takes bodies up to 100 bytes."""
    app = Starlette(
        routes=[Route("/", echo, methods=["POST"])],
        middleware=[Middleware(Measured, bytes_max=100)],
        exception_handlers={413: too_big},
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://arena.test")


@pytest.mark.parametrize(("size", "status"), [(0, 200), (100, 200), (101, 413)])
async def test_bodies_are_bounded_when_their_length_is_not_announced(
    size: int, status: int
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"x" * (size // 2)
        yield b"x" * (size - size // 2)

    async with limited() as http:
        answer = await http.post("/", content=pieces())
    assert answer.status_code == status
