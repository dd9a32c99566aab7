"""Everything that Arena holds about one person, as one JSON document."""

import asyncio
from typing import Any
from uuid import UUID

from collab.sync.removal import erase
from server.actions.erasure.texts import of_person
from server.mail import mails_about
from server.realtime.holders import holder
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable, load
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.erasure import holdings, texts
from storage.erasure.topics import experts
from storage.tables.people import Person

Holdings = dict[str, Any]


async def holdings_of(services: Services, person: Person) -> Holdings:
    """All of it, as one moment of the database saw it; mails as they lie in the outbox."""
    mails = await asyncio.to_thread(
        mails_about, services.settings.outbox, person.email, person.name
    )
    async with services.database.read() as tx:
        return {
            "exported_at": services.clock().isoformat(),
            "account": await _account(tx, person),
            **{name: await holdings.owned(tx, name, person.id) for name in holdings.OWNED},
            "ideas": await holdings.created_ideas(tx, person.id),
            "texts": [
                await _text(tx, document_id, person.id)
                for document_id in await texts.documents_of(tx, person.id)
            ],
            "reviews": await holdings.reviews(tx, person.id),
            "experts_asked": await experts.asked(tx, person.id),
            "kept_apart": await holdings.kept_apart(tx, person.id),
            "catalogue_versions": await holdings.catalogue_versions(tx, person.id),
            "late_text": await holdings.late_text(tx, person.id),
            "mutes": await holdings.mutes(tx, person.id),
            "events": await holdings.events(tx, person.id),
            "audited": await holdings.audited(tx, person.id),
            "mails": [{"subject": mail.subject, "date": mail.date} for mail in mails],
        }


async def _account(tx: Transaction, person: Person) -> dict[str, Any]:
    memberships = (await people.memberships(tx, [person.id])).get(person.id, [])
    return {
        "id": str(person.id),
        "handle": person.handle,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "has_password": person.password_hash is not None,
        "created_at": person.created_at.isoformat(),
        "suspended_at": person.suspended_at.isoformat() if person.suspended_at else None,
        "suspended_reason": person.suspended_reason,
        "roles": sorted(await people.roles(tx, person.id)),
        "organisations": [
            {
                "name": member.organisation.name,
                "actor_class": member.organisation.actor_class,
                "confirmed_at": member.confirmed_at.isoformat() if member.confirmed_at else None,
                "may_sign": member.may_sign,
            }
            for member in memberships
        ],
    }


async def _text(tx: Transaction, document_id: UUID, person_id: UUID) -> dict[str, Any]:
    """What the person wrote in one document: shown now, in kept versions, and deleted since."""
    held_by = await holder(tx, document_id)
    assert held_by is not None, "only documents that belong to something are listed"
    idea = held_by.idea
    found: dict[str, Any] = {"ref": held_by.name, "title": held_by.title}
    if idea is not None:
        found = {"ref": idea.ref, "title": idea.title, "stage": idea.stage}
    found["document"] = held_by.kind.value
    try:
        loaded = await load(tx, document_id)
    except (DocumentUnreadable, DocumentAbsent):
        return {**found, "is_readable": False, "passages": {}, "pinned": [], "deleted": []}
    choose, schema = await of_person(tx, loaded, held_by, person_id), loaded.document.schema
    rows = await texts.log_of(tx, document_id, person_id)
    pins = await texts.pinned(tx, document_id)

    def read() -> dict[str, Any]:
        state = loaded.document.state()
        return {
            "is_readable": True,
            "passages": erase.passages(state, schema, choose(state), loaded.sections),
            "pinned": [
                {
                    "version": f"{pin.epoch}.{pin.seq}",
                    "passages": erase.passages(
                        pin.state, schema, choose(pin.state), list(pin.sections["sections"])
                    ),
                }
                for pin in pins
            ],
            "deleted": erase.lost_text(rows, state),
        }

    return {**found, **await asyncio.to_thread(read)}
