"""Following ideas and saving searches; one's own choice, at any time and without a reason."""

from typing import Final
from uuid import UUID

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor
from collab.process.permissions import Action
from server.actions.access import known
from server.actions.cases import open_case
from server.auth import limits
from server.services import Services
from storage.following import follows, searches

FOLLOWED_MAX: Final = 2_000
"""So many ideas a person follows at most by his own choice."""

SEARCHES_MAX: Final = 20
"""So many searches he saves at most; each is asked whenever an idea is published."""

PARAMETERS_CHARS_MAX: Final = 1_000


async def follow(services: Services, actor: Actor, ref: str, *, follows_it: bool) -> None:
    """Hear of the idea from now on, or no more whatever else speaks for it.

    Raises:
        NotFound: there is no such idea, or it is not for this person.
        Invalid: he follows as many as can be.
    """
    await services.limiter.hit(limits.FOLLOW_PER_PERSON, "follow", str(actor.person_id))
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.FOLLOW)
        if follows_it and await follows.count(tx, case.person_id) >= FOLLOWED_MAX:
            raise Invalid(fields={"ref": "too-many"})
        await follows.put(
            tx, case.person_id, case.idea.id, follows=follows_it, now=services.clock()
        )


async def save_search(services: Services, actor: Actor, parameters: str, *, alert: bool) -> None:
    """Remember a search by the parameters of its address.

    Raises:
        Invalid: it asks for nothing, is too long, or there are too many.
    """
    person_id = known(actor)
    await services.limiter.hit(limits.FOLLOW_PER_PERSON, "follow", str(person_id))
    if not parameters:
        raise Invalid(fields={"parameters": "missing"})
    if len(parameters) > PARAMETERS_CHARS_MAX:
        raise Invalid(fields={"parameters": "too-long"})
    async with services.database.write() as tx:
        saved = await searches.of_person(tx, person_id)
        is_new = parameters not in {each.parameters for each in saved}
        if is_new and len(saved) >= SEARCHES_MAX:
            raise Invalid(fields={"parameters": "too-many"})
        await searches.save(tx, person_id, parameters, alert=alert, now=services.clock())


async def forget_search(services: Services, actor: Actor, search_id: UUID) -> None:
    """Forget one of one's own searches; raises NotFound if there is no such one."""
    async with services.database.write() as tx:
        if not await searches.forget(tx, known(actor), search_id):
            raise NotFound
