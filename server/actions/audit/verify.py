"""The audit log held against itself and against everything else that tells of the same acts.

A chain that holds says that nothing in it was changed since. That it tells the truth about the
acts, and all of it, is seen by holding it against the log of events and the history of stages.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from collab.errors import NotFound
from collab.process.audit.check import Fault, FaultKind, Follower
from collab.process.audit.entry import BEGUN, Entry, digest_of
from collab.process.audit.witness import (
    Move,
    Witness,
    begun_otherwise,
    contradictions,
    moved_otherwise,
    stands_at,
)
from collab.process.events.kinds import EVENTS
from server.actions.stages import record_of
from storage import events, ideas, stages
from storage.database import Database, Transaction
from storage.events import StoredEvent
from storage.process import audit
from storage.process.audit import Chain
from storage.tables.ideas import Idea
from storage.tables.stages import StageChange
from storage.workshop import claiming

STAGE_CHANGED = "stage_changed"
GROUND = frozenset({"office", "reason_code", "gate_report", "evidence"})
ENTRIES_PER_READ = 500
FAULTS_MAX = 1_000
"""More than these are not listed: the log is not damaged then, it is another one."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Verified:
    """What was looked at and what is wrong with it."""

    chains: int = 0
    entries: int = 0
    faults: list[Fault] = field(default_factory=list)
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """One hash over all heads: who publishes it can prove later that nothing was changed."""
        return digest_of(self.heads)


async def chains(database: Database, names: Collection[str] | None = None) -> list[Chain]:
    """The chains to look at; raises NotFound if one of these is not there."""
    async with database.read() as tx:
        found = await audit.chains(tx, names)
    missing = set(names or ()) - {chain.name for chain in found}
    if missing:
        raise NotFound(ref=min(missing))
    return found


async def verify(
    database: Database, found: Sequence[Chain], progress: Progress = lambda count: None
) -> Verified:
    """Look at these chains, each as one moment saw it."""
    verified = Verified()
    for chain in found:
        async with database.read() as tx:
            look = await _look(tx, chain, progress)
        verified.chains += 1
        verified.entries += chain.entries
        verified.faults += look.faults[: FAULTS_MAX - len(verified.faults)]
        head = {"number": look.follower.number, "hash": look.follower.head}
        verified.heads[chain.name] = head
    return verified


class _Look:
    """One look at one chain: its entries, and what else is known of the same acts."""

    def __init__(
        self, chain: Chain, told: dict[int, Witness], moves: dict[int, Move], idea: Idea | None
    ) -> None:
        self.follower = Follower(chain.name)
        self.faults: list[Fault] = []
        self._told = told
        self._moves = moves
        self._idea = idea
        self._stands: dict[str, Any] = {}
        self._stands_since = 1
        self._begun_after = 0

    def take(self, entry: Entry, keys: Mapping[str, bytes]) -> None:
        """The next entry of the chain, with the keys of its seals."""
        self.faults += self.follower.take(entry)
        wrong = list(dict.fromkeys(self._contradictions(entry, keys)))
        if wrong:
            self._contradicted(entry.number, ", ".join(wrong))
        stands = stands_at(entry.draft, self._stands)
        if stands != self._stands:
            self._stands, self._stands_since = stands, entry.number
        if entry.draft.act == BEGUN:
            self._begun_after = entry.draft.facts["events_to"]

    def end(self) -> None:
        """After the last entry: is there anything that has none, and does the idea stand there?"""
        self.faults += [
            Fault(self.follower.chain, event_id, FaultKind.UNRECORDED, each.kind)
            for event_id, each in self._told.items()
            if event_id > self._begun_after and _is_official(each.kind)
        ]
        if self._idea is not None:
            now = {"stage": self._idea.stage, "kind": self._idea.kind}
            wrong = [name for name in now if now[name] != self._stands.get(name)]
            if wrong:
                self._contradicted(self._stands_since, ", ".join(wrong))

    def _contradictions(self, entry: Entry, keys: Mapping[str, bytes]) -> Iterator[str]:
        draft, told = entry.draft, None
        if draft.event is not None:
            told = self._told.pop(draft.event, None)
            if told is None:
                yield "event"
            else:
                yield from contradictions(draft, told, keys)
        if draft.act == STAGE_CHANGED:
            move = self._moves.get(draft.facts.get("revision", 0))
            yield from moved_otherwise(draft, move, told)
        if draft.act == BEGUN and self._idea is not None:
            yield from begun_otherwise(draft, list(self._moves.values()))

    def _contradicted(self, number: int, detail: str) -> None:
        fault = Fault(self.follower.chain, number, FaultKind.CONTRADICTED, detail)
        self.faults.append(fault)


async def _look(tx: Transaction, chain: Chain, progress: Progress) -> _Look:
    idea = await ideas.get(tx, chain.idea_id) if chain.idea_id else None
    moves = await _moves(tx, chain.idea_id)
    look = _Look(chain, await _events(tx, chain.idea_id), moves, idea)
    number = 0
    while page := await audit.entries(tx, chain.name, number, ENTRIES_PER_READ):
        keys = await audit.keys(tx, chain.name, [entry.number for entry in page])
        for entry in page:
            look.take(entry, keys.get(entry.number, {}))
        number = page[-1].number
        progress(len(page))
    look.end()
    return look


async def _events(tx: Transaction, idea_id: UUID | None) -> dict[int, Witness]:
    """What the log of events tells of the idea, or of the arena itself, by number."""
    found: dict[int, Witness] = {}
    last = 0
    while page := await events.since(
        tx, last, idea_id=idea_id, without_idea=idea_id is None, limit=ENTRIES_PER_READ
    ):
        actors = {each.actor_id for each in page if each.actor_id is not None}
        was = await claiming.claimed_by(tx, actors)
        found |= {each.id: _witness(each, was) for each in page}
        last = page[-1].id
    return found


async def _moves(tx: Transaction, idea_id: UUID | None) -> dict[int, Move]:
    if idea_id is None:
        return {}
    return {
        change.revision: Move(
            transition=change.transition,
            from_stage=change.from_stage,
            to_stage=change.to_stage,
            revision=change.revision,
            version={"epoch": change.epoch, "seq": change.seq, "sha256": change.sha256},
            reason=change.reason,
            at=change.at,
            ground=_ground(change),
        )
        for change in await stages.history(tx, idea_id)
    }


def _is_official(kind: str) -> bool:
    """Whether such an event needs an entry; one that nobody knows any more does."""
    return kind not in EVENTS or EVENTS[kind].official


def _ground(change: StageChange) -> dict[str, Any]:
    return {name: value for name, value in record_of(change, None).items() if name in GROUND}


def _witness(event: StoredEvent, was: Mapping[UUID, set[UUID]]) -> Witness:
    return Witness(
        kind=event.kind,
        actor=str(event.actor_id) if event.actor_id else None,
        payload=event.payload,
        public=event.public,
        at=event.at,
        was=frozenset(map(str, was.get(event.actor_id, ()))) if event.actor_id else frozenset(),
    )
