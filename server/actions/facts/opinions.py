"""Stored judgements as the rules take them."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import Expertise, Judgement
from collab.process.version import TextVersion
from server.faces import Face
from storage.tables.feasibility.judgements import Judgement as JudgementRow

UNSAID: Final = "…"
"""In place of an own interest whose words are hidden: that there is one counts."""


def judgement_values(
    rows: Iterable[JudgementRow], known: Mapping[UUID, Face], team: Iterable[UUID]
) -> list[Judgement]:
    """The judgements of one idea whose ``team`` does not count; without words that are hidden."""
    members = frozenset(team)
    return [
        Judgement(
            dimension=row.dimension,
            person_id=row.person_id,
            actor_class=known[row.person_id].actor_class,
            body=known[row.person_id].organisation,
            verdict=Verdict(row.verdict),
            confidence=Confidence(row.confidence),
            reason="" if row.hidden_at else row.reason,
            version=TextVersion(row.epoch, row.seq, row.sha256),
            by_author=row.person_id in members,
            revision=row.revision,
            expertise=Expertise(row.expertise),
            expertise_note="" if row.hidden_at else row.expertise_note,
            own_interest=UNSAID if row.hidden_at and row.own_interest else row.own_interest,
            evidence="" if row.hidden_at else row.evidence,
            is_hidden=row.hidden_at is not None,
        )
        for row in rows
    ]
