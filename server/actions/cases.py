"""An idea as an actor meets it: with the roles he holds there, and only if he may act.

Who may not read an idea does not learn that it exists.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.dossier import DossierTemplate, load_dossier_version
from collab.process.events.event import Event, is_public
from collab.process.permissions import Action, may, require
from collab.process.processes import load_process
from collab.process.stages import ProcessTemplate, Stage
from collab.process.workshop.tables import is_by_table
from server.errors import SIGN_IN_REQUIRED
from storage import documents, events, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.following import follows
from storage.tables.ideas import Idea
from storage.workshop import attendances, seats


@dataclass(frozen=True, slots=True)
class Case:
    """An idea and the actor, who has his roles at this idea besides his arena roles."""

    idea: Idea
    actor: Actor

    @property
    def person_id(self) -> UUID:
        """The actor's id, where guests have been refused."""
        assert self.actor.person_id is not None
        return self.actor.person_id

    @property
    def process(self) -> ProcessTemplate:
        """The process the idea goes through, in the version it began with."""
        return load_process(self.idea.process_id, self.idea.process_version)

    @property
    def stage(self) -> Stage:
        """Where the idea is."""
        found = self.process.stage(self.idea.stage)
        assert found is not None, f"{self.idea.ref}: unknown stage {self.idea.stage}"
        return found

    @property
    def template(self) -> DossierTemplate:
        """The sections of its dossier."""
        return load_dossier_version(self.idea.template_id, self.idea.template_version)

    def may(self, action: Action) -> bool:
        """Whether the actor may do this now."""
        return may(self.actor, action, self.idea.stage)


async def open_case(
    tx: Transaction, actor: Actor, ref: str, action: Action = Action.READ_IDEA
) -> Case:
    """The idea ``ref`` for an actor who wants to do ``action``.

    Raises:
        NotFound: there is no such idea, or he may not read it.
        NotAllowed: he may read it, but not do this; guests are asked to sign in.
    """
    idea = await ideas.by_ref(tx, ref)
    if idea is None:
        raise NotFound(ref=ref)
    case = Case(idea, await at_idea(tx, actor, idea))
    require_case(case, action)
    return case


def require_case(case: Case, action: Action = Action.READ_IDEA) -> None:
    """As ``open_case`` refuses, for an idea that was read already."""
    if not case.may(Action.READ_IDEA):
        raise NotFound(ref=case.idea.ref)
    if action is not Action.READ_IDEA and case.actor.person_id is None:
        raise NotAllowed(SIGN_IN_REQUIRED)
    require(action, case.actor, case.idea.stage)


async def acting_case(tx: Transaction, actor: Actor, ref: str, action: Action) -> Case:
    """As ``open_case``, for an act that writes: nobody else acts at the idea until ``tx`` ends.

    The lock is the head of the idea's document, the same that commits of its text take. So a
    comment or a judgement cannot slip in after the stage that allowed it is over.

    Raises:
        Conflict: (hands-down) he may do it only because of his table, whose hands all rest now.
    """
    idea = await ideas.by_ref(tx, ref)
    if idea is not None:
        await documents.lock_heads(tx, [idea.document_id])
    case = await open_case(tx, actor, ref, action)
    await _require_hands(tx, case, action)
    return case


async def _require_hands(tx: Transaction, case: Case, action: Action) -> None:
    # Looking and reporting take no hands.
    if action is Action.READ_IDEA or not is_by_table(case.actor, action, case.idea.stage):
        return
    if await seats.rests(tx, case.idea.id, case.person_id):
        raise Conflict("hands-down")


async def at_idea(tx: Transaction, actor: Actor, idea: Idea) -> Actor:
    """The actor with the roles he holds at the idea."""
    return (await all_at_idea(tx, [actor], idea))[actor]


async def all_at_idea(tx: Transaction, actors: Collection[Actor], idea: Idea) -> dict[Actor, Actor]:
    """Each of the actors with the roles he holds at the idea."""
    persons = {each.person_id for each in actors if each.person_id is not None}
    if not persons:
        return {each: each for each in actors}
    held = await attendances.roles_at(tx, idea.id, persons, Role.TABLE)
    return {
        each: each
        if each.person_id is None
        else each.with_roles(map(Role, held.get(each.person_id, ())))
        for each in actors
    }


async def tell(
    tx: Transaction,
    case: Case,
    event: Event,
    now: datetime,
    *,
    stage: str | None = None,
    record: Mapping[str, object] | None = None,
) -> StoredEvent:
    """Write the event of an act at the idea, last in its transaction; announce it afterwards.

    ``stage`` is where the idea is after the act, if the act moved it. ``record`` is what the audit
    log says besides: ``office``, ``organisation_id``, ``revision``, ``gate_report``.
    """
    if event.joins and case.actor.person_id is not None:
        await follows.join(tx, case.actor.person_id, case.idea.id, now)
    return await events.append(
        tx,
        event,
        idea_id=case.idea.id,
        actor_id=case.actor.person_id,
        public=is_public(event, stage or case.idea.stage),
        now=now,
        record=record,
    )
