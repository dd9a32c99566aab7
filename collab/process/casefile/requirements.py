"""Requirements: what people ask of an idea, and what its team makes of it."""

from dataclasses import dataclass
from enum import StrEnum

from collab.errors import Invalid
from collab.typed import tidied

TEXT_CHARS_MAX = 2_000
BECAUSE_CHARS_MAX = 2_000
NAME_CHARS_MAX = 200
REQUIREMENTS_MAX = 500
"""How many an idea holds; more could not be answered with care."""


class RequirementState(StrEnum):
    """What the team has made of a requirement."""

    TAKEN_UP = "taken_up"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement as it is stored; ``recorded_for`` is None where one speaks for oneself."""

    text: str
    recorded_for: str | None


def check_requirement(text: str, recorded_for: str = "") -> Asked:
    """What somebody asks; raises Invalid with every faulty field."""
    faults: dict[str, str] = {}
    asked = Asked(_plain(text), _plain(recorded_for) or None)
    if not asked.text:
        faults["text"] = "empty"
    elif len(asked.text) > TEXT_CHARS_MAX:
        faults["text"] = "too-long"
    if asked.recorded_for and len(asked.recorded_for) > NAME_CHARS_MAX:
        faults["recorded_for"] = "too-long"
    if faults:
        raise Invalid(fields=faults)
    return asked


def check_answer(state: str, because: str) -> tuple[RequirementState, str]:
    """What the team says to a requirement; whoever asked learns why, so it is always said."""
    faults: dict[str, str] = {}
    because = _plain(because)
    if state not in set(RequirementState):
        faults["state"] = "unknown-choice"
    if not because:
        faults["because"] = "empty"
    elif len(because) > BECAUSE_CHARS_MAX:
        faults["because"] = "too-long"
    if faults:
        raise Invalid(fields=faults)
    return RequirementState(state), because


def _plain(text: str) -> str:
    # Other line ends and NUL reach us from forms and files; SQL and the page want neither.
    return tidied(text)
