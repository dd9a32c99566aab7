"""Telling people that what they judged reads otherwise now, once the text has come to rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from collab.process.actors import GUEST
from collab.process.events.feasibility.judging import JudgementsOutdated
from collab.process.following.notices import NoticeReason
from collab.process.processes import every_stage
from collab.process.version import TextVersion
from collab.sync.text import from_json
from server.actions.cases import Case, tell
from server.actions.feasibility.outdated import outdated
from server.actions.feasibility.sight import is_collecting
from server.actions.following.addressing import address
from server.services import Services
from storage import documents, ideas, texts
from storage.database import Transaction
from storage.feasibility import changed, judgements
from storage.feasibility.judgements import Judgement
from storage.tables.ideas import Idea

QUIET: Final = timedelta(minutes=10)
"""So long nobody has written: whoever is told reads a sentence that is finished."""

AGAIN_AFTER: Final = timedelta(days=1)
"""Nobody is told more often of one idea, however often its text changes."""


async def to_compare(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """The ideas whose text rests and has to be compared with what was judged."""
    return await changed.to_compare(
        tx,
        [stage for stage in every_stage() if is_collecting(stage)],
        quiet_since=now - QUIET,
        told_before=now - AGAIN_AFTER,
        limit=limit,
    )


async def tell_of_changes(services: Services, idea_id: UUID) -> None:
    """Tell everybody whose judgement is of a materially different text, once for this text."""
    now = services.clock()
    async with services.database.read() as tx:
        idea = await ideas.get(tx, idea_id)
        assert idea is not None, "ideas that were judged are not deleted"
        await _compare(tx, idea, now)  # remembered, so that nobody waits for it below
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        idea = await ideas.get(tx, idea_id)
        assert idea is not None, "nor meanwhile"
        if not is_collecting(idea.stage):
            return
        current, waiting, other = await _compare(tx, idea, now)
        keys = [(row.dimension, row.person_id) for row in waiting]
        await changed.note_compared(tx, idea_id, current.sha256, keys)
        people = sorted({row.person_id for row in waiting if row.sha256 in other})
        if not people:
            return
        await changed.note_told(tx, idea_id, people, now)
        fact = JudgementsOutdated(len(people), current)
        event = await tell(tx, Case(idea, GUEST), fact, now)
        await address(tx, event, people, NoticeReason.JUDGED_TEXT_CHANGED)
    await services.announcer.announce([event])


async def _compare(
    tx: Transaction, idea: Idea, now: datetime
) -> tuple[TextVersion, list[Judgement], frozenset[str]]:
    """The text as it is shown, judgements that wait for it, and which texts differ from it."""
    shown = await texts.get(tx, idea.id)
    assert shown is not None, "what is due has been shown"
    current = TextVersion(shown.epoch, shown.seq, shown.sha256)
    waiting = [
        row
        for row in await judgements.of_idea(tx, idea.id)
        if row.sha256 != current.sha256
        and row.looked_sha256 != current.sha256
        and (row.told_at is None or row.told_at <= now - AGAIN_AFTER)
    ]
    judged = [TextVersion(row.epoch, row.seq, row.sha256) for row in waiting]
    text = from_json(shown.sections)
    return current, waiting, await outdated(tx, idea.document_id, judged, text, current.sha256)
