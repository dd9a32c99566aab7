"""Taking text out of a document for good: a person's, or all that is no longer shown.

The document goes on under a new epoch whose log begins with what is left. Open rooms learn it by
the event and send their sessions away; a client of the old epoch cannot bring the text back,
because the address it names is closed before anything of it is applied.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from collab.errors import Conflict
from collab.process.events.board import NotesErased
from collab.process.events.event import Event, is_public
from collab.process.events.ideas import TextErased
from collab.process.version import TextVersion
from collab.sync.document import Document
from collab.sync.removal import erase
from collab.sync.removal.erase import MARK
from collab.sync.removal.moved import moved_text
from collab.sync.schema import DocumentSchema
from collab.sync.text import DossierText, from_json, render, sha256, to_json, to_plain
from collab.sync.yjs.ranges import IdRanges
from server.actions.erasure.late import erase_late
from server.actions.live.moderation import log_entries
from server.realtime.holders import Holder, holder
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable, Loaded, load
from server.realtime.rooms.projector import project
from server.services import Services
from storage import documents, events
from storage.database import Transaction
from storage.documents import Found
from storage.erasure import asked, texts
from storage.erasure.people import rewrite_events
from storage.events import StoredEvent
from storage.log import quarantine
from storage.process import late
from storage.tables.texts import TextVersion as PinnedText

QUOTING: Final = ("quote", "prefix", "suffix")
"""The parts of an anchor that repeat the text."""

Choose = Callable[[bytes], IdRanges]
"""Which ids of a state are to be erased."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What is, or would be, taken out of one document."""

    ref: str
    title: str
    passages: dict[str, list[str]]
    """What readers see today and will not see any more, by section."""
    pinned: tuple[str, ...]
    """The kept versions (``epoch.seq``) in which passages are marked."""
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Redacted:
    """A kept version as it is to be."""

    row: PinnedText
    state: bytes
    sections: dict[str, object]


async def of_person(tx: Transaction, loaded: Loaded, held_by: Holder, person_id: UUID) -> Choose:
    """All that the person wrote in the document, with its first text if he began the idea.

    What others moved, by splitting a paragraph for instance, is still his.
    """
    idea = held_by.listed
    begun = idea is not None and idea.created_by == person_id and idea.source is None
    stored = await documents.load(tx, loaded.head.id)
    assert isinstance(stored, Found), "it has just been loaded"
    entries = await log_entries(tx, stored)
    came_late = [
        (row.update, row.actor_id)
        for row in await late.waiting(tx, loaded.head.id)
        if row.update is not None and row.epoch == loaded.head.epoch
    ]

    def follow() -> IdRanges:
        first = erase.written_by(entries[0][0], loaded.owners, person_id, with_seed=begun)
        state = erase.written_by(loaded.document.state(), loaded.owners, person_id)
        return moved_text([*entries, *came_late], IdRanges.of(*first, *state))

    moved = await asyncio.to_thread(follow)

    def choose(state: bytes) -> IdRanges:
        written = erase.written_by(state, loaded.owners, person_id, with_seed=begun)
        return IdRanges.of(*written, *moved)

    return choose


async def look(tx: Transaction, document_id: UUID, person_id: UUID) -> Removal:
    """What erasing the person's text would take out of the document.

    Raises:
        Conflict: (unreadable-document) it cannot be read.
    """
    loaded, held_by = await _loaded(tx, document_id)
    choose = await of_person(tx, loaded, held_by, person_id)
    state = loaded.document.state()
    seen = erase.passages(state, loaded.document.schema, choose(state), loaded.sections)
    pins = await asyncio.to_thread(
        _redactions, await texts.pinned(tx, document_id), loaded.document.schema, choose
    )
    kept = tuple(_number(pin.row) for pin in pins)
    return Removal(held_by.name, held_by.title, seen, kept)


async def look_at_past(tx: Transaction, document_id: UUID) -> Removal:
    """In which kept versions there is text that the document no longer shows."""
    loaded, held_by = await _loaded(tx, document_id)
    gone = erase.deleted_in(loaded.document.state())
    pins = await asyncio.to_thread(
        _redactions, await texts.pinned(tx, document_id), loaded.document.schema, lambda _: gone
    )
    kept = tuple(_number(pin.row) for pin in pins)
    return Removal(held_by.name, held_by.title, {}, kept)


async def erase_person_text(
    services: Services, erasure_id: UUID, document_id: UUID, person_id: UUID
) -> None:
    """Take the person's text out of one document; ``erasure_id`` is done with it."""
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [document_id])
        if await asked.is_done(tx, erasure_id):
            return
        loaded, held_by = await _loaded(tx, document_id)
        choose = await of_person(tx, loaded, held_by, person_id)
        await erase_late(tx, loaded, choose, person_id, services.clock())
        written = choose(loaded.document.state())
        event = await _rewrite(services, tx, loaded, held_by, written, choose)
        await quarantine.forget(tx, document_id, person_id)
        await asked.done(tx, erasure_id, services.clock())
    await services.announcer.announce([event])


async def erase_past(services: Services, document_id: UUID, *, keeps_pinned: bool = False) -> None:
    """Take out of the document's history what it no longer shows.

    ``keeps_pinned``: versions that acts are bound to stay whole, deleted text and all.
    """
    now = services.clock()
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [document_id])
        loaded, held_by = await _loaded(tx, document_id)
        deleted = erase.deleted_in(loaded.document.state())
        gone = IdRanges() if keeps_pinned else deleted
        await erase_late(tx, loaded, lambda _: deleted, None, now)
        event = await _rewrite(services, tx, loaded, held_by, IdRanges(), lambda _: gone)
        await quarantine.forget(tx, document_id, None)
        await asked.ask(tx, erasure_id=uuid4(), now=now, document_id=document_id, is_done=True)
    await services.announcer.announce([event])


async def _rewrite(
    services: Services,
    tx: Transaction,
    loaded: Loaded,
    held_by: Holder,
    erased: IdRanges,
    choose: Choose,
) -> StoredEvent:
    """Begin the new epoch and mark the kept versions; the caller holds the head's lock."""
    head, schema, now = loaded.head, loaded.document.schema, services.clock()
    idea, listed = held_by.idea, held_by.listed
    pins = await texts.pinned(tx, head.id)
    for pin in await asyncio.to_thread(_redactions, pins, schema, choose):
        await texts.redact(tx, pin.row, sections=pin.sections, state=pin.state, now=now)
    state = await asyncio.to_thread(erase.rewritten, [loaded.document.state()], schema, erased)
    document = Document.load(schema, [state])
    owners = {client: loaded.owners.get(client) for client in erase.clients_of(state)}
    begun = await texts.rewrite(tx, head, state, owners, now)
    text = render(document, loaded.sections)
    version = TextVersion(begun.epoch, begun.seq, sha256(text))
    fact: Event = NotesErased(version)
    if listed is not None:
        await project(tx, listed.id, text, version, now)
        await _forget_quotes(tx, listed.id, text)
        fact = TextErased(version)
    idea_id, stage = (None, None) if idea is None else (idea.id, idea.stage)
    public = is_public(fact, stage)
    return await events.append(tx, fact, idea_id=idea_id, actor_id=None, public=public, now=now)


async def _forget_quotes(tx: Transaction, idea_id: UUID, text: DossierText) -> None:
    """Anchors of comments and the first title repeat the text: what is not in it any more goes."""
    left = _letters(f"{text.title} {to_plain(text)}")

    def anchor(found: dict[str, Any]) -> dict[str, Any]:
        gone = {
            key: MARK if key == "quote" else ""
            for key in QUOTING
            if found.get(key) and _letters(found[key]) not in left
        }
        return {**found, **gone}

    def payload(
        _actor: UUID | None, _idea: UUID | None, kind: str, found: dict[str, Any]
    ) -> dict[str, Any]:
        is_gone = kind == "idea_created" and _letters(found["title"]) not in left
        return {**found, "title": MARK} if is_gone else found

    await texts.rewrite_anchors(tx, idea_id, anchor)
    await rewrite_events(tx, payload, idea_id=idea_id)


def _letters(text: str) -> str:
    """What is left of a text when layout and punctuation are no matter."""
    return re.sub(r"\W+", "", text)


def _redactions(pins: list[PinnedText], schema: DocumentSchema, choose: Choose) -> list[Redacted]:
    """The kept versions in which something is to be marked, as they are to be."""
    found = []
    for row in pins:
        state = erase.redacted(row.state, choose(row.state))
        if state != row.state:
            sections = from_json(row.sections).sections
            text = erase.marked(render(Document.load(schema, [state]), sections))
            found.append(Redacted(row, state, to_json(text)))
    return found


async def _loaded(tx: Transaction, document_id: UUID) -> tuple[Loaded, Holder]:
    try:
        loaded = await load(tx, document_id)
    except (DocumentUnreadable, DocumentAbsent) as error:
        raise Conflict("unreadable-document") from error
    held_by = await holder(tx, document_id)
    assert held_by is not None, "a loaded document belongs to an idea"
    return loaded, held_by


def _number(row: PinnedText) -> str:
    return f"{row.epoch}.{row.seq}"
