"""What people type into fields, as it is stored, and what is wrong with it."""

import re
from collections.abc import Mapping
from typing import Final

from collab.errors import Invalid

TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks by which a text can turn round the letters that stand after it (Unicode TR 9)."""


def tidied(text: str) -> str:
    """The text with one kind of line end, without NUL, and without white space around it.

    Marks that turn letters round are left out as well: what stands beside a text is shown in
    sentences, lists and mails, where they would go on. Letters that are written from right to
    left need none of them.
    """
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return TURNING.sub("", one_kind).strip()


def fault_of(stored: str, chars_max: int, *, if_empty: str = "") -> str:
    """The code of what is wrong with a text of at most ``chars_max``; empty if it is sound.

    ``if_empty`` is the code where something has to be said.
    """
    if not stored:
        return if_empty
    return "too-long" if len(stored) > chars_max else ""


def checked(text: str, field: str, chars_max: int, *, if_empty: str = "empty") -> str:
    """The text as it is stored; raises Invalid naming ``field``, see ``fault_of``."""
    stored = tidied(text)
    refuse({field: fault_of(stored, chars_max, if_empty=if_empty)})
    return stored


def refuse(faults: Mapping[str, str]) -> None:
    """Raise Invalid with every field that has a fault, if one has."""
    if found := {field: code for field, code in faults.items() if code}:
        raise Invalid(fields=found)
