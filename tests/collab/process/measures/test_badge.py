"""Badges: one canonical form, and nothing that could be read in two ways."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.measures.badge import (
    BYTES_MAX,
    FORM,
    canonical,
    from_base64url,
    jwk_of,
    key_id_of,
    keys_in,
    parse_signed,
    signed,
    to_base64url,
)

# RFC 8037, appendix A: a public key and its thumbprint.
PUBLIC = from_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
BADGE = {"form": FORM, "number": "A-2026-0001", "title": "Schatten – „ü“", "revision": 7}

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def whole(**changes: Any) -> dict[str, Any]:
    """A signed badge, spoilt by ``changes``."""
    return {**signed(BADGE, "key", b"signature"), **changes}


def test_m10_the_canonical_form_is_in_order_without_white_space_and_in_utf_8() -> None:
    value = {"b": [1, True, None], "a": 'ü "', "aa": {}}
    assert canonical(value) == '{"a":"ü \\"","aa":{},"b":[1,true,null]}'.encode()


@given(PLAIN)
def test_m10_however_a_badge_is_written_its_canonical_form_is_the_same(value: Any) -> None:
    try:
        form = canonical(value)
    except UnicodeEncodeError:
        return
    assert canonical(json.loads(json.dumps(value, indent=3))) == form
    assert json.loads(form) == value


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a": (1, 2)}, b"x", [float("nan")]])
def test_m10_what_is_written_differently_elsewhere_may_not_be_in_a_badge(value: object) -> None:
    with pytest.raises(ValueError, match=r"badge|names"):
        canonical(value)


def test_m10_a_badge_comes_back_as_it_was_signed() -> None:
    text = json.dumps(whole(), indent=2).encode()
    assert parse_signed(text) == (BADGE, "key", b"signature")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 50_000,
        json.dumps(whole(more=1)).encode(),
        json.dumps(whole(badge={**BADGE, "form": "arena-badge/2"})).encode(),
        json.dumps(whole(badge=[])).encode(),
        json.dumps(whole(badge={**BADGE, "revision": 7.5})).encode(),
        json.dumps(whole(badge={**BADGE, "revision": float("nan")})).encode(),
        json.dumps(whole(signature={"algorithm": "none", "key": "", "value": ""})).encode(),
        json.dumps(whole(signature={"algorithm": "Ed25519", "key": "k", "value": "a+b/"})).encode(),
        json.dumps(whole()).replace('"revision": 7', '"revision": 7, "revision": 8').encode(),
    ],
)
def test_m10_what_is_no_badge_is_refused(text: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_signed(text)
    assert refusal.value.data["fields"] == {"file": "malformed"}


def test_m10_the_largest_badge_is_read_and_a_larger_one_refused() -> None:
    text = json.dumps(whole()).encode()
    parse_signed(text + b" " * (BYTES_MAX - len(text)))
    with pytest.raises(Invalid) as refusal:
        parse_signed(text + b" " * (BYTES_MAX - len(text) + 1))
    assert refusal.value.data["fields"] == {"file": "too-big"}


def test_m10_a_key_is_named_by_its_thumbprint() -> None:
    assert key_id_of(PUBLIC) == THUMBPRINT
    assert keys_in({"keys": [jwk_of(PUBLIC), {"kty": "RSA"}]}) == {THUMBPRINT: PUBLIC}


@pytest.mark.parametrize("keys", [None, [], {}, {"keys": 1}, {"keys": [{"crv": "Ed25519"}]}])
def test_m10_what_is_no_set_of_keys_is_refused(keys: object) -> None:
    with pytest.raises(Invalid):
        keys_in(keys)


@given(st.binary(max_size=80))
def test_m10_base64url_has_one_form(data: bytes) -> None:
    text = to_base64url(data)
    assert from_base64url(text) == data
    assert not set(text) & set("+/=")


@pytest.mark.parametrize("text", ["a", "ab==", "a+b/", "QR", "ä"])
def test_m10_anything_else_is_no_base64url(text: str) -> None:
    with pytest.raises(ValueError):
        from_base64url(text)
