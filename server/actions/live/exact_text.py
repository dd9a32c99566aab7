"""The exact text that an act is bound to: read at one version, checked against what was seen."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Conflict
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.text import DossierText, from_json, render, sha256, to_json
from server.realtime.crash.record import Phase, noted
from server.realtime.rooms.loading import DocumentUnreadable, Loaded, load
from server.services import Services
from storage import documents, texts
from storage.database import Transaction

REPLAYED_ROWS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class ExactText:
    """A durable text with its version and the CRDT state it was rendered from."""

    version: TextVersion
    text: DossierText
    state: bytes

    async def pin(self, tx: Transaction, document_id: UUID, services: Services) -> None:
        """Keep this version for ever; the caller holds the lock of the document's head.

        Raises:
            Conflict: (text-version-unknown) the document was rewritten since it was read.
        """
        await self.keep(tx, document_id, services.clock())

    async def keep(self, tx: Transaction, document_id: UUID, now: datetime) -> None:
        """As ``pin``, at that moment."""
        head = (await documents.heads(tx, [document_id])).get(document_id)
        if head is None or head.epoch != self.version.epoch:
            raise Conflict("text-version-unknown")
        await texts.pin(
            tx,
            document_id,
            self.version,
            sections=to_json(self.text),
            state=self.state,
            now=now,
        )


async def exact_text(services: Services, document_id: UUID) -> ExactText:
    """The text with everything that was written until now.

    Raises:
        Conflict: (unreadable-document) it cannot be read, so nothing can be bound to it.
    """
    try:
        await services.hub.flush(document_id)
        async with services.database.read() as tx:
            loaded = await load(tx, document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    return _exact(loaded.document, loaded, loaded.head.seq)


async def locked_text(tx: Transaction, document_id: UUID) -> ExactText:
    """The text as far as it is durable, for a caller who holds the lock of the document's head.

    Raises:
        Conflict: (unreadable-document) it cannot be read.
    """
    try:
        loaded = await load(tx, document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    return _exact(loaded.document, loaded, loaded.head.seq)


async def seen_text(services: Services, document_id: UUID, seen: TextVersion) -> ExactText:
    """The text that somebody saw as version ``seen``, be it the current or an earlier one.

    Raises:
        Conflict: (text-version-unknown) there never was such a version, or it is not kept.
    """
    current = await exact_text(services, document_id)
    if is_current(seen, current.version):
        return current
    async with services.database.read() as tx:
        earlier = await _earlier(tx, document_id, seen.epoch, seen.seq)
    if earlier is None or earlier.version != seen:
        raise Conflict("text-version-unknown", current=current.version.to_json())
    return earlier


async def text_at(services: Services, document_id: UUID, moment: datetime) -> ExactText | None:
    """The text as it read at a moment, as far as it is kept; else the last version kept by then."""
    async with services.database.read() as tx:
        head = (await documents.heads(tx, [document_id]))[document_id]
        seq = await documents.seq_at(tx, document_id, head.epoch, moment)
        found = await _earlier(tx, document_id, head.epoch, seq) if seq else None
        if found is not None:
            return found
        kept = [each for each, at in await texts.versions(tx, document_id) if at <= moment]
        row = await texts.pinned(tx, document_id, kept[-1].epoch, kept[-1].seq) if kept else None
    return None if row is None else ExactText(kept[-1], from_json(row.sections), row.state)


def is_current(seen: TextVersion, current: TextVersion) -> bool:
    """Whether who saw ``seen`` saw what stands there now; undone typing in between is no matter."""
    return seen.epoch == current.epoch and seen.seq <= current.seq and seen.same_text(current)


async def _earlier(tx: Transaction, document_id: UUID, epoch: int, seq: int) -> ExactText | None:
    """This version out of a pin, else out of the log as far as it is kept."""
    loaded = await load(tx, document_id)
    if epoch != loaded.head.epoch or seq > loaded.head.seq:
        return None
    pinned = await texts.pinned(tx, document_id, epoch, seq)
    if pinned is not None:
        return _exact(Document.load(loaded.document.schema, [pinned.state]), loaded, seq)
    rows = await documents.log(tx, document_id, epoch)
    wanted = [row.update for row in rows if row.seq <= seq]
    if not rows or rows[0].seq != 1 or len(wanted) > REPLAYED_ROWS_MAX:
        return None
    return _exact(Document.load(loaded.document.schema, wanted), loaded, seq)


def _exact(document: Document, loaded: Loaded, seq: int) -> ExactText:
    head = loaded.head
    with noted(head.id, head.epoch, head.seq, Phase.READ):
        text, state = render(document, loaded.sections), document.state()
    return ExactText(TextVersion(head.epoch, seq, sha256(text)), text, state)
