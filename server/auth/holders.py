"""Whose secret this is: the person behind a session, a token or a ticket, as an actor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from collab.process.actors import Actor, Role
from server.auth.cookie import SESSION_IDLE
from server.auth.secrets import hash_of
from server.services import Services
from storage.database import Transaction
from storage.tables.access import OneTimeLink, Session, Token
from storage.tables.people import Person, PersonRole

SEEN_EVERY: Final = timedelta(minutes=10)
"""How exactly it is known when a session was last seen; each note is a write."""


@dataclass(frozen=True)
class Holder:
    """A person who showed a valid secret."""

    actor: Actor
    language: str
    session_key: str | None = None


async def by_session(services: Services, secret: str) -> Holder | None:
    """The person of a session that is neither over nor revoked."""
    key, now = hash_of(secret), services.clock()
    async with services.database.read() as tx:
        session = await tx.get(Session, key)
        if session is None or not is_live(session, now):
            return None
        holder = await holder_of(tx, session.person_id, key)
    if holder and now - session.last_seen_at > SEEN_EVERY:
        async with services.database.write() as tx:
            if found := await tx.get(Session, key):
                found.last_seen_at = now
                tx.add(found)
    return holder


def is_live(session: Session, now: datetime) -> bool:
    """Whether the session still signs somebody in."""
    return (
        session.revoked_at is None
        and now < session.expires_at
        and now - session.last_seen_at < SESSION_IDLE
    )


async def by_token(services: Services, token: str) -> Holder | None:
    """The person of a bearer token that is neither expired nor revoked."""
    now = services.clock()
    async with services.database.read() as tx:
        found = (
            await tx.exec(select(Token).where(col(Token.secret_hash) == hash_of(token)))
        ).first()
        if found is None or found.revoked_at or (found.expires_at and now >= found.expires_at):
            return None
        return await holder_of(tx, found.person_id)


async def by_ticket(services: Services, ticket: str, document: UUID) -> Holder | None:
    """The person to whom the ticket was given for ``document``; it is used up either way."""
    now = services.clock()
    async with services.database.write() as tx:
        link = await tx.get(OneTimeLink, hash_of(ticket))
        if (
            link is None
            or link.purpose != "collab_ticket"
            or link.used_at
            or link.expires_at <= now
        ):
            return None
        link.used_at = now
        tx.add(link)
        if link.document_id != document or link.person_id is None:
            return None
        return await holder_of(tx, link.person_id)


async def holder_of(tx: Transaction, person_id: UUID, key: str | None = None) -> Holder | None:
    """The person as an actor; None if he is suspended."""
    person = await tx.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        return None
    roles = (
        await tx.exec(select(PersonRole.role).where(col(PersonRole.person_id) == person_id))
    ).all()
    actor = Actor(person.id, person.handle, person.name, frozenset(map(Role, roles)))
    return Holder(actor, person.language, key)
