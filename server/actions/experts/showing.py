"""How people appear who are asked for their expertise: as they want to be asked."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from uuid import UUID

from collab.process.actors import ActorClass
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.faces import Face, faces
from storage import ideas
from storage.database import Transaction
from storage.experts import invitations, profiles
from storage.experts.invitations import ExpertInvitation
from storage.experts.profiles import Stored
from storage.tables.ideas import Idea


def as_asked(stored: Stored | None, face: Face) -> Face:
    """The face with its organisation only if the person wants to be asked for it."""
    if stored is not None and stored.profile.shows_organisation:
        return face
    return replace(face, organisation=None, organisation_id=None, actor_class=ActorClass.RESIDENT)


async def faces_as_asked(
    tx: Transaction, person_ids: Iterable[UUID], others: Iterable[UUID] = ()
) -> dict[UUID, Face]:
    """The faces of who is asked, as they want, and of ``others`` as everywhere."""
    ids = frozenset(person_ids)
    known = await faces(tx, ids | frozenset(others))
    stored = await profiles.of_people(tx, ids)
    shown = {each: as_asked(stored.get(each), known[each]) for each in ids}
    return known | shown


async def faces_at(
    tx: Transaction, rows: Collection[ExpertInvitation], more: Iterable[UUID] = ()
) -> dict[UUID, Face]:
    """The faces of everybody in these invitations, and of ``more`` who could be asked."""
    asked = {row.person_id for row in rows}
    inviting = {row.invited_by for row in rows} - asked
    return await faces_as_asked(tx, asked | set(more), inviting)


async def asked_of(tx: Transaction, person_id: UUID) -> list[tuple[ExpertInvitation, Idea]]:
    """What the person was asked, with the ideas; those that are private again are left out."""
    rows = await invitations.of_person(tx, person_id)
    at = {idea.id: idea for idea in await ideas.of_ids(tx, {row.idea_id for row in rows})}
    return [
        (row, at[row.idea_id])
        for row in rows
        if access_of(at[row.idea_id].stage) is not StageAccess.PRIVATE
    ]
