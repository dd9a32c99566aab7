"""What gates see of merges: whether all agree, and where a merged idea came from."""

from datetime import datetime

from collab.process.gates.facts import MergedFacts, MergeFacts
from collab.process.merging.rules import Answer, Consent, MergeState, Side, merge_facts
from collab.process.processes import stages_with
from collab.process.stages import StageAccess
from server.actions.cases import Case
from storage import ideas, stages
from storage.database import Transaction
from storage.process.ties import merging
from storage.process.ties.merging import MergeConsent


async def merging_of(tx: Transaction, case: Case, now: datetime) -> MergeFacts | None:
    """The merge into another idea that is asked for; None if none is."""
    row = await merging.living_of(tx, case.idea.id)
    if row is None or row.state != MergeState.ASKED:
        return None
    target = await ideas.get(tx, row.target_id)
    assert target is not None, "a foreign key holds it"
    found = [consent_value(each) for each in await merging.consents(tx, row.id)]
    return merge_facts(found, asked_at=row.proposed_at, now=now, target_stage=target.stage)


async def merged_of(tx: Transaction, case: Case) -> MergedFacts | None:
    """Where a merged idea came from; None for every other."""
    if case.idea.stage not in stages_with(StageAccess.MERGED):
        return None
    last = await stages.latest(tx, case.idea.id)
    row = await merging.living_of(tx, case.idea.id)
    if last is None or row is None:
        return None
    target = await ideas.get(tx, row.target_id)
    assert target is not None, "a foreign key holds it"
    is_onward = target.stage in stages_with(StageAccess.MERGED)
    return MergedFacts(last.from_stage, is_onward)


def consent_value(row: MergeConsent) -> Consent:
    """A stored consent as the rules take it."""
    return Consent(row.person_id, Side(row.side), Answer(row.answer) if row.answer else None)
