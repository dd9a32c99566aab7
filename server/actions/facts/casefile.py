"""What of requirements, conditions and indicators is still open, as the gates take it."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from storage.database import Transaction
from storage.process.casefile import indicators, requirements


async def requirements_open(tx: Transaction, idea_id: UUID) -> int:
    """How many requirements have no state yet."""
    return await requirements.count_open(tx, idea_id)


async def indicator_counts(tx: Transaction, idea_id: UUID) -> Mapping[str, int]:
    """How many indicators count, by kind."""
    newest = await indicators.newest(tx, idea_id)
    return Counter(row.kind for row in newest.values() if not row.is_withdrawn)
