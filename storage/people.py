"""Persons, their arena roles, organisations and affiliations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.organisations.organisation import OrganisationKind
from storage.database import METADATA, Transaction
from storage.engine.once import each_once
from storage.tables.people import Affiliation, Organisation, Person, PersonRole

PERSON = METADATA.tables["person"]
PERSON_ROLE = METADATA.tables["person_role"]
AFFILIATION = METADATA.tables["affiliation"]
GUEST = METADATA.tables["guest"]


@dataclass(frozen=True, slots=True)
class Membership:
    """An organisation, whether it confirmed the person, and whether he may sign for it."""

    organisation: Organisation
    confirmed_at: datetime | None
    may_sign: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A person who says to speak for an organisation that has not confirmed it."""

    person: Person
    organisation: Organisation


async def create(
    tx: Transaction,
    *,
    person_id: UUID,
    handle: str,
    name: str,
    now: datetime,
    email: str | None = None,
    language: str = "de",
    password_hash: str | None = None,
    roles: Iterable[str] = (),
) -> Person:
    """Create the person with these arena roles.

    ``email`` is stored in lower case. A handle or e-mail that somebody has raises IntegrityError.
    """
    person = Person(
        id=person_id,
        handle=handle,
        name=name,
        email=email.strip().lower() if email else None,
        password_hash=password_hash,
        language=language,
        created_at=now,
    )
    tx.add(person)
    await tx.flush()
    for role in sorted(set(roles)):
        await add_role(tx, person_id, role)
    return person


async def get(tx: Transaction, person_id: UUID) -> Person | None:
    return await tx.row(select_rows(Person).where(Person.id == person_id))


async def by_handle(tx: Transaction, handle: str) -> Person | None:
    return await tx.row(select_rows(Person).where(Person.handle == handle))


async def by_email(tx: Transaction, email: str) -> Person | None:
    return await tx.row(select_rows(Person).where(Person.email == email.strip().lower()))


async def by_sign_in_name(tx: Transaction, name: str) -> Person | None:
    """The person of that e-mail address or handle, whichever was typed."""
    return await by_email(tx, name) if "@" in name else await by_handle(tx, name.strip())


@each_once
async def named(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """These persons by id, for showing their names."""
    ids = list(set(person_ids))
    if not ids:
        return {}
    rows = await tx.rows(select_rows(Person).where(col(Person.id).in_(ids)))
    return {person.id: person for person in rows}


async def everyone(
    tx: Transaction, *, q: str = "", after: str = "", limit: int = 100
) -> list[Person]:
    """Persons in the order of handles, after that handle; ``q`` is part of handle or name.

    Erased ones are nobody any more and are left out, and so are guests of workshops.
    """
    query = select_rows(Person).where(Person.handle > after, col(Person.erased_at).is_(None))
    query = query.where(PERSON.c.id.not_in(select(GUEST.c.person_id)))
    query = query.order_by(Person.handle).limit(limit)
    if q.strip():
        part = q.strip().lower()
        query = query.where(
            or_(
                func.lower(PERSON.c.handle).contains(part, autoescape=True),
                func.lower(PERSON.c.name).contains(part, autoescape=True),
            )
        )
    return await tx.rows(query)


async def is_empty(tx: Transaction) -> bool:
    """Whether nobody has an account yet."""
    return (await tx.run(select(PERSON.c.id).limit(1))).first() is None


async def roles(tx: Transaction, person_id: UUID) -> frozenset[str]:
    """The arena roles of the person."""
    query = select(PERSON_ROLE.c.role).where(PERSON_ROLE.c.person_id == person_id)
    return frozenset((await tx.run(query)).scalars())


async def roles_of(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The arena roles of many persons; who has none is left out."""
    ids = list(set(person_ids))
    found: dict[UUID, set[str]] = {}
    if ids:
        for row in await tx.rows(select_rows(PersonRole).where(col(PersonRole.person_id).in_(ids))):
            found.setdefault(row.person_id, set()).add(row.role)
    return {person_id: frozenset(held) for person_id, held in found.items()}


async def add_role(tx: Transaction, person_id: UUID, role: str) -> bool:
    """Give the role; False if the person has it already."""
    values = {"person_id": person_id, "role": role}
    return await tx.insert_new(PERSON_ROLE, values)


async def remove_role(tx: Transaction, person_id: UUID, role: str) -> bool:
    """Take the role away; False if the person does not have it."""
    result = await tx.run(
        delete(PERSON_ROLE).where(PERSON_ROLE.c.person_id == person_id, PERSON_ROLE.c.role == role)
    )
    return result.rowcount == 1


async def rename(tx: Transaction, person_id: UUID, name: str) -> None:
    await _change(tx, person_id, name=name)


async def set_language(tx: Transaction, person_id: UUID, language: str) -> None:
    await _change(tx, person_id, language=language)


async def set_email(tx: Transaction, person_id: UUID, email: str | None) -> None:
    """Raises IntegrityError if somebody else has the address."""
    await _change(tx, person_id, email=email.strip().lower() if email else None)


async def set_password_hash(tx: Transaction, person_id: UUID, password_hash: str | None) -> None:
    await _change(tx, person_id, password_hash=password_hash)


async def suspend(tx: Transaction, person_id: UUID, reason: str, now: datetime) -> bool:
    """Suspend the person; False if that is so already (the first reason stays)."""
    result = await tx.run(
        update(PERSON)
        .where(PERSON.c.id == person_id, PERSON.c.suspended_at.is_(None))
        .values(suspended_at=now, suspended_reason=reason)
    )
    return result.rowcount == 1


async def restore(tx: Transaction, person_id: UUID) -> bool:
    """End the suspension; False if there was none."""
    result = await tx.run(
        update(PERSON)
        .where(
            PERSON.c.id == person_id,
            PERSON.c.suspended_at.is_not(None),
            PERSON.c.erased_at.is_(None),
        )
        .values(suspended_at=None, suspended_reason=None)
    )
    return result.rowcount == 1


async def create_organisation(
    tx: Transaction,
    *,
    organisation_id: UUID,
    name: str,
    actor_class: str,
    kind: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Organisation:
    organisation = Organisation(
        id=organisation_id,
        name=name,
        actor_class=actor_class,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    tx.add(organisation)
    await tx.flush()
    return organisation


async def organisation(tx: Transaction, organisation_id: UUID) -> Organisation | None:
    return await tx.row(select_rows(Organisation).where(Organisation.id == organisation_id))


async def organisations(tx: Transaction, *, on: date | None = None) -> list[Organisation]:
    """All organisations in the order of names; with ``on`` only those to choose from that day."""
    query = select_rows(Organisation).order_by(Organisation.name, col(Organisation.id))
    if on is not None:
        begins, ends = col(Organisation.valid_from), col(Organisation.valid_to)
        query = query.where(
            or_(begins.is_(None), begins <= on),
            or_(ends.is_(None), ends >= on),
            Organisation.kind != OrganisationKind.LAYOUT,
        )
    return await tx.rows(query)


async def affiliate(
    tx: Transaction,
    person_id: UUID,
    organisation_id: UUID,
    *,
    confirmed_at: datetime | None = None,
    may_sign: bool = False,
) -> None:
    """Note that the person belongs to the organisation; confirmed or not yet."""
    await leave(tx, person_id, organisation_id)
    values = {"person_id": person_id, "organisation_id": organisation_id}
    granted = {"confirmed_at": confirmed_at, "may_sign": may_sign and confirmed_at is not None}
    await tx.run(insert(AFFILIATION), {**values, **granted})


async def leave(tx: Transaction, person_id: UUID, organisation_id: UUID) -> None:
    await tx.run(
        delete(AFFILIATION).where(
            AFFILIATION.c.person_id == person_id, AFFILIATION.c.organisation_id == organisation_id
        )
    )


async def unconfirmed(
    tx: Transaction, organisation_ids: Iterable[UUID] | None, limit: int = 200
) -> list[Asked]:
    """Who waits to be confirmed by these organisations; None: by any."""
    query = (
        select_rows(Person, Organisation)
        .join(Affiliation, col(Affiliation.person_id) == Person.id)
        .join(Organisation, col(Affiliation.organisation_id) == Organisation.id)
        .where(col(Affiliation.confirmed_at).is_(None), col(Person.erased_at).is_(None))
        .order_by(Organisation.name, Person.handle)
        .limit(limit)
    )
    if organisation_ids is not None:
        query = query.where(col(Organisation.id).in_(list(organisation_ids)))
    return [Asked(*row) for row in await tx.exec(query)]


@each_once
async def memberships(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, list[Membership]]:
    """The organisations of each person; who has none is left out.

    Those that nothing has taken the place of come first, each in the order of names.
    """
    query = (
        select_rows(Organisation, Affiliation)
        .join(Affiliation, col(Affiliation.organisation_id) == Organisation.id)
        .where(col(Affiliation.person_id).in_(list(set(person_ids))))
        .order_by(col(Organisation.successor_id).is_not(None), Organisation.name)
    )
    found: dict[UUID, list[Membership]] = {}
    for organisation, row in await tx.exec(query):
        found.setdefault(row.person_id, []).append(
            Membership(organisation, row.confirmed_at, row.may_sign)
        )
    return found


async def _change(tx: Transaction, person_id: UUID, **values: object) -> None:
    await tx.run(update(PERSON).where(PERSON.c.id == person_id).values(**values))
