"""Opening the task to commit oneself anew: another lead, a newer catalogue, a withdrawn signature.

Nothing that was signed changes; the task has a due date and everybody sees it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from collab.process.calendar.berlin import berlin_date
from collab.process.calendar.deadlines import Span, due
from collab.process.events.event import is_public
from collab.process.events.measures import RenewalOpened
from collab.process.measures import commitment as rules
from collab.process.measures.commitment import PRINCIPLES, RENEWAL_WORKING_DAYS, Made, State
from server.actions.measures.commitments import asked
from server.services import Services
from storage import documents, events, ideas
from storage.database import Transaction
from storage.process import catalogues
from storage.process.measures import commitments


async def unrenewed(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """The measures whose commitment has to be made anew and that have no task yet."""
    current = await catalogues.current(tx, PRINCIPLES, berlin_date(now))
    return await commitments.unrenewed(tx, current.version, limit)


async def open_renewal(services: Services, idea_id: UUID) -> None:
    """Open the task; nothing if somebody signed or opened it meanwhile."""
    now = services.clock()
    async with services.database.read() as tx:
        idea = await ideas.get(tx, idea_id)
    assert idea is not None, "only measures are renewed, and they are not deleted"
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        found = await asked(tx, idea_id, now)
        if found is None:
            return
        lead, version = found.lead, found.catalogue.version
        made = [
            Made(row.organisation_id, row.catalogue_version, State(row.state))
            for row in await commitments.of_idea(tx, idea_id)
        ]
        cause = rules.renewal(made, lead.organisation_id, version)
        task = (await commitments.open_renewals(tx, [idea_id])).get(idea_id)
        is_known = task is not None and (task.organisation_id, task.catalogue_version) == (
            lead.organisation_id,
            version,
        )
        if cause is None or is_known:
            return
        await commitments.close_renewal(tx, idea_id, now)
        due_at = due(now, Span(RENEWAL_WORKING_DAYS))
        await commitments.open_renewal(
            tx,
            id=uuid4(),
            idea_id=idea_id,
            organisation_id=lead.organisation_id,
            organisation_name=lead.organisation_name,
            catalogue_version=version,
            cause=cause,
            opened_at=now,
            due_at=due_at,
        )
        day = berlin_date(due_at).isoformat()
        fact = RenewalOpened(lead.organisation_id, lead.organisation_name, cause.value, day)
        event = await events.append(
            tx,
            fact,
            idea_id=idea_id,
            actor_id=None,
            public=is_public(fact, idea.stage),
            now=now,
        )
    await services.announcer.announce([event])
