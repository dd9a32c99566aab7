"""Bringing back what stands in a kept version, by a change in the name of who does it.

The text before is kept first. What others type meanwhile is in the text afterwards, or, if the
paragraph they typed in goes, in the version that is kept.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from collab.errors import Conflict, Invalid, Limited, NotAllowed
from collab.process.actors import Actor
from collab.process.events.texts.versions import TextRestored
from collab.process.permissions import Action
from collab.process.version import TextVersion
from collab.process.versions.names import RESTORES_MAX, RESTORES_S, checked_reason
from collab.sync.document import Document
from collab.sync.formats.nodes import Nodes
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.removal.revert import NOTHING
from collab.sync.restoring.sections import NotRestored, restore_update, wanted_of
from collab.sync.schema import TITLE
from collab.sync.text import from_json, render, sha256
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import parse_update
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.live.exact_text import ExactText, exact_text
from server.actions.live.moderation import unused_client
from server.actions.versions.reading import kept_version
from server.realtime.access import grants
from server.realtime.crash.record import Phase, noted
from server.realtime.holders import schema_of
from server.realtime.rooms.loading import DocumentUnreadable, Loaded, load
from server.services import Services
from storage import documents
from storage.database import Transaction
from storage.texts import PinnedText
from storage.versions import names

ATTEMPTS_MAX = 3
"""So often the change is made anew because rights changed while it was made."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and the kept version with the text before."""

    version: TextVersion
    replaced: TextVersion


async def restore_text(
    services: Services,
    actor: Actor,
    ref: str,
    name: str,
    *,
    reason: str,
    sections: Sequence[str] = (),
) -> Restored:
    """Make the text, or these sections, read as in the kept version ``epoch.seq``.

    Raises:
        NotAllowed: one may not write in the text now.
        NotFound: (text-version-unknown) there is no such version.
        Conflict: (nothing-to-restore) it reads so already; (restore-refused) it does not fit.
        Invalid: the reason is faulty, or the version has no such section.
        Limited: the text was restored very often lately.
    """
    stored = checked_reason(reason)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.EDIT_TEXT)
        await _writer(tx, case)
        row = await kept_version(tx, case, name)
    wanted = _wanted(case, row, sections)
    before = await exact_text(services, case.idea.document_id)
    have = wanted_of(before.text)
    if all(have.get(root) == nodes for root, nodes in wanted.items()):
        raise Conflict("nothing-to-restore")
    kept_id = await _keep(services, actor, ref, before)
    update = await _written(services, case, wanted)
    after = await _before_that(services, case, before, update)
    version = TextVersion(row.epoch, row.seq, row.sha256)
    fact = TextRestored(version, after.version, ",".join(sections), stored)
    async with services.database.write() as tx:
        if after.version != before.version:
            await after.pin(tx, case.idea.document_id, services)
            await names.move(tx, kept_id, after.version)
        event = await tell(tx, case, fact, services.clock())
    await services.announcer.announce([event])
    return Restored(version, after.version)


def _wanted(case: Case, row: PinnedText, sections: Sequence[str]) -> dict[str, Nodes]:
    """What is to stand in which root; of sections that the idea has today."""
    there = wanted_of(from_json(row.sections))
    known = {TITLE, *case.template.section_ids}
    if any(each not in there or each not in known for each in sections):
        raise Invalid(fields={"sections": "unknown-choice"})
    return {
        root: nodes
        for root, nodes in there.items()
        if root in known and (not sections or root in sections)
    }


async def _writer(tx: Transaction, case: Case) -> None:
    """Raises NotAllowed for who may not write in the text: muted, or it is settled."""
    document_id, person_id = case.idea.document_id, case.person_id
    grant = (await grants(tx, document_id, [person_id]))[person_id]
    if not grant.write:
        raise NotAllowed("not-allowed", action=Action.EDIT_TEXT.value, stage=case.idea.stage)


async def _keep(services: Services, actor: Actor, ref: str, before: ExactText) -> UUID:
    """Keep the text before; returns the row that says why. Raises Limited."""
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.EDIT_TEXT)
        since = now - timedelta(seconds=RESTORES_S)
        if await names.restored_since(tx, case.idea.id, since) >= RESTORES_MAX:
            raise Limited(retry_after_s=RESTORES_S // RESTORES_MAX)
        await before.pin(tx, case.idea.document_id, services)
        made = await names.add(
            tx,
            before.version,
            named_id=uuid4(),
            idea_id=case.idea.id,
            document_id=case.idea.document_id,
            kind=names.BEFORE_RESTORE,
            name="",
            note="",
            by=case.person_id,
            now=now,
        )
    return made.id


async def _written(services: Services, case: Case, wanted: dict[str, Nodes]) -> bytes:
    """Bring the change into the text; returns its update."""
    document_id = case.idea.document_id
    for _ in range(ATTEMPTS_MAX):
        await services.hub.flush(document_id)
        async with services.database.read() as tx:
            await _writer(tx, await open_case(tx, case.actor, case.idea.ref, Action.EDIT_TEXT))
            loaded = await _loaded(tx, document_id)
        head, client = loaded.head, unused_client(loaded.owners)
        update = await asyncio.to_thread(_made, loaded, wanted, client)
        if not update:
            return update
        try:
            await services.hub.apply_server_update(
                head.id, update, case.person_id, head.epoch, head.access_version
            )
        except FrameRefused as refusal:
            if refusal.reason is not RefusalReason.STALE_DOCUMENT:
                raise Conflict("restore-refused") from refusal
        else:
            return update
    raise Conflict("restore-refused")


def _made(loaded: Loaded, wanted: dict[str, Nodes], client: int) -> bytes:
    head = loaded.head
    try:
        with noted(head.id, head.epoch, head.seq, Phase.READ):
            return restore_update(loaded.document, wanted, client)
    except NotRestored as error:
        log.error("restoration reads otherwise", document=str(head.id), sections=str(error))
        raise Conflict("restore-refused") from error


async def _loaded(tx: Transaction, document_id: UUID) -> Loaded:
    try:
        return await load(tx, document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error


async def _before_that(
    services: Services, case: Case, before: ExactText, update: bytes
) -> ExactText:
    """The exact text that the change replaced, with what was written since ``before`` was read."""
    version, document_id = before.version, case.idea.document_id
    async with services.database.read() as tx:
        head = (await documents.heads(tx, [document_id]))[document_id]
        if head.epoch != version.epoch:
            return before
        rows = await documents.since(tx, document_id, version.epoch, version.seq)
    own = (at for at, row in enumerate(rows) if _is_part(update, row.update))
    meanwhile = rows[: next(own, 0)]
    if not meanwhile:
        return before
    updates = [before.state, *(row.update for row in meanwhile)]
    document = Document.load(schema_of(head), updates)
    text = render(document, before.text.sections)
    last = TextVersion(version.epoch, meanwhile[-1].seq, sha256(text))
    return ExactText(last, text, document.state())


def _is_part(update: bytes, row: bytes) -> bool:
    """Whether the row of the log brought the update, or what was left to do of it."""
    made, brought = parse_update(update or NOTHING), parse_update(row)
    clients = {block.client for block in made.blocks}
    if clients:
        return any(block.client in clients for block in brought.blocks)
    gone = IdRanges.of(*made.deletes)
    return any(gone.count(*each) for each in brought.deletes)
