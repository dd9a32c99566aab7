"""Changes of an origin are offered to its replicas, which take or decline them; never forced.

What changed is told apart by section, from the text that was last offered to the text now; both
are kept versions of the origin. It is offered with every change of its stage, and when its lead
says so.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.ties.linking import ChangeOffered, OfferedChangeSettled
from collab.process.permissions import Action
from collab.process.version import TextVersion
from collab.sync.merging.blocks import lines_of, merge_update
from collab.sync.merging.lines import Hunk, hunks
from collab.sync.refusals import FrameRefused
from collab.sync.text import DossierText, from_json
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.linking.links import tell_at
from server.actions.live.exact_text import exact_text
from server.actions.live.moderation import unused_client
from server.realtime.access import grants
from server.realtime.crash.record import Phase, noted
from server.realtime.rooms.loading import DocumentUnreadable, Loaded, load
from server.services import Services
from storage import texts
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.ties import linking, replication
from storage.process.ties.replication import OfferedChange, Replication
from storage.tables.ideas import Idea

Place = tuple[int, int]
"""Epoch and seq of the origin's text that an offer leads to."""


@dataclass(frozen=True, slots=True)
class Change:
    """An offer with what it would change."""

    row: OfferedChange
    origin: Idea
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """What was replaced by what."""
        return hunks(self.old, self.new)


async def offer_changes(services: Services, actor: Actor, ref: str) -> int:
    """Offer the text as it is now to all replicas; returns how many sections were offered.

    Raises:
        Conflict: (nothing-to-offer) no replica lacks anything of it.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.OFFER_CHANGES)
    exact = await exact_text(services, case.idea.document_id)
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.OFFER_CHANGES)
        await exact.pin(tx, case.idea.document_id, services)
        told = await offer_text(tx, case, exact.version, exact.text, services.clock())
    if not told:
        raise Conflict("nothing-to-offer")
    await services.announcer.announce(told)
    return len(told)


async def offer_text(
    tx: Transaction, case: Case, version: TextVersion, text: DossierText, now: datetime
) -> list[StoredEvent]:
    """Offer this pinned text to the replicas of the case, section by section."""
    rows = await replication.of_origins(tx, [case.idea.id])
    replicas = await linking.ideas_of(tx, {row.replica_id for row in rows})
    made: list[OfferedChange] = []
    for row in rows:
        made += await _offered(tx, case.idea, row, version, text, now)
        await replication.note_offered(tx, row.replica_id, version)
    facts = [(each, ChangeOffered(each.id, case.idea.ref, each.section)) for each in made]
    return [await tell_at(tx, replicas[each.replica_id], case, fact, now) for each, fact in facts]


async def take(services: Services, actor: Actor, ref: str, change_id: UUID, *, seen: Place) -> None:
    """Bring the offered change into the text, in the name of who takes it.

    Raises:
        Conflict: (change-misfit) the passage reads otherwise here, nothing was changed;
            (already-settled) somebody of the team was faster; (change-moved) the origin was.
        NotAllowed: one may not write in the text now.
    """
    async with services.database.read() as tx:
        case, found = await _open(tx, actor, ref, change_id)
        grant = (await grants(tx, case.idea.document_id, [case.person_id]))[case.person_id]
    if not grant.write:
        raise NotAllowed("not-allowed", action=Action.EDIT_TEXT.value, stage=case.idea.stage)
    loaded, update = await _merged(services, case, found)
    await settle(services, actor, ref, change_id, state="taken", seen=seen)
    if not update:
        return
    try:
        await services.hub.apply_server_update(
            loaded.head.id, update, case.person_id, loaded.head.epoch
        )
    except FrameRefused as error:
        epoch, seq = seen
        async with services.database.write() as tx:
            await replication.settle(
                tx,
                change_id,
                before="taken",
                state="open",
                epoch=epoch,
                seq=seq,
                by=None,
                now=None,
            )
        raise Conflict("change-misfit") from error


async def settle(
    services: Services,
    actor: Actor,
    ref: str,
    change_id: UUID,
    *,
    state: str,
    seen: Place,
    by_hand: bool = False,
) -> None:
    """Decline an offer, or note that the team brought it in itself; the text stays as it is."""
    now, (epoch, seq) = services.clock(), seen
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.TAKE_CHANGES)
        row = await replication.change(tx, case.idea.id, change_id)
        if row is None:
            raise NotFound("change-unknown")
        done = await replication.settle(
            tx,
            change_id,
            before="open",
            state=state,
            epoch=epoch,
            seq=seq,
            by=case.person_id,
            now=now,
            by_hand=by_hand,
        )
        if not done:
            moved = row.state == "open"
            raise Conflict("change-moved" if moved else "already-settled", current=row.state)
        fact = OfferedChangeSettled(change_id, row.section, state)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])


async def change_of(tx: Transaction, row: OfferedChange, origin: Idea) -> Change:
    """What an offer would change, read from the kept versions of the origin."""
    old = await _kept(tx, origin.document_id, row.from_epoch, row.from_seq)
    new = await _kept(tx, origin.document_id, row.epoch, row.seq)
    return Change(row, origin, _lines(old, row.section), _lines(new, row.section))


async def _offered(
    tx: Transaction,
    origin: Idea,
    row: Replication,
    version: TextVersion,
    text: DossierText,
    now: datetime,
) -> list[OfferedChange]:
    """What this replica is newly offered; an open offer of a section leads to the newer text."""
    if (row.offered_epoch, row.offered_seq) == (version.epoch, version.seq):
        return []
    before = await _kept(tx, origin.document_id, row.offered_epoch, row.offered_seq)
    waiting = {
        each.section: each
        for each in await replication.changes(tx, row.replica_id)
        if each.state == "open"
    }
    made = []
    for section in row.sections:
        if _lines(before, section) == _lines(text, section):
            continue
        earlier = waiting.get(section)
        if earlier is None:
            made.append(await _offer(tx, row, section, version, now))
            continue
        base = await _kept(tx, origin.document_id, earlier.from_epoch, earlier.from_seq)
        if _lines(base, section) == _lines(text, section):
            await replication.drop(tx, earlier.id)
        else:
            await replication.offer_newer(tx, earlier.id, version, now)
        made.append(earlier)
    return made


async def _offer(
    tx: Transaction, row: Replication, section: str, version: TextVersion, now: datetime
) -> OfferedChange:
    return await replication.offer(
        tx,
        id=uuid4(),
        replica_id=row.replica_id,
        section=section,
        from_epoch=row.offered_epoch,
        from_seq=row.offered_seq,
        epoch=version.epoch,
        seq=version.seq,
        at=now,
    )


async def _open(tx: Transaction, actor: Actor, ref: str, change_id: UUID) -> tuple[Case, Change]:
    """An offer that nobody has settled, with what it would change."""
    case = await open_case(tx, actor, ref, Action.TAKE_CHANGES)
    row = await replication.change(tx, case.idea.id, change_id)
    source = await replication.origin_of(tx, case.idea.id)
    if row is None or source is None:
        raise NotFound("change-unknown")
    if row.state != "open":
        raise Conflict("already-settled", current=row.state)
    origin = (await linking.ideas_of(tx, [source.origin_id]))[source.origin_id]
    return case, await change_of(tx, row, origin)


async def _merged(services: Services, case: Case, found: Change) -> tuple[Loaded, bytes]:
    """The update that brings the change into the text as it is now; empty if it is there."""
    try:
        await services.hub.flush(case.idea.document_id)
        async with services.database.read() as tx:
            loaded = await load(tx, case.idea.document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    head = loaded.head
    with noted(head.id, head.epoch, head.seq, Phase.READ):
        client, section = unused_client(loaded.owners), found.row.section
        update = merge_update(loaded.document, section, found.old, found.new, client)
    if update is None:
        raise Conflict("change-misfit")
    return loaded, update


async def _kept(tx: Transaction, document_id: UUID, epoch: int, seq: int) -> DossierText:
    """A version that was pinned when it was taken over or offered."""
    row = await texts.pinned(tx, document_id, epoch, seq)
    assert row is not None, "what was offered is pinned"
    return from_json(row.sections)


def _lines(text: DossierText, section: str) -> tuple[str, ...]:
    return lines_of(text.sections.get(section, []))
