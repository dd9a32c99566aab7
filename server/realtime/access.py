"""What a person may do in a document now: the permissions table, as sockets ask it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from collab.process.actors import GUEST, Actor, Role
from collab.process.permissions import may
from collab.process.seam.late import might_write_before
from collab.sync.rooms.session import Grant
from server.realtime.holders import Holder, holder
from storage import ideas, mutes, people, stages
from storage.database import Transaction
from storage.ideas import Idea
from storage.log import quarantine
from storage.tables.people import Person

FORBIDDEN = Grant(read=False, write=False, reason="forbidden")
SUSPENDED = Grant(read=False, write=False, reason="suspended")


async def grants(
    tx: Transaction, document_id: UUID, person_ids: Iterable[UUID | None]
) -> dict[UUID | None, Grant]:
    """The grant of each person in the document; ``None`` stands for guests."""
    wanted = set(person_ids)
    held_by = await holder(tx, document_id)
    if held_by is None:
        return dict.fromkeys(wanted, FORBIDDEN)
    held = await quarantine.held(tx, document_id)
    muted = {row.person_id for row in await mutes.of_document(tx, document_id)}
    persons = await people.named(tx, [each for each in wanted if each is not None])
    actors = await _actors(tx, held_by.idea, persons)
    found: dict[UUID | None, Grant] = {None: _grant(GUEST, held_by, None)}
    for person_id in wanted:
        if person_id is not None:
            actor = actors.get(person_id)
            found[person_id] = (
                SUSPENDED
                if actor is None or actor.suspended
                else _grant(actor, held_by, _barred(person_id, muted, held))
            )
    if not held_by.is_listed:
        return found
    idea = held_by.idea
    stopped = {each for each in actors if found[each].reason == "stage"}
    passed = await stages.history(tx, idea.id) if stopped else ()
    for person_id in stopped:
        # What was over before somebody came he cannot have written in.
        since = [each.from_stage for each in passed if each.at >= persons[person_id].created_at]
        is_late = might_write_before(actors[person_id], idea.stage, since)
        found[person_id] = replace(found[person_id], late=is_late)
    return found


async def _actors(tx: Transaction, idea: Idea, persons: Mapping[UUID, Person]) -> dict[UUID, Actor]:
    """The persons with their roles at the arena and at the idea."""
    at_arena = await people.roles_of(tx, list(persons))
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


def _grant(actor: Actor, held_by: Holder, barred: str | None) -> Grant:
    stage = held_by.idea.stage
    if not may(actor, held_by.reading, stage):
        return FORBIDDEN
    if barred:
        return Grant(read=True, write=False, reason=barred)
    if may(actor, held_by.writing, stage):
        return Grant(read=True, write=True)
    return Grant(read=True, write=False, reason="stage")
