"""What the gates know of commitments and of central measures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.calendar.berlin import berlin_date
from collab.process.gates.facts import CommitmentFacts
from collab.process.measures.central import LinkKind
from collab.process.measures.commitment import PRINCIPLES, State, answers_of, missing
from server.actions.measures.commitments import Asked, asked, signed_in
from storage.database import Transaction
from storage.process import catalogues
from storage.process.measures import central, commitments
from storage.process.measures.commitments import Commitment


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """The facts of one case that come from commitments and links to central measures."""

    principles_open: tuple[str, ...]
    commitment: CommitmentFacts | None
    central_measures: int


async def measure_facts(tx: Transaction, idea_id: UUID, now: datetime) -> MeasureFacts:
    """What the leading organisation has said to the principles, and where the idea is referred.

    While nobody leads, every principle is open: an answer needs somebody who answers for it.
    """
    links = await central.of_idea(tx, idea_id)
    referred = {each.link.number for each in links if each.link.kind == LinkKind.REFERRED}
    found = await asked(tx, idea_id, now)
    if found is None:
        return MeasureFacts(await _all_principles(tx, now), None, len(referred))
    made = await commitments.of_idea(tx, idea_id)
    own = [each for each in made if each.organisation_id == found.lead.organisation_id]
    signed = signed_in(own, found.lead.organisation_id)
    is_current = signed is not None and signed.catalogue_version == found.catalogue.version
    said = signed if is_current else found.draft or signed
    return MeasureFacts(
        principles_open=missing(
            found.principles, answers_of(said.answers if said else {}), found.duty
        ),
        commitment=await _commitment(tx, found, signed) if signed or found.draft else None,
        central_measures=len(referred),
    )


async def _commitment(tx: Transaction, found: Asked, signed: Commitment | None) -> CommitmentFacts:
    """The signed commitment if there is one, else the draft: it says what is still missing."""
    row = signed or found.draft
    assert row is not None
    asked_then = await _principles_of(tx, row)
    return CommitmentFacts(
        missing=missing(asked_then, answers_of(row.answers), found.duty),
        is_signed=row.state == State.SIGNED,
        is_current=row.catalogue_version == found.catalogue.version,
    )


async def _principles_of(tx: Transaction, row: Commitment) -> tuple[str, ...]:
    """The principles that could be answered on the day of the commitment, in its version."""
    versions = await catalogues.versions(tx, row.catalogue_id)
    pinned = next(each for each in versions if each.version == row.catalogue_version)
    day = berlin_date(row.signed_at or row.drafted_at)
    return tuple(entry.id for entry in pinned.choices(day))


async def _all_principles(tx: Transaction, now: datetime) -> tuple[str, ...]:
    today = berlin_date(now)
    current = await catalogues.current(tx, PRINCIPLES, today)
    return tuple(entry.id for entry in current.choices(today))
