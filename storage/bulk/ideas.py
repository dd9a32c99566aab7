"""Many new ideas in one go: documents, logs, ideas, texts, events, audit by one statement each.

What is written is the same as by ``documents.create``, ``ideas.create``, ``texts.project`` and
``events.append`` one after the other; a test compares the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from collab.process.references import format_reference
from storage.database import Transaction
from storage.events import EVENT, LOCK_KEY, Fact
from storage.ideas import COUNTER, IDEA, IDEAS_PER_YEAR_MAX
from storage.log.rows import CLIENT, DOCUMENT, LOG, sha256
from storage.process import audit
from storage.process.audit import Act
from storage.search.stems import stems
from storage.search.titles import title_trigrams
from storage.texts import IDEA_TEXT

__all__ = ["FirstText", "NewIdea", "insert_ideas", "known_sources"]

SOURCES_PER_STATEMENT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstText:
    """The first text of an idea: its document's seed and how it reads."""

    document_id: UUID
    document_kind: str
    schema: int
    seed: bytes
    seed_clients: tuple[int, ...]
    sha256: str
    title: str
    plain: str
    sections: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIdea:
    """One idea that is not there yet, and the event that tells of it."""

    idea_id: UUID
    kind: str
    stage: str
    template_id: str
    template_version: int
    process_id: str
    process_version: int
    created_by: UUID
    at: datetime
    source: str
    latitude: float | None
    longitude: float | None
    text: FirstText
    fact: Fact
    is_public: bool


async def known_sources(tx: Transaction, sources: Sequence[str]) -> set[str]:
    """Those of the sources that an idea came from already."""
    found: set[str] = set()
    for start in range(0, len(sources), SOURCES_PER_STATEMENT):
        some = sources[start : start + SOURCES_PER_STATEMENT]
        found |= set((await tx.run(select(IDEA.c.source).where(IDEA.c.source.in_(some)))).scalars())
    return found


async def insert_ideas(tx: Transaction, new: Sequence[NewIdea], year: int) -> list[str]:
    """Write the ideas with references of ``year`` in the given order; returns those.

    A source that an idea has already raises IntegrityError, and nothing is written.
    """
    if not new:
        return []
    await tx.run(insert(DOCUMENT), [_document(idea) for idea in new])
    await tx.run(insert(CLIENT), [row for idea in new for row in _clients(idea)])
    await tx.run(insert(LOG), [_log(idea) for idea in new])
    numbers = await _next_numbers(tx, year, len(new))
    refs = [format_reference(year, number) for number in numbers]
    rows = [
        _idea(idea, ref, year * IDEAS_PER_YEAR_MAX + number)
        for idea, ref, number in zip(new, refs, numbers, strict=True)
    ]
    await tx.run(insert(IDEA), rows)
    await tx.run(
        insert(IDEA_TEXT),
        [_text(idea, row["number"]) for idea, row in zip(new, rows, strict=True)],
    )
    if tx.dialect == "postgresql":
        await tx.run(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    adding = insert(EVENT).returning(EVENT.c.id, sort_by_parameter_order=True)
    event_ids = (await tx.run(adding, [_event(idea) for idea in new])).scalars().all()
    await audit.begin(
        tx,
        [
            _act(idea, ref, event_id)
            for idea, ref, event_id in zip(new, refs, event_ids, strict=True)
        ],
    )
    return refs


async def _next_numbers(tx: Transaction, year: int, count: int) -> Iterable[int]:
    """The next ``count`` numbers of the year, which nobody else gets."""
    statement = (
        tx.insert(COUNTER)
        .values(year=year, last=count)
        .on_conflict_do_update(index_elements=["year"], set_={"last": COUNTER.c.last + count})
        .returning(COUNTER.c.last)
    )
    last = (await tx.run(statement)).scalar_one()
    return range(last - count + 1, last + 1)


def _document(idea: NewIdea) -> dict[str, Any]:
    return {
        "id": idea.text.document_id,
        "kind": idea.text.document_kind,
        "schema_number": idea.text.schema,
        "epoch": 1,
        "seq": 1,
        "access_version": 0,
        "created_at": idea.at,
    }


def _clients(idea: NewIdea) -> list[dict[str, Any]]:
    """The seed's client ids, which belong to the server."""
    key = {"document_id": idea.text.document_id, "epoch": 1, "actor_id": None}
    return [{**key, "client_id": client} for client in idea.text.seed_clients]


def _log(idea: NewIdea) -> dict[str, Any]:
    return {
        "document_id": idea.text.document_id,
        "epoch": 1,
        "seq": 1,
        "update": idea.text.seed,
        "sha256": sha256(idea.text.seed),
        "actor_id": None,
        "clients": [],
        "at": idea.at,
    }


def _idea(idea: NewIdea, ref: str, number: int) -> dict[str, Any]:
    return {
        "id": idea.idea_id,
        "ref": ref,
        "number": number,
        "kind": idea.kind,
        "title": idea.text.title,
        "stage": idea.stage,
        "revision": 1,
        "template_id": idea.template_id,
        "template_version": idea.template_version,
        "process_id": idea.process_id,
        "process_version": idea.process_version,
        "document_id": idea.text.document_id,
        "created_by": idea.created_by,
        "created_at": idea.at,
        "active_at": idea.at,
        "source": idea.source,
        "latitude": idea.latitude,
        "longitude": idea.longitude,
    }


def _text(idea: NewIdea, number: int) -> dict[str, Any]:
    shown = idea.text
    return {
        "idea_id": idea.idea_id,
        "number": number,
        "epoch": 1,
        "seq": 1,
        "sha256": shown.sha256,
        "title": shown.title,
        "plain": shown.plain,
        "sections": dict(shown.sections),
        "stems": stems(f"{shown.title} {shown.plain}"),
        "title_trigrams": title_trigrams(shown.title),
    }


def _event(idea: NewIdea) -> dict[str, Any]:
    return {
        "idea_id": idea.idea_id,
        "kind": idea.fact.kind,
        "actor_id": idea.created_by,
        "payload": dict(idea.fact.payload),
        "public": idea.is_public,
        "at": idea.at,
    }


def _act(idea: NewIdea, ref: str, event_id: int) -> Act:
    """The first entry of the idea's chain."""
    assert idea.fact.official, "an idea comes into being by an official act"
    return Act(
        chain=ref,
        idea_id=idea.idea_id,
        event_id=event_id,
        kind=idea.fact.kind,
        actor_id=idea.created_by,
        payload=idea.fact.payload,
        record={},
        public=idea.is_public,
        at=idea.at,
    )
