"""Ideas: bringing one in, its kind, and who is in its team. Each is one transaction with events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import IDEA_ROLES, Actor, Role
from collab.process.dossier import DossierTemplate, IdeaKind, load_dossier
from collab.process.events.event import is_public
from collab.process.events.ideas import IdeaCreated, KindChanged, TeamChanged
from collab.process.gates.checks import require_met
from collab.process.gates.facts import CaseFacts
from collab.process.linking.links import LinkKind
from collab.process.permissions import Action, require
from collab.process.processes import DEFAULT_PROCESS, current_processes, submission
from collab.process.responsibility.terms import NEEDS_END
from collab.process.stages import ProcessTemplate
from collab.process.version import TextVersion
from server.actions.access import known
from server.actions.cases import open_case, tell
from server.actions.districts.districts import begin_in
from server.actions.facts.case import filled
from server.actions.linking.links import begin_linked
from server.actions.responsibility.roles import ROLES
from server.actions.seeds import Seed, project, seed, store
from server.actions.stages import change_stage
from server.auth import limits
from server.faces import faces
from server.services import Services
from storage import documents, events, ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process import terms
from storage.tables.ideas import Idea

BY_RESPONSIBILITY = frozenset(ROLES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIdea:
    """What somebody brings in; sections are plain texts by the ids of the kind's template."""

    kind: str
    title: str
    process: str = DEFAULT_PROCESS
    sections: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    """Where an import has it from; no two ideas have the same."""
    answers: str | None = None
    """The reference of the need that a proposal answers."""
    districts: Sequence[str] = ()
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new idea and the version of its first text."""

    idea: Idea
    version: TextVersion


async def create_idea(
    services: Services, actor: Actor, new: NewIdea, *, submit: bool = False
) -> Created:
    """Bring an idea in as a draft of the actor; with ``submit`` it is published at once.

    Raises:
        NotAllowed: the actor may not bring ideas in.
        Unmet: it cannot be published as it is; nothing was created.
    """
    require(Action.CREATE_IDEA, actor)
    await services.limiter.hit(limits.CREATE_PER_PERSON, "create", str(actor.person_id))
    template, process = _template(new.kind), _process(new)
    seeded = seed(template, new.title, new.sections)
    way = submission(process, IdeaKind(new.kind))
    if submit:
        require_met(way, CaseFacts(template, filled(seeded.text)))
    async with services.database.write() as tx:
        await _require_beginner(tx, actor, process)
        now = services.clock()
        created, event = await insert_idea(tx, actor, new, template, seeded, now)
        told = [event]
        told += await begin_in(services, tx, actor, created.idea, new.districts, now)
        if new.answers:
            told += await begin_linked(tx, actor, created.idea, LinkKind.ANSWERS, new.answers, now)
    await services.announcer.announce(told)
    if submit:
        await change_stage(
            services,
            actor,
            created.idea.ref,
            to=way.target,
            expected_revision=created.idea.revision,
            seen=created.version,
            reason="",
        )
    return created


async def insert_idea(
    tx: Transaction,
    actor: Actor,
    new: NewIdea,
    template: DossierTemplate,
    seeded: Seed,
    now: datetime,
    authors: Collection[UUID] = (),
) -> tuple[Created, StoredEvent]:
    """Write the idea, its document, its authors and its event; imports write many at once.

    Without ``authors`` the actor is its author.
    """
    process, author = _process(new), known(actor)
    idea_id, document_id = uuid4(), uuid4()
    version = await store(tx, document_id, seeded, now)
    idea = await ideas.create(
        tx,
        idea_id=idea_id,
        ref=await ideas.next_reference(tx, now.year),
        kind=new.kind,
        title=seeded.text.title,
        stage=process.initial,
        template_id=template.id,
        template_version=template.version,
        process_id=process.id,
        process_version=process.version,
        document_id=document_id,
        created_by=author,
        now=now,
        source=new.source,
        latitude=new.latitude,
        longitude=new.longitude,
    )
    for each in authors or (author,):
        await ideas.add_role(tx, idea_id, each, Role.AUTHOR)
    await project(tx, idea_id, seeded, version, now)
    fact = IdeaCreated(idea.title, idea.kind, idea.stage)
    event = await events.append(
        tx,
        fact,
        idea_id=idea_id,
        actor_id=author,
        public=is_public(fact, idea.stage),
        now=now,
    )
    return Created(idea, version), event


async def change_kind(
    services: Services, actor: Actor, ref: str, *, kind: str, expected_revision: int
) -> None:
    """Make a need a proposal or a proposal a need; text, links and comments stay.

    Raises:
        Conflict: (kind-unchanged) it is one already; (revision-moved) somebody acted since.
    """
    template, now = _template(kind), services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.CHANGE_KIND)
        idea, before = case.idea, case.idea.kind
        if before == kind:
            raise Conflict("kind-unchanged", current=kind)
        changed = await ideas.change_kind(
            tx,
            idea.id,
            expected_revision,
            kind=kind,
            template_id=template.id,
            template_version=template.version,
            now=now,
        )
        if not changed:
            raise Conflict("revision-moved", current={"kind": before, "revision": idea.revision})
        await documents.bump_access(tx, idea.document_id)
        record = {"revision": expected_revision + 1}
        event = await tell(tx, case, KindChanged(before, kind), now, record=record)
    await services.announcer.announce([event])


async def add_to_team(
    services: Services, actor: Actor, ref: str, *, handle: str, role: Role
) -> None:
    """Give a person a role at the idea; having it already changes nothing.

    Raises:
        Invalid: (role-by-responsibility) the role comes with an organisation's responsibility;
            (role-needs-end) it is given for a time only.
    """
    _require_team_role(role)
    if role in NEEDS_END:
        raise Invalid("role-needs-end", fields={"role": "role-needs-end"})
    now = services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.MANAGE_TEAM)
        await documents.lock_heads(tx, [case.idea.document_id])
        person_id = await _member(tx, handle)
        if not await ideas.add_role(tx, case.idea.id, person_id, role):
            return
        await documents.bump_access(tx, case.idea.document_id)
        event = await tell(tx, case, TeamChanged(person_id, role, True), now)
    await services.announcer.announce([event])


async def remove_from_team(
    services: Services, actor: Actor, ref: str, *, handle: str, role: Role
) -> None:
    """Take a role at the idea from a person; everyone may lay down his own.

    Raises:
        Conflict: (last-author) an idea keeps at least one author.
    """
    _require_team_role(role)
    now = services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref)
        person_id = await _member(tx, handle, suspended_too=True)
        if person_id != case.actor.person_id:
            case = await open_case(tx, actor, ref, Action.MANAGE_TEAM)
        await documents.lock_heads(tx, [case.idea.document_id])
        if role is Role.AUTHOR and await _holders(tx, case.idea.id, role) == {person_id}:
            raise Conflict("last-author")
        await terms.call_off(tx, person_id, role, case.idea.id, now, case.actor.person_id)
        if not await ideas.remove_role(tx, case.idea.id, person_id, role):
            raise NotFound("not-in-team")
        await documents.bump_access(tx, case.idea.document_id)
        event = await tell(tx, case, TeamChanged(person_id, role, False), now)
    await services.announcer.announce([event])


def check_kind(kind: str) -> None:
    """Raise Invalid unless there are ideas of this kind."""
    if kind not in set(IdeaKind):
        raise Invalid(fields={"kind": "unknown-choice"})


def _template(kind: str) -> DossierTemplate:
    check_kind(kind)
    return load_dossier(kind)


def _process(new: NewIdea) -> ProcessTemplate:
    """The process that the new idea shall go through, in its newest version."""
    named = [each for each in current_processes() if each.id == new.process]
    if not named:
        raise Invalid(fields={"process": "unknown-choice"})
    if new.kind not in named[0].kinds:
        raise Invalid(fields={"kind": "not-in-process"})
    return named[0]


async def _require_beginner(tx: Transaction, actor: Actor, process: ProcessTemplate) -> None:
    """Some processes are begun only by some parts of society."""
    face = (await faces(tx, [known(actor)]))[known(actor)]
    if face.actor_class not in process.begin_classes:
        classes = sorted(each.value for each in process.begin_classes)
        raise NotAllowed("process-not-for-you", process=process.id, classes=classes)


def _require_team_role(role: Role) -> None:
    """Some roles at an idea come and go with something else."""
    if role in BY_RESPONSIBILITY:
        raise Invalid("role-by-responsibility", fields={"role": "role-by-responsibility"})
    if role not in IDEA_ROLES:
        raise Invalid(fields={"role": "unknown-choice"})


async def _member(tx: Transaction, handle: str, *, suspended_too: bool = False) -> UUID:
    person = await people.by_handle(tx, handle)
    if person is None or (person.suspended_at is not None and not suspended_too):
        raise Invalid(fields={"handle": "unknown-person"})
    return person.id


async def _holders(tx: Transaction, idea_id: UUID, role: Role) -> set[UUID]:
    team = await ideas.team(tx, [idea_id])
    return {each.person_id for each in team.get(idea_id, []) if each.role == role}
