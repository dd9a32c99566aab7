"""For whom a person speaks: the organisations of the arena and who belongs to them."""

from uuid import UUID, uuid4

from collab.errors import Invalid, NotFound
from collab.process.actors import Actor
from collab.process.organisations.organisation import CLASSES, NAME_CHARS_MAX, OrganisationKind
from collab.process.permissions import Action, require
from server.actions.catalogues.today import today
from server.actions.responsibility.affiliations import leave
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.tables.people import Organisation


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
        organisation = await _organisation(services, tx, shown, actor_class) if shown else None
        held = (await people.memberships(tx, [person.id])).get(person.id, [])
        told = []
        for former in held:
            if former.organisation.id != organisation:
                told += await leave(tx, person.id, former, actor.person_id, now)
        if organisation is not None:
            signs = any(each.may_sign for each in held if each.organisation.id == organisation)
            await people.affiliate(tx, person.id, organisation, confirmed_at=now, may_sign=signs)
    await services.announcer.announce(told)


async def organisations(services: Services) -> list[Organisation]:
    """The organisations of today."""
    async with services.database.read() as tx:
        return await people.organisations(tx, on=today(services))


async def _organisation(services: Services, tx: Transaction, name: str, actor_class: str) -> UUID:
    """The organisation of that name that exists today; a new one if there is none."""
    on = today(services)
    for each in await people.organisations(tx, on=on):
        if each.name.casefold() == name.casefold():
            return each.id
    if actor_class not in CLASSES:
        raise Invalid(fields={"actor_class": "unknown-choice"})
    made = await people.create_organisation(
        tx,
        organisation_id=uuid4(),
        name=name,
        actor_class=actor_class,
        kind=OrganisationKind.OTHER,
        valid_from=on,
    )
    return made.id
