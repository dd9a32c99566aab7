"""Judgements, tallies and rounds as the API carries them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.actors import ActorClass
from collab.process.calendar.berlin import berlin_date
from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import (
    EVIDENCE_CHARS_MAX,
    INTEREST_CHARS_MAX,
    NOTE_CHARS_MAX,
    REASON_CHARS_MAX,
    Declared,
    Expertise,
    Judgement,
    check_declared,
)
from collab.process.feasibility.rounds import CLOSING_REASON_CHARS_MAX, Disclosure
from collab.process.feasibility.tallies import Tally
from server.api.versions import VersionBody
from storage.feasibility.judgements import Judgement as JudgementRow
from storage.feasibility.rounds import JudgementRound


class JudgementBody(BaseModel):
    """What a person holds of one dimension, of which text, and on what ground.

    ``expertise_note`` says the ground in one's own words and is needed unless ``expertise`` is
    ``none``; ``own_interest`` is what one would gain or lose oneself. ``round_id`` is the round one
    believes to judge in: if that is over, the answer is 409 and not a judgement outside of it.
    """

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    confidence: Confidence
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    expertise: Expertise = Expertise.NONE
    expertise_note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)
    own_interest: str = Field(default="", max_length=2 * INTEREST_CHARS_MAX)
    evidence: str = Field(default="", max_length=2 * EVIDENCE_CHARS_MAX)
    round_id: UUID | None = None
    text_version: VersionBody

    def declared(self) -> Declared:
        """What the person declares; raises Invalid."""
        return check_declared(self.expertise, self.expertise_note, self.own_interest, self.evidence)


class KeepBody(BaseModel):
    """Of which text one holds what one held of an earlier one."""

    model_config = ConfigDict(extra="forbid")

    text_version: VersionBody


class JudgementOut(BaseModel):
    """One person's judgement of one dimension."""

    dimension: str
    verdict: Verdict
    confidence: Confidence
    reason: str
    expertise: Expertise
    expertise_note: str
    own_interest: str
    evidence: str
    round_id: UUID | None
    text_version: VersionBody
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: JudgementRow) -> "JudgementOut":
        return cls(
            dimension=row.dimension,
            verdict=Verdict(row.verdict),
            confidence=Confidence(row.confidence),
            reason=row.reason,
            expertise=Expertise(row.expertise),
            expertise_note=row.expertise_note,
            own_interest=row.own_interest,
            evidence=row.evidence,
            round_id=row.round_id,
            text_version=VersionBody(epoch=row.epoch, seq=row.seq, sha256=row.sha256),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class ViewOut(BaseModel):
    """What somebody of the minority holds, and why; by ``id`` it is reported."""

    id: UUID
    verdict: Verdict
    confidence: Confidence
    reason: str
    expertise: Expertise

    @classmethod
    def of(cls, one: Judgement) -> "ViewOut":
        return cls(
            id=UUID(one.id),
            verdict=one.verdict,
            confidence=one.confidence,
            reason=one.reason,
            expertise=one.expertise,
        )


class TallyOut(BaseModel):
    """What the judgements of one dimension say together; all counts are of people.

    ``spread`` is the share of pairs of people whose verdicts differ. ``outdated`` judgements are
    for an earlier text, from which that of now differs materially. ``hidden``: a round, or the
    template, shows what others hold only to who has judged, or later; then only ``n`` is told.
    """

    dimension: str
    n: int
    hidden: bool
    by_verdict: dict[Verdict, int]
    by_confidence: dict[Confidence, int]
    by_class: dict[ActorClass, int]
    by_expertise: dict[Expertise, int]
    spread: float | None
    outdated: int | None
    by_authors: int | None
    minority: list[ViewOut]

    @classmethod
    def of(cls, found: Tally, *, is_hidden: bool) -> "TallyOut":
        return cls(
            dimension=found.dimension,
            n=found.n,
            hidden=is_hidden,
            by_verdict={} if is_hidden else dict(found.by_verdict),
            by_confidence={} if is_hidden else dict(found.by_confidence),
            by_class={} if is_hidden else dict(found.by_class),
            by_expertise={} if is_hidden else dict(found.by_expertise),
            spread=None if is_hidden else found.spread,
            outdated=None if is_hidden else found.outdated,
            by_authors=None if is_hidden else found.by_authors,
            minority=[] if is_hidden else [ViewOut.of(one) for one in found.minority],
        )


class RoundBody(BaseModel):
    """A round to be opened; ``ends_on`` is its last day, in Berlin."""

    model_config = ConfigDict(extra="forbid")

    dimensions: list[str] = Field(max_length=64)
    disclosure: Disclosure
    ends_on: date
    text_version: VersionBody


class ClosingBody(BaseModel):
    """Why a round is closed before its day."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2 * CLOSING_REASON_CHARS_MAX)


class RoundOut(BaseModel):
    """A round; ``closed_reason`` is empty where its day was over."""

    id: UUID
    dimensions: list[str]
    disclosure: Disclosure
    ends_on: date
    text_version: VersionBody
    opened_at: datetime
    closed_at: datetime | None
    closed_reason: str

    @classmethod
    def of(cls, row: JudgementRound) -> "RoundOut":
        return cls(
            id=row.id,
            dimensions=row.dimensions,
            disclosure=Disclosure(row.disclosure),
            ends_on=berlin_date(row.ends_at),
            text_version=VersionBody(epoch=row.epoch, seq=row.seq, sha256=row.sha256),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            closed_reason=row.closed_reason,
        )


class Rounds(BaseModel):
    """The rounds of an idea, the newest first."""

    rounds: list[RoundOut]


class Feasibility(BaseModel):
    """All dimensions, the text that ``outdated`` is counted against, and what the reader gave.

    ``round`` is the one that is open now.
    """

    text_version: VersionBody
    round: RoundOut | None
    tallies: list[TallyOut]
    mine: list[JudgementOut]
