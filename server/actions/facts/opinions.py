"""Stored judgements as the rules take them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import Expertise, Judgement
from collab.process.version import TextVersion
from server.faces import Face
from storage.tables.feasibility.judgements import Judgement as JudgementRow


def judgement_values(
    rows: Iterable[JudgementRow], known: Mapping[UUID, Face], team: Iterable[UUID]
) -> list[Judgement]:
    """The judgements of one idea whose ``team`` does not count."""
    members = frozenset(team)
    return [
        Judgement(
            dimension=row.dimension,
            person_id=row.person_id,
            actor_class=known[row.person_id].actor_class,
            body=known[row.person_id].organisation,
            verdict=Verdict(row.verdict),
            confidence=Confidence(row.confidence),
            reason=row.reason,
            version=TextVersion(row.epoch, row.seq, row.sha256),
            by_author=row.person_id in members,
            revision=row.revision,
            expertise=Expertise(row.expertise),
            expertise_note=row.expertise_note,
            own_interest=row.own_interest,
            evidence=row.evidence,
        )
        for row in rows
    ]
