"""Brings a document from storage to life, or says exactly why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog

from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.failures import PoisonedDocument, UnreadableDocument
from collab.sync.text import DossierText, from_json
from collab.sync.yjs.barred import Barred
from server.realtime.crash import record
from server.realtime.crash.record import Phase, noted
from server.realtime.holders import holder, schema_of
from storage import documents, texts
from storage.database import Transaction
from storage.documents import Absent, Failed, Head
from storage.ideas import Idea
from storage.log import quarantine
from storage.process import late

log = structlog.get_logger()


class DocumentAbsent(Exception):
    """There is no such document."""


class DocumentUnreadable(Exception):
    """The stored document cannot be read; it is reported and never shown as empty."""


class DocumentSuspect(DocumentUnreadable):
    """It may kill whoever loads it; a child process tries it first (ADR 0011)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The idea whose text in lists and search the document is."""

    idea_id: UUID
    ref: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document at its head, with what it belongs to and the owners of its client ids."""

    document: Document
    head: Head
    owners: dict[int, UUID | None]
    listed: Listed | None
    """None: lists and search do not show this document's text at all."""
    sections: tuple[str, ...]
    tail_rows: int
    is_shown: bool = True
    """Lists and search show this head; not so after a crash between commit and projection."""
    has_late: bool = False
    """Something that came late waits for its author to write again."""


async def load(tx: Transaction, document_id: UUID) -> Loaded:
    """Read a document at one consistent moment.

    Raises:
        DocumentAbsent: it does not exist.
        DocumentUnreadable: a row is damaged or the document does not add up.
        DocumentSuspect: a process died over it, or pycrdt fails on it.
    """
    if await quarantine.is_suspect(tx, document_id):
        raise DocumentSuspect("a process died over it")
    found = await documents.load(tx, document_id)
    held_by = await holder(tx, document_id)
    if isinstance(found, Absent) or held_by is None:
        raise DocumentAbsent
    if isinstance(found, Failed):
        raise DocumentUnreadable(found.why)
    for damage in found.damage:
        log.error("snapshot passed over", document=str(document_id), damage=damage)
    head = found.head
    try:
        with noted(head.id, head.epoch, head.seq, Phase.LOAD):
            document = Document.load(schema_of(head), found.updates)
    except PoisonedDocument as error:
        raise DocumentSuspect(str(error)) from error
    except UnreadableDocument as error:
        raise DocumentUnreadable(str(error)) from error
    document.watch = record.watch()
    document.barred = Barred.of(await quarantine.barred(tx, document_id))
    listed = held_by.listed
    return Loaded(
        document=document,
        head=head,
        owners=dict(found.owners),
        listed=None if listed is None else Listed(listed.id, listed.ref),
        sections=held_by.sections,
        tail_rows=len(found.updates) - 1,
        is_shown=listed is None or await texts.shown_at(tx, listed.id) == (head.epoch, head.seq),
        has_late=await late.is_any_waiting(tx, document_id),
    )


async def stored_text(tx: Transaction, idea: Idea) -> tuple[DossierText, TextVersion] | None:
    """The projection, if it shows the head of the log; ``None`` if somebody must render."""
    head = (await documents.heads(tx, [idea.document_id])).get(idea.document_id)
    row = await texts.get(tx, idea.id)
    if head is None or row is None or (row.epoch, row.seq) != (head.epoch, head.seq):
        return None
    return from_json(row.sections), TextVersion(row.epoch, row.seq, row.sha256)
