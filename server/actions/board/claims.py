"""Claiming an idea: who looks after it for now, and taking that over with a word to the other."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import Actor
from collab.process.board.claims import CLAIM_FOR, Held, check_note, require_free, require_seen
from collab.process.events.board import ClaimReleased, IdeaClaimed
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.process.board import claims


async def claim(services: Services, actor: Actor, ref: str) -> Held:
    """Look after the idea for a while; claiming it again begins the while anew.

    Raises:
        Conflict: (already-claimed) somebody else does; ``winner`` says who and until when.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.CLAIM)
        held = await held_by(tx, case.idea.id, now)
        require_free(held, case.person_id)
        mine = await _put(tx, case, now)
        if held is not None:
            return mine
        event = await tell(tx, case, IdeaClaimed(None, ""), now)
    await services.announcer.announce([event])
    return mine


async def take_over(
    services: Services, actor: Actor, ref: str, *, from_handle: str, note: str
) -> Held:
    """Take the claim over from who holds it; ``note`` stays on the card for him to see.

    Raises:
        Conflict: (already-claimed) somebody else than ``from_handle`` holds it by now.
        Invalid: nobody has this handle, or the note is faulty.
    """
    stored_note, now = check_note(note), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.CLAIM)
        seen = await people.by_handle(tx, from_handle.strip())
        if seen is None:
            raise Invalid(fields={"from_handle": "unknown-person"})
        held = await held_by(tx, case.idea.id, now)
        require_seen(held, seen.id, case.person_id)
        if held is None or held.person_id == case.person_id:
            mine, fact = await _put(tx, case, now), IdeaClaimed(None, "")
        else:
            mine = await _put(tx, case, now, taken_from=held.person_id, note=stored_note)
            fact = IdeaClaimed(held.person_id, stored_note)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])
    return mine


async def release(services: Services, actor: Actor, ref: str) -> None:
    """Look after the idea no longer; without a claim of one's own nothing happens."""
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.CLAIM)
        if not await claims.release(tx, case.idea.id, case.person_id):
            return
        event = await tell(tx, case, ClaimReleased(), now)
    await services.announcer.announce([event])


async def held_by(tx: Transaction, idea_id: UUID, now: datetime) -> Held | None:
    """Who holds the idea now, with his name."""
    found = await claims.valid(tx, idea_id, now)
    if found is None:
        return None
    named = await names(tx, [found.person_id])
    return Held(found.person_id, named[found.person_id], found.until)


async def names(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these persons."""
    known = await people.named(tx, frozenset(person_ids))
    return {person_id: person.name for person_id, person in known.items()}


async def _put(
    tx: Transaction,
    case: Case,
    now: datetime,
    *,
    taken_from: UUID | None = None,
    note: str = "",
) -> Held:
    until = now + CLAIM_FOR
    await claims.put(
        tx,
        case.idea.id,
        case.person_id,
        now=now,
        until=until,
        taken_from=taken_from,
        note=note,
    )
    return Held(case.person_id, case.actor.name, until)
