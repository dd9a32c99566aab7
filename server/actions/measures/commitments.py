"""Committing the leading organisation to the principles: drafted by its people, then signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from collab.errors import Conflict, NotFound, Unmet
from collab.process.actors import Actor, ActorClass
from collab.process.calendar.berlin import berlin_date
from collab.process.catalogues.catalogue import Catalogue
from collab.process.events.event import Event
from collab.process.events.measures import (
    CommitmentDrafted,
    CommitmentSigned,
    CommitmentWithdrawn,
)
from collab.process.measures.central import check_reason
from collab.process.measures.commitment import (
    PRINCIPLES,
    Answers,
    Duty,
    State,
    answers_of,
    check_answers,
    duty_of,
    missing,
)
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.actions.responsibility.standing import require_member, require_signatory
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.process import catalogues, responsibility
from storage.process.measures import commitments
from storage.process.measures.commitments import Commitment
from storage.process.responsibility import Responsibility


@dataclass(frozen=True, slots=True)
class Asked:
    """Who leads the idea, what it is asked to answer, and what it has drafted so far."""

    lead: Responsibility
    duty: Duty
    catalogue: Catalogue
    principles: tuple[str, ...]
    draft: Commitment | None


async def asked(tx: Transaction, idea_id: UUID, now: datetime) -> Asked | None:
    """What the organisation that leads now is asked; None if nobody leads."""
    lead = (await responsibility.leads(tx, [idea_id])).get(idea_id)
    if lead is None:
        return None
    today = berlin_date(now)
    catalogue = await catalogues.current(tx, PRINCIPLES, today)
    made = await commitments.of_idea(tx, idea_id)
    return Asked(
        lead=lead,
        duty=duty_of(ActorClass(lead.actor_class)),
        catalogue=catalogue,
        principles=tuple(entry.id for entry in catalogue.choices(today)),
        draft=draft_in(made, lead.organisation_id),
    )


def draft_in(made: list[Commitment], organisation_id: UUID) -> Commitment | None:
    """The organisation's open draft."""
    own = (each for each in made if each.organisation_id == organisation_id)
    return next((each for each in own if each.state == State.DRAFT), None)


async def save_draft(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    answers: Mapping[str, Mapping[str, object]],
    expected_revision: int,
) -> Commitment:
    """Write what the leading organisation says to each principle; nobody is bound by it yet.

    ``expected_revision`` is the draft's that was seen, 0 if there was none.

    Raises:
        Conflict: (no-lead); (commitment-moved) somebody of the organisation wrote meanwhile.
        NotAllowed: (not-of-organisation) the leading one has not confirmed the actor.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "commitment", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case, found = await _opened(tx, actor, ref, Action.DRAFT_COMMITMENT, now)
        await require_member(tx, actor, found.lead.organisation_id)
        kept = check_answers(answers, found.principles)
        draft = await _write(tx, case, found, kept, expected_revision, now)
        event = await tell(tx, case, CommitmentDrafted(draft.id, draft.organisation_name), now)
    await services.announcer.announce([event])
    return await read(services, draft.id)


async def sign(services: Services, actor: Actor, ref: str, *, expected_revision: int) -> Commitment:
    """Commit the leading organisation to exactly the draft of that revision.

    Raises:
        NotAllowed: (not-entitled-to-sign) not for this organisation.
        Unmet: some principles have no complete answer; names them all.
        Conflict: (commitment-moved) it is another draft; (principles-moved) the principles have a
            newer version, to which the draft has to be saved first.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "commitment", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case, found = await _opened(tx, actor, ref, Action.SIGN_COMMITMENT, now)
        await require_signatory(tx, actor, found.lead.organisation_id)
        draft = _signable(found, expected_revision)
        lead = found.lead.organisation_id
        await commitments.end_signed(tx, case.idea.id, lead, State.SUPERSEDED, "", now)
        is_first = await commitments.sign(
            tx, draft.id, draft.revision, by=case.person_id, name=case.actor.name, now=now
        )
        assert is_first, "nobody acts at an idea whose document somebody else holds"
        await commitments.close_renewal(tx, case.idea.id, now)
        await ideas.touch(tx, case.idea.id, now)
        organisation = (draft.organisation_id, draft.organisation_name)
        fact: Event = CommitmentSigned(draft.id, *organisation, str(draft.catalogue_version))
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])
    return await read(services, draft.id)


async def withdraw(services: Services, actor: Actor, ref: str, *, reason: str) -> None:
    """Take the signature of the leading organisation back; the words stay public.

    Raises:
        NotFound: (no-commitment) it has signed none.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "commitment", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case, found = await _opened(tx, actor, ref, Action.SIGN_COMMITMENT, now)
        said = check_reason(reason)
        lead = found.lead.organisation_id
        await require_signatory(tx, actor, lead)
        signed = signed_in(await commitments.of_idea(tx, case.idea.id), lead)
        if signed is None:
            raise NotFound("no-commitment")
        await commitments.end_signed(tx, case.idea.id, lead, State.WITHDRAWN, said, now)
        fact = CommitmentWithdrawn(signed.id, signed.organisation_name, said)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])


def signed_in(made: list[Commitment], organisation_id: UUID) -> Commitment | None:
    """What the organisation has signed and neither followed nor withdrawn."""
    own = (each for each in made if each.organisation_id == organisation_id)
    return next((each for each in own if each.state == State.SIGNED), None)


async def read(services: Services, commitment_id: UUID) -> Commitment:
    """The commitment as it is now."""
    async with services.database.read() as tx:
        found = await commitments.get(tx, commitment_id)
    assert found is not None, "commitments are not deleted"
    return found


async def _opened(
    tx: Transaction, actor: Actor, ref: str, action: Action, now: datetime
) -> tuple[Case, Asked]:
    """The idea, locked for an act, and what its lead is asked."""
    case = await acting_case(tx, actor, ref, action)
    found = await asked(tx, case.idea.id, now)
    if found is None:
        raise Conflict("no-lead")
    return case, found


async def _write(
    tx: Transaction,
    case: Case,
    found: Asked,
    answers: Answers,
    expected_revision: int,
    now: datetime,
) -> Commitment:
    draft = found.draft
    if expected_revision != (draft.revision if draft else 0):
        raise _moved(draft)
    values: dict[str, Any] = {
        "catalogue_version": found.catalogue.version,
        "duty": found.duty,
        "answers": {name: answer.to_json() for name, answer in answers.items()},
        "drafted_by": case.person_id,
        "drafted_at": now,
    }
    if draft is None:
        return await commitments.create(
            tx,
            id=uuid4(),
            idea_id=case.idea.id,
            organisation_id=found.lead.organisation_id,
            organisation_name=found.lead.organisation_name,
            catalogue_id=PRINCIPLES,
            **values,
        )
    is_first = await commitments.redraft(tx, draft.id, draft.revision, **values)
    assert is_first, "nobody acts at an idea whose document somebody else holds"
    return draft


def _signable(found: Asked, expected_revision: int) -> Commitment:
    """The draft that was seen, if it may be signed as it is."""
    draft = found.draft
    if draft is None or draft.revision != expected_revision:
        raise _moved(draft)
    if draft.catalogue_version != found.catalogue.version:
        raise Conflict("principles-moved", current=found.catalogue.version)
    if lacking := missing(found.principles, answers_of(draft.answers), found.duty):
        unmet = {"code": "commitment-incomplete", "principles": list(lacking)}
        raise Unmet(unmet=[unmet])
    return draft


def _moved(draft: Commitment | None) -> Conflict:
    return Conflict("commitment-moved", current={"revision": draft.revision if draft else 0})
