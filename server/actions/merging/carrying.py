"""Carrying a merge out, and undoing it: what the two transitions do besides moving the idea.

The caller holds the locks of both documents' heads (``locking``), so nothing is said, judged or
written at either of them while it goes from one to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.errors import Conflict
from collab.process.events.event import Event
from collab.process.events.ties.merging import IdeasMerged, IdeasUnmerged
from collab.process.merging.rules import MergeState
from collab.process.version import TextVersion
from server.actions.live.exact_text import locked_text
from storage import documents, ideas, stages
from storage.database import Transaction
from storage.ideas import Idea
from storage.merging.joining import join, separate
from storage.merging.parts import Joined
from storage.process.ties import merging
from storage.process.ties.merging import IdeaMerge

if TYPE_CHECKING:
    from server.actions.official.effects import Act


async def merge(tx: Transaction, act: Act) -> list[Event]:
    """Bring everything to the target and write the map; both texts are kept as they are now.

    Raises:
        Conflict: (merge-moved) it is not asked for any more; (unreadable-document) the text of
            the target cannot be read, so it cannot be kept.
    """
    row, source, target = await _living(tx, act, MergeState.ASKED)
    exact = await locked_text(tx, target.document_id)
    await exact.keep(tx, target.document_id, act.now)
    await join(tx, Joined(row.id, source.id, target.id, act.now))
    await merging.carried_out(
        tx,
        row.id,
        versions=(await _version(tx, source), exact.version),
        by=act.case.person_id,
        reason=act.reason,
        now=act.now,
    )
    await _touch(tx, act, target)
    return [IdeasMerged(row.id, source.ref, target.ref)]


async def unmerge(tx: Transaction, act: Act) -> list[Event]:
    """Bring back what came from the source; what has come since stays with the target.

    Raises:
        Conflict: (merge-moved) it is not merged any more.
    """
    row, source, target = await _living(tx, act, MergeState.DONE)
    assert row.merged_at is not None, "it was carried out"
    await separate(tx, Joined(row.id, source.id, target.id, row.merged_at))
    await merging.end(
        tx,
        row.id,
        before=MergeState.DONE,
        state=MergeState.UNDONE,
        by=act.case.person_id,
        reason=act.reason,
        now=act.now,
    )
    await _touch(tx, act, target)
    return [IdeasUnmerged(row.id, source.ref, target.ref)]


async def _living(tx: Transaction, act: Act, state: MergeState) -> tuple[IdeaMerge, Idea, Idea]:
    source = act.case.idea
    row = await merging.living_of(tx, source.id)
    target = await ideas.get(tx, row.target_id) if row else None
    if row is None or row.state != state or target is None:
        raise Conflict("merge-moved")
    return row, source, target


async def _version(tx: Transaction, source: Idea) -> TextVersion:
    """The text of the source, which the act itself has kept."""
    last = await stages.latest(tx, source.id)
    assert last is not None, "the act was written down before its effect"
    return TextVersion(last.epoch, last.seq, last.sha256)


async def _touch(tx: Transaction, act: Act, target: Idea) -> None:
    await ideas.touch(tx, target.id, act.now)
    await documents.bump_access(tx, target.document_id)
