"""What people put on a board, before it is there: a note's text, its colour, its dots."""

import re
from typing import Final

from collab.errors import Conflict, Invalid
from collab.papers import NOTE_CHARS_MAX, NOTE_COLOURS, NOTE_ID
from collab.typed import tidied

TEXT_CHARS_MAX: Final = NOTE_CHARS_MAX
TITLE_CHARS_MAX: Final = 80
SILENT_NOTES_MAX: Final = 100
"""Of one person that wait to be shown; more than anybody writes in a step."""

DOTS_MAX: Final = 50

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def check_note_id(text: str, field: str = "id") -> str:
    """The name of a note; raises Invalid for what cannot be one."""
    if not NOTE_ID.fullmatch(text):
        raise Invalid(fields={field: "malformed"})
    return text


def check_note_text(text: str, field: str = "text") -> str:
    """The words of a note: something, and not too much."""
    stored = _CONTROLS.sub("", tidied(text))
    if not stored:
        raise Invalid(fields={field: "empty"})
    if len(stored) > TEXT_CHARS_MAX:
        raise Invalid(fields={field: "too-long"})
    return stored


def check_title(text: str, field: str = "title") -> str:
    """The title of a group: one line, not empty, not too long."""
    stored = " ".join(_CONTROLS.sub("", tidied(text)).split())
    if not stored:
        raise Invalid(fields={field: "empty"})
    if len(stored) > TITLE_CHARS_MAX:
        raise Invalid(fields={field: "too-long"})
    return stored


def check_colour(text: str, field: str = "colour") -> str:
    """One of the papers that there are."""
    if text not in NOTE_COLOURS:
        raise Invalid(fields={field: "unknown-choice"})
    return text


def check_dots(count: int, elsewhere: int, budget: int) -> None:
    """Whether a person may give a note so many, who gives so many to others.

    Raises:
        Invalid: no such number.
        Conflict: (dots-spent) that is more than he has; ``left`` says how many he has.
    """
    if not 0 <= count <= DOTS_MAX:
        raise Invalid(fields={"count": "out-of-range"})
    if count and elsewhere + count > budget:
        raise Conflict("dots-spent", left=max(0, budget - elsewhere), most=budget)
