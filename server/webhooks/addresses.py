"""Where webhooks may lead: https, and to no address of a private network.

A name is looked up anew for each request, and the request goes to the very address that was
checked: a name that changes its address meanwhile gains nothing.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final

import httpx2

from server.settings import is_loopback

URL_CHARS_MAX: Final = 2_000
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class UnfitAddress(Exception):
    """A webhook may not lead there; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, and the address to connect to for it."""

    url: httpx2.URL
    address: str

    @property
    def connected(self) -> httpx2.URL:
        """The URL with the address in the place of the name."""
        return self.url.copy_with(host=self.address)


def fit_url(text: str) -> httpx2.URL:
    """The URL, if webhooks may have one like that.

    Raises:
        UnfitAddress: it is no URL, or not https, or holds what it should not.
    """
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError) as error:
        raise UnfitAddress("That is no URL; it must look like https://example.org/hook") from error
    if len(text) > URL_CHARS_MAX or not url.host:
        raise UnfitAddress("The URL must look like https://example.org/hook")
    if url.userinfo or url.fragment:
        raise UnfitAddress(
            "The URL must hold no user, no password and no #; receivers check the signature"
        )
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise UnfitAddress("The URL must begin with https:// (http:// only to this machine itself)")
    return url


async def resolved(text: str, *, private: bool) -> Target:
    """The URL with an address that may be connected to; all that its name has must be allowed.

    Raises:
        UnfitAddress: it may not; OSError: the name is not known.
    """
    url = fit_url(text)
    port = url.port or (443 if url.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(named(url), port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    unfit = [each for each in addresses if not private and not is_public(each)]
    if unfit or not addresses:
        raise UnfitAddress(
            f"{url.host} is an address of a private network or of this machine; "
            "where that is wanted set ARENA_WEBHOOK_PRIVATE=1"
        )
    return Target(url, addresses[0])


def named(url: httpx2.URL) -> str:
    """The name of the URL's host as it is looked up and as certificates have it."""
    return url.raw_host.decode("ascii")


def is_public(address: str) -> bool:
    """Whether the address is one of the open network, also where it wraps another one."""
    found: IPv4Address | IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            wrapped = IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped is not None:
            found = wrapped
    return found.is_global and not found.is_multicast
