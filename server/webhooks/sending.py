"""One signed request to another system: bounded in time, following nothing, reading no answer."""

import asyncio
import ssl
from functools import cache
from http import HTTPStatus
from typing import Final

import httpx2

from server.webhooks.addresses import UnfitAddress, named, resolved

TIMEOUT_S: Final = 15.0
"""From looking up the name to the answer's first line, whatever comes slowly in between;
to connect may take a third of it, and to wait for the answer two."""

SENT: Final = ""
GONE: Final = "gone (410)"


async def send(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> str:
    """Send it; ``SENT``, or in a few words why it was not taken.

    Redirects are not followed: they would lead past the check of the address. Of the answer only
    the status is read.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            status = await _status(url, body, headers, private=private)
    except UnfitAddress:
        return "address not allowed"
    except (TimeoutError, httpx2.TimeoutException):
        return "no answer in time"
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        return f"not reached ({type(error).__name__})"
    if status == HTTPStatus.GONE:
        return GONE
    return SENT if 200 <= status < 300 else f"answered {status}"


async def _status(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> int:
    target = await resolved(url, private=private)
    ours = {
        "Host": target.url.netloc.decode("ascii"),
        "Content-Type": "application/json",
        "User-Agent": "Arena-Webhooks",
        "Accept-Encoding": "identity",
    }
    async with (
        httpx2.AsyncClient(
            verify=_trust(),
            trust_env=False,
            timeout=httpx2.Timeout(TIMEOUT_S * 2 / 3, connect=TIMEOUT_S / 3),
            follow_redirects=False,
        ) as client,
        client.stream(
            "POST",
            target.connected,
            content=body,
            headers=ours | headers,
            # The certificate must be the name's, not the address's.
            extensions={"sni_hostname": named(target.url)},
        ) as answer,
    ):
        return answer.status_code


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificates takes longer than a request."""
    return ssl.create_default_context()
