"""Judgements of feasibility."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from storage.tables.columns import BigId, Row, UTCDateTime, one_of

VERDICTS = ("feasible", "with_conditions", "open", "not_feasible")
CONFIDENCES = ("low", "medium", "high")
EXPERTISE = ("none", "profession", "research", "office", "lived")


class Judgement(Row, table=True):
    """What one person thinks of one dimension, and of which text; the key allows only one.

    ``revision`` counts how often the person has changed his mind. ``expertise`` is the ground that
    he declares, ``expertise_note`` the same in his words, ``own_interest`` what he would gain or
    lose, ``evidence`` the address of what he refers to. ``round_id`` is the round it was given in.

    ``withdrawn_at``: taken back, without its words; the row stays so that ``revision`` goes on.
    ``looked_sha256`` is the text that the clock has compared last, ``told_at`` when the person was
    told last that the text had changed. ``hidden_at``: a moderator hid its words; the verdict
    counts.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        CheckConstraint("length(dimension) BETWEEN 1 AND 64", name="dimension"),
        CheckConstraint(one_of("verdict", VERDICTS), name="verdict"),
        CheckConstraint(one_of("confidence", CONFIDENCES), name="confidence"),
        CheckConstraint(one_of("expertise", EXPERTISE), name="expertise"),
        CheckConstraint("epoch >= 1 AND seq >= 0", name="version"),
        CheckConstraint("revision >= 1", name="revision"),
    )

    idea_id: UUID = Field(foreign_key="idea.id", primary_key=True)
    dimension: str = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    verdict: str
    confidence: str
    reason: str
    epoch: int
    seq: int = Field(sa_type=BigId)
    sha256: str
    created_at: datetime = Field(sa_type=UTCDateTime)
    updated_at: datetime = Field(sa_type=UTCDateTime)
    revision: int = 1
    expertise: str = "none"
    expertise_note: str = ""
    own_interest: str = ""
    evidence: str = ""
    round_id: UUID | None = Field(default=None, foreign_key="judgement_round.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    looked_sha256: str | None = None
    told_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
