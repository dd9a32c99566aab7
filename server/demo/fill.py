"""Fills an empty database with the demonstration: every act in its order, by the rules.

Its first ideas began on the first version of the process and are written here; the journeys are
driven by the real actions (``server.demo.journeys``), and bring those ideas to today's version.
The same content and the same moment give the same arena; only ids that the actions draw differ.
All is written in one transaction, so an interrupted filling leaves nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid5

from collab.process.actors import Actor, Role
from collab.process.catalogues.versions import shipped
from collab.process.districts.districts import CATALOGUE, check_districts
from collab.process.dossier import load_dossier
from collab.process.events.ideas import IdeaCreated, StageChanged, TeamChanged
from collab.process.events.talk import CommentAdded, JudgementGiven
from collab.process.events.ties.districts import DistrictsSet
from collab.process.feasibility.judgements import Expertise, check_declared, check_judgement
from collab.process.gates.checks import require_met
from collab.process.permissions import Action, require
from collab.process.processes import DEFAULT_PROCESS, load_process
from collab.process.talk.comments import check_kind, check_text
from server.actions.seeds import seed, store
from server.actions.stages import record_of
from server.demo.case import NAMESPACE, Case, id_of
from server.demo.content import Act, DemoIdea, Demonstration, demonstration
from server.demo.journeys.content import Journeys, journeys
from server.demo.journeys.quiet import MovedClock, quiet_services
from server.demo.journeys.scene import Scene
from server.demo.journeys.telling import steps
from server.demo.responsible import offer, organisation_id, sign
from server.demo.timeline import Step, play
from server.demo.writing import Pen, anchor
from storage import documents, ideas, people, stages
from storage.database import Database, Transaction
from storage.feasibility import judgements
from storage.process.ties import districts
from storage.talk import comments


async def fill_empty(
    database: Database,
    now: datetime,
    content: Demonstration | None = None,
    told: Journeys | None = None,
) -> bool:
    """Fill the database as if everything had happened before ``now``; False if it is not empty."""
    shown, clock = content or demonstration(), MovedClock(now)
    async with database.write() as tx:
        if not await people.is_empty(tx):
            return False
        filling = _Filling(tx, shown, now)
        async with quiet_services(database, tx, clock) as services:
            happened = [*filling.steps(), *steps(told or journeys(), Scene(services, now), clock)]
            first = max(step.days_ago for step in happened)
            await _fill_people(tx, shown, now - timedelta(days=first + 1))
            await play(happened, now)
        await filling.finish()
    return True


async def _fill_people(tx: Transaction, shown: Demonstration, now: datetime) -> None:
    for body in shown.organisations:
        await people.create_organisation(
            tx,
            organisation_id=organisation_id(body.key),
            name=body.name,
            actor_class=body.actor_class,
            kind=body.kind,
        )
    for person in shown.people:
        person_id = uuid5(NAMESPACE, person.handle)
        roles = [role.value for role in person.roles]
        await people.create(
            tx, person_id=person_id, handle=person.handle, name=person.name, now=now, roles=roles
        )
        if person.organisation:
            confirmed = now if person.is_confirmed else None
            body_id = organisation_id(person.organisation)
            await people.affiliate(
                tx, person_id, body_id, confirmed_at=confirmed, may_sign=person.may_sign
            )


class _Filling:
    """Everything that happened, in the order in which it happened."""

    def __init__(self, tx: Transaction, shown: Demonstration, now: datetime) -> None:
        self._tx = tx
        self._now = now
        self._shown = shown
        self._actors = {
            person.handle: Actor(
                uuid5(NAMESPACE, person.handle), person.handle, person.name, person.roles
            )
            for person in shown.people
        }
        self._bodies = {body.key: body for body in shown.organisations}
        self._cases: dict[str, Case] = {}

    def steps(self) -> Iterator[Step]:
        """Everything that happened to the ideas, each from its beginning on."""
        for idea in self._shown.ideas:
            for act in idea.acts:
                yield Step(act.days_ago, partial(self._take, idea, act))

    async def finish(self) -> None:
        """Show the texts as they are in the end."""
        for done in self._cases.values():
            await done.project(self._tx, self._now)

    async def _take(self, idea: DemoIdea, act: Act, now: datetime) -> None:
        if act.kind == "create":
            self._cases[idea.key] = await self._create(idea, now)
            return
        case = self._cases[idea.key]
        match act.kind:
            case "write":
                await self._write(case, act, now)
            case "move":
                await self._move(case, act, now)
            case "offer":
                actor = self._actor(case, act, Action.OFFER_RESPONSIBILITY)
                body = self._bodies[act.data["organisation"]]
                await offer(self._tx, case, actor, body, act.data, now)
            case "sign":
                actor = self._actor(case, act, Action.SIGN_RESPONSIBILITY)
                await sign(self._tx, case, actor, act.data, now)
            case "comment":
                await self._comment(case, act, now)
            case "judge":
                await self._judge(case, act, now)
        await ideas.touch(self._tx, case.idea_id, now)

    async def _create(self, idea: DemoIdea, now: datetime) -> Case:
        author, process, template = (
            self._actors[idea.author],
            load_process(DEFAULT_PROCESS, 1),
            load_dossier(idea.kind),
        )
        require(Action.CREATE_IDEA, author)
        seeded = seed(template, idea.title, {})
        idea_id, document_id = uuid5(NAMESPACE, idea.key), uuid5(NAMESPACE, f"{idea.key} text")
        version = await store(self._tx, document_id, seeded, now)
        latitude, longitude = idea.place or (None, None)
        await ideas.create(
            self._tx,
            idea_id=idea_id,
            ref=await ideas.next_reference(self._tx, now.year),
            kind=idea.kind,
            title=idea.title,
            stage=process.initial,
            template_id=template.id,
            template_version=template.version,
            process_id=process.id,
            process_version=process.version,
            document_id=document_id,
            created_by=id_of(author),
            now=now,
            latitude=latitude,
            longitude=longitude,
        )
        case = Case(idea, idea_id, document_id, seeded.document, template, version, process.initial)
        await self._join(case, author, Role.AUTHOR)
        await case.tell(self._tx, author, IdeaCreated(idea.title, idea.kind, case.stage), now)
        await self._place(case, author, now)
        for handle, role in idea.team:
            await self._join(case, self._actors[handle], role)
            member = TeamChanged(id_of(self._actors[handle]), role, True)
            await case.tell(self._tx, author, member, now)
        return case

    async def _place(self, case: Case, author: Actor, now: datetime) -> None:
        if case.idea.districts:
            catalogue = shipped(CATALOGUE)[-1]
            chosen = check_districts(case.idea.districts, catalogue, now.date())
            await districts.put(self._tx, case.idea_id, chosen, catalogue.version)
            await case.tell(self._tx, author, DistrictsSet(" ".join(chosen)), now)

    async def _join(self, case: Case, actor: Actor, role: Role) -> None:
        await ideas.add_role(self._tx, case.idea_id, id_of(actor), role)
        case.team.setdefault(id_of(actor), set()).add(role)

    async def _write(self, case: Case, act: Act, now: datetime) -> None:
        actor = self._actor(case, act, Action.EDIT_TEXT)
        pen = case.pens.get(id_of(actor)) or Pen(case.document, id_of(actor), case.written.append)
        case.pens[id_of(actor)] = pen
        row, claims = pen.write(act.data["section"], act.data["text"])
        head = (await documents.lock_heads(self._tx, [case.document_id]))[case.document_id]
        owned = dict.fromkeys(claims, actor.person_id)
        await documents.claim(self._tx, case.document_id, head.epoch, owned)
        case.read_version(await documents.append(self._tx, head, [row], now))

    async def _move(self, case: Case, act: Act, now: datetime) -> None:
        actor = self._actor(case, act, Action.CHANGE_STAGE)
        reason, before = act.data.get("reason", ""), case.stage
        way = load_process(DEFAULT_PROCESS, 1).change(
            before, act.data["to"], case.idea.kind, actor.roles
        )
        require_met(way, case.facts(actor, reason))
        await case.pin(self._tx, now)
        moved = await ideas.advance(
            self._tx, case.idea_id, case.revision, from_stage=before, to_stage=way.target, now=now
        )
        assert moved, case.idea.key
        case.stage, case.revision = way.target, case.revision + 1
        change = await stages.append(
            self._tx,
            change_id=uuid5(case.idea_id, f"move {case.revision}"),
            idea_id=case.idea_id,
            transition=way.id,
            from_stage=before,
            to_stage=way.target,
            reason=reason,
            actor_id=id_of(actor),
            actor_name=actor.name,
            revision=case.revision,
            version=case.version,
            now=now,
            office=way.office(actor.roles),
        )
        moved_on = StageChanged(way.id, before, way.target, reason, case.version)
        await case.tell(self._tx, actor, moved_on, now, **record_of(change, None))

    async def _comment(self, case: Case, act: Act, now: datetime) -> None:
        actor = self._actor(case, act, Action.COMMENT)
        data, reply_to = act.data, case.comments.get(act.data.get("reply_to", ""))
        place = anchor(case.written, data["section"], data["quote"]) if "quote" in data else None
        comment_id = case.comments[data["key"]] = uuid5(case.idea_id, f"comment {data['key']}")
        await comments.add(
            self._tx,
            comment_id=comment_id,
            idea_id=case.idea_id,
            author_id=id_of(actor),
            kind=check_kind(data["kind"]),
            text=check_text(data["text"]),
            now=now,
            reply_to=reply_to,
            anchor=place.to_json() if place else None,
        )
        await case.tell(self._tx, actor, CommentAdded(comment_id, data["kind"], reply_to), now)

    async def _judge(self, case: Case, act: Act, now: datetime) -> None:
        actor, data = self._actor(case, act, Action.JUDGE), act.data
        dimension, verdict, confidence = data["dimension"], data["verdict"], data["confidence"]
        reason = check_judgement(dimension, verdict, confidence, data["reason"])
        ground = data.get("expertise", Expertise.NONE)
        note, interest = data.get("expertise_note", ""), data.get("own_interest", "")
        await case.pin(self._tx, now)
        await judgements.put(
            self._tx,
            idea_id=case.idea_id,
            dimension=dimension,
            person_id=id_of(actor),
            verdict=verdict,
            confidence=confidence,
            reason=reason,
            version=case.version,
            declared=check_declared(ground, note, interest),
            now=now,
        )
        case.judged.setdefault(dimension, set()).add(id_of(actor))
        given = JudgementGiven(dimension, verdict, confidence, case.version)
        await case.tell(self._tx, actor, given, now)

    def _actor(self, case: Case, act: Act, action: Action) -> Actor:
        """Who acts, with his roles at the idea, if he may."""
        person = self._actors[act.by]
        actor = person.with_roles(case.team.get(id_of(person), ()))
        require(action, actor, case.stage)
        return actor
