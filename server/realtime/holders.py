"""What a live document belongs to: the text of an idea, or the internal notes on it (ADR 0014).

Whoever opens, judges, rewrites or erases a document asks here for what the kinds differ in: its
roots, which of them are shown, whose rights count, and whether lists and search show its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.process.dossier import load_dossier_version
from collab.process.permissions import Action
from collab.sync.schema import DocumentSchema
from server.actions.seeds import DOCUMENT_KIND, dossier_schema
from storage import ideas
from storage.database import Transaction
from storage.documents import Head
from storage.ideas import Idea
from storage.process.board import notes

NOTES_ROOT: Final = "notes"
NOTES_SUFFIX: Final = "/notes"


class DocumentKind(StrEnum):
    """What stands in ``document.kind``."""

    DOSSIER = DOCUMENT_KIND
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Holder:
    """The idea that a document belongs to, and as what."""

    kind: DocumentKind
    idea: Idea
    document_id: UUID

    @property
    def name(self) -> str:
        """How operators name the document: ``2026-00042`` or ``2026-00042/notes``."""
        return self.idea.ref + (NOTES_SUFFIX if self.kind is DocumentKind.NOTES else "")

    @property
    def sections(self) -> tuple[str, ...]:
        """The roots that are shown as sections, in their order."""
        if self.kind is DocumentKind.NOTES:
            return (NOTES_ROOT,)
        template = load_dossier_version(self.idea.template_id, self.idea.template_version)
        return template.section_ids

    @property
    def is_listed(self) -> bool:
        """Whether lists, pages and search show its text; else it has no projection."""
        return self.kind is DocumentKind.DOSSIER

    @property
    def reading(self) -> Action:
        """What one must be allowed to do at the idea in order to read the document."""
        return Action.READ_IDEA if self.is_listed else Action.READ_NOTES

    @property
    def writing(self) -> Action:
        """The same for writing in it."""
        return Action.EDIT_TEXT if self.is_listed else Action.WRITE_NOTES


async def holder(tx: Transaction, document_id: UUID) -> Holder | None:
    """Whose document this is; None if it is nobody's."""
    idea = await ideas.by_document(tx, document_id)
    if idea is not None:
        return Holder(DocumentKind.DOSSIER, idea, document_id)
    noted = await notes.by_document(tx, document_id)
    if noted is None:
        return None
    idea = await ideas.get(tx, noted.idea_id)
    assert idea is not None, "a foreign key forbids notes on nothing"
    return Holder(DocumentKind.NOTES, idea, document_id)


async def holders_of(tx: Transaction, idea: Idea) -> list[Holder]:
    """All documents of an idea, its own text first."""
    found = [Holder(DocumentKind.DOSSIER, idea, idea.document_id)]
    noted = await notes.of_idea(tx, idea.id)
    if noted is not None:
        found.append(Holder(DocumentKind.NOTES, idea, noted.document_id))
    return found


async def holder_named(tx: Transaction, name: str) -> Holder | None:
    """The document that operators call so (``Holder.name``)."""
    idea = await ideas.by_ref(tx, name.removesuffix(NOTES_SUFFIX))
    documents = [] if idea is None else await holders_of(tx, idea)
    return next((each for each in documents if each.name == name), None)


def schema_of(head: Head) -> DocumentSchema:
    """The roots of a document."""
    return SCHEMAS[DocumentKind(head.kind)](head.schema)


def notes_schema(number: int) -> DocumentSchema:
    """The one root of internal notes."""
    return DocumentSchema(number, (NOTES_ROOT,))


SCHEMAS: Final[Mapping[DocumentKind, Callable[[int], DocumentSchema]]] = {
    DocumentKind.DOSSIER: dossier_schema,
    DocumentKind.NOTES: notes_schema,
}
