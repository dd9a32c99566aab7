"""People, tokens and ideas in bulk: what a benched Arena finds in its database.

Written the way Arena itself writes them. There is a person for each client, so limits for each
person bind as they do in a real crowd.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from collab.process.actors import Role
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.events.event import is_public
from collab.process.events.ideas import IdeaCreated
from collab.process.processes import load_process
from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from collab.sync.schema import SERVER_CLIENT
from collab.sync.text import sha256, to_json, to_plain
from collab.sync.yjs.update import parse_state_vector
from server.actions.seeds import DOCUMENT_KIND, SCHEMA_NUMBER, dossier_schema, seed
from server.auth.secrets import hash_of
from storage import access, documents, migrate, people
from storage.bulk.ideas import FirstText, NewIdea, insert_ideas
from storage.database import Database, Transaction
from storage.documents import LogRow

STAGE = "open"
ROOT = "benefit"
"""The section that the clients write in; every stage-open idea has it."""


@dataclass(frozen=True, slots=True)
class Population:
    """Who may come, and where to: one token per person, one address per idea."""

    tokens: tuple[str, ...]
    addresses: tuple[str, ...]


async def populate(url: str, *, persons: int, ideas: int, text: bytes | None = None) -> Population:
    """Migrate the database and fill it; ``text`` is an update that the first idea holds."""
    await migrate.upgrade(url)
    database = await Database.open(url)
    now = datetime.now(UTC)
    try:
        async with database.write() as tx:
            ids = [await _person(tx, number, now) for number in range(persons)]
            tokens = [await _token(tx, person_id, now) for person_id in ids]
            new = [_idea(number, ids[0], now) for number in range(ideas)]
            await insert_ideas(tx, new, now.year)
            if text is not None:
                await _fill(tx, new[0].text.document_id, ids[0], text, now)
    finally:
        await database.close()
    addresses = [DocumentAddress(each.text.document_id, 1, SCHEMA_NUMBER) for each in new]
    return Population(tuple(tokens), tuple(map(str, addresses)))


async def _person(tx: Transaction, number: int, now: datetime) -> UUID:
    person_id = uuid4()
    await people.create(
        tx,
        person_id=person_id,
        handle=f"person-{number}",
        name=f"Person {number}",
        now=now,
        roles=[Role.PARTICIPANT.value],
    )
    return person_id


async def _token(tx: Transaction, person_id: UUID, now: datetime) -> str:
    secret = f"arena_{secrets.token_urlsafe(24)}"
    await access.create_token(
        tx, token_id=uuid4(), secret_hash=hash_of(secret), person_id=person_id, now=now
    )
    return secret


def _idea(number: int, author: UUID, now: datetime) -> NewIdea:
    process, template = load_process(), load_dossier(IdeaKind.PROPOSAL)
    seeded = seed(template, f"Idee {number}", {})
    fact = IdeaCreated(seeded.text.title, IdeaKind.PROPOSAL, STAGE)
    return NewIdea(
        idea_id=uuid4(),
        kind=IdeaKind.PROPOSAL,
        stage=STAGE,
        template_id=template.id,
        template_version=template.version,
        process_id=process.id,
        process_version=process.version,
        created_by=author,
        at=now,
        source=f"bench:{number}",
        latitude=None,
        longitude=None,
        text=FirstText(
            document_id=uuid4(),
            document_kind=DOCUMENT_KIND,
            schema=SCHEMA_NUMBER,
            seed=seeded.update,
            seed_clients=(SERVER_CLIENT,),
            sha256=sha256(seeded.text),
            title=seeded.text.title,
            plain=to_plain(seeded.text),
            sections=to_json(seeded.text),
        ),
        fact=fact,
        is_public=is_public(fact, STAGE),
    )


async def _fill(
    tx: Transaction, document_id: UUID, author: UUID, text: bytes, now: datetime
) -> None:
    """Commit ``text`` as the author's and keep a snapshot, as a room does before it rests."""
    head = (await documents.lock_heads(tx, [document_id]))[document_id]
    found = await documents.load(tx, document_id)
    assert isinstance(found, documents.Found)
    document = Document.load(dossier_schema(), [*found.updates, text])
    clients = set(parse_state_vector(document.state_vector())) - {SERVER_CLIENT}
    await documents.claim(tx, document_id, head.epoch, dict.fromkeys(clients, author))
    seq = await documents.append(tx, head, [LogRow(text, author)], now)
    await documents.save_snapshot(tx, document_id, head.epoch, seq, document.state(), now)
