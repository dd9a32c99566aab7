"""What a live document belongs to: an idea, as its text or as internal notes, or a workshop.

Whoever opens, judges, rewrites or erases a document asks here for what the kinds differ in: its
roots, which of them are shown, whose rights count, and whether lists and search show its text
(ADR 0014, 0025).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.process.dossier import load_dossier_version
from collab.process.permissions import Action
from collab.process.workshop.codes import parse_code
from collab.sync.boards.board import ROOT as BOARD_ROOT
from collab.sync.schema import DocumentSchema
from server.actions.seeds import DOCUMENT_KIND, dossier_schema
from storage import ideas
from storage.database import Transaction
from storage.documents import Head
from storage.ideas import Idea
from storage.process.board import notes
from storage.workshop import workshops
from storage.workshop.workshops import Workshop

NOTES_ROOT: Final = "notes"
NOTES_SUFFIX: Final = "/notes"
MINUTES_ROOT: Final = "minutes"
WORKSHOP_PREFIX: Final = "w/"


class DocumentKind(StrEnum):
    """What stands in ``document.kind``."""

    DOSSIER = DOCUMENT_KIND
    NOTES = "notes"
    BOARD = "board"
    MINUTES = "minutes"


OF_WORKSHOPS: Final = frozenset({DocumentKind.BOARD, DocumentKind.MINUTES})


@dataclass(frozen=True, slots=True)
class Holder:
    """The idea or the workshop that a document belongs to, and as what."""

    kind: DocumentKind
    of: Idea | Workshop
    document_id: UUID

    @property
    def idea(self) -> Idea | None:
        """The idea, if it belongs to one."""
        return self.of if isinstance(self.of, Idea) else None

    @property
    def workshop(self) -> Workshop | None:
        """The workshop, if it belongs to one."""
        return self.of if isinstance(self.of, Workshop) else None

    @property
    def listed(self) -> Idea | None:
        """The idea whose text in lists, pages and search this is; else it has no projection."""
        return self.idea if self.kind is DocumentKind.DOSSIER else None

    @property
    def name(self) -> str:
        """How operators name it: ``2026-00042``, ``2026-00042/notes``, ``w/ABC234/board``."""
        if isinstance(self.of, Workshop):
            return f"{WORKSHOP_PREFIX}{self.of.code}/{self.kind}"
        return self.of.ref + (NOTES_SUFFIX if self.kind is DocumentKind.NOTES else "")

    @property
    def title(self) -> str:
        """What people call the idea or the workshop."""
        return self.of.title

    @property
    def sections(self) -> tuple[str, ...]:
        """The roots that are shown as sections, in their order."""
        if isinstance(self.of, Workshop):
            return (MINUTES_ROOT if self.kind is DocumentKind.MINUTES else BOARD_ROOT,)
        if self.kind is DocumentKind.NOTES:
            return (NOTES_ROOT,)
        template = load_dossier_version(self.of.template_id, self.of.template_version)
        return template.section_ids

    @property
    def is_listed(self) -> bool:
        """Whether lists, pages and search show its text."""
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
    if noted is not None:
        idea = await ideas.get(tx, noted.idea_id)
        assert idea is not None, "a foreign key forbids notes on nothing"
        return Holder(DocumentKind.NOTES, idea, document_id)
    found = await workshops.by_document(tx, document_id)
    return None if found is None else Holder(DocumentKind(found[1]), found[0], document_id)


async def holders_of(tx: Transaction, idea: Idea) -> list[Holder]:
    """All documents of an idea, its own text first."""
    found = [Holder(DocumentKind.DOSSIER, idea, idea.document_id)]
    noted = await notes.of_idea(tx, idea.id)
    if noted is not None:
        found.append(Holder(DocumentKind.NOTES, idea, noted.document_id))
    return found


async def holders_at(tx: Transaction, workshop: Workshop) -> list[Holder]:
    """All documents of a workshop."""
    made = await workshops.documents(tx, workshop.id)
    return [Holder(DocumentKind(kind), workshop, each) for kind, each in sorted(made.items())]


async def holder_named(tx: Transaction, name: str) -> Holder | None:
    """The document that operators call so (``Holder.name``)."""
    if name.startswith(WORKSHOP_PREFIX):
        code = name.removeprefix(WORKSHOP_PREFIX).partition("/")[0]
        coded = await workshops.by_code(tx, parse_code(code))
        documents = [] if coded is None else await holders_at(tx, coded[0])
    else:
        idea = await ideas.by_ref(tx, name.removesuffix(NOTES_SUFFIX))
        documents = [] if idea is None else await holders_of(tx, idea)
    return next((each for each in documents if each.name == name), None)


def schema_of(head: Head) -> DocumentSchema:
    """The roots of a document."""
    return SCHEMAS[DocumentKind(head.kind)](head.schema)


def notes_schema(number: int) -> DocumentSchema:
    """The one root of internal notes."""
    return DocumentSchema(number, (NOTES_ROOT,))


def minutes_schema(number: int) -> DocumentSchema:
    """The one root of a workshop's minutes."""
    return DocumentSchema(number, (MINUTES_ROOT,))


def board_schema(number: int) -> DocumentSchema:
    """The one root of a workshop's board."""
    return DocumentSchema(number, (BOARD_ROOT,))


SCHEMAS: Final[Mapping[DocumentKind, Callable[[int], DocumentSchema]]] = {
    DocumentKind.DOSSIER: dossier_schema,
    DocumentKind.NOTES: notes_schema,
    DocumentKind.BOARD: board_schema,
    DocumentKind.MINUTES: minutes_schema,
}
