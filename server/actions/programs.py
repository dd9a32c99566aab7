"""What programs use to act for a person: bearer tokens, and tickets for one socket."""

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.sync.address import DocumentAddress
from server.actions.access import known
from server.auth import limits
from server.auth.secrets import hash_of, new_secret
from server.realtime.access import grants
from server.realtime.holders import holder
from server.services import Services
from storage import access, people
from storage.tables.access import Token

TICKET_FOR: Final = timedelta(seconds=30)
TOKEN_PREFIX = "arena_"
LABEL_CHARS_MAX = 100


async def issue_token(
    services: Services, handle: str, *, label: str = "", lasting: timedelta | None = None
) -> str:
    """A new bearer token of the person; shown once, kept as a hash. The operator's act."""
    secret, now = TOKEN_PREFIX + new_secret(), services.clock()
    async with services.database.write() as tx:
        person = await people.by_handle(tx, handle)
        if person is None or person.suspended_at is not None:
            raise NotFound
        await access.create_token(
            tx,
            token_id=uuid4(),
            secret_hash=hash_of(secret),
            person_id=person.id,
            now=now,
            label=label[:LABEL_CHARS_MAX],
            expires_at=now + lasting if lasting else None,
        )
    return secret


async def tokens(services: Services, actor: Actor) -> list[Token]:
    """The actor's own tokens, newest first."""
    async with services.database.read() as tx:
        return await access.tokens(tx, known(actor))


async def revoke_token(services: Services, actor: Actor, token_id: UUID) -> None:
    """End one of the actor's own tokens; sockets that were opened with it close."""
    if token_id not in {each.id for each in await tokens(services, actor)}:
        raise NotFound
    async with services.database.write() as tx:
        await access.revoke_token(tx, token_id, services.clock())
    await services.hub.revoke(known(actor))


async def issue_ticket(services: Services, actor: Actor, address: DocumentAddress) -> str:
    """A secret that opens one socket to one document within 30 seconds."""
    person_id = known(actor)
    await services.limiter.hit(limits.TICKET_PER_PERSON, "ticket", str(person_id))
    secret, now = new_secret(), services.clock()
    async with services.database.write() as tx:
        held_by = await holder(tx, address.document)
        if held_by is None:
            raise NotFound
        granted = await grants(tx, address.document, [person_id])
        if not granted[person_id].read:
            raise NotFound
        await access.create_link(
            tx,
            secret_hash=hash_of(secret),
            purpose="collab_ticket",
            now=now,
            expires_at=now + TICKET_FOR,
            person_id=person_id,
            document_id=address.document,
        )
    return secret
