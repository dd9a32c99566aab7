"""Keeping the vectors of ideas up to date, and the hints that a team does not want."""

from uuid import UUID

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor
from collab.process.permissions import Action
from server.actions.cases import acting_case, open_case
from server.services import Services
from storage.similar import meanings


def compares_meanings(services: Services) -> bool:
    """Whether this process compares ideas by their meaning."""
    return services.meanings.works


async def keep(services: Services, idea_id: UUID) -> None:
    """Make the idea's vector of its text as it reads now; nothing while there is no model."""
    if not services.meanings.begin():
        return
    async with services.database.read() as tx:
        found = await meanings.text_of(tx, idea_id)
    if found is None:
        return
    text, sha256 = found
    vector = await services.meanings.vector(text)
    if vector is None:
        return
    async with services.database.write() as tx:
        await meanings.put(tx, idea_id, sha256=sha256, vector=vector, now=services.clock())


async def dismiss(services: Services, actor: Actor, ref: str, other: str) -> None:
    """Note that the team of ``ref`` does not want to be pointed to ``other``.

    Raises:
        Invalid: the other one is not there, not for the actor, or the same.
    """
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.DISMISS_HINT)
        try:
            pointed = await open_case(tx, actor, other)
        except NotFound:
            raise Invalid(fields={"other": "unknown-idea"}) from None
        if pointed.idea.id == case.idea.id:
            raise Invalid(fields={"other": "same-idea"})
        await meanings.dismiss(tx, case.idea.id, pointed.idea.id, case.person_id, services.clock())
