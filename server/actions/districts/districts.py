"""The team says where in the city its idea is meant to be."""

from collections.abc import Sequence
from datetime import datetime

from collab.process.actors import Actor, Role
from collab.process.districts.districts import CATALOGUE, check_districts
from collab.process.events.ties.districts import DistrictsSet
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.actions.catalogues.today import today
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import catalogues
from storage.process.ties import districts
from storage.tables.ideas import Idea


async def set_districts(
    services: Services, actor: Actor, ref: str, wanted: Sequence[str]
) -> tuple[str, ...]:
    """Let these be the districts of the idea; none takes back what was said.

    Raises:
        Invalid: there are too many, or one that cannot be chosen.
    """
    await services.limiter.hit(limits.ALIGN_PER_PERSON, "districts", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SET_DISTRICTS)
        before = await districts.of_idea(tx, case.idea.id)
        chosen, version = await _checked(services, tx, wanted, before)
        if chosen == before:
            return chosen
        now = services.clock()
        event = await _put(tx, case, chosen, version, now)
        await ideas.touch(tx, case.idea.id, now)
    await services.announcer.announce([event])
    return chosen


async def begin_in(
    services: Services,
    tx: Transaction,
    actor: Actor,
    idea: Idea,
    wanted: Sequence[str],
    now: datetime,
) -> list[StoredEvent]:
    """The districts of an idea that the actor has just brought in."""
    chosen, version = await _checked(services, tx, wanted, ())
    case = Case(idea, actor.with_roles({Role.AUTHOR}))
    return [await _put(tx, case, chosen, version, now)] if chosen else []


async def _checked(
    services: Services, tx: Transaction, wanted: Sequence[str], kept: Sequence[str]
) -> tuple[tuple[str, ...], int]:
    """The districts to store, and the version of the catalogue that they are of."""
    on = today(services)
    catalogue = await catalogues.current(tx, CATALOGUE, on)
    return check_districts(wanted, catalogue, on, kept), catalogue.version


async def _put(
    tx: Transaction, case: Case, chosen: Sequence[str], version: int, now: datetime
) -> StoredEvent:
    await districts.put(tx, case.idea.id, chosen, version)
    return await tell(tx, case, DistrictsSet(" ".join(chosen)), now)
