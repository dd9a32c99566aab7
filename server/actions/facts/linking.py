"""What gates see of an idea's links: measures that answer a need."""

from datetime import datetime
from uuid import UUID

from collab.process.gates.facts import AnswerFacts
from collab.process.processes import every_stage
from collab.process.stages import Claim
from storage.database import Transaction
from storage.process.ties import linking


async def answers_to(tx: Transaction, need_id: UUID, now: datetime) -> AnswerFacts:
    """Measures that answer the need, and the whole days since the first became one."""
    found = await linking.answers(tx, need_id, measure_stages())
    since = [each.since for each in found if each.since is not None]
    return AnswerFacts(measures=len(found), days=(now - min(since)).days if since else 0)


def measure_stages() -> frozenset[str]:
    """The stages in which an idea is a measure."""
    return frozenset(each.id for each in every_stage().values() if Claim.MEASURE in each.holds)
