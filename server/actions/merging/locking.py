"""Both documents of a merge are locked together, so that nobody waits for anybody in a circle."""

from collections.abc import Iterable
from uuid import UUID

from storage import documents, ideas
from storage.database import Transaction
from storage.process.ties import merging


async def lock_with_targets(tx: Transaction, found: Iterable[ideas.Idea]) -> None:
    """Lock the heads of these ideas' documents, and of those they are, or are to be, merged into.

    Take it before any other lock of the transaction.
    """
    here = list(found)
    await documents.lock_heads(tx, {each.document_id for each in here} | await _targets(tx, here))


async def _targets(tx: Transaction, here: Iterable[ideas.Idea]) -> set[UUID]:
    rows = [await merging.living_of(tx, each.id) for each in here]
    targets = await ideas.of_ids(tx, {row.target_id for row in rows if row})
    return {each.document_id for each in targets}
