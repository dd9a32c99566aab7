"""What a badge says: the measure, its recognition as it is now, and the ground it was given on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collab.process.measures.badge import FORM, Badge
from server.views.measures.commitments import Statement, statement
from storage import stages
from storage.database import Transaction
from storage.process.measures import commitments
from storage.process.measures.register import Entry, Recognition
from storage.stages import StageChange


@dataclass(frozen=True, slots=True)
class Ground:
    """What a recognition rests on: the commitment word for word, and the official acts."""

    recognition: Recognition
    commitment: Statement
    given: StageChange
    changed: StageChange
    """The act that last changed its state; the one that gave it if nothing happened since."""
    decision: StageChange
    """The act by which the idea became a measure."""


async def ground_of(tx: Transaction, entry: Entry) -> Ground | None:
    """The ground of the entry's recognition, if it has one."""
    row = entry.recognition
    if row is None:
        return None
    made = await commitments.get(tx, row.commitment_id)
    wanted = {row.change_id, row.changed_by_id, entry.measure.change_id}
    acts = {each.id: each for each in await stages.history(tx, row.idea_id) if each.id in wanted}
    assert made is not None, "commitments are not deleted"
    assert entry.measure.change_id is not None, "what is recognised was decided"
    return Ground(
        recognition=row,
        commitment=await statement(tx, made),
        given=acts[row.change_id],
        changed=acts[row.changed_by_id],
        decision=acts[entry.measure.change_id],
    )


def badge_of(entry: Entry, ground: Ground, address: str, now: datetime) -> Badge:
    """The badge as it is signed; it names offices and organisations, but no person.

    Everything but ``issued_at`` stays the same until something happens to the recognition.
    """
    row = ground.recognition
    assert entry.idea is not None, "only what was an idea is recognised"
    return {
        "form": FORM,
        "issued_at": _moment(now),
        "measure": entry.measure.number,
        "title": entry.title,
        "url": f"{address}/measures/{entry.measure.number}",
        "idea": entry.idea.ref,
        "recognition": row.number,
        "state": row.state,
        "given_at": _moment(row.given_at),
        "given_by": row.office,
        "changed_at": _moment(row.changed_at),
        "organisation": row.organisation_name,
        "commitment": _commitment(ground.commitment),
        "decision": _act(ground.decision),
        "act": _act(ground.changed),
    }


def _commitment(found: Statement) -> dict[str, Any]:
    row = found.row
    return {
        "catalogue": row.catalogue_id,
        "version": row.catalogue_version,
        "organisation": row.organisation_name,
        "signed_at": _moment(row.signed_at) if row.signed_at else None,
        "answers": [
            {"principle": each.principle.id, **each.answer.to_json()} for each in found.said
        ],
    }


def _act(change: StageChange) -> dict[str, Any]:
    return {
        "transition": change.transition,
        "at": _moment(change.at),
        "office": change.office,
        "revision": change.revision,
        "text": {"epoch": change.epoch, "seq": change.seq, "sha256": change.sha256},
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
