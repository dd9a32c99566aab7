"""The text of an idea as a page shows it, and how it is read without opening a document.

The projection is shown where it is as new as the document; else the room is asked. A text that
cannot be read is said to be so; its last projection is shown beside, never an empty page.
"""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.templates.reading import Words
from collab.process.version import TextVersion
from collab.sync.address import DocumentAddress
from collab.sync.text import DossierText, from_json, to_html
from server.actions.cases import Case, open_case
from server.actions.facts.case import filled
from server.realtime.rooms.loading import DocumentUnreadable, stored_text
from server.services import Services
from server.views.record.known import may_read_version
from storage import documents, texts
from storage.documents import Head
from storage.texts import PinnedText

NOTHING = DossierText("", {})
UNKNOWN = TextVersion(0, 0, "0" * 64)


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section with its HTML."""

    id: str
    label: Words
    help: Words
    required: bool
    html: Markup
    is_empty: bool


@dataclass(frozen=True, slots=True)
class DossierView:
    """Title and sections at one version; ``unreadable`` if the stored text cannot be read."""

    document_id: str
    title: str
    sections: tuple[SectionView, ...]
    version: TextVersion
    text: DossierText
    unreadable: bool


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text and its version, on its way to a page."""

    text: DossierText
    version: TextVersion
    unreadable: bool = False
    redacted_at: datetime | None = None


async def read_text(services: Services, actor: Actor, ref: str) -> ReadText:
    """The durable text of an idea the actor may read.

    Raises:
        NotFound: there is no such idea, or not for him.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        stored = await stored_text(tx, case.idea)
    try:
        return ReadText(*(stored or await services.hub.text(case.idea.document_id)))
    except DocumentUnreadable:
        return await _last_readable(services, case)


def dossier_view(case: Case, read: ReadText, head: Head) -> DossierView:
    """The text in the sections of the idea's template."""
    return DossierView(
        document_id=str(DocumentAddress(head.id, head.epoch, head.schema)),
        title=read.text.title or case.idea.title,
        sections=_sections(case, read.text),
        version=read.version,
        text=read.text,
        unreadable=read.unreadable,
    )


async def pinned_dossier(
    services: Services, actor: Actor, ref: str, epoch: int, seq: int
) -> tuple[Case, DossierView, PinnedText]:
    """A pinned version of the idea's text, and its row: when it was pinned and redacted.

    Raises:
        NotFound: this version was not pinned, or the idea is not for this actor.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
        row = await texts.pinned(tx, case.idea.document_id, epoch, seq)
        may_read = await may_read_version(tx, case, epoch, seq)
    if row is None or not may_read:
        raise NotFound("text-version-unknown")
    read = ReadText(from_json(row.sections), TextVersion(row.epoch, row.seq, row.sha256))
    return case, dossier_view(case, read, head), row


def _sections(case: Case, text: DossierText) -> tuple[SectionView, ...]:
    html, written = to_html(text), filled(text)
    return tuple(
        SectionView(
            id=section.id,
            label=section.label,
            help=section.help,
            required=section.required,
            html=Markup(html.get(section.id, "")),
            is_empty=section.id not in written,
        )
        for section in case.template.sections
    )


async def _last_readable(services: Services, case: Case) -> ReadText:
    """What could be read last, said to be no longer the text itself."""
    async with services.database.read() as tx:
        row = await texts.get(tx, case.idea.id)
    if row is None:
        return ReadText(NOTHING, UNKNOWN, unreadable=True)
    version = TextVersion(row.epoch, row.seq, row.sha256)
    return ReadText(from_json(row.sections), version, unreadable=True)
