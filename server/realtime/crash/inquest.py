"""Judges a suspect text in a child process, and opens it again without what kills (ADR 0011)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from collab.process.version import TextVersion
from collab.sync.refusals import FrameRefused
from collab.sync.yjs.update import parse_update
from server.realtime.crash.child import Child, Died, Failed, Job, NoTrial, Survived, a_child
from server.realtime.crash.rescue import Hopeless, Rescued, killers_of, rescue
from server.realtime.holders import holder, schema_of
from server.realtime.rooms.projector import project
from storage import documents
from storage.database import Database, Transaction
from storage.documents import ClientRange, Found, Head, Remains
from storage.log import quarantine
from storage.log.quarantine import Accusation, Quarantined

PROVEN_DEATHS = 2
"""So much speaks against an update that it is a killer, though no child died of it."""

RESTORES_MAX = 16
"""Texts that a process restores by itself. Beyond that it is our own build that is ill."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did, or would do."""

    head: Head
    base_seq: int
    rescued: Rescued
    remains: Remains

    @property
    def is_whole(self) -> bool:
        """Nothing is missing: there is nothing to restore."""
        lost = self.rescued.killers or self.rescued.dependents
        return not (lost or self.remains.damaged or self.remains.missing)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A document as it is stored, ready to be tried."""

    head: Head
    frame: Job
    suspects: Sequence[Quarantined]


class Inquest:
    """Finds out what killed; one for all texts of a process."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._restores = 0
        self._given_up: set[UUID] = set()
        self._sitting = asyncio.Lock()

    async def accuse(self, head: Head, update: bytes | None, actor_id: UUID | None) -> bool:
        """pycrdt failed on a document in this process, which lives: judge it at once.

        ``update`` is what it failed over; ``None`` if the document was only read. Tells whether
        the update is barred now.
        """
        digest = documents.sha256(update or b"")
        accused = [Accusation(actor_id, digest, update, PROVEN_DEATHS)] if update else []
        async with self._database.write() as tx:
            await quarantine.accuse(
                tx, head, accused, "apply" if accused else "read", self._clock()
            )
        await self.inquire(head.id)
        async with self._database.read() as tx:
            return any(digest == each for each, _ in await quarantine.barred(tx, head.id))

    async def inquire(self, document_id: UUID) -> None:
        """Try a suspect document; afterwards it may be opened, unless it stays suspect.

        One at a time; a document that could not be helped is not tried again by this process.
        """
        async with self._sitting:
            if document_id in self._given_up:
                return
            try:
                await self._inquire(document_id)
            except NoTrial as error:
                log.error("no trial", document=str(document_id), why=str(error))

    async def _inquire(self, document_id: UUID) -> None:
        async with self._database.read() as tx:
            scene = await self._scene(tx, document_id)
        if scene is None:
            # Damaged or gone: nothing that could kill is ever loaded.
            await self._acquit(document_id, ())
            return
        async with a_child() as child:
            try:
                sound = await child.tries(scene.frame)
            except Died as death:
                log.error("a document kills", document=str(document_id), how=str(death))
                await self._restore_by_itself(child, document_id)
                return
            except Failed:
                # The child lives, so this process would: readers are told what is wrong.
                await self._acquit(document_id, ())
                return
            condemned = await self._condemned(child, scene, sound)
        await self._acquit(document_id, condemned)

    async def plan(self, document_id: UUID, child: Child) -> Restored:
        """What a restoration of the document would keep and leave out.

        Raises:
            Hopeless: there is no good state.
            NoTrial: the child does not work.
        """
        async with self._database.read() as tx:
            head = (await documents.heads(tx, [document_id])).get(document_id)
            held_by = await holder(tx, document_id)
            if head is None or held_by is None:
                raise Hopeless("there is no such document")
            frame = Job(schema_of(head), held_by.sections, ())
            base_seq, base = await _sound_base(tx, child, frame, head)
            remains = await documents.remains(tx, head, after=base_seq)
        rescued = await rescue(child, frame, base, remains.sound)
        return Restored(head, base_seq, rescued, remains)

    async def restore(self, plan: Restored) -> Head | None:
        """Carry out a plan: the good state opens a new epoch, what is left out is kept apart.

        ``None`` if the document has moved meanwhile: plan again.
        """
        now, good = self._clock(), plan.rescued.good
        async with self._database.write() as tx:
            head = (await documents.lock_heads(tx, [plan.head.id])).get(plan.head.id)
            held_by = await holder(tx, plan.head.id)
            if head is None or held_by is None or (head.epoch, head.seq) != plan_place(plan):
                return None
            for verdict, rows in (
                ("killer", plan.rescued.killers),
                ("dependent", plan.rescued.dependents),
                ("damaged", plan.remains.damaged),
            ):
                for row in rows:
                    await quarantine.move_out(tx, head, row, verdict, now)
            begun = await documents.begin_epoch(tx, head, good.state, now)
            if held_by.listed is not None:
                version = TextVersion(begun.epoch, begun.seq, good.sha256)
                await project(tx, held_by.listed.id, good.text, version, now)
            await quarantine.acquit(tx, head.id)
        return begun

    async def _restore_by_itself(self, child: Child, document_id: UUID) -> None:
        """Restore what kills; not what is damaged as well: that people decide."""
        try:
            if self._restores >= RESTORES_MAX:
                raise Hopeless("this process has restored too many documents already")
            plan = await self.plan(document_id, child)
            if not plan.remains.is_whole:
                raise Hopeless("it is damaged as well")
        except Hopeless as error:
            self._given_up.add(document_id)
            log.error("an operator must restore", document=str(document_id), why=str(error))
            return
        self._restores += 1
        begun = await self.restore(plan)
        if begun is not None:
            log.error(
                "a document was restored to its last good state",
                document=str(document_id),
                epoch=begun.epoch,
                killers=[row.seq for row in plan.rescued.killers],
                dependents=[row.seq for row in plan.rescued.dependents],
            )

    async def _condemned(
        self, child: Child, scene: _Scene, sound: Survived
    ) -> list[tuple[UUID, list[ClientRange]]]:
        """The suspected updates that are killers, with the clocks that they insert."""
        whole = [(row, row.update) for row in scene.suspects if row.update is not None]
        turn = [(update, row.actor_id) for row, update in whole]
        proven = {whole[at][0].id for at in await killers_of(child, scene.frame, turn)}
        condemned = [
            row
            for row in scene.suspects
            if row.id in proven or (not proven and row.deaths >= PROVEN_DEATHS)
        ]
        for row in condemned:
            log.error(
                "an update is a killer",
                document=str(scene.head.id),
                sha256=row.sha256,
                reproduced=row.id in proven,
            )
        return [(row.id, _inserted(row.update, sound)) for row in condemned]

    async def _acquit(
        self, document_id: UUID, condemned: Sequence[tuple[UUID, list[ClientRange]]]
    ) -> None:
        async with self._database.write() as tx:
            await documents.lock_heads(tx, [document_id])
            for row_id, clients in condemned:
                await quarantine.condemn(tx, row_id, clients)
            await quarantine.acquit(tx, document_id)
            if condemned:
                await documents.bump_access(tx, document_id)

    async def _scene(self, tx: Transaction, document_id: UUID) -> _Scene | None:
        stored = await documents.load(tx, document_id)
        held_by = await holder(tx, document_id)
        if not isinstance(stored, Found) or held_by is None:
            return None
        schema = schema_of(stored.head)
        frame = Job(schema, held_by.sections, stored.updates, owners=stored.owners)
        suspects = await quarantine.suspects(tx, document_id)
        return _Scene(stored.head, frame, suspects)


def plan_place(plan: Restored) -> tuple[int, int]:
    """Where the document must still stand for the plan to hold."""
    return plan.head.epoch, plan.head.seq


async def _sound_base(
    tx: Transaction, child: Child, frame: Job, head: Head
) -> tuple[int, bytes | None]:
    """The newest snapshot that is undamaged and survives; 0 and ``None``: the log alone."""
    for seq in await documents.sound_snapshots(tx, head):
        state, _ = await documents.snapshot(tx, head.id, head.epoch, seq)
        try:
            await child.tries(replace(frame, rows=[state]))
        except (Died, Failed):
            continue
        return seq, state
    return 0, None


def _inserted(update: bytes | None, sound: Survived) -> list[ClientRange]:
    """The clocks that an update would add to the text."""
    try:
        blocks = parse_update(update).blocks if update is not None else []
    except FrameRefused:
        return []
    known = {block.client: sound.clocks.get(block.client, 0) for block in blocks}
    return [
        (block.client, max(block.clock, known[block.client]), block.end)
        for block in blocks
        if block.end > known[block.client]
    ]
