"""The badge of a measure as JSON that anyone can check: what it says, and its canonical bytes.

Only texts, whole numbers, true, false, null, lists and objects occur, so the canonical form is
what RFC 8785 makes of them: keys in order, no white space, UTF-8. Signing is the server's.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from collab.errors import Invalid

FORM: Final = "arena-badge/1"
ALGORITHM: Final = "Ed25519"
BYTES_MAX: Final = 100_000

Badge = Mapping[str, Any]


def canonical(value: object) -> bytes:
    """The one way to write the value; raises ValueError for what may not be in a badge."""
    _require_plain(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(value: object) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def signed(badge: Badge, key_id: str, signature: bytes) -> dict[str, object]:
    """The badge with its signature, as it is handed out."""
    value = to_base64url(signature)
    return {
        "badge": dict(badge),
        "signature": {"algorithm": ALGORITHM, "key": key_id, "value": value},
    }


def parse_signed(text: bytes) -> tuple[dict[str, Any], str, bytes]:
    """Badge, key id and signature of a badge file.

    Raises:
        Invalid: it is none; a field that is named twice would be read differently by others.
    """
    if len(text) > BYTES_MAX:
        raise Invalid(fields={"file": "too-big"})
    try:
        whole = json.loads(
            text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse
        )
        badge, signature = whole["badge"], whole["signature"]
        if not isinstance(badge, dict) or badge.get("form") != FORM:
            raise ValueError("no badge of this form")
        if set(whole) != {"badge", "signature"} or signature["algorithm"] != ALGORITHM:
            raise ValueError("another signature")
        return badge, str(signature["key"]), from_base64url(str(signature["value"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Invalid(fields={"file": "malformed"}) from error


def key_id_of(public_key: bytes) -> str:
    """The name of an Ed25519 key: the thumbprint of its JWK (RFC 7638)."""
    return to_base64url(hashlib.sha256(canonical(_thumbprint(public_key))).digest())


def jwk_of(public_key: bytes) -> dict[str, str]:
    """The public key as JWK (RFC 8037)."""
    more = {"kid": key_id_of(public_key), "use": "sig", "alg": "EdDSA"}
    return {**_thumbprint(public_key), **more}


def keys_in(jwks: object) -> dict[str, bytes]:
    """The Ed25519 keys of a key set by their names; raises Invalid if it is none."""
    try:
        found = [each for each in jwks["keys"] if each.get("crv") == "Ed25519"]  # type: ignore[index]
        keys = [from_base64url(each["x"]) for each in found]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(fields={"keys": "malformed"}) from error
    return {key_id_of(key): key for key in keys}


def to_base64url(data: bytes) -> str:
    """The bytes in base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes; raises ValueError for anything else than base64url without padding."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if to_base64url(data) != text:
        raise ValueError("not the canonical form")
    return data


def _thumbprint(public_key: bytes) -> dict[str, str]:
    return {"crv": ALGORITHM, "kty": "OKP", "x": to_base64url(public_key)}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _refuse(text: str) -> object:
    raise ValueError(f"{text} may not be in a badge")


def _require_plain(value: object) -> None:
    match value:
        case dict():
            if not all(isinstance(name, str) for name in value):
                raise ValueError("names are texts")
            for each in value.values():
                _require_plain(each)
        case list():
            for each in value:
                _require_plain(each)
        case str() | bool() | int() | None:
            pass
        case _:
            raise ValueError(f"{value!r} may not be in a badge")
