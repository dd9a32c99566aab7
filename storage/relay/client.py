"""Clients of Redis or Valkey, with the settings that the relay rests on."""

import re
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from storage.relay.unavailable import RelayRefused, explained, without_password

ANSWER_S = 2.0
"""A server that says nothing for so long counts as away."""

VERSION_MIN = (6, 2)

_SCHEMES = re.compile(r"^(redis|rediss|valkey|valkeys|unix)://")


def client_of(url: str) -> Redis:
    """A client that fails at once instead of trying again: whoever uses it decides.

    Raises:
        RelayRefused: the URL is none.
    """
    if not _SCHEMES.match(url):
        raise RelayRefused(
            "ARENA_REDIS_URL must look like redis://host:6379/0, with rediss:// for TLS and "
            "redis://user:password@host:6379/0 for a server that asks who you are."
        )
    plain = re.sub("^valkey", "redis", url)
    settings: dict[str, Any] = {
        "socket_timeout": ANSWER_S,
        "socket_connect_timeout": ANSWER_S,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 0,
    }
    try:
        return Redis.from_url(plain, **settings)
    except ValueError as error:
        raise RelayRefused(
            f"ARENA_REDIS_URL cannot be read: {error}. It must look like redis://host:6379/0"
        ) from error


async def probe(url: str) -> str:
    """Name and version of the server, such as ``valkey 9.1.2``.

    Raises:
        RelayUnavailable: nobody answers there.
        RelayRefused: the URL, the password or the version is wrong.
    """
    client = client_of(url)
    try:
        told: dict[str, Any] = await client.info("server")
    except (RedisError, OSError, TimeoutError) as error:
        raise explained(error, url) from error
    finally:
        await client.aclose()
    name, version = _name_and_version(told)
    if _numbers(version) < VERSION_MIN:
        wanted = ".".join(map(str, VERSION_MIN))
        raise RelayRefused(
            f"The Redis at {without_password(url)} has version {version}; Arena needs {wanted} "
            "or newer, or any Valkey. Upgrade the server."
        )
    return f"{name} {version}"


def _name_and_version(told: dict[str, Any]) -> tuple[str, str]:
    """Valkey also says which Redis it behaves like."""
    if "valkey_version" in told:
        return "valkey", str(told["valkey_version"])
    return "redis", str(told.get("redis_version", "0"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
