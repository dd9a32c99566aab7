"""Where webhooks may lead, and where a name leads that changes its mind."""

import asyncio
import socket
from typing import Any

import pytest

from server.webhooks import sending
from server.webhooks.addresses import UnfitAddress, fit_url, is_public, resolved
from tests.server.webhooks.receiver import receiving

OPEN = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]
INSIDE = [
    "10.0.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
]
UNFIT = [
    "",
    "example.org",
    "ftp://example.org/",
    "http://example.org/",
    "https://",
    "https://user:word@example.org/",
    "https://example.org/#part",
    "https://example.org/" + "x" * 2_000,
]


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have every name lead to these addresses."""

    async def found(_loop: Any, _host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", found)


@pytest.mark.parametrize("address", OPEN)
def test_t29_addresses_of_the_open_network_are_allowed(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_t29_private_addresses_are_not_however_they_are_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", UNFIT)
def test_t29_urls_are_https_and_hold_no_secrets_before_the_host(url: str) -> None:
    with pytest.raises(UnfitAddress, match="URL"):
        fit_url(url)


@pytest.mark.parametrize("url", ["https://example.org:8443/a?b=c", "http://127.0.0.1:1/"])
def test_t29_https_and_this_machine_are_fit(url: str) -> None:
    assert str(fit_url(url)) == url


async def test_t29_a_name_with_one_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names(monkeypatch, OPEN[0], "10.0.0.1")
    with pytest.raises(UnfitAddress, match="ARENA_WEBHOOK_PRIVATE=1"):
        await resolved("https://example.org/", private=False)
    target = await resolved("https://example.org/", private=True)
    assert target.connected.host == OPEN[0]


async def test_t29_a_name_that_leads_inside_later_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving() as inside:
        names(monkeypatch, OPEN[0])
        url = f"https://example.org:{inside.port}/"
        await resolved(url, private=False)
        names(monkeypatch, "127.0.0.1")
        assert await sending.send(url, b"{}", {}, private=False) == "address not allowed"
        assert not inside.requests


async def test_t29_the_request_goes_to_the_checked_address_under_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with receiving() as receiver:
        names(monkeypatch, "127.0.0.1")
        url = f"http://localhost:{receiver.port}/hook?key=1"
        assert await sending.send(url, b"{}", {}, private=True) == sending.SENT
        (request,) = receiver.requests
        assert (request.path, request.headers["host"]) == (
            "/hook?key=1",
            f"localhost:{receiver.port}",
        )


async def test_t28_who_does_not_listen_or_speaks_no_tls_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.3)
    async with receiving() as receiver:
        url = receiver.url
        secure = url.replace("http:", "https:")
        assert await sending.send(secure, b"{}", {}, private=True) == "no answer in time"
    assert (await sending.send(url, b"{}", {}, private=True)).startswith("not reached")
