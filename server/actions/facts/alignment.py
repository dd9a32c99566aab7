"""What gates see of an idea's statements on guiding ideas and fields of action."""

from collections.abc import Iterable
from uuid import UUID

from collab.process.alignment.statements import Review, Statement, Verdict, alignment_facts
from collab.process.gates.facts import AlignmentFacts
from storage.database import Transaction
from storage.process.ties import alignment
from storage.process.ties.alignment import Alignment, AlignmentReview


async def alignment_of(tx: Transaction, idea_id: UUID, team: Iterable[UUID]) -> AlignmentFacts:
    """The facts of an idea whose ``team`` does not review itself."""
    stated = await alignment.current(tx, idea_id)
    reviewed = await alignment.reviews(tx, idea_id)
    return alignment_facts(map(statement_value, stated), map(review_value, reviewed), team)


def statement_value(row: Alignment) -> Statement:
    """A stored statement as the rules take it."""
    return Statement((row.catalogue_id, row.entry_id), row.revision, len(row.contribution))


def review_value(row: AlignmentReview) -> Review:
    """A stored review as the rules take it."""
    return Review(
        goal=(row.catalogue_id, row.entry_id),
        revision=row.revision,
        person_id=row.person_id,
        verdict=Verdict(row.verdict),
        is_answered=row.answer is not None,
    )
