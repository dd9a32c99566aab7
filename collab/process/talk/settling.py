"""Settling a thread: the note that goes with it, and the change of the text that settles it."""

import re
from typing import Final

from collab.errors import Invalid
from collab.typed import checked

NOTE_CHARS_MAX: Final = 500
_VERSION: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,15}")


def check_note(note: str) -> str:
    """What is said when a thread is settled, possibly nothing; raises Invalid if too long."""
    return checked(note, "note", NOTE_CHARS_MAX, if_empty="")


def check_change(earlier: str, later: str) -> tuple[str, str] | None:
    """The two text versions between which the change lies, or None if none is named.

    Raises:
        Invalid: one is malformed, or missing beside the other, or they are not in this order.
    """
    if not earlier and not later:
        return None
    begin, end = _place(earlier), _place(later)
    faults: dict[str, str] = {}
    if begin is None:
        faults["change_from"] = "malformed"
    if end is None:
        faults["change_to"] = "malformed"
    if begin is not None and end is not None and begin >= end:
        faults["change_to"] = "before-the-beginning"
    if faults:
        raise Invalid(fields=faults)
    return earlier, later


def _place(name: str) -> tuple[int, int] | None:
    if not _VERSION.fullmatch(name):
        return None
    epoch, _, seq = name.partition(".")
    return int(epoch), int(seq)
