"""Which Arena this database is: processes with another id must not meet on the relay."""

from uuid import UUID

from sqlalchemy import select

from storage.database import METADATA, Transaction

INSTALLATION = METADATA.tables["installation"]


async def installation_id(tx: Transaction) -> UUID:
    """The id that the migration gave this database."""
    found: UUID = (await tx.run(select(INSTALLATION.c.id))).scalar_one()
    return found
