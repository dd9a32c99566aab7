"""What is put on record of a case: evidence, requirements, conditions, indicators."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class EvidenceRecorded(Event):
    """A kind of evidence was put on record, or changed after an act was grounded on it."""

    kind = "evidence_recorded"
    parts = ("logbook",)
    evidence: str
    amendment: bool


@dataclass(frozen=True)
class RequirementRaised(Event):
    """Somebody asks something of the idea."""

    kind = "requirement_raised"
    parts = ("requirements",)
    requirement_id: UUID


@dataclass(frozen=True)
class RequirementAnswered(Event):
    """The team said what it made of a requirement; ``reason`` may be empty."""

    kind = "requirement_answered"
    parts = ("requirements",)
    requirement_id: UUID
    state: str
    reason: str


@dataclass(frozen=True)
class ConditionSettled(Event):
    """The condition in a judgement of ``person_id`` was met, or accepted for a reason."""

    kind = "condition_settled"
    parts = ("judgements",)
    dimension: str
    person_id: UUID
    state: str
    reason: str


@dataclass(frozen=True)
class IndicatorSet(Event):
    """An indicator was set, changed or withdrawn."""

    kind = "indicator_set"
    parts = ("indicators",)
    indicator: str
    amendment: bool


@dataclass(frozen=True)
class ValueMeasured(Event):
    """A value of an indicator was measured on a day."""

    kind = "value_measured"
    parts = ("indicators",)
    indicator: str
    day: str
