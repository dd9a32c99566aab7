"""What is addressed to people: once per person and event, whoever asks twice."""

from __future__ import annotations

from collab.process.events.people import PersonRoleChanged
from collab.process.following.notices import NoticeReason
from storage import events
from storage.database import Database
from storage.following import notices
from tests.storage.making import NOW, make_person


async def test_n1_an_event_is_addressed_to_a_person_once_with_its_first_reason(
    database: Database,
) -> None:
    async with database.write() as tx:
        person_id, other_id = await make_person(tx), await make_person(tx)
        fact = PersonRoleChanged(other_id, "expert", granted=True)
        told = await events.append(tx, fact, idea_id=None, actor_id=other_id, public=True, now=NOW)
        event_id = told.id
        await notices.add(
            tx, event_id, [person_id, person_id], NoticeReason.MENTIONED, idea_id=None, now=NOW
        )
        await notices.add(
            tx, event_id, [person_id, other_id], NoticeReason.REPLIED, idea_id=None, now=NOW
        )
        await notices.add(tx, event_id, [], NoticeReason.REPLIED, idea_id=None, now=NOW)
        found = [
            (each.person_id, each.reason, each.seen_at)
            for who in (person_id, other_id)
            for each in await notices.of_person(tx, who, limit=10)
        ]
    assert found == [(person_id, "mentioned", None), (other_id, "replied", None)]
