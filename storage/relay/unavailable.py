"""The one error for "the relay cannot be used now", and how a driver's error becomes it."""

from urllib.parse import urlsplit

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError


class RelayUnavailable(Exception):
    """Redis cannot be used; the message is a sentence that says what to do."""


class RelayRefused(RelayUnavailable):
    """Waiting does not help: the URL, the password or the server itself is wrong."""


def explained(error: BaseException, url: str) -> RelayUnavailable:
    """What an operator should read when the server at ``url`` fails so."""
    where = without_password(url)
    if isinstance(error, AuthenticationError | NoPermissionError):
        return RelayRefused(
            f"Redis refused the user or the password in ARENA_REDIS_URL ({where}). Correct it, "
            "and let the user publish, subscribe and use the keys arena:*."
        )
    if isinstance(error, ResponseError):
        return RelayRefused(f"Redis at {where} does not do what Arena asks of it: {error}")
    if isinstance(error, RedisError | OSError | TimeoutError):
        return RelayUnavailable(
            f"No Redis or Valkey answers at {where}. Start it or correct ARENA_REDIS_URL; "
            "meanwhile processes follow each other through the database, only slower."
        )
    return RelayUnavailable(f"The relay at {where} failed: {error}")


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}:{parts.port or 6379}{parts.path}"
