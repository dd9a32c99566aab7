"""What the gates look at, taken from one text version and the tables of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from collab.process.actors import ActorClass
from collab.process.dossier import DossierTemplate
from collab.process.feasibility.judgements import Judges
from collab.process.stages import MeasureType


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The organisation that has confirmed to lead."""

    organisation_id: UUID
    name: str
    actor_class: ActorClass


@dataclass(frozen=True, slots=True)
class AlignmentFacts:
    """What the statements say the idea pays into, and what others hold of it.

    ``chars`` maps each guiding idea or field of action to the length of its statement;
    ``reviewers`` are people outside the team who reviewed all statements as they are now.
    """

    guiding_ideas: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    doubts_open: int = 0
    reviewers: int = 0


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """The signed commitment of the leading organisation to the principles of good practice."""

    missing: tuple[str, ...]  # principles of its catalogue version without a complete answer
    is_signed: bool  # by a person entitled to sign for the organisation that leads now
    is_current: bool  # made to the catalogue version that is valid now


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Proposals that answer a need and have become measures; ``days`` since the first did."""

    measures: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """A merge into another idea that is asked for; ``days`` since then, nobody has refused.

    ``waiting``: so many of those who are asked have not answered. ``is_open``: the other idea can
    still take this one in.
    """

    waiting: int = 0
    days: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class MergedFacts:
    """What a merged idea came from; ``is_onward``: its target has been merged itself by now."""

    stage: str
    is_onward: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All facts of a case, at one moment, for one actor."""

    template: DossierTemplate
    filled: frozenset[str]  # "title" and the ids of sections that hold text
    team: frozenset[UUID] = frozenset()  # everybody with a role at the idea
    authors: frozenset[UUID] = frozenset()
    actor: UUID | None = None  # who wants the transition; None while nobody does
    reason: str | None = None  # None while nobody was asked for one
    archived_from: str | None = None  # the stage an archived idea came from
    measure_type: MeasureType | None = None
    lead: LeadFacts | None = None
    judged: Mapping[str, Judges] = field(default_factory=dict)  # by dimension
    conditions_open: int = 0
    judging_until: date | None = None  # the day of an open round that hides judgements
    alignment: AlignmentFacts = AlignmentFacts()
    requirements_open: int = 0  # requirements without a state
    initiatives_related: int = 0
    initiatives_searched: bool = False  # "searched, nothing found" is on record
    evidence: Mapping[str, frozenset[str]] = field(default_factory=dict)  # filled fields by kind
    indicators: Mapping[str, int] = field(default_factory=dict)  # how many, by kind
    principles_open: tuple[str, ...] = ()  # neither complied with nor explained
    commitment: CommitmentFacts | None = None
    replications: int = 0
    answers: AnswerFacts = AnswerFacts()
    central_measures: int = 0  # central measures the idea is referred to
    merging: MergeFacts | None = None  # while it is to be merged into another
    merged: MergedFacts | None = None  # once it was
