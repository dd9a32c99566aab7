"""Beginning a new epoch: a document is rewritten, and holders of the old are turned away."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, literal, select, update

from storage.database import Transaction
from storage.log.rows import CLIENT, DOCUMENT, Head, LogRow
from storage.log.write import append


async def begin_epoch(
    tx: Transaction, head: Head, state: bytes, now: datetime, *, epoch: int = 0
) -> Head:
    """Make ``state`` the first row of the document's next epoch; client ids keep their owners.

    The caller holds the head's lock. Rooms of the old epoch cannot commit any more. The epoch has
    the next number, or ``epoch`` if that is greater.
    """
    number = max(head.epoch + 1, epoch)
    begun = replace(head, epoch=number, seq=0, access_version=head.access_version + 1)
    values = {"epoch": begun.epoch, "seq": 0, "access_version": begun.access_version}
    await tx.run(update(DOCUMENT).where(DOCUMENT.c.id == head.id).values(values))
    owners = select(
        CLIENT.c.document_id, literal(begun.epoch), CLIENT.c.client_id, CLIENT.c.actor_id
    ).where(CLIENT.c.document_id == head.id, CLIENT.c.epoch == head.epoch)
    columns = ["document_id", "epoch", "client_id", "actor_id"]
    await tx.run(insert(CLIENT).from_select(columns, owners))
    seq = await append(tx, begun, [LogRow(state, None)], now)
    return replace(begun, seq=seq)
