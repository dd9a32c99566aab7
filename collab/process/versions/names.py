"""What a kept version may be called, and how many of them an idea has."""

from typing import Final

from collab.errors import Invalid
from collab.typed import tidied

NAME_CHARS_MAX: Final = 100
NOTE_CHARS_MAX: Final = 500
REASON_CHARS_MAX: Final = 500
NAMED_MAX: Final = 200
"""So many versions of one idea carry a name."""

RESTORES_MAX: Final = 12
"""So often the text of one idea is restored within ``RESTORES_S``; each keeps a whole text."""

RESTORES_S: Final = 3_600


def checked_name(name: str, note: str) -> tuple[str, str]:
    """The name, on one line, and the note as they are stored.

    Raises:
        Invalid: the name is missing, or one of both is too long.
    """
    stored, said = " ".join(tidied(name).split()), tidied(note)
    faults = {}
    if not stored:
        faults["name"] = "empty"
    if len(stored) > NAME_CHARS_MAX:
        faults["name"] = "too-long"
    if len(said) > NOTE_CHARS_MAX:
        faults["note"] = "too-long"
    if faults:
        raise Invalid(fields=faults)
    return stored, said


def checked_reason(reason: str) -> str:
    """Why a text is restored, as it is stored. Raises Invalid if it is missing or too long."""
    stored = tidied(reason)
    if not stored:
        raise Invalid(fields={"reason": "empty"})
    if len(stored) > REASON_CHARS_MAX:
        raise Invalid(fields={"reason": "too-long"})
    return stored
