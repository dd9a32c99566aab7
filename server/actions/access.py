"""Coming in and going out: signing in with a password, sessions, devices.

Answers to strangers are the same whether the person exists or not, and take as long. One-time
links are in ``links``, what programs use in ``programs``.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from server.auth import limits
from server.auth.cookie import SESSION_AT_MOST
from server.auth.secrets import hash_of, new_secret
from server.monitoring.metrics.http import sign_ins_total
from server.services import Services
from storage import access, people
from storage.database import Transaction
from storage.tables.access import Session

DEVICE_CHARS_MAX = 120
NAME_CHARS_MAX = 320


def known(actor: Actor) -> UUID:
    """The id of a signed-in actor; refuses guests."""
    if actor.person_id is None:
        raise NotAllowed("sign-in-required")
    return actor.person_id


@dataclass(frozen=True)
class Caller:
    """Where an attempt to come in came from."""

    address: str
    device: str = ""


@dataclass(frozen=True)
class SignedIn:
    """A new session; ``secret`` goes into the cookie and nowhere else."""

    person_id: UUID
    secret: str


async def sign_in(
    services: Services, name: str, password: str, caller: Caller, *, replacing: str | None = None
) -> SignedIn:
    """Sign in with e-mail address or handle; ``replacing`` is the key of a session to end.

    Raises:
        NotAllowed: name or password are wrong, or the person is suspended; nobody learns which.
        Limited: too many attempts from this address or for this name.
    """
    asked = name.strip().lower()[:NAME_CHARS_MAX]
    shared = (
        (limits.FAILED_PER_ADDRESS, ("sign-in", caller.address)),
        (limits.FAILED_PER_NAME, ("sign-in", asked)),
    )
    for limit, who in shared:
        await services.limiter.require(limit, *who)
    # Counted before the password is checked, so that many guesses at once count too.
    own = ("sign-in", asked, caller.address)
    await services.limiter.hit(limits.FAILED_PER_NAME_AND_ADDRESS, *own)
    async with services.database.read() as tx:
        person = await people.by_sign_in_name(tx, asked)
    is_right = await services.passwords.matches(password, person.password_hash if person else None)
    if person is None or not is_right or person.suspended_at is not None:
        sign_ins_total.labels("refused").inc()
        for limit, who in shared:
            await services.limiter.note(limit, *who)
        raise NotAllowed("wrong-password")
    await services.limiter.forget(limits.FAILED_PER_NAME_AND_ADDRESS, *own)
    sign_ins_total.labels("ok").inc()
    async with services.database.write() as tx:
        signed_in = await begin_session(services, tx, person.id, caller, replacing=replacing)
    await leave_sockets(services, replacing)
    return signed_in


async def leave_sockets(services: Services, replaced: str | None) -> None:
    """Close what is still open in the name of who was signed in here before."""
    if replaced:
        await services.hub.revoke_session(replaced)


async def begin_session(
    services: Services,
    tx: Transaction,
    person_id: UUID,
    caller: Caller,
    *,
    replacing: str | None = None,
    until: datetime | None = None,
) -> SignedIn:
    """A fresh session; a secret known before the sign-in is worth nothing after it.

    ``until``: it ends then, if not before.
    """
    now, secret = services.clock(), new_secret()
    longest = now + SESSION_AT_MOST
    if replacing:
        await access.revoke_session(tx, replacing, now)
    await access.create_session(
        tx,
        id_hash=hash_of(secret),
        person_id=person_id,
        now=now,
        expires_at=min(longest, until or longest),
        device=caller.device[:DEVICE_CHARS_MAX],
    )
    return SignedIn(person_id, secret)


async def sign_out(services: Services, session_key: str) -> None:
    """End one session and its open sockets."""
    async with services.database.write() as tx:
        await access.revoke_session(tx, session_key, services.clock())
    await services.hub.revoke_session(session_key)


async def devices(services: Services, actor: Actor) -> list[Session]:
    """The actor's open sessions, last used first."""
    async with services.database.read() as tx:
        return await access.sessions(tx, known(actor), services.clock())


async def sign_out_device(services: Services, actor: Actor, session_key: str) -> None:
    """End one of the actor's own sessions."""
    if session_key not in {each.id_hash for each in await devices(services, actor)}:
        raise NotFound
    await sign_out(services, session_key)


async def sign_out_elsewhere(services: Services, actor: Actor, keep: str | None) -> int:
    """End all sessions of the actor but the one with key ``keep``; return how many."""
    others = [each.id_hash for each in await devices(services, actor) if each.id_hash != keep]
    for session_key in others:
        await sign_out(services, session_key)
    return len(others)


async def change_password(
    services: Services, actor: Actor, current: str, new: str, keep: str | None
) -> None:
    """Set a new password and end every other session."""
    person_id = known(actor)
    await services.limiter.hit(limits.FAILED_PER_NAME, "change-password", str(person_id))
    async with services.database.read() as tx:
        person = await people.get(tx, person_id)
    assert person is not None
    if person.password_hash and not await services.passwords.matches(current, person.password_hash):
        raise Invalid("wrong-current-password", fields={"current": "wrong"})
    await _set_password(services, person_id, new, keep)


async def set_password(services: Services, person_id: UUID, new: str) -> None:
    """Set a password for somebody else, as the operator at the command line does."""
    await _set_password(services, person_id, new, keep=None)


async def _set_password(services: Services, person_id: UUID, new: str, keep: str | None) -> None:
    """Set the password and end every session but ``keep``, with their sockets."""
    password_hash = await services.passwords.hash(new)
    now = services.clock()
    async with services.database.write() as tx:
        await people.set_password_hash(tx, person_id, password_hash)
        ended = await access.sessions(tx, person_id, now)
        await access.revoke_sessions(tx, person_id, now, keep=keep)
    for session in ended:
        if session.id_hash != keep:
            await services.hub.revoke_session(session.id_hash)
