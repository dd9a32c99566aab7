"""Requests that no page of ours sends: refused one by one, and never a fault."""

import base64
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.middleware.security import HEADERS
from server.pages.forms import local
from tests.server.idea.arena_of_all import Everyone, everyone

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ANCHOR = {"section": "title", "start": "AA", "end": "AA", "quote": "x", "prefix": "", "suffix": ""}


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


def in_charset(charset: str, **fields: bytes) -> dict[str, Any]:
    """A form in parts, in the charset that its sender names."""
    parts = [
        b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    media = f"multipart/form-data; boundary=B; charset={charset}"
    return {"content": b"".join(parts) + b"--B--\r\n", "headers": {"Content-Type": media}}


@pytest.mark.parametrize("charset", ["punycode", "unicode_escape", "idna", "undefined", "utf-7"])
async def test_forms_are_read_in_no_charset_but_utf_8(arena: Everyone, charset: str) -> None:
    form = in_charset(charset, name=b"a" * 50_000 + b"-" + b"a" * 50_000, password=b"\\ud800")
    started = time.perf_counter()
    response = await arena.arena.client.post("/sign-in", **form)
    assert response.status_code == 415
    assert time.perf_counter() - started < 1, "the charset was asked"


async def test_a_form_in_parts_is_read_as_utf_8(arena: Everyone) -> None:
    form = in_charset("UTF-8", name="Jürgen".encode(), password=b"x" * 12)
    response = await arena.arena.client.post("/sign-in", **form)
    assert response.status_code == 403
    assert 'value="Jürgen"' in response.text


async def test_nul_is_left_out_of_forms(arena: Everyone) -> None:
    response = await arena.arena.client.post(
        "/sign-in", content=b"name=J%00ana&password=" + b"x" * 12, headers=FORM
    )
    assert response.status_code == 403
    assert 'value="Jana"' in response.text


@pytest.mark.parametrize("quote", ["\ud800", "a\udfffb", "a\x00b"])
async def test_no_comment_can_keep_everybody_from_the_page(arena: Everyone, quote: str) -> None:
    ref = await arena.idea("open")
    person, guest = await arena.client("participant"), await arena.client("guest")
    anchor = json.dumps({**ANCHOR, "quote": quote})
    fields = {"kind": "note", "text": "Hier.", "anchor": anchor}

    response = await person.post(f"/ideas/{ref}/comments", data=fields)

    assert response.status_code == 422
    assert (await guest.get(f"/ideas/{ref}")).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://]", "null", "http://", "://", "[" * 99])
async def test_an_origin_that_is_none_is_refused(arena: Everyone, origin: str) -> None:
    response = await arena.arena.client.post("/sign-out", headers={"Origin": origin})
    assert response.status_code == 403


@pytest.mark.parametrize("path", ["//[x", "//]", "/\\[", "http://[", "//evil.example"])
def test_nobody_is_led_elsewhere(path: str) -> None:
    assert local(path) == "/"


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01T00:00:00",
    ],
)
async def test_only_cursors_of_ours_are_followed(arena: Everyone, moment: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{moment} {'a' * 32}".encode()).decode().rstrip("=")
    response = await arena.arena.client.get("/api/v1/ideas", params={"cursor": cursor})
    assert response.status_code == 422


async def test_a_revision_that_no_database_counts_to_is_refused(arena: Everyone) -> None:
    ref = await arena.idea("open")
    moderator = await arena.client("moderator")
    body = {"kind": "need", "expected_revision": 2**31}
    assert (await moderator.put(f"/api/v1/ideas/{ref}/kind", json=body)).status_code == 422


async def test_a_fault_is_answered_with_all_headers_and_no_reason(arena: Everyone) -> None:
    async def broken(request: Request) -> Response:
        raise RuntimeError("the secret reason")

    arena.arena.app.router.routes.insert(0, Route("/broken", broken))
    response = await (await arena.client("participant")).get("/broken")

    assert response.status_code == 500
    assert "secret reason" not in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-request-id"]
