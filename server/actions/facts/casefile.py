"""What of requirements, conditions and indicators is still open, as the gates take it."""

from uuid import UUID

from storage.database import Transaction
from storage.process.casefile import requirements


async def requirements_open(tx: Transaction, idea_id: UUID) -> int:
    """How many requirements have no state yet."""
    return await requirements.count_open(tx, idea_id)
