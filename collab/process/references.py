"""References: the public number of an idea, counted anew every year, like ``2026-00042``."""

import re
from typing import NamedTuple

from collab.errors import Invalid

# Longer than five digits once a year has more than 99,999 ideas; bounded to keep integers small.
_REFERENCE = re.compile(r"([0-9]{4})-([0-9]{5,9})")


class Reference(NamedTuple):
    """Year and sequence number of an idea."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:05d}"


def format_reference(year: int, number: int) -> str:
    """The reference of the ``number``-th idea of ``year``; numbers start at 1."""
    if not 0 <= year <= 9999 or number < 1:
        raise ValueError(f"no reference for idea {number} of year {year}")
    return str(Reference(year, number))


def parse_reference(text: str) -> Reference:
    """The reference in ``text``; raises Invalid unless it is written the one canonical way."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise Invalid(fields={"ref": "malformed"})
    reference = Reference(int(match[1]), int(match[2]))
    if reference.number < 1 or str(reference) != text:
        raise Invalid(fields={"ref": "malformed"})
    return reference
