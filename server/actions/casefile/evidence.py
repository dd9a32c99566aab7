"""Putting evidence on record: a new revision of a kind, never over somebody else's."""

from collections.abc import Mapping
from dataclasses import dataclass

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.casefile import EvidenceRecorded
from collab.process.evidence import (
    EvidenceKind,
    asked_in,
    check_amendment,
    check_evidence,
    load_evidence,
)
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, open_case, tell
from server.auth import limits
from server.faces import faces
from server.services import Services
from storage import ideas, stages
from storage.database import Transaction
from storage.process.casefile import evidence
from storage.process.casefile.evidence import Evidence


@dataclass(frozen=True, slots=True)
class OnRecord:
    """One kind of evidence of a case: all revisions, and whether an act was grounded on it."""

    kind: EvidenceKind
    revisions: tuple[Evidence, ...]  # oldest first
    is_ground: bool

    @property
    def latest(self) -> Evidence | None:
        """What counts now; None if nothing was put on record yet."""
        return self.revisions[-1] if self.revisions else None

    @property
    def revision(self) -> int:
        """The number of the newest revision; 0 if there is none."""
        return self.latest.revision if self.latest else 0

    @property
    def values(self) -> Mapping[str, str]:
        """What is on record now, by field."""
        return self.latest.data if self.latest else {}


async def put_evidence(
    services: Services,
    actor: Actor,
    ref: str,
    kind_id: str,
    *,
    data: Mapping[str, str],
    expected_revision: int,
    reason: str = "",
) -> OnRecord:
    """Put the fields on record as the next revision; the same again changes nothing.

    Raises:
        NotFound: the process of the idea asks for no such evidence.
        NotAllowed: (evidence-of-others) it is for other roles to put on record.
        Invalid: names every faulty field; an amendment without a reason names ``reason``.
        Conflict: (evidence-moved) somebody was first; ``current`` is what he put on record.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.PUT_EVIDENCE)
        found = await on_record(tx, case, kind_id)
        if not may_put(case, found.kind):
            raise NotAllowed("evidence-of-others", kind=kind_id)
        kept = check_evidence(found.kind, data)
        if found.latest is not None and found.latest.data == kept:
            return found
        _require_first(found, expected_revision, kept)
        _require_whole(found, kept)
        why = check_amendment(reason, is_amendment=found.is_ground)
        await evidence.append(
            tx,
            idea_id=case.idea.id,
            kind=kind_id,
            revision=found.revision + 1,
            data=kept,
            reason=why,
            is_amendment=found.is_ground,
            by=case.person_id,
            by_name=case.actor.name,
            organisation=(await faces(tx, [case.person_id]))[case.person_id].organisation,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        found = await on_record(tx, case, kind_id)
        event = await tell(tx, case, EvidenceRecorded(kind_id, found.is_ground), now)
    await services.announcer.announce([event])
    return found


async def read_evidence(services: Services, actor: Actor, ref: str, kind_id: str) -> OnRecord:
    """One kind of evidence for somebody who may read the idea."""
    async with services.database.read() as tx:
        return await on_record(tx, await open_case(tx, actor, ref), kind_id)


async def logbook(tx: Transaction, case: Case) -> list[OnRecord]:
    """Everything that the process can ask of the case, and what is on record besides."""
    rows = await evidence.history(tx, case.idea.id)
    grounds = await grounded_kinds(tx, case)
    asked = {kind.id for kind in asked_in(case.process, case.idea.kind)}
    return [
        OnRecord(kind, tuple(row for row in rows if row.kind == kind.id), kind.id in grounds)
        for kind in load_evidence().kinds
        if kind.id in asked or any(row.kind == kind.id for row in rows)
    ]


async def on_record(tx: Transaction, case: Case, kind_id: str) -> OnRecord:
    """One kind out of the logbook.

    Raises:
        NotFound: (evidence-unknown) the process of the idea asks for no such evidence.
    """
    for found in await logbook(tx, case):
        if found.kind.id == kind_id:
            return found
    raise NotFound("evidence-unknown")


async def grounded_kinds(tx: Transaction, case: Case) -> frozenset[str]:
    """The kinds on which an official act at the idea was grounded."""
    changes = await stages.history(tx, case.idea.id)
    return frozenset(kind for change in changes for kind in change.evidence)


def may_put(case: Case, kind: EvidenceKind) -> bool:
    """Whether the actor may put this kind on record now."""
    return case.may(Action.PUT_EVIDENCE) and not kind.roles.isdisjoint(case.actor.effective_roles)


def plain(row: Evidence) -> dict[str, object]:
    """A revision as refusals carry it."""
    return {
        "revision": row.revision,
        "data": dict(row.data),
        "by": row.by_name,
        "organisation": row.organisation,
        "at": row.at.isoformat(),
    }


def _require_whole(found: OnRecord, kept: Mapping[str, str]) -> None:
    """What an act was grounded on may be amended, not taken away."""
    missing = found.kind.missing(kept) if found.is_ground else ()
    if missing:
        raise Invalid(fields={field.id: "missing" for field in missing})


def _require_first(found: OnRecord, expected: int, yours: Mapping[str, str]) -> None:
    if found.revision != expected:
        current = plain(found.latest) if found.latest else None
        raise Conflict("evidence-moved", current=current, yours=dict(yours))
