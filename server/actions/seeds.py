"""The first text of an idea: a document with a root for every section of either kind.

So an idea may change its kind and keep all its text; a template only says which roots are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.errors import Invalid
from collab.process.dossier import TITLE, TITLE_CHARS_MAX, DossierTemplate, every_section_id
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.schema import SERVER_CLIENT, DocumentSchema
from collab.sync.text import DossierText, render, sha256, to_json, to_plain
from storage import documents, texts
from storage.database import Transaction

DOCUMENT_KIND: Final = "dossier"
SCHEMA_NUMBER: Final = 1
SECTION_CHARS_MAX: Final = 20_000
LINES_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Seed:
    """A document that nobody has written in yet."""

    document: Document
    update: bytes
    text: DossierText


def dossier_schema(number: int = SCHEMA_NUMBER) -> DocumentSchema:
    """The roots of a dossier's document, the title first."""
    return DocumentSchema(number, (TITLE, *every_section_id()))


def seed(template: DossierTemplate, title: str, sections: Mapping[str, str]) -> Seed:
    """The document of a new idea, with plain texts in its sections.

    Raises:
        Invalid: the title or a section's text is faulty, or there is no such section.
    """
    faults = {f"sections.{name}": "unknown" for name in sections if template.section(name) is None}
    faults |= {f"sections.{name}": "too-long" for name, text in sections.items() if not _fits(text)}
    if faults:
        raise Invalid(fields=faults)
    given = {name: paragraphs(text) for name, text in sections.items()}
    document, update = Document.seeded(dossier_schema(), {TITLE: [check_title(title)], **given})
    return Seed(document, update, render(document, template.section_ids))


def check_title(title: str) -> str:
    """A title: one line, not empty, not too long."""
    shown = " ".join(_storable(title).split())
    if not shown:
        raise Invalid(fields={"title": "missing"})
    if len(shown) > TITLE_CHARS_MAX:
        raise Invalid(fields={"title": "too-long"})
    return shown


async def store(tx: Transaction, document_id: UUID, seeded: Seed, now: datetime) -> TextVersion:
    """Create the document with its seed as its whole log; returns the version of its text."""
    head = await documents.create(
        tx, document_id, DOCUMENT_KIND, SCHEMA_NUMBER, seeded.update, [SERVER_CLIENT], now
    )
    return TextVersion(head.epoch, head.seq, sha256(seeded.text))


async def project(
    tx: Transaction, idea_id: UUID, seeded: Seed, version: TextVersion, now: datetime
) -> None:
    """Make the first text the one that lists and search show."""
    await texts.project(
        tx,
        idea_id,
        version,
        title=seeded.text.title,
        plain=to_plain(seeded.text),
        sections=to_json(seeded.text),
        now=now,
    )


def _fits(text: str) -> bool:
    return len(text) <= SECTION_CHARS_MAX and text.count("\n") <= LINES_MAX


def paragraphs(text: str) -> list[str]:
    """One paragraph per line that holds anything."""
    lines = (line.strip() for line in _storable(text).splitlines())
    return [line for line in lines if line]


def _storable(text: str) -> str:
    """The text without control characters, which no editor shows and PostgreSQL may refuse."""
    kept = (each for each in text if each.isprintable() or each in "\n\t " or each.isspace())
    return "".join(kept).encode("utf-8", "ignore").decode()
