"""Guests get a receipt; with it an account takes over what they did (ADR 0028).

All answers to a receipt that does not work are the same, whatever the reason.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.errors import NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.event import is_public
from collab.process.events.feasibility.judging import JudgementWithdrawn
from collab.process.events.gathering.claims import GuestClaimed
from collab.process.workshop.claims import (
    RECEIPT_CHARS,
    Outcome,
    Withdrawn,
    parse_receipt,
)
from collab.process.workshop.codes import ALPHABET
from server.actions.access import Caller, known
from server.actions.workshop.opening import tell_workshop
from server.auth import limits
from server.auth.secrets import hash_of
from server.services import Services
from storage import access, documents, events, ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.people import Person
from storage.workshop import attendances, claiming, workshops
from storage.workshop.claiming import Guest
from storage.workshop.workshops import Workshop

EMPTIED: Final = {"de": "Übernommener Gast", "en": "Claimed guest"}
HANDLE_CHARS: Final = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """What a receipt stands for, before anything is done."""

    workshop: Workshop
    guest: Person
    counts: Mapping[str, int]
    """How much the guest did, by kind."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was taken over."""

    workshop: Workshop
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Passing:
    """A guest in the middle of being claimed."""

    guest: Guest
    person: Person
    workshop: Workshop
    account_id: UUID
    now: datetime


async def make_receipt(services: Services, actor: Actor) -> str:
    """A receipt for the guest who asks; the one he had before is worth nothing from now on.

    Raises:
        NotAllowed: (receipt-for-guests) he has an account.
        NotFound: (claim-unknown) he was sent out, or his workshop is long over.
    """
    person_id, now = known(actor), services.clock()
    receipt = "".join(secrets.choice(ALPHABET) for _ in range(RECEIPT_CHARS))
    async with services.database.write() as tx:
        guest = await attendances.guest(tx, person_id)
        if guest is None:
            raise NotAllowed("receipt-for-guests")
        await _require_claimable(tx, guest, now)
        if not await claiming.put_receipt(tx, person_id, hash_of(receipt)):
            raise NotFound("claim-unknown")
    return receipt


async def evening_of(services: Services, actor: Actor) -> Workshop | None:
    """The workshop whose guest the actor is; None if he has an account."""
    if actor.person_id is None:
        return None
    async with services.database.read() as tx:
        guest = await attendances.guest(tx, actor.person_id)
        return await workshops.get(tx, guest.workshop_id) if guest else None


async def look(services: Services, actor: Actor, typed: str, caller: Caller) -> Offer:
    """What the receipt stands for.

    Raises:
        NotAllowed: (claim-needs-account) the actor is a guest himself.
        NotFound: (claim-unknown) it stands for nothing, for whatever reason.
        Limited: too many wrong ones.
    """
    await _require_patience(services, actor, caller)
    try:
        async with services.database.read() as tx:
            await _require_account(tx, actor)
            guest = await _found(tx, typed)
            workshop, person = await _require_claimable(tx, guest, services.clock())
            return Offer(workshop, person, await claiming.counts(tx, person.id))
    except NotFound:
        await _note_wrong(services, actor, caller)
        raise


async def claim(services: Services, actor: Actor, typed: str, caller: Caller) -> Claimed:
    """Take over everything that the guest of the receipt did, and end his sign-ins.

    Raises:
        NotAllowed, NotFound, Limited: as for ``look``; also if somebody was faster.
    """
    await _require_patience(services, actor, caller)
    try:
        async with services.database.write() as tx:
            passing = await _begin(tx, actor, typed, services.clock())
            ended = await access.sessions(tx, passing.person.id, passing.now)
            await access.revoke_sessions(tx, passing.person.id, passing.now)
            found = await claiming.documents_of(tx, passing.guest)
            outcome, taken_back = await _pass_on(tx, passing, found)
            told = [
                *await _tell_taken_back(tx, passing, taken_back),
                await _tell(tx, passing, actor),
            ]
    except NotFound:
        await _note_wrong(services, actor, caller)
        raise
    for session in ended:
        await services.hub.revoke_session(session.id_hash)
    await services.announcer.announce(told)
    for document_id in found:
        await services.hub.access_changed(document_id)
    await _pass_on_late_comers(services, passing)
    return Claimed(passing.workshop, passing.person.name, outcome)


async def _begin(tx: Transaction, actor: Actor, typed: str, now: datetime) -> _Passing:
    """Make the guest the actor's, so that nobody else can; nothing else has changed yet."""
    await _require_account(tx, actor)
    guest = await _found(tx, typed)
    workshop, person = await _require_claimable(tx, guest, now)
    account_id = known(actor)
    receipt = parse_receipt(typed) or ""
    if not await claiming.mark(tx, person.id, hash_of(receipt), account_id, now):
        raise NotFound("claim-unknown")
    return _Passing(guest, person, workshop, account_id, now)


async def _pass_on(
    tx: Transaction, passing: _Passing, found: list[UUID]
) -> tuple[Outcome, list[tuple[UUID, str]]]:
    """Everything that names the guest names the account; what one has only once is weighed."""
    guest_id, account_id, workshop = passing.person.id, passing.account_id, passing.workshop
    await documents.lock_heads(tx, found)
    await workshops.locked(tx, workshop.id)
    await claiming.hold_person(tx, guest_id)
    touched = await claiming.ideas_of(tx, guest_id)
    judged, twice = await claiming.pass_judgements(tx, guest_id, account_id)
    lost = await claiming.pass_dots(tx, workshop.id, guest_id, account_id, workshop.dots_per_person)
    moved = await claiming.pass_on(tx, guest_id, account_id)
    for document_id in found:
        await documents.bump_access(tx, document_id)
    handle = f"claimed-{guest_id.hex[:HANDLE_CHARS]}"
    name = EMPTIED.get(passing.person.language, EMPTIED["de"])
    await claiming.empty(tx, guest_id, handle, name, passing.now)
    refs = await _refs(tx, {idea_id for idea_id, _ in twice})
    own = await _refs(tx, await claiming.own_reviews(tx, account_id) & touched)
    withdrawn = Withdrawn(tuple(f"{refs[each]} {dimension}" for each, dimension in twice), lost)
    passed = {**moved, **({"judgement": judged} if judged else {})}
    return Outcome(passed, withdrawn, tuple(sorted(own.values()))), twice


async def _pass_on_late_comers(services: Services, passing: _Passing) -> None:
    """What was on its way in the guest's name when he was claimed follows."""
    async with services.database.write() as tx:
        await claiming.pass_judgements(tx, passing.person.id, passing.account_id)
        most = passing.workshop.dots_per_person
        place = (passing.workshop.id, passing.person.id, passing.account_id)
        await claiming.pass_dots(tx, *place, most)
        await claiming.pass_on(tx, passing.person.id, passing.account_id)


async def _tell(tx: Transaction, passing: _Passing, actor: Actor) -> StoredEvent:
    workshop = passing.workshop
    fact = GuestClaimed(workshop.id, workshop.code, passing.person.id)
    return await tell_workshop(tx, fact, actor, passing.now)


async def _tell_taken_back(
    tx: Transaction, passing: _Passing, taken_back: list[tuple[UUID, str]]
) -> list[StoredEvent]:
    """At each idea it is told that a judgement stands there no more."""
    told: list[StoredEvent] = []
    for idea_id, dimension in taken_back:
        idea = await ideas.get(tx, idea_id)
        assert idea is not None, "a foreign key forbids judgements of nothing"
        fact = JudgementWithdrawn(dimension)
        event = await events.append(
            tx,
            fact,
            idea_id=idea_id,
            actor_id=passing.account_id,
            public=is_public(fact, idea.stage),
            now=passing.now,
        )
        told.append(event)
    return told


async def _found(tx: Transaction, typed: str) -> Guest:
    receipt = parse_receipt(typed)
    guest = await claiming.by_receipt(tx, hash_of(receipt)) if receipt else None
    if guest is None:
        raise NotFound("claim-unknown")
    return guest


async def _require_claimable(
    tx: Transaction, guest: Guest, now: datetime
) -> tuple[Workshop, Person]:
    """The guest's workshop and person, unless he was sent out or suspended, or it is long over."""
    workshop = await workshops.get(tx, guest.workshop_id)
    place = await attendances.get(tx, guest.workshop_id, guest.person_id)
    person = await people.get(tx, guest.person_id)
    assert workshop is not None, "a foreign key forbids guests of nothing"
    assert person is not None, "a guest is a person"
    is_out = place is None or place.removed_at is not None or person.suspended_at is not None
    if is_out or guest.claimed_by is not None or workshop.expires_at <= now:
        raise NotFound("claim-unknown")
    return workshop, person


async def _require_account(tx: Transaction, actor: Actor) -> None:
    person = await people.get(tx, known(actor))
    if person is None or person.suspended_at is not None:
        raise NotAllowed
    if await attendances.guest(tx, person.id) is not None:
        raise NotAllowed("claim-needs-account")


async def _require_patience(services: Services, actor: Actor, caller: Caller) -> None:
    await services.limiter.require(limits.WRONG_RECEIPT_PER_PERSON, "receipt", str(known(actor)))
    await services.limiter.require(limits.WRONG_RECEIPT_PER_ADDRESS, "receipt", caller.address)


async def _note_wrong(services: Services, actor: Actor, caller: Caller) -> None:
    await services.limiter.note(limits.WRONG_RECEIPT_PER_PERSON, "receipt", str(known(actor)))
    await services.limiter.note(limits.WRONG_RECEIPT_PER_ADDRESS, "receipt", caller.address)


async def _refs(tx: Transaction, idea_ids: set[UUID]) -> dict[UUID, str]:
    found = [await ideas.get(tx, each) for each in idea_ids]
    return {idea.id: idea.ref for idea in found if idea is not None}
