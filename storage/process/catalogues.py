"""Catalogues as they count: the shipped versions, and those published at run time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.catalogues import versions as rules
from collab.process.catalogues.catalogue import Catalogue, parse_catalogue
from storage.database import METADATA, Transaction
from storage.engine.once import once
from storage.tables.process.catalogues import CatalogueVersion

__all__ = ["CatalogueVersion", "current", "publish", "published", "versions"]

CATALOGUE_VERSION = METADATA.tables["catalogue_version"]


async def published(tx: Transaction, catalogue_id: str) -> list[CatalogueVersion]:
    """The versions published at run time, oldest first."""
    return [each for each in await _published(tx) if each.catalogue_id == catalogue_id]


@once
async def _published(tx: Transaction) -> list[CatalogueVersion]:
    """Those of all catalogues: few, and most pages need several catalogues."""
    return await tx.rows(select_rows(CatalogueVersion).order_by(col(CatalogueVersion.version)))


@once
async def versions(tx: Transaction, catalogue_id: str) -> tuple[Catalogue, ...]:
    """Every version that counts, oldest first; empty if there is no such catalogue."""
    rows = await published(tx, catalogue_id)
    return rules.known(rules.shipped(catalogue_id), [parse_catalogue(row.data) for row in rows])


async def current(tx: Transaction, catalogue_id: str, on: date) -> Catalogue:
    """The version that counts on that day, of a catalogue that there is."""
    return rules.current(await versions(tx, catalogue_id), on)


async def publish(
    tx: Transaction,
    catalogue: Catalogue,
    data: dict[str, Any],
    *,
    reason: str,
    by: UUID | None,
    now: datetime,
) -> None:
    """Write the version; one that is there already raises IntegrityError."""
    assert catalogue.valid_from is not None, "a published version begins on a day"
    values = {
        "catalogue_id": catalogue.id,
        "version": catalogue.version,
        "data": data,
        "reason": reason,
        "by": by,
        "at": now,
        "valid_from": catalogue.valid_from,
    }
    await tx.run(insert(CATALOGUE_VERSION).values(values))
