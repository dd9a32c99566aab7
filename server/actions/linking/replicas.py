"""Another organisation takes a measure over: a proposal of its own that begins with its text."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from collab.errors import Invalid, NotAllowed
from collab.process.actors import Actor, Role
from collab.process.dossier import DossierTemplate, IdeaKind, load_dossier
from collab.process.events.ties.linking import IdeasLinked
from collab.process.gates.checks import require_met
from collab.process.gates.facts import CaseFacts
from collab.process.linking.links import LinkKind
from collab.process.linking.replication import KIT, Terms, check_origin, credit_line
from collab.process.permissions import Action, require
from collab.process.processes import DEFAULT_PROCESS, current_processes, submission
from collab.process.stages import ProcessTemplate
from collab.sync.merging.blocks import lines_of
from server.actions.cases import Case, acting_case, open_case
from server.actions.catalogues.today import today
from server.actions.facts.case import filled
from server.actions.ideas import Created, NewIdea, insert_idea
from server.actions.linking.links import tell_both
from server.actions.live.exact_text import ExactText, exact_text
from server.actions.responsibility.standing import memberships
from server.actions.seeds import seed
from server.actions.stages import change_stage
from server.auth import limits
from server.faces import faces
from server.services import Services
from storage.database import Transaction
from storage.process import responsibility
from storage.process.casefile import evidence
from storage.process.ties import linking, replication
from storage.tables.people import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """What is taken over, for whom; without sections all that hold text."""

    organisation_id: UUID | None = None
    title: str = ""
    sections: Collection[str] = field(default_factory=tuple)
    submit: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A case that can be taken over by the actor: on which terms, for which organisations."""

    case: Case
    terms: Terms
    organisations: tuple[Organisation, ...]


async def replicate(services: Services, actor: Actor, ref: str, wanted: TakeOver) -> Created:
    """Begin a proposal with the text of a measure, credited and linked to it.

    It starts where every idea of its process starts; ``submit`` publishes it at once.

    Raises:
        Conflict: (not-a-measure, no-transfer-kit) the case cannot be taken over.
        NotAllowed: (not-another-organisation) nobody has confirmed the actor who could take over.
        Invalid: the title, a section or the organisation is faulty.
        Unmet: it cannot be published as it is; nothing was created.
    """
    await services.limiter.hit(limits.CREATE_PER_PERSON, "create", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.REPLICATE)
        found = await offer_to(tx, case, today(services))
    exact = await exact_text(services, found.case.idea.document_id)
    template, title = load_dossier(IdeaKind.PROPOSAL), wanted.title.strip() or exact.text.title
    texts = _transferred(template, found, exact, wanted.sections)
    seeded = seed(template, title, texts)
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.REPLICATE)
        found = await offer_to(tx, case, today(services))
        organisation = _organisation(found, wanted.organisation_id)
        new = NewIdea(kind=template.kind, title=title, process=await _process(tx, found.case))
        if wanted.submit:
            way = submission(_named(new.process), IdeaKind.PROPOSAL)
            require_met(way, CaseFacts(template, filled(seeded.text)))
        now, origin = services.clock(), found.case.idea
        await exact.pin(tx, origin.document_id, services)
        created, event = await insert_idea(tx, actor, new, template, seeded, now)
        replica = Case(created.idea, actor.with_roles({Role.AUTHOR}))
        await linking.add(
            tx, replica.idea.id, origin.id, LinkKind.REPLICATES, by=replica.person_id, now=now
        )
        await replication.add(
            tx,
            replica_id=replica.idea.id,
            origin_id=origin.id,
            organisation_id=organisation.id,
            organisation_name=organisation.name,
            sections=sorted(texts),
            version=exact.version,
            licence=found.terms.licence,
            credit=found.terms.credit,
            by=replica.person_id,
            at=now,
        )
        fact = IdeasLinked(LinkKind.REPLICATES, replica.idea.ref, origin.ref)
        told = [event, *await tell_both(tx, replica, origin, fact, now)]
    await services.announcer.announce(told)
    if wanted.submit:
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


async def offer_to(tx: Transaction, case: Case, on: date) -> Offer:
    """The terms of the case and the organisations of that day for which its actor could act."""
    require(Action.CREATE_IDEA, case.actor)
    kit = await evidence.latest(tx, case.idea.id, KIT)
    is_measure = case.idea.measure_type is not None
    terms = check_origin(is_measure=is_measure, kit=kit.data if kit else {})
    lead = (await responsibility.leads(tx, [case.idea.id])).get(case.idea.id)
    mine = [each.organisation for each in await memberships(tx, case.person_id)]
    others = tuple(
        each
        for each in mine
        if (each.valid_to is None or on <= each.valid_to)
        and (lead is None or each.id != lead.organisation_id)
    )
    if not others:
        raise NotAllowed("not-another-organisation")
    return Offer(case, terms, others)


def _organisation(found: Offer, wanted: UUID | None) -> Organisation:
    """The one that was chosen; the only one need not be."""
    possible = [each for each in found.organisations if wanted in (None, each.id)]
    if len(possible) != 1:
        raise Invalid(fields={"organisation_id": "unknown-choice"})
    return possible[0]


def _transferred(
    template: DossierTemplate, found: Offer, exact: ExactText, wanted: Collection[str]
) -> dict[str, str]:
    """The chosen sections as plain text, with the credit below the last of them."""
    known = {name: lines_of(nodes) for name, nodes in exact.text.sections.items()}
    unknown = [name for name in wanted if template.section(name) is None or name not in known]
    if unknown:
        raise Invalid(fields={f"sections.{name}": "unknown" for name in unknown})
    chosen = [
        name for name in template.section_ids if known.get(name) and (not wanted or name in wanted)
    ]
    if not chosen:
        raise Invalid(fields={"sections": "missing"})
    idea, version = found.case.idea, f"{exact.version.epoch}.{exact.version.seq}"
    credit = credit_line(found.terms, title=exact.text.title, ref=idea.ref, version=version)
    texts = {name: "\n".join(known[name]) for name in chosen}
    texts[chosen[-1]] += f"\n{credit}"
    return texts


async def _process(tx: Transaction, case: Case) -> str:
    """The process of the origin, if the actor may begin one; else the default."""
    face = (await faces(tx, [case.person_id]))[case.person_id]
    same = next((each for each in current_processes() if each.id == case.idea.process_id), None)
    return same.id if same and face.actor_class in same.begin_classes else DEFAULT_PROCESS


def _named(process_id: str) -> ProcessTemplate:
    return next(each for each in current_processes() if each.id == process_id)
