"""The receipt of a guest: with it an account takes over what he did (ADR 0028).

It is the proof of having been the guest. A cookie is none: on a shared tablet it is whoever's who
holds the tablet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from collab.process.workshop.codes import ALPHABET

RECEIPT_CHARS: Final = 24
"""Of 31 letters each: 118 random bits."""

GROUP_CHARS: Final = 4
TYPED_CHARS_MAX: Final = 200

_RECEIPT = re.compile(f"[{ALPHABET}]{{{RECEIPT_CHARS}}}")


def parse_receipt(typed: str) -> str | None:
    """The receipt that was typed, with or without blanks and hyphens; None if it cannot be one."""
    found = re.sub(r"[\s\-–.]+", "", typed[:TYPED_CHARS_MAX]).upper()
    return found if _RECEIPT.fullmatch(found) else None


def spelled_receipt(receipt: str) -> str:
    """A receipt as it is shown: in groups of four."""
    groups = (receipt[at : at + GROUP_CHARS] for at in range(0, len(receipt), GROUP_CHARS))
    return "-".join(groups)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What of the guest did not pass on, because one person has it only once."""

    judgements: tuple[str, ...] = ()
    """``ref dimension`` of those where the account's own stands."""
    dots: int = 0
    """Beyond what one person may give."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a claim has done: rows that passed on, by table, and what did not."""

    moved: Mapping[str, int] = field(default_factory=dict)
    withdrawn: Withdrawn = Withdrawn()
    in_team: tuple[str, ...] = ()
    """References of ideas of the account's own teams which it judged or reviewed: there it does not
    count as somebody from outside."""
