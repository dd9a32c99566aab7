"""What a kept version may be called, and how many of them an idea has."""

from typing import Final

from collab.typed import checked, fault_of, refuse, tidied

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
    refuse(
        {
            "name": fault_of(stored, NAME_CHARS_MAX, if_empty="empty"),
            "note": fault_of(said, NOTE_CHARS_MAX),
        }
    )
    return stored, said


def checked_reason(reason: str) -> str:
    """Why a text is restored, as it is stored. Raises Invalid if it is missing or too long."""
    return checked(reason, "reason", REASON_CHARS_MAX)
