"""What the gates look at, gathered from one text and the tables of one moment."""

from datetime import datetime
from uuid import UUID

from collab.process.actors import Role
from collab.process.calendar.berlin import berlin_date
from collab.process.dossier import TITLE
from collab.process.feasibility.judgements import judged_by
from collab.process.gates.facts import CaseFacts
from collab.process.processes import stages_with
from collab.process.stages import MeasureType, StageAccess
from collab.sync.text import DossierText, nodes_to_plain
from server.actions.cases import Case
from server.actions.facts.alignment import alignment_of
from server.actions.facts.casefile import conditions_open, indicator_counts, requirements_open
from server.actions.facts.evidence import evidence_facts
from server.actions.facts.initiatives import initiative_facts
from server.actions.facts.lead import lead_facts
from server.actions.facts.linking import answers_to, replicas_of
from server.actions.facts.measures import measure_facts
from server.actions.facts.merging import merged_of, merging_of
from server.actions.facts.opinions import judgement_values
from server.actions.feasibility.outdated import outdated
from server.actions.feasibility.sight import open_round
from server.faces import faces
from storage import ideas, stages
from storage.database import Transaction
from storage.feasibility import judgements


async def case_facts(
    tx: Transaction,
    case: Case,
    text: DossierText,
    *,
    now: datetime,
    reason: str | None = None,
) -> CaseFacts:
    """The facts of the case for its actor; ``reason`` is None while he was not asked for one."""
    rows = await judgements.of_idea(tx, case.idea.id)
    roles = (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])
    members = frozenset(each.person_id for each in roles)
    known = await faces(tx, {row.person_id for row in rows})
    values = judgement_values(rows, known, members)
    measure_type = case.idea.measure_type
    measure = await measure_facts(tx, case.idea.id, now)
    evidence = await evidence_facts(tx, case.idea.id)
    existing = await initiative_facts(tx, case.idea.id, evidence)
    judged_texts = [each.version for each in values]
    changed = await outdated(tx, case.idea.document_id, judged_texts, text)
    held = await open_round(tx, case, now)
    return CaseFacts(
        template=case.template,
        filled=filled(text),
        team=members,
        authors=frozenset(each.person_id for each in roles if each.role == Role.AUTHOR),
        actor=case.actor.person_id,
        reason=reason,
        archived_from=await _archived_from(tx, case),
        measure_type=MeasureType(measure_type) if measure_type else None,
        lead=await lead_facts(tx, case),
        initiatives_related=existing.related,
        initiatives_searched=existing.searched,
        principles_open=measure.principles_open,
        commitment=measure.commitment,
        central_measures=measure.central_measures,
        judged=judged_by(values, changed),
        conditions_open=await conditions_open(tx, case.idea.id, values),
        judging_until=berlin_date(held.ends_at) if held and held.is_hiding else None,
        evidence=evidence,
        indicators=await indicator_counts(tx, case.idea.id),
        requirements_open=await requirements_open(tx, case.idea.id),
        alignment=await alignment_of(tx, case.idea.id, members),
        answers=await answers_to(tx, case.idea.id, now),
        replications=await replicas_of(tx, case),
        merging=await merging_of(tx, case, now),
        merged=await merged_of(tx, case),
    )


async def team_ids(tx: Transaction, idea_id: UUID) -> frozenset[UUID]:
    """Everybody who holds a role at the idea."""
    found = await ideas.team(tx, [idea_id])
    return frozenset(role.person_id for role in found.get(idea_id, []))


def filled(text: DossierText) -> frozenset[str]:
    """The title and the sections that hold text."""
    sections = {name for name, nodes in text.sections.items() if nodes_to_plain(nodes).strip()}
    return frozenset(sections | ({TITLE} if text.title.strip() else set()))


async def _archived_from(tx: Transaction, case: Case) -> str | None:
    if case.idea.stage not in stages_with(StageAccess.ARCHIVED):
        return None
    last = await stages.latest(tx, case.idea.id)
    return last.from_stage if last else None
