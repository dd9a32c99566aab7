"""For whom a person speaks: the organisations of the arena and who belongs to them."""

from typing import Final
from uuid import UUID, uuid4

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor, ActorClass
from collab.process.permissions import Action, require
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.tables.people import Organisation

NAME_CHARS_MAX: Final = 300
KIND: Final = "other"
CLASSES: Final = tuple(each for each in ActorClass if each is not ActorClass.RESIDENT)
"""The parts of the city's society that have organisations; residents speak for themselves."""


async def set_organisation(
    services: Services, actor: Actor, handle: str, *, name: str, actor_class: str
) -> None:
    """Note and confirm that a person speaks for the organisation ``name``; empty: for himself.

    An organisation that does not exist yet is made, as one of ``actor_class``.
    """
    require(Action.MANAGE_PEOPLE, actor)
    shown = " ".join(name.split())
    if len(shown) > NAME_CHARS_MAX:
        raise Invalid(fields={"organisation": "too-long"})
    now = services.clock()
    async with services.database.write() as tx:
        person = await people.by_handle(tx, handle)
        if person is None:
            raise NotFound
        for former in (await people.memberships(tx, [person.id])).get(person.id, []):
            await people.leave(tx, person.id, former.organisation.id)
        if shown:
            organisation = await _organisation(services, tx, shown, actor_class)
            await people.affiliate(tx, person.id, organisation, confirmed_at=now)


async def organisations(services: Services) -> list[Organisation]:
    """The organisations of today."""
    async with services.database.read() as tx:
        return await people.organisations(tx, on=services.clock().date())


async def _organisation(services: Services, tx: Transaction, name: str, actor_class: str) -> UUID:
    """The organisation of that name that exists today; a new one if there is none."""
    today = services.clock().date()
    for each in await people.organisations(tx, on=today):
        if each.name.casefold() == name.casefold():
            return each.id
    if actor_class not in CLASSES:
        raise Invalid(fields={"actor_class": "unknown-choice"})
    made = await people.create_organisation(
        tx,
        organisation_id=uuid4(),
        name=name,
        actor_class=actor_class,
        kind=KIND,
        valid_from=today,
    )
    return made.id
