"""What of requirements, conditions and indicators is still open, as the gates take it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from collab.process.casefile.conditions import Settled, still_open
from collab.process.feasibility.judgements import Judgement
from storage.database import Transaction
from storage.process.casefile import conditions, indicators, requirements


async def conditions_open(tx: Transaction, idea_id: UUID, judgements: Iterable[Judgement]) -> int:
    """How many conditions of these judgements are neither met nor accepted."""
    rows = await conditions.of_idea(tx, idea_id)
    settled = [Settled(row.dimension, row.person_id, row.revision) for row in rows]
    return len(still_open(judgements, settled))


async def requirements_open(tx: Transaction, idea_id: UUID) -> int:
    """How many requirements have no state yet."""
    return await requirements.count_open(tx, idea_id)


async def indicator_counts(tx: Transaction, idea_id: UUID) -> Mapping[str, int]:
    """How many indicators count, by kind."""
    newest = await indicators.newest(tx, idea_id)
    return Counter(row.kind for row in newest.values() if not row.is_withdrawn)
