"""What of an act stands in the log in clear, and what only as a salted digest.

In clear are codes, numbers and text versions. People and words are sealed: the log holds a digest
over a random key and the value, the key lies outside the chain. Where the key is gone, nobody can
say any more what was sealed, and the chain still verifies.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from collab.process.audit.entry import canonical

CODE: Final = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
"""What stands in clear has no room for a sentence or a name with spaces."""

CLEAR: Final = frozenset(
    {
        "case_id", "catalogue", "catalogue_version", "cause", "code", "comment_id", "comment_kind",
        "commitment_id", "confidence", "deed", "dimension", "evidence", "evidence_kind",
        "from_kind", "from_stage", "gate_report", "ground", "hands_over", "idea_id", "idea_kind",
        "initiative_id", "kind", "link", "measure_kind", "measure_type", "number", "office",
        "organisation_id", "outcome", "part", "principle", "process_id", "reason_code", "ref",
        "relation", "reply_to", "request_id", "responsibility_id", "role", "stage", "state",
        "successor_id", "support_kind", "target", "to_kind", "to_stage", "transition", "valid_from",
        "valid_until", "verdict", "version",
    }
)  # fmt: skip
"""Names of fields that never hold a person or words of people; whatever is not here is sealed."""

VERSION_KEYS: Final = frozenset({"epoch", "seq", "sha256"})
INTEGER_MAX: Final = 2**53 - 1
"""Whole numbers that every reader of JSON reads alike."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields of an act: those in clear, and those to be sealed, as text."""

    clear: dict[str, Any]
    words: dict[str, str]


def facts_of(payload: Mapping[str, Any]) -> Facts:
    """Divide the fields of an event, or of the record that goes with it."""
    clear = {name: value for name, value in payload.items() if _is_clear(name, value)}
    words = {name: as_text(value) for name, value in payload.items() if name not in clear}
    return Facts(clear, words)


def seal(key: bytes, name: str, value: str) -> str:
    """The digest that stands for ``value``; without ``key`` nobody can try what it was."""
    return hashlib.sha256(key + name.encode() + b"\n" + value.encode()).hexdigest()


def _is_clear(name: str, value: object) -> bool:
    match value:
        case None | bool():
            return True
        case int():
            return abs(value) <= INTEGER_MAX
        case str():
            return name in CLEAR and CODE.fullmatch(value) is not None
        case dict():
            return value.keys() == VERSION_KEYS
    return False


def as_text(value: object) -> str:
    """What a seal is over: a text as it is, anything else as canonical JSON."""
    return value if isinstance(value, str) else canonical(value).decode()
