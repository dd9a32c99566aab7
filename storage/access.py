"""Sessions of browsers, tokens of programs and one-time links; only hashes of secrets come here.

What is still valid is decided here by ``now``; how long it shall be is the caller's rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage import people
from storage.database import METADATA, Transaction
from storage.tables.access import OneTimeLink, Session, Token
from storage.tables.people import Person

SESSION = METADATA.tables["session"]
TOKEN = METADATA.tables["token"]
LINK = METADATA.tables["one_time_link"]

KEYS_PER_QUERY = 1_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose session or token it is, with his arena roles; a suspended person is one too."""

    person: Person
    roles: frozenset[str]


async def create_session(
    tx: Transaction,
    *,
    id_hash: str,
    person_id: UUID,
    now: datetime,
    expires_at: datetime,
    device: str = "",
) -> Session:
    session = Session(
        id_hash=id_hash,
        person_id=person_id,
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
        device=device,
    )
    tx.add(session)
    await tx.flush()
    return session


async def session(tx: Transaction, id_hash: str, now: datetime) -> tuple[Session, Holder] | None:
    """The session, if it is neither revoked nor expired, and its holder."""
    found = (await sessions_held(tx, [id_hash])).get(id_hash)
    return found if found is not None and found[0].expires_at > now else None


async def sessions_held(
    tx: Transaction, id_hashes: Collection[str]
) -> dict[str, tuple[Session, Holder]]:
    """Those of the sessions that are not revoked, with their holders; they may have expired."""
    query = select_rows(Session).where(
        col(Session.id_hash).in_(list(id_hashes)), col(Session.revoked_at).is_(None)
    )
    found = await tx.rows(query)
    holders = await _holders(tx, {each.person_id for each in found})
    return {each.id_hash: (each, holders[each.person_id]) for each in found}


async def touch_session(
    tx: Transaction, id_hash: str, now: datetime, expires_at: datetime | None = None
) -> None:
    """Note that the session was used, and move its end if ``expires_at`` is given."""
    values = {"last_seen_at": now} | ({"expires_at": expires_at} if expires_at else {})
    await tx.run(update(SESSION).where(SESSION.c.id_hash == id_hash).values(values))


async def sessions(tx: Transaction, person_id: UUID, now: datetime) -> list[Session]:
    """The person's open sessions, last used first."""
    return await tx.rows(
        select_rows(Session)
        .where(
            Session.person_id == person_id,
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > now,
        )
        .order_by(col(Session.last_seen_at).desc())
    )


async def open_sessions(
    tx: Transaction, id_hashes: Collection[str | None], now: datetime
) -> Collection[str | None]:
    """Those of the sessions that are neither revoked nor expired; None is left as it is."""
    query = select(SESSION.c.id_hash).where(
        SESSION.c.revoked_at.is_(None), SESSION.c.expires_at > now
    )
    return await _still_there(tx, query, SESSION.c.id_hash, id_hashes)


async def revoke_session(tx: Transaction, id_hash: str, now: datetime) -> bool:
    """End the session; False if it had ended or never was."""
    result = await tx.run(
        update(SESSION)
        .where(SESSION.c.id_hash == id_hash, SESSION.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return result.rowcount == 1


async def revoke_sessions(
    tx: Transaction, person_id: UUID, now: datetime, *, keep: str | None = None
) -> int:
    """End all sessions of the person but ``keep``; return how many."""
    result = await tx.run(
        update(SESSION)
        .where(
            SESSION.c.person_id == person_id,
            SESSION.c.revoked_at.is_(None),
            SESSION.c.id_hash != (keep or ""),
        )
        .values(revoked_at=now)
    )
    return result.rowcount


async def create_token(
    tx: Transaction,
    *,
    token_id: UUID,
    secret_hash: str,
    person_id: UUID,
    now: datetime,
    label: str = "",
    expires_at: datetime | None = None,
) -> Token:
    token = Token(
        id=token_id,
        secret_hash=secret_hash,
        person_id=person_id,
        label=label,
        created_at=now,
        expires_at=expires_at,
    )
    tx.add(token)
    await tx.flush()
    return token


async def tokens_held(
    tx: Transaction, secret_hashes: Collection[str]
) -> dict[str, tuple[Token, Holder]]:
    """Those of the tokens that are not revoked, with their holders; they may have expired."""
    query = select_rows(Token).where(
        col(Token.secret_hash).in_(list(secret_hashes)), col(Token.revoked_at).is_(None)
    )
    found = await tx.rows(query)
    holders = await _holders(tx, {each.person_id for each in found})
    return {each.secret_hash: (each, holders[each.person_id]) for each in found}


def is_valid(token: Token, now: datetime) -> bool:
    """Whether a token that is not revoked has not expired either."""
    return token.expires_at is None or token.expires_at > now


async def open_tokens(
    tx: Transaction, secret_hashes: Collection[str | None], now: datetime
) -> Collection[str | None]:
    """Those of the tokens that are neither revoked nor expired; None is left as it is."""
    query = select(TOKEN.c.secret_hash).where(
        TOKEN.c.revoked_at.is_(None),
        or_(TOKEN.c.expires_at.is_(None), TOKEN.c.expires_at > now),
    )
    return await _still_there(tx, query, TOKEN.c.secret_hash, secret_hashes)


async def touch_token(tx: Transaction, token_id: UUID, now: datetime) -> None:
    await tx.run(update(TOKEN).where(TOKEN.c.id == token_id).values(last_used_at=now))


async def tokens(tx: Transaction, person_id: UUID) -> list[Token]:
    """The person's tokens that are not revoked, newest first."""
    return await tx.rows(
        select_rows(Token)
        .where(Token.person_id == person_id, col(Token.revoked_at).is_(None))
        .order_by(col(Token.created_at).desc(), col(Token.id))
    )


async def revoke_token(tx: Transaction, token_id: UUID, now: datetime) -> bool:
    """End the token; False if it had ended or never was."""
    result = await tx.run(
        update(TOKEN)
        .where(TOKEN.c.id == token_id, TOKEN.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return result.rowcount == 1


async def create_link(
    tx: Transaction,
    *,
    secret_hash: str,
    purpose: str,
    now: datetime,
    expires_at: datetime,
    person_id: UUID | None = None,
    document_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    created_by: UUID | None = None,
) -> OneTimeLink:
    link = OneTimeLink(
        secret_hash=secret_hash,
        purpose=purpose,
        person_id=person_id,
        document_id=document_id,
        data=dict(data or {}),
        created_by=created_by,
        created_at=now,
        expires_at=expires_at,
    )
    tx.add(link)
    await tx.flush()
    return link


async def link(
    tx: Transaction, secret_hash: str, purpose: str, now: datetime
) -> OneTimeLink | None:
    """The link, if it can still be used for ``purpose``; looking does not use it up."""
    return await tx.row(
        select_rows(OneTimeLink).where(
            OneTimeLink.secret_hash == secret_hash,
            OneTimeLink.purpose == purpose,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.expires_at) > now,
        )
    )


async def use_link(
    tx: Transaction, secret_hash: str, purpose: str, now: datetime
) -> OneTimeLink | None:
    """Use the link up; None if it cannot be used. Of many that try at once only one gets it."""
    result = await tx.run(
        update(LINK)
        .where(
            LINK.c.secret_hash == secret_hash,
            LINK.c.purpose == purpose,
            LINK.c.used_at.is_(None),
            LINK.c.expires_at > now,
        )
        .values(used_at=now)
    )
    if result.rowcount != 1:
        return None
    return await tx.row(select_rows(OneTimeLink).where(OneTimeLink.secret_hash == secret_hash))


async def revoke_links(tx: Transaction, person_id: UUID, purpose: str, now: datetime) -> int:
    """Make the person's unused links of that purpose useless; return how many."""
    result = await tx.run(
        update(LINK)
        .where(LINK.c.person_id == person_id, LINK.c.purpose == purpose, LINK.c.used_at.is_(None))
        .values(used_at=now)
    )
    return result.rowcount


async def _still_there(
    tx: Transaction,
    query: Select[tuple[str]],
    column: ColumnElement[str],
    asked: Collection[str | None],
) -> set[str | None]:
    found: set[str | None] = {None}
    keys = sorted(key for key in asked if key is not None)
    for start in range(0, len(keys), KEYS_PER_QUERY):
        some = keys[start : start + KEYS_PER_QUERY]
        found |= set((await tx.run(query.where(column.in_(some)))).scalars())
    return found


async def _holders(tx: Transaction, person_ids: Collection[UUID]) -> dict[UUID, Holder]:
    persons, roles = await people.named(tx, person_ids), await people.roles_of(tx, person_ids)
    return {each: Holder(found, roles.get(each, frozenset())) for each, found in persons.items()}
