"""One-time links: invitations, new passwords, and signing in as a demonstration person.

A link is a secret in an address. It works once and for a limited time; what is stored is its hash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from collab.errors import Invalid, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.permissions import Action, require
from server.actions.access import Caller, SignedIn, begin_session, known, leave_sockets
from server.actions.people import (
    check_email,
    check_name,
    free_handle,
    require_grantable,
    require_lasting,
)
from server.auth import limits
from server.auth.holders import actor_of
from server.auth.secrets import hash_of, new_secret
from server.language import Language, language_of
from server.messages import mail_text
from server.services import Services
from storage import access, people
from storage.database import Transaction
from storage.tables.access import OneTimeLink

INVITATION_FOR: Final = timedelta(days=14)
RESET_FOR: Final = timedelta(hours=1)
SIGN_IN_FOR: Final = timedelta(hours=24)
PLACES: Final = {
    "invitation": "/invitation",
    "password_reset": "/password-reset",
    "sign_in": "/sign-in/link",
}


@dataclass(frozen=True)
class Acceptance:
    """What an invited person chooses."""

    name: str
    password: str
    handle: str = ""
    email: str = ""


async def invite(
    services: Services,
    actor: Actor | None,
    roles: Iterable[Role],
    *,
    email: str | None = None,
    language: Language = "de",
) -> str:
    """The address of an invitation with ``roles``; mailed too, if ``email`` is given.

    ``actor`` is None for the operator at the command line.
    """
    granted = frozenset(roles) or frozenset({Role.PARTICIPANT})
    if actor is not None:
        require(Action.INVITE, actor)
        await services.limiter.hit(limits.INVITE_PER_PERSON, "invite", str(actor.person_id))
    require_grantable(actor, granted)
    require_lasting(actor, granted)
    to = check_email(email) if email else None
    data: dict[str, object] = {"roles": sorted(map(str, granted)), "email": to}
    async with services.database.write() as tx:
        by = actor.person_id if actor else None
        address = await _new_link(services, tx, "invitation", INVITATION_FOR, data=data, by=by)
    if to:
        _mail(services, "invitation", to, language, link=address)
    return address


async def accept_invitation(
    services: Services, secret: str, chosen: Acceptance, caller: Caller, language: Language
) -> SignedIn:
    """Make the invited person's account and sign him in; the invitation is used up."""
    await services.limiter.hit(limits.LINK_PER_ADDRESS, "link", caller.address)
    await check_link(services, secret, "invitation")
    name, email = check_name(chosen.name), chosen.email.strip()
    password_hash = await services.passwords.hash(chosen.password)
    person_id = uuid4()
    try:
        async with services.database.write() as tx:
            link = await _use_link(services, tx, secret, "invitation")
            await _require_inviter(tx, link)
            await people.create(
                tx,
                person_id=person_id,
                handle=await free_handle(tx, chosen.handle, name),
                name=name,
                now=services.clock(),
                email=check_email(email) if email else link.data.get("email"),
                language=language,
                password_hash=password_hash,
                roles=link.data["roles"],
            )
            return await begin_session(services, tx, person_id, caller)
    except IntegrityError as error:
        raise Invalid("email-taken", fields={"email": "taken"}) from error


async def request_reset(services: Services, email: str, caller: Caller) -> None:
    """Mail a link for a new password, if there is such a person; nobody learns whether."""
    asked = email.strip().lower()[:320]
    await services.limiter.hit(limits.RESET_PER_ADDRESS, "reset", caller.address)
    await services.limiter.hit(limits.RESET_PER_PERSON, "reset", asked)
    async with services.database.write() as tx:
        person = await people.by_email(tx, asked)
        if person is None or person.suspended_at is not None:
            return
        address = await _new_link(services, tx, "password_reset", RESET_FOR, person_id=person.id)
    language = language_of(person.language) or "de"
    _mail(services, "password-reset", asked, language, link=address, name=person.name)


async def make_reset_link(services: Services, actor: Actor | None, handle: str) -> str:
    """The address of a link for a new password, to hand over; None is the operator."""
    if actor is not None:
        require(Action.MANAGE_PEOPLE, actor)
    return await _link_for(services, handle, "password_reset", RESET_FOR, actor)


async def reset_password(services: Services, secret: str, new: str, caller: Caller) -> SignedIn:
    """Set a new password by a link: all sessions end, the person is signed in here."""
    await services.limiter.hit(limits.LINK_PER_ADDRESS, "link", caller.address)
    await check_link(services, secret, "password_reset")
    password_hash = await services.passwords.hash(new)
    now = services.clock()
    async with services.database.write() as tx:
        link = await _use_link(services, tx, secret, "password_reset")
        person_id = await _holder_of(tx, link)
        await people.set_password_hash(tx, person_id, password_hash)
        await access.revoke_links(tx, person_id, "password_reset", now)
        ended = await access.sessions(tx, person_id, now)
        await access.revoke_sessions(tx, person_id, now)
        signed_in = await begin_session(services, tx, person_id, caller)
    for session in ended:
        await services.hub.revoke_session(session.id_hash)
    return signed_in


async def make_sign_in_link(services: Services, handle: str) -> str:
    """The address of a link that signs in as a demonstration person, once.

    Raises:
        NotAllowed: this is no demonstration.
    """
    _require_demo(services)
    return await _link_for(services, handle, "sign_in", SIGN_IN_FOR, None)


async def use_sign_in_link(
    services: Services, secret: str, caller: Caller, *, replacing: str | None = None
) -> SignedIn:
    """Sign in by a link of the demonstration; ``replacing`` is the key of a session to end."""
    _require_demo(services)
    await services.limiter.hit(limits.LINK_PER_ADDRESS, "link", caller.address)
    async with services.database.write() as tx:
        link = await _use_link(services, tx, secret, "sign_in")
        person_id = await _holder_of(tx, link)
        signed_in = await begin_session(services, tx, person_id, caller, replacing=replacing)
    await leave_sockets(services, replacing)
    return signed_in


async def check_link(services: Services, secret: str, purpose: str) -> OneTimeLink:
    """The link, if it still works; looking does not use it up.

    Raises:
        NotFound: it was used, has expired, or never was; or who made it could no longer do so.
    """
    async with services.database.read() as tx:
        link = await access.link(tx, hash_of(secret), purpose, services.clock())
        if link is None:
            raise NotFound("link-spent")
        await _require_inviter(tx, link)
    return link


def _require_demo(services: Services) -> None:
    if not services.settings.demo:
        raise NotAllowed("demo-only")


async def _link_for(
    services: Services, handle: str, purpose: str, lasting: timedelta, actor: Actor | None
) -> str:
    async with services.database.write() as tx:
        person = await people.by_handle(tx, handle)
        if person is None or person.suspended_at is not None:
            raise NotFound
        by = known(actor) if actor else None
        return await _new_link(services, tx, purpose, lasting, person_id=person.id, by=by)


async def _new_link(
    services: Services,
    tx: Transaction,
    purpose: str,
    lasting: timedelta,
    *,
    person_id: UUID | None = None,
    data: dict[str, object] | None = None,
    by: UUID | None = None,
) -> str:
    secret, now = new_secret(), services.clock()
    await access.create_link(
        tx,
        secret_hash=hash_of(secret),
        purpose=purpose,
        now=now,
        expires_at=now + lasting,
        person_id=person_id,
        data=data,
        created_by=by,
    )
    return f"{services.settings.address}{PLACES[purpose]}/{secret}"


async def _use_link(services: Services, tx: Transaction, secret: str, purpose: str) -> OneTimeLink:
    link = await access.use_link(tx, hash_of(secret), purpose, services.clock())
    if link is None:
        raise NotFound("link-spent")
    return link


async def _require_inviter(tx: Transaction, link: OneTimeLink) -> None:
    """Refuse an invitation by somebody who could not give it any more.

    Else a suspended person came back, with all his roles, by what he laid aside in time.
    """
    if link.created_by is None or link.purpose != "invitation":
        return
    person = await people.get(tx, link.created_by)
    assert person is not None, "persons are not deleted"
    inviter = actor_of(person, await people.roles(tx, person.id))
    try:
        require(Action.INVITE, inviter)
        require_grantable(inviter, frozenset(map(Role, link.data["roles"])))
    except NotAllowed as error:
        raise NotFound("link-spent") from error


async def _holder_of(tx: Transaction, link: OneTimeLink) -> UUID:
    """The person a link is for; a suspended one has no use of it."""
    person = await people.get(tx, link.person_id) if link.person_id else None
    if person is None or person.suspended_at is not None:
        raise NotFound("link-spent")
    return person.id


def _mail(services: Services, which: str, to: str, language: Language, **values: str) -> None:
    subject, text = mail_text(which, services.pages.catalogues[language], values)
    services.mail.post(to, subject, text)
