"""Whose secret this is: the person behind a session, a token or a ticket, as an actor."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from collab.process.actors import Actor, Role
from server.auth.cookie import SESSION_IDLE
from server.auth.secrets import hash_of
from server.auth.together import Together
from server.services import Services
from storage import access, people
from storage.database import Transaction
from storage.following import notices
from storage.tables.access import Session
from storage.tables.people import Person

NOTED_EVERY: Final = timedelta(minutes=10)
"""How exactly it is known when a session or token was last used; each note is a write."""


@dataclass(frozen=True)
class Holder:
    """A person who showed a valid secret."""

    actor: Actor
    language: str
    session_key: str | None = None
    unread: int = 0
    """How much that is addressed to him he has not read; for the head of pages."""


@dataclass(frozen=True, slots=True)
class _SignIn:
    """A session that is not revoked, and what its holder has not read."""

    session: Session
    holder: access.Holder
    unread: int


async def by_session(services: Services, secret: str) -> Holder | None:
    """The person of a session that is neither over nor revoked nor long unused."""
    key, now = hash_of(secret), services.clock()
    found = await _sessions.ask(services.database, key)
    if found is None or found.holder.person.suspended_at is not None:
        return None
    session, holder = found.session, found.holder
    idle = now - session.last_seen_at
    if session.expires_at <= now or idle >= SESSION_IDLE:
        return None
    if idle > NOTED_EVERY:
        async with services.database.write() as tx:
            await access.touch_session(tx, key, now)
    actor = actor_of(holder.person, holder.roles)
    return Holder(actor, holder.person.language, key, found.unread)


async def by_token(services: Services, secret: str) -> Holder | None:
    """The person of a bearer token that is neither expired nor revoked."""
    now = services.clock()
    found = await _tokens.ask(services.database, hash_of(secret))
    if found is None or found[1].person.suspended_at is not None:
        return None
    token, holder = found
    if not access.is_valid(token, now):
        return None
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        async with services.database.write() as tx:
            await access.touch_token(tx, token.id, now)
    return Holder(actor_of(holder.person, holder.roles), holder.person.language)


async def by_ticket(services: Services, ticket: str, document: UUID) -> Holder | None:
    """The person to whom the ticket was given for ``document``; it is used up either way."""
    async with services.database.write() as tx:
        link = await access.use_link(tx, hash_of(ticket), "collab_ticket", services.clock())
        if link is None or link.document_id != document or link.person_id is None:
            return None
        return await _holder(tx, link.person_id)


def actor_of(person: Person, roles: frozenset[str]) -> Actor:
    """The stored person as rules see him, with his arena roles."""
    held = frozenset(map(Role, roles))
    return Actor(person.id, person.handle, person.name, held, person.suspended_at is not None)


async def _read_sessions(tx: Transaction, keys: Collection[str]) -> dict[str, _SignIn]:
    held = await access.sessions_held(tx, keys)
    persons = {holder.person.id for _, holder in held.values()}
    unread = {each: await notices.count_unread(tx, each) for each in persons}
    return {key: _SignIn(*found, unread[found[1].person.id]) for key, found in held.items()}


# Of a crowd that comes at once, all are looked up together.
_sessions: Final = Together(_read_sessions)
_tokens: Final = Together(access.tokens_held)


async def _holder(tx: Transaction, person_id: UUID) -> Holder | None:
    person = await people.get(tx, person_id)
    if person is None or person.suspended_at is not None:
        return None
    return Holder(actor_of(person, await people.roles(tx, person_id)), person.language)
