"""Addressing an event to people whom it concerns themselves."""

from collections.abc import Iterable
from uuid import UUID

from collab.process.following.notices import NoticeReason
from storage.database import Transaction
from storage.events import StoredEvent
from storage.following import notices

ADDRESSED_MAX = 200
"""So many people at most hear of one event because it concerns them themselves."""


async def address(
    tx: Transaction, event: StoredEvent, person_ids: Iterable[UUID], reason: NoticeReason
) -> None:
    """Put the event into the inbox of these people, in the transaction that wrote it.

    Nobody is told of what he did himself. Of more than ``ADDRESSED_MAX`` the first are told.
    """
    others = [each for each in dict.fromkeys(person_ids) if each != event.actor_id]
    await notices.add(
        tx, event.id, others[:ADDRESSED_MAX], reason, idea_id=event.idea_id, now=event.at
    )
