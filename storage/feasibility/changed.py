"""Judged texts that differ from what stands there now: which they are, and who was told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_, update

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.once import once

IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]
JUDGEMENT = METADATA.tables["judgement"]
LOG = METADATA.tables["document_log"]
ORGANISATION = METADATA.tables["organisation"]
PIN = METADATA.tables["text_version"]


async def to_compare(
    tx: Transaction,
    stages: Sequence[str],
    *,
    quiet_since: datetime,
    told_before: datetime,
    limit: int,
) -> list[UUID]:
    """Ideas in these stages with judgements of another text than the one shown, not compared yet.

    Only where nobody has written since ``quiet_since``, and only if somebody judged there who was
    told before ``told_before`` last, or never. The longest quiet first.
    """
    last = and_(
        LOG.c.document_id == IDEA.c.document_id,
        LOG.c.epoch == IDEA_TEXT.c.epoch,
        LOG.c.seq == IDEA_TEXT.c.seq,
    )
    query = (
        select(IDEA.c.id)
        .join(IDEA_TEXT, IDEA_TEXT.c.idea_id == IDEA.c.id)
        .join(JUDGEMENT, JUDGEMENT.c.idea_id == IDEA.c.id)
        .outerjoin(LOG, last)
        .where(
            IDEA.c.stage.in_(list(stages)),
            JUDGEMENT.c.withdrawn_at.is_(None),
            JUDGEMENT.c.sha256 != IDEA_TEXT.c.sha256,
            func.coalesce(JUDGEMENT.c.looked_sha256, "") != IDEA_TEXT.c.sha256,
            or_(JUDGEMENT.c.told_at.is_(None), JUDGEMENT.c.told_at <= told_before),
            or_(LOG.c.at.is_(None), LOG.c.at <= quiet_since),
        )
        .group_by(IDEA.c.id)
        .order_by(func.min(LOG.c.at), IDEA.c.id)
        .limit(limit)
    )
    return list((await tx.run(query)).scalars())


async def note_compared(
    tx: Transaction, idea_id: UUID, sha256: str, dimensions: Iterable[tuple[str, UUID]]
) -> None:
    """The clock has compared these judgements (dimension, person) with the text ``sha256``."""
    keys = list(dimensions)
    if keys:
        these = tuple_(JUDGEMENT.c.dimension, JUDGEMENT.c.person_id).in_(keys)
        statement = update(JUDGEMENT).where(JUDGEMENT.c.idea_id == idea_id, these)
        await tx.run(statement.values(looked_sha256=sha256))


async def note_told(
    tx: Transaction, idea_id: UUID, person_ids: Iterable[UUID], now: datetime
) -> None:
    """These people have been told that the text they judged at the idea has changed."""
    these = JUDGEMENT.c.person_id.in_(list(person_ids))
    statement = update(JUDGEMENT).where(JUDGEMENT.c.idea_id == idea_id, these)
    await tx.run(statement.values(told_at=now))


async def sections(
    tx: Transaction, document_id: UUID, versions: Iterable[TextVersion]
) -> Mapping[str, Mapping[str, Any]]:
    """The pinned texts of these versions by hash; those that are not pinned are left out."""
    places = [(version.epoch, version.seq) for version in versions]
    if not places:
        return {}
    query = select(PIN.c.sha256, PIN.c.sections).where(
        PIN.c.document_id == document_id, tuple_(PIN.c.epoch, PIN.c.seq).in_(places)
    )
    return {row[0]: row[1] for row in await tx.run(query)}


@once
async def body_names(tx: Transaction, limit: int) -> list[str]:
    """Names and abbreviations of bodies that belong to no other, in the order of names."""
    query = select(ORGANISATION.c.name, ORGANISATION.c.short_name)
    query = query.where(ORGANISATION.c.parent_id.is_(None)).order_by(ORGANISATION.c.name)
    rows = (await tx.run(query.limit(limit))).all()
    return [name for row in rows for name in row if name]
