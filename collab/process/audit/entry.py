"""One entry of the audit log: what it says, its canonical form, and the hash that chains it.

The format is described in ``docs/audit.md`` and is for good: a change is a new ``FORMAT``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

FORMAT: Final = "arena-audit/1"
FIRST: Final = "0" * 64
"""What stands for the hash before the first entry."""

ARENA_CHAIN: Final = "arena"
"""The chain of acts that concern no idea; every other chain is named by the reference of one."""

BEGUN: Final = "begun"
"""The act with which a chain begins over a history that was there before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be entered; its place in the chain is not known yet."""

    chain: str
    act: str
    at: datetime
    public: bool
    event: int | None
    """The number of the event that told of the act; none where an entry stands for many."""
    facts: Mapping[str, Any]
    sealed: Mapping[str, str]
    """Salted digests by name of what is not shown: people and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of a chain."""

    draft: Draft
    number: int
    previous: str
    hash: str

    @property
    def chain(self) -> str:
        return self.draft.chain

    def to_json(self) -> dict[str, Any]:
        """The entry as it is exported."""
        return {**_hashed(self.draft, self.number, self.previous), "hash": self.hash}

    def closed(self) -> dict[str, Any]:
        """The entry for who may know that something happened, and not what."""
        return {
            "format": FORMAT,
            "chain": self.chain,
            "number": self.number,
            "closed": True,
            "previous": self.previous,
            "hash": self.hash,
        }


def enter(draft: Draft, number: int, previous: str) -> Entry:
    """The draft as the entry ``number``, chained to the hash of the one before."""
    digest = digest_of(_hashed(draft, number, previous))
    return Entry(draft=draft, number=number, previous=previous, hash=digest)


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: one form for one value (RFC 8785 for what we use of JSON)."""
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def digest_of(value: object) -> str:
    """Hex SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def moment(at: datetime) -> str:
    """``2026-11-23T09:30:00.000000Z``: UTC, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _hashed(draft: Draft, number: int, previous: str) -> dict[str, Any]:
    """Everything that the hash is over."""
    return {
        "format": FORMAT,
        "chain": draft.chain,
        "number": number,
        "at": moment(draft.at),
        "act": draft.act,
        "public": draft.public,
        "event": draft.event,
        "facts": dict(draft.facts),
        "sealed": dict(draft.sealed),
        "previous": previous,
    }
