"""What gates see of an idea's links: measures that answer a need, and replicas."""

from datetime import datetime
from uuid import UUID

from collab.process.gates.facts import AnswerFacts
from collab.process.linking.links import is_over
from collab.process.linking.replication import Replica, counts
from collab.process.processes import access_of, every_stage
from collab.process.stages import Claim, StageAccess
from server.actions.cases import Case
from storage.database import Transaction
from storage.process import responsibility
from storage.process.ties import linking, replication
from storage.tables.ideas import Idea


async def answers_to(tx: Transaction, need_id: UUID, now: datetime) -> AnswerFacts:
    """Measures that answer the need, and the whole days since the first became one."""
    found = await linking.answers(tx, need_id, measure_stages())
    since = [each.since for each in found if each.since is not None]
    return AnswerFacts(measures=len(found), days=(now - min(since)).days if since else 0)


def measure_stages() -> frozenset[str]:
    """The stages in which an idea is a measure."""
    return frozenset(each.id for each in every_stage().values() if Claim.MEASURE in each.holds)


async def replicas_of(tx: Transaction, case: Case) -> int:
    """How many replicas count for the case."""
    rows = await replication.of_origins(tx, [case.idea.id])
    if not rows:
        return 0
    ideas = await linking.ideas_of(tx, {row.replica_id for row in rows})
    leads = await responsibility.leads(tx, [case.idea.id, *ideas])
    lead_of = {idea_id: row.organisation_id for idea_id, row in leads.items()}
    origin_lead = lead_of.get(case.idea.id)
    return sum(counts(_replica(idea, lead_of.get(idea.id)), origin_lead) for idea in ideas.values())


def _replica(idea: Idea, lead: UUID | None) -> Replica:
    return Replica(
        is_measure=idea.measure_type is not None,
        is_public=access_of(idea.stage) is not StageAccess.PRIVATE,
        is_over=is_over(every_stage()[idea.stage]),
        lead=lead,
    )
