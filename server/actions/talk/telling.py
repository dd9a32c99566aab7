"""Whom a comment is addressed to: who is named in it, and who spoke in its thread."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from collab.process.actors import Role
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action, may
from server.actions.cases import Case
from server.actions.following.addressing import ADDRESSED_MAX, address
from server.auth.holders import actor_of
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.people import Person
from storage.talk import beside, comments

SPEAKERS_MAX: Final = ADDRESSED_MAX


async def able(
    tx: Transaction, case: Case, persons: Sequence[Person], action: Action = Action.READ_IDEA
) -> list[Person]:
    """Those of the persons who may do this at the idea; who is suspended or erased may nothing."""
    active = [each for each in persons if each.suspended_at is None and each.erased_at is None]
    if not active:
        return []
    arena = await people.roles_of(tx, [each.id for each in active])
    held = (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])
    found = []
    for each in active:
        roles = (Role(row.role) for row in held if row.person_id == each.id)
        actor = actor_of(each, arena.get(each.id, frozenset())).with_roles(roles)
        if may(actor, action, case.idea.stage):
            found.append(each)
    return found


async def name_people(
    tx: Transaction, case: Case, comment_id: UUID, handles: Iterable[str]
) -> tuple[UUID, ...]:
    """Keep whom the comment names; returns those whom it never named before.

    A handle of nobody, or of somebody who may not read the idea, stays a word among others.
    """
    persons = await able(tx, case, await beside.persons_named(tx, handles))
    new = await beside.mention(tx, comment_id, [each.id for each in persons])
    return tuple(each.id for each in persons if each.id in new)


async def tell_thread(
    tx: Transaction, case: Case, event: StoredEvent, named: Iterable[UUID], root: UUID | None
) -> None:
    """Address what was said to those whom it names, and to the others who spoke in the thread."""
    named = tuple(named)
    await address(tx, event, named, NoticeReason.MENTIONED)
    if root is None:
        return
    spoke = await comments.speakers(tx, root, SPEAKERS_MAX)
    known = await people.named(tx, [each for each in spoke if each not in named])
    others = await able(tx, case, list(known.values()))
    await address(tx, event, [each.id for each in others], NoticeReason.REPLIED)
