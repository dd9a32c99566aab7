"""What a person may do in a document now: the permissions table, as sockets ask it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from collab.process.actors import GUEST, Actor, Role
from collab.process.permissions import Action, may
from collab.sync.rooms.session import Grant
from storage import ideas, mutes, people
from storage.database import Transaction
from storage.ideas import Idea
from storage.log import quarantine

FORBIDDEN = Grant(read=False, write=False, reason="forbidden")
SUSPENDED = Grant(read=False, write=False, reason="suspended")


async def grants(
    tx: Transaction, document_id: UUID, person_ids: Iterable[UUID | None]
) -> dict[UUID | None, Grant]:
    """The grant of each person in the document; ``None`` stands for guests."""
    wanted = set(person_ids)
    idea = await ideas.by_document(tx, document_id)
    if idea is None:
        return dict.fromkeys(wanted, FORBIDDEN)
    held = await quarantine.held(tx, document_id)
    muted = {row.person_id for row in await mutes.of_document(tx, document_id)}
    actors = await _actors(tx, idea, [each for each in wanted if each is not None])
    found: dict[UUID | None, Grant] = {None: _grant(GUEST, idea.stage, None)}
    for person_id in wanted - {None}:
        actor = actors.get(person_id)
        found[person_id] = (
            SUSPENDED
            if actor is None or actor.suspended
            else _grant(actor, idea.stage, _barred(person_id, muted, held))
        )
    return found


async def _actors(tx: Transaction, idea: Idea, person_ids: list[UUID]) -> dict[UUID | None, Actor]:
    """The persons with their roles at the arena and at the idea."""
    persons = await people.named(tx, person_ids)
    at_arena = await people.roles_of(tx, person_ids)
    at_idea: dict[UUID, set[str]] = {}
    for row in (await ideas.team(tx, [idea.id])).get(idea.id, []):
        at_idea.setdefault(row.person_id, set()).add(row.role)
    return {
        person.id: Actor(
            person.id,
            person.handle,
            person.name,
            frozenset(map(Role, {*at_arena.get(person.id, ()), *at_idea.get(person.id, ())})),
            suspended=person.suspended_at is not None,
        )
        for person in persons.values()
    }


def _barred(
    person_id: UUID | None, muted: AbstractSet[UUID], held: AbstractSet[UUID]
) -> str | None:
    """Why this person writes nothing here, whatever the stage."""
    if person_id in held:
        return "quarantined"
    return "muted" if person_id in muted else None


def _grant(actor: Actor, stage: str, barred: str | None) -> Grant:
    if not may(actor, Action.READ_IDEA, stage):
        return FORBIDDEN
    if barred:
        return Grant(read=True, write=False, reason=barred)
    if may(actor, Action.EDIT_TEXT, stage):
        return Grant(read=True, write=True)
    return Grant(read=True, write=False, reason="stage")
