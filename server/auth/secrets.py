"""Secrets that we hand out and later recognise: cookies, tokens, tickets, links.

Each has 256 random bits, so its SHA-256 can be kept instead of it without salt or stretching.
"""

from hashlib import sha256
from secrets import token_urlsafe

SECRET_BYTES = 32
SECRET_LENGTH_MAX = 128


def new_secret() -> str:
    """A fresh secret, safe in URLs, cookies and headers."""
    return token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """What is kept of ``secret``."""
    return sha256(secret[:SECRET_LENGTH_MAX].encode()).hexdigest()
