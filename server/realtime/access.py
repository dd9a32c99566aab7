"""What a person may do in a document now: the permissions table, as sockets ask it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from collab.process.actors import GUEST, Actor, Role
from collab.process.permissions import may
from collab.process.seam.late import might_write_before
from collab.process.workshop.standing import Standing
from collab.sync.rooms.session import Grant
from server.actions.workshop.places import standings_of
from server.realtime.holders import Holder, holder
from storage import ideas, mutes, people, stages
from storage.database import Transaction
from storage.log import quarantine
from storage.tables.people import Person
from storage.workshop import attendances

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
    rights = await _rights(tx, held_by, persons)
    found: dict[UUID | None, Grant] = {None: rights.grant(GUEST, None)}
    actors = rights.actors
    for person_id in wanted:
        if person_id is not None:
            actor = actors.get(person_id)
            found[person_id] = (
                SUSPENDED
                if actor is None or actor.suspended
                else rights.grant(actor, _barred(person_id, muted, held))
            )
    idea = held_by.listed
    if idea is None:
        return found
    stopped = {each for each in actors if found[each].reason == "stage"}
    passed = await stages.history(tx, idea.id) if stopped else ()
    for person_id in stopped:
        # What was over before somebody came he cannot have written in.
        since = [each.from_stage for each in passed if each.at >= persons[person_id].created_at]
        is_late = might_write_before(actors[person_id], idea.stage, since)
        found[person_id] = replace(found[person_id], late=is_late)
    return found


async def _rights(
    tx: Transaction, held_by: Holder, persons: Mapping[UUID, Person]
) -> RightsAtIdea | RightsAtWorkshop:
    at_arena = await people.roles_of(tx, list(persons))
    if held_by.workshop is not None:
        standings = await standings_of(tx, held_by.workshop, list(persons))
        actors = {each.id: _actor(each, at_arena.get(each.id, ())) for each in persons.values()}
        return RightsAtWorkshop(actors, standings)
    assert held_by.idea is not None, "a document belongs to an idea or to a workshop"
    at_idea: dict[UUID, set[str]] = {}
    for row in (await ideas.team(tx, [held_by.idea.id])).get(held_by.idea.id, []):
        at_idea.setdefault(row.person_id, set()).add(row.role)
    for person_id in await attendances.seated_at(tx, held_by.idea.id):
        at_idea.setdefault(person_id, set()).add(Role.TABLE)
    return RightsAtIdea(
        {
            each.id: _actor(each, {*at_arena.get(each.id, ()), *at_idea.get(each.id, ())})
            for each in persons.values()
        },
        held_by,
        held_by.idea.stage,
    )


def _actor(person: Person, roles: Iterable[str]) -> Actor:
    return Actor(
        person.id,
        person.handle,
        person.name,
        frozenset(map(Role, roles)),
        suspended=person.suspended_at is not None,
    )


def _barred(
    person_id: UUID | None, muted: AbstractSet[UUID], held: AbstractSet[UUID]
) -> str | None:
    """Why this person writes nothing here, whatever the stage."""
    if person_id in held:
        return "quarantined"
    return "muted" if person_id in muted else None


@dataclass(frozen=True, slots=True)
class RightsAtIdea:
    """The permissions table at the idea's stage."""

    actors: Mapping[UUID, Actor]
    held_by: Holder
    stage: str

    def grant(self, actor: Actor, barred: str | None) -> Grant:
        if not may(actor, self.held_by.reading, self.stage):
            return FORBIDDEN
        if barred:
            return Grant(read=True, write=False, reason=barred)
        if may(actor, self.held_by.writing, self.stage):
            return Grant(read=True, write=True)
        return Grant(read=True, write=False, reason="stage")


@dataclass(frozen=True, slots=True)
class RightsAtWorkshop:
    """Whoever is inside reads and writes, to the last moment: a table may have been offline."""

    actors: Mapping[UUID, Actor]
    standings: Mapping[UUID, Standing]

    def grant(self, actor: Actor, barred: str | None) -> Grant:
        standing = self.standings.get(actor.person_id) if actor.person_id else None
        if standing is None or not standing.is_inside:
            return FORBIDDEN
        if barred:
            return Grant(read=True, write=False, reason=barred)
        return Grant(read=True, write=True)
