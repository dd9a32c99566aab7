"""Declaring what one knows. It is the person's own word: told to nobody, taken back at any time."""

from collections.abc import Sequence

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.experts.profiles import Profile, check_profile
from server.actions.access import known
from server.actions.catalogues.today import today
from server.auth import limits
from server.services import Services
from storage.experts import profiles
from storage.process import catalogues


async def declare(
    services: Services,
    actor: Actor,
    *,
    ground: str,
    dimensions: Sequence[str] = (),
    fields: Sequence[str] = (),
    keywords: Sequence[str] = (),
    about: str = "",
    is_listed: bool = False,
    may_be_asked: bool = False,
    shows_organisation: bool = False,
) -> Profile:
    """Write one's own profile, in place of an earlier one.

    Raises:
        Invalid: names every faulty field. A field of action that has ended may stay, not come.
    """
    person_id, on = known(actor), today(services)
    await services.limiter.hit(limits.PROFILE_PER_PERSON, "expertise", str(person_id))
    async with services.database.write() as tx:
        before = await profiles.get(tx, person_id)
        catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, on)
        kept = before.profile.fields if before else ()
        profile = check_profile(
            ground=ground,
            dimensions=dimensions,
            fields=fields,
            keywords=keywords,
            about=about,
            known_fields={*kept, *(each.id for each in catalogue.choices(on))},
            is_listed=is_listed,
            may_be_asked=may_be_asked,
            shows_organisation=shows_organisation,
        )
        await profiles.put(tx, person_id, profile, services.clock())
    return profile


async def take_back(services: Services, actor: Actor) -> None:
    """Delete one's own profile; what was asked meanwhile can still be answered."""
    async with services.database.write() as tx:
        if not await profiles.remove(tx, known(actor)):
            raise NotFound("no-profile")
