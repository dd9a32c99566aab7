"""What a person may be told of at this moment, wherever it is told: page, inbox, mail, digest."""

from collections.abc import Iterable
from uuid import UUID

from collab.process.actors import Actor, Role
from collab.process.events.kinds import EVENTS
from collab.process.permissions import Action, may
from server.actions.cases import Case
from server.auth.holders import actor_of
from server.views.record.known import may_know
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.following import news
from storage.tables.people import Person


async def cases_of(
    tx: Transaction, actor: Actor, idea_ids: Iterable[UUID | None]
) -> dict[UUID, Case]:
    """Those of the ideas that the actor may read now, with his roles there."""
    ids = {each for each in idea_ids if each is not None}
    if not ids or actor.person_id is None or actor.suspended:
        return {}
    roles = await news.at_home(tx, actor.person_id, ids)
    found: dict[UUID, Case] = {}
    for idea in await ideas.of_ids(tx, sorted(ids)):
        here = actor.with_roles(Role(role) for role in roles.get(idea.id, ()))
        if may(here, Action.READ_IDEA, idea.stage):
            found[idea.id] = Case(idea, here)
    return found


def may_be_told(event: StoredEvent, cases: dict[UUID, Case]) -> bool:
    """Whether what is addressed to somebody may be shown to him, given the ideas he may read.

    What is public nowhere, such as what became of a report, is for whom it is addressed to; what
    happened in a draft stays with its team also after it was published (rule I4).
    """
    if event.idea_id is None:
        return True
    case = cases.get(event.idea_id)
    if case is None:
        return False
    known = EVENTS.get(event.kind)
    is_for_him_alone = known is not None and not known.public
    return is_for_him_alone or may_know(case, event.kind, is_public=event.public)


async def reader_of(tx: Transaction, person: Person) -> Actor | None:
    """The person as rules see him; None if he is suspended or gone."""
    if person.suspended_at is not None or person.erased_at is not None:
        return None
    return actor_of(person, await people.roles(tx, person.id))
