"""What of the evidence is filled, as the gates take it."""

from collections.abc import Mapping
from uuid import UUID

from storage.database import Transaction
from storage.process.casefile import evidence


async def evidence_facts(tx: Transaction, idea_id: UUID) -> Mapping[str, frozenset[str]]:
    """The filled fields of the newest revision of every kind on record."""
    newest = await evidence.newest(tx, idea_id)
    return {kind: frozenset(row.data) for kind, row in newest.items()}
