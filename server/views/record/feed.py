"""What the feeds tell: public steps of one idea, or of the whole arena, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from collab.process.actors import GUEST
from collab.process.events.kinds import EVENTS
from collab.process.processes import load_process
from server.actions.cases import open_case
from server.language import Language
from server.views.record.steps import Step, group_of, steps_of_many
from storage import events, ideas
from storage.database import Transaction
from storage.tables.ideas import Idea

ENTRIES_MAX: Final = 50

BEFORE_ANYTHING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed in which nothing stands yet was changed last."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One step with the idea it happened at; ``id`` is for ever."""

    id: str
    ref: str
    title: str
    page: str
    step: Step


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries; ``idea`` is missing in the one of the whole arena."""

    id: str
    idea: Idea | None
    address: str
    page: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


async def arena_feed(tx: Transaction, origin: str, language: Language) -> Feed:
    """New public ideas, their stages, and whatever else says that it belongs here."""
    kinds = [kind for kind, event in EVENTS.items() if event.in_feed]
    entries = await _entries(tx, origin, kinds, None)
    address = f"{origin}/feed.atom"
    return Feed(
        id=uuid5(NAMESPACE_URL, address).urn,
        idea=None,
        address=f"{address}?lang={language}",
        page=f"{origin}/",
        updated=_newest(entries, BEFORE_ANYTHING),
        entries=entries,
    )


async def idea_feed(tx: Transaction, origin: str, ref: str, language: Language) -> Feed:
    """What everybody may know of one idea, besides the talk about it.

    Raises:
        NotFound: there is no such idea, or not everybody may read it, whoever asks.
    """
    idea = (await open_case(tx, GUEST, ref)).idea
    kinds = [kind for kind in EVENTS if group_of(kind) != "talk"]
    entries = await _entries(tx, origin, kinds, idea)
    return Feed(
        id=uuid5(idea.id, "feed").urn,
        idea=idea,
        address=f"{origin}/ideas/{ref}/feed.atom?lang={language}",
        page=f"{origin}/ideas/{ref}",
        updated=_newest(entries, idea.created_at),
        entries=entries,
    )


async def _entries(
    tx: Transaction, origin: str, kinds: Iterable[str], idea: Idea | None
) -> tuple[FeedEntry, ...]:
    found = await events.latest(
        tx, idea_id=idea.id if idea else None, kinds=list(kinds), limit=ENTRIES_MAX
    )
    known = {idea.id: idea} if idea else await _ideas(tx, {each.idea_id for each in found})
    concerned = [each for each in found if each.idea_id in known]
    processes = {
        each.id: load_process(each.process_id, each.process_version) for each in known.values()
    }
    steps = await steps_of_many(tx, concerned, processes)
    return tuple(
        _entry(origin, known[event.idea_id], step)
        for event, step in zip(concerned, steps, strict=True)
        if event.idea_id is not None
    )


async def _ideas(tx: Transaction, ids: Iterable[UUID | None]) -> dict[UUID, Idea]:
    found = await ideas.of_ids(tx, [each for each in ids if each is not None])
    return {idea.id: idea for idea in found}


def _entry(origin: str, idea: Idea, step: Step) -> FeedEntry:
    return FeedEntry(
        id=uuid5(idea.id, f"event {step.id}").urn,
        ref=idea.ref,
        title=idea.title,
        page=f"{origin}/ideas/{idea.ref}/timeline#step-{step.id}",
        step=step,
    )


def _newest(entries: Sequence[FeedEntry], otherwise: datetime) -> datetime:
    return max((entry.step.at for entry in entries), default=otherwise)
