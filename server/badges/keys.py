"""The key that Arena signs with: from the settings, else from a file made at first use.

Whoever runs several machines gives all of them the same ``ARENA_SIGNING_KEY``.
"""

import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from collab.process.measures.badge import (
    Badge,
    canonical,
    from_base64url,
    jwk_of,
    key_id_of,
    signed,
    to_base64url,
)
from server.settings import Settings

FILE: Final = "signing-key"
SEED_BYTES: Final = 32
OWNER_ONLY: Final = 0o600

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Signs badges; the key itself never leaves it."""

    _key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that others check signatures with."""
        return self._key.public_key().public_bytes_raw()

    @property
    def jwks(self) -> dict[str, object]:
        """The public key as a key set (RFC 7517)."""
        return {"keys": [jwk_of(self.public_key)]}

    def key_for(self, purpose: bytes) -> bytes:
        """A key of its own for another purpose; it tells nothing of the one it is made from."""
        return hmac.digest(self._key.private_bytes_raw(), purpose, "sha256")

    def sign(self, badge: Badge) -> dict[str, object]:
        """The badge with its signature over the canonical form."""
        return signed(badge, key_id_of(self.public_key), self._key.sign(canonical(badge)))


def is_signed_by(public_key: bytes, badge: Badge, signature: bytes) -> bool:
    """Whether exactly this badge was signed with the key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, canonical(badge))
    except (InvalidSignature, ValueError):
        return False
    return True


def new_seed() -> str:
    """A new private key as it stands in ``ARENA_SIGNING_KEY``."""
    return to_base64url(secrets.token_bytes(SEED_BYTES))


def signer_of(settings: Settings) -> Signer:
    """The signer of this process."""
    return _signer(settings.signing_key, settings.var / FILE)


@lru_cache(maxsize=16)
def _signer(given: str | None, file: Path) -> Signer:
    seed = given or _kept_seed(file)
    return Signer(Ed25519PrivateKey.from_private_bytes(from_base64url(seed)))


def _kept_seed(file: Path) -> str:
    """The key in the file, which is made if it is not there; of two makers the first one wins."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{FILE}.{secrets.token_hex(8)}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(handle, "w") as writing:
            writing.write(new_seed() + "\n")
            writing.flush()
            os.fsync(writing.fileno())
        try:
            os.link(made, file)
        except FileExistsError:
            log.info("another process made the signing key", file=str(file))
        finally:
            made.unlink()
    if os.name == "posix" and file.stat().st_mode & 0o077:
        log.warning("others can read the signing key", file=str(file), hint="chmod 600")
    return file.read_text().strip()
