"""Vectors of ideas, kept beside the text they were made of; and dismissed hints."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select

from storage.database import METADATA, Transaction

MEANING = METADATA.tables["idea_meaning"]
DISMISSED = METADATA.tables["dismissed_hint"]
TEXT = METADATA.tables["idea_text"]
IDEA = METADATA.tables["idea"]

BEGINNING_CHARS: Final = 1_000
MODEL: Final = "use-multilingual-3"


@dataclass(frozen=True, slots=True)
class Found:
    """An idea as a hint names it."""

    idea_id: UUID
    ref: str
    title: str
    stage: str


def meant(title: str, text: str) -> str:
    """What of an idea its meaning is taken from."""
    return f"{title}\n{text[:BEGINNING_CHARS]}"


async def due(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Ideas whose text reads otherwise than when its vector was made."""
    query = (
        select(TEXT.c.idea_id)
        .outerjoin(MEANING, MEANING.c.idea_id == TEXT.c.idea_id)
        .where(
            or_(
                MEANING.c.idea_id.is_(None),
                MEANING.c.sha256 != TEXT.c.sha256,
                MEANING.c.model != MODEL,
            )
        )
        .order_by(TEXT.c.number)
    )
    return [row[0] for row in await tx.run(query.limit(limit))]


async def text_of(tx: Transaction, idea_id: UUID) -> tuple[str, str] | None:
    """What the idea's vector is made of, and the hash of its text."""
    query = select(TEXT.c.title, TEXT.c.plain, TEXT.c.sha256).where(TEXT.c.idea_id == idea_id)
    row = (await tx.run(query)).first()
    return (meant(row[0], row[1]), row[2]) if row else None


async def put(tx: Transaction, idea_id: UUID, *, sha256: str, vector: bytes, now: datetime) -> None:
    """Keep the vector of the text with this hash."""
    values = {"idea_id": idea_id, "sha256": sha256, "model": MODEL, "vector": vector, "at": now}
    changed = {name: values[name] for name in ("sha256", "model", "vector", "at")}
    await tx.run(
        tx.insert(MEANING)
        .values(values)
        .on_conflict_do_update(index_elements=[MEANING.c.idea_id], set_=changed)
    )


async def since(
    tx: Transaction, moment: datetime, after: UUID, limit: int
) -> list[tuple[UUID, bytes, datetime]]:
    """Vectors made after that moment, and those of the moment past the idea ``after``."""
    columns = (MEANING.c.idea_id, MEANING.c.vector, MEANING.c.at)
    later = or_(MEANING.c.at > moment, and_(MEANING.c.at == moment, MEANING.c.idea_id > after))
    query = select(*columns).where(later, MEANING.c.model == MODEL)
    rows = await tx.run(query.order_by(MEANING.c.at, MEANING.c.idea_id).limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


async def named(tx: Transaction, idea_ids: Collection[UUID]) -> dict[UUID, Found]:
    """These ideas by id."""
    columns = (IDEA.c.id, IDEA.c.ref, IDEA.c.title, IDEA.c.stage)
    query = select(*columns).where(IDEA.c.id.in_(list(idea_ids)))
    return {row[0]: Found(*row) for row in await tx.run(query)}


async def dismiss(tx: Transaction, idea_id: UUID, other_id: UUID, by: UUID, now: datetime) -> bool:
    """Note that the team does not want this hint; False if that is noted."""
    values = {"idea_id": idea_id, "other_id": other_id, "by": by, "at": now}
    return await tx.insert_new(DISMISSED, values)


async def dismissed(tx: Transaction, idea_id: UUID) -> set[UUID]:
    """Ideas that the team of this one does not want to be pointed to."""
    query = select(DISMISSED.c.other_id).where(DISMISSED.c.idea_id == idea_id)
    return {row[0] for row in await tx.run(query)}
