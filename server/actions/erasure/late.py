"""Text that came late, when something is erased from the document that it follows on.

Under the new epoch it can never be applied, so its bytes go. How it reads stays, without what was
erased: what waits is read once more behind the text as it was; of what lies aside only passages
are left, and one that repeats erased text is marked as a whole.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.sync.document import Document
from collab.sync.failures import UnreadableDocument
from collab.sync.formats.changes import Passage, changed_passages
from collab.sync.removal import erase
from collab.sync.removal.erase import MARK
from collab.sync.removal.moved import LATER_MIN
from collab.sync.text import DossierText, render
from collab.sync.yjs.ranges import IdRanges
from server.realtime.rooms.loading import Loaded
from storage.database import Transaction
from storage.process import late
from storage.process.late import LateContribution

ERASED: Final = "erased"
REWRITTEN: Final = "stale-document"

Choose = Callable[[bytes], IdRanges]
Passages = Sequence[Passage]


async def erase_late(
    tx: Transaction, loaded: Loaded, choose: Choose, forgotten: UUID | None, now: datetime
) -> None:
    """Take what ``choose`` names out of the late text, and all that ``forgotten`` sent.

    The caller holds the head's lock, and begins a new epoch in the same transaction.
    """
    rows = await late.of_document(tx, loaded.head.id)
    others = [row for row in rows if row.actor_id != forgotten]
    read = await asyncio.to_thread(_read_anew, others, loaded, choose) if others else {}
    for row in rows:
        is_gone = row.actor_id == forgotten
        passages = () if is_gone or row.state == "applied" else read[row.id]
        await late.rewrite(tx, row.id, [[p.section, p.before, p.after] for p in passages])
        await late.set_aside(tx, row.id, ERASED if is_gone else REWRITTEN, now)


def _read_anew(
    rows: Iterable[LateContribution], loaded: Loaded, choose: Choose
) -> dict[UUID, Passages]:
    """How late text reads when what ``choose`` names is marked in it and around it."""
    state = loaded.document.state()
    schema, sections = loaded.document.schema, loaded.sections
    gone = erase.passages(state, schema, choose(state), sections)
    erased = _pieces(piece for pieces in gone.values() for piece in pieces)
    chains: dict[UUID, list[bytes]] = {}
    found: dict[UUID, Passages] = {}
    for row in rows:
        chain = chains.setdefault(row.actor_id, [state])
        if row.update is not None and (after := _after(loaded, chain[-1], row.update)):
            chain.append(after)
            before, read = (_read(each, loaded, choose) for each in chain[-2:])
            found[row.id] = changed_passages(before, read)
        else:
            found[row.id] = [_marked(Passage(*each), erased) for each in row.passages]
    return found


def _after(loaded: Loaded, state: bytes, update: bytes) -> bytes | None:
    """The state with the update; ``None`` if it does not fit."""
    try:
        return Document.load(loaded.document.schema, [state, update]).state()
    except UnreadableDocument:
        return None


def _read(state: bytes, loaded: Loaded, choose: Choose) -> DossierText:
    redacted = erase.redacted(state, choose(state))
    document = Document.load(loaded.document.schema, [redacted])
    return erase.marked(render(document, loaded.sections))


def _marked(passage: Passage, erased: frozenset[str]) -> Passage:
    before, after = (
        MARK if not erased.isdisjoint(_pieces([text])) else text
        for text in (passage.before, passage.after)
    )
    return Passage(passage.section, before, after)


def _pieces(texts: Iterable[str]) -> frozenset[str]:
    """All pieces of the length at which moved text is known again; short texts as a whole."""
    return frozenset(
        text[at : at + LATER_MIN]
        for text in texts
        for at in range(max(1, len(text) - LATER_MIN + 1))
        if text
    )
