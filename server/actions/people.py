"""People: their accounts, arena roles, and suspending them.

``actor`` is None where the operator acts at the command line; he may do everything.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import ARENA_ROLES, Actor, Role
from collab.process.events.people import PersonRestored, PersonRoleChanged, PersonSuspended
from collab.process.permissions import Action, require
from collab.process.responsibility.terms import NEEDS_END
from collab.process.workshop.codes import GUEST_HANDLE
from collab.typed import checked
from server.actions.access import known
from server.language import Language
from server.services import Services
from storage import access, events, people
from storage.database import Transaction
from storage.process import terms
from storage.tables.people import Person

HANDLE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])")
NAME_CHARS_MAX = 100
REASON_CHARS_MAX = 500
LINK_PURPOSES = ("sign_in", "password_reset", "collab_ticket")

# Roles that come with rights over others; only the coordination office gives them.
TRUSTED: Final = frozenset(
    {
        Role.MODERATOR,
        Role.COORDINATION_OFFICE,
        Role.CDO,
        Role.DEPUTY,
        Role.QUALIFIER,
        Role.SUPPORT,
        Role.AUDITOR,
        Role.SIGNATORY,
    }
)


async def add_person(
    services: Services,
    actor: Actor | None,
    *,
    handle: str,
    name: str,
    roles: Iterable[Role],
    email: str | None = None,
    password: str | None = None,
    language: Language = "de",
) -> Person:
    """Make an account.

    Raises:
        Conflict: handle or e-mail address belong to somebody already.
    """
    granted = frozenset(roles)
    if actor is not None:
        require(Action.MANAGE_PEOPLE, actor)
    require_grantable(actor, granted)
    require_lasting(actor, granted)
    password_hash = await services.passwords.hash(password) if password else None
    try:
        async with services.database.write() as tx:
            return await people.create(
                tx,
                person_id=uuid4(),
                handle=check_handle(handle),
                name=check_name(name),
                now=services.clock(),
                email=check_email(email) if email else None,
                language=language,
                password_hash=password_hash,
                roles=granted,
            )
    except IntegrityError as error:
        raise Conflict("handle-taken") from error


async def grant_role(services: Services, actor: Actor | None, handle: str, role: Role) -> None:
    """Give a person an arena role."""
    await _change_role(services, actor, handle, role, granted=True)


async def withdraw_role(services: Services, actor: Actor | None, handle: str, role: Role) -> None:
    """Take an arena role from a person; it counts no longer in open sockets either."""
    await _change_role(services, actor, handle, role, granted=False)


async def suspend(services: Services, actor: Actor | None, handle: str, reason: str) -> None:
    """Stop a person: sessions, tokens and links end, open sockets close."""
    person, now = await _other(services, actor, handle), services.clock()
    reason = checked(reason, "reason", REASON_CHARS_MAX, if_empty="missing")
    async with services.database.write() as tx:
        if not await people.suspend(tx, person.id, reason, now):
            raise Conflict("already-suspended")
        await _end_access(services, tx, person.id)
        event = await events.append(
            tx,
            PersonSuspended(person.id, reason),
            idea_id=None,
            actor_id=actor.person_id if actor else None,
            public=False,
            now=now,
        )
    await services.announcer.announce([event])


async def restore(services: Services, actor: Actor | None, handle: str) -> None:
    """End a suspension; the person signs in anew."""
    person = await _other(services, actor, handle)
    async with services.database.write() as tx:
        if not await people.restore(tx, person.id):
            raise Conflict("not-suspended")
        event = await events.append(
            tx,
            PersonRestored(person.id),
            idea_id=None,
            actor_id=actor.person_id if actor else None,
            public=False,
            now=services.clock(),
        )
    await services.announcer.announce([event])


async def change_self(
    services: Services, actor: Actor, *, name: str, email: str, language: Language
) -> None:
    """Change one's own name, address and language."""
    person_id = known(actor)
    checked_name, checked_email = check_name(name), check_email(email) if email.strip() else None
    try:
        async with services.database.write() as tx:
            await people.rename(tx, person_id, checked_name)
            await people.set_email(tx, person_id, checked_email)
            await people.set_language(tx, person_id, language)
    except IntegrityError as error:
        raise Invalid("email-taken", fields={"email": "taken"}) from error


def require_grantable(actor: Actor | None, roles: frozenset[Role]) -> None:
    """Raise NotAllowed unless the actor may give all of ``roles``."""
    if not roles <= ARENA_ROLES - {Role.GUEST}:
        raise Invalid(fields={"roles": "unknown-choice"})
    may_trust = actor is None or Role.COORDINATION_OFFICE in actor.effective_roles
    if roles & TRUSTED and not may_trust:
        raise NotAllowed("role-above-own")


def require_lasting(actor: Actor | None, roles: frozenset[Role]) -> None:
    """Raise Invalid if one of the roles is given for a time only; the operator may do all."""
    if actor is not None and roles & NEEDS_END:
        raise Invalid("role-needs-end", fields={"roles": "role-needs-end"})


def check_handle(handle: str) -> str:
    """A handle: small letters, digits and hyphens; it is in addresses and file names."""
    if not HANDLE.fullmatch(handle) or handle.startswith(GUEST_HANDLE):
        raise Invalid(fields={"handle": "handle-form"})
    return handle


def check_name(name: str) -> str:
    """A name as it is shown: one line, without characters that reorder or hide text."""
    shown = " ".join(name.split())
    if not shown:
        raise Invalid(fields={"name": "missing"})
    if len(shown) > NAME_CHARS_MAX:
        raise Invalid(fields={"name": "too-long"})
    if any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co", "Cn"} for each in shown):
        raise Invalid(fields={"name": "malformed"})
    return shown


def check_email(email: str) -> str:
    """An e-mail address in its usual form; whether anybody reads it is not asked."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(fields={"email": "not-an-address"}) from error


async def free_handle(tx: Transaction, wanted: str, name: str) -> str:
    """The wanted handle, or one made of the name, with a number if somebody has it."""
    if wanted:
        if await people.by_handle(tx, check_handle(wanted)):
            raise Invalid("handle-taken", fields={"handle": "taken"})
        return wanted
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss"))
    stem = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:30]
    stem = stem.strip("-") if len(stem) > 1 else "person"
    number = 1
    handle = stem
    while await people.by_handle(tx, handle):
        number += 1
        handle = f"{stem}-{number}"
    return handle


async def _change_role(
    services: Services, actor: Actor | None, handle: str, role: Role, *, granted: bool
) -> None:
    person = await _other(services, actor, handle)
    require_grantable(actor, frozenset({role}))
    if granted and role in NEEDS_END:
        raise Invalid("role-needs-end", fields={"role": "role-needs-end"})
    async with services.database.write() as tx:
        if not granted:
            await terms.call_off(tx, person.id, role, None, services.clock())
        change = people.add_role if granted else people.remove_role
        if not await change(tx, person.id, role):
            return
        event = await events.append(
            tx,
            PersonRoleChanged(person.id, role.value, granted),
            idea_id=None,
            actor_id=actor.person_id if actor else None,
            public=False,
            now=services.clock(),
        )
    await services.announcer.announce([event])


async def _other(services: Services, actor: Actor | None, handle: str) -> Person:
    """The person to act upon; nobody acts upon himself."""
    if actor is not None:
        require(Action.MANAGE_PEOPLE, actor)
    async with services.database.read() as tx:
        person = await people.by_handle(tx, handle)
    if person is None or person.erased_at is not None:
        raise NotFound
    if actor is not None and actor.person_id == person.id:
        raise Conflict("own-account")
    return person


async def _end_access(services: Services, tx: Transaction, person_id: UUID) -> None:
    now = services.clock()
    await access.revoke_sessions(tx, person_id, now)
    for token in await access.tokens(tx, person_id):
        await access.revoke_token(tx, token.id, now)
    for purpose in LINK_PURPOSES:
        await access.revoke_links(tx, person_id, purpose, now)
