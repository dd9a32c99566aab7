"""A report: what may be reported, on which ground, and how a case of reports is decided."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Invalid, NotAllowed
from collab.typed import checked, fault_of, refuse, tidied

WORDS_CHARS_MAX: Final = 2000
QUOTE_CHARS_MAX: Final = 500
REASON_CHARS_MAX: Final = 500
ADDRESS_KEPT_FOR: Final = timedelta(days=90)
"""So long an address for the answer is kept if nothing was decided."""

REPORTS_PER_CASE_MAX: Final = 200
"""So many reports of one thing are taken; the rest would say nothing new."""

DECIDED_AT_ONCE_MAX: Final = 50


class Target(StrEnum):
    """What can be reported. A judgement is reported for its words, never for its verdict."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    JUDGEMENT = "judgement"
    REQUIREMENT = "requirement"
    SECTION = "section"
    PERSON = "person"


HIDEABLE: Final = frozenset(
    {Target.COMMENT, Target.SUGGESTION, Target.JUDGEMENT, Target.REQUIREMENT}
)
"""What one person wrote, so that it can be hidden; a section is everybody's."""


class Ground(StrEnum):
    """Why something is reported, and by which rule it is hidden."""

    INSULT = "insult"
    HATE = "hate"
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    COPYRIGHT = "copyright"
    ILLEGAL = "illegal"
    OTHER = "other"


class Outcome(StrEnum):
    """How a case of reports ends.

    HIDDEN is for what one person wrote. ACTED says that something else was done: a text reverted,
    a person muted or suspended. DISMISSED leaves everything as it is.
    """

    HIDDEN = "hidden"
    ACTED = "acted"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is about: the thing itself, and whose it is, if it is one person's."""

    target: Target
    target_id: str
    idea_id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says, as it is stored."""

    ground: Ground
    words: str
    quote: str


def check_report(ground: str, words: str, quote: str) -> Said:
    """A report as it is stored; raises Invalid with every faulty field."""
    stored, passage = tidied(words), tidied(quote)
    refuse(
        {
            "ground": "" if ground in set(Ground) else "unknown-choice",
            "words": fault_of(stored, WORDS_CHARS_MAX, if_empty="empty"),
            "quote": fault_of(passage, QUOTE_CHARS_MAX),
        }
    )
    return Said(Ground(ground), stored, passage)


def check_reason(reason: str, chars_max: int = REASON_CHARS_MAX, field: str = "reason") -> str:
    """The reason of a decision, which those concerned read; raises Invalid naming ``field``."""
    return checked(reason, field, chars_max)


def check_ground(ground: str, field: str = "ground") -> Ground:
    """The rule by which something is hidden."""
    if ground not in set(Ground):
        raise Invalid(fields={field: "unknown-choice"})
    return Ground(ground)


def check_target(target: str) -> Target:
    """The kind of contribution of that name, if such ones can be hidden."""
    if target not in HIDEABLE:
        raise Invalid(fields={"target": "unknown-choice"})
    return Target(target)


def check_outcome(target: Target, outcome: str) -> Outcome:
    """The outcome of that name, if a case about such a target can end so."""
    if outcome not in set(Outcome):
        raise Invalid(fields={"outcome": "unknown-choice"})
    if outcome == Outcome.HIDDEN and target not in HIDEABLE:
        raise Invalid(fields={"outcome": "not-hideable"})
    return Outcome(outcome)


def require_impartial(decider: UUID, *, concerned: UUID | None, is_of_team: bool) -> None:
    """Nobody decides on what is his own: his words, his name, the text of his team.

    Raises:
        NotAllowed: (own-content) somebody else must decide.
    """
    if decider == concerned or is_of_team:
        raise NotAllowed("own-content")
