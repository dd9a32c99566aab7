"""Requirements: what people ask of an idea, and what its team makes of it."""

from dataclasses import dataclass
from enum import StrEnum

from collab.typed import fault_of, refuse, tidied

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
    asked, name = tidied(text), tidied(recorded_for)
    refuse(
        {
            "text": fault_of(asked, TEXT_CHARS_MAX, if_empty="empty"),
            "recorded_for": fault_of(name, NAME_CHARS_MAX),
        }
    )
    return Asked(asked, name or None)


def check_answer(state: str, because: str) -> tuple[RequirementState, str]:
    """What the team says to a requirement; whoever asked learns why, so it is always said."""
    because = tidied(because)
    refuse(
        {
            "state": "" if state in set(RequirementState) else "unknown-choice",
            "because": fault_of(because, BECAUSE_CHARS_MAX, if_empty="empty"),
        }
    )
    return RequirementState(state), because
