"""Putting a section of the merged idea below one of the other's, in the name of who does it.

Texts are joined by people: this brings the words over once, with where they come from, and
everything that stands there stays. The rest is writing.
"""

from typing import Any, Final
from uuid import UUID

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import Actor
from collab.process.events.ties.merging import SectionTakenOver
from collab.process.merging.rules import MergeState
from collab.process.permissions import Action
from collab.sync.document import Document
from collab.sync.formats.nodes import Node
from collab.sync.formats.plain import nodes_to_plain
from collab.sync.refusals import FrameRefused
from collab.sync.restoring.appending import append_update
from collab.sync.rooms.turns import ServerChange
from collab.sync.text import DossierText
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.live.exact_text import exact_text
from server.actions.live.moderation import unused_client
from server.actions.merging.proposing import Asked, merge_of
from server.auth import limits
from server.realtime.access import grants
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction

LIVING: Final = frozenset({MergeState.ASKED, MergeState.DONE})


async def take_section(
    services: Services, actor: Actor, ref: str, merge_id: UUID, *, section: str, into: str = ""
) -> None:
    """Put the section of the source below the target's section ``into``, else below the same one.

    Raises:
        NotAllowed: he may not write in the target's text now.
        Invalid: (unknown-choice) there is no such section; (nothing-there) it is empty.
        Conflict: (merge-over) the two are, and are to be, nothing to each other any more;
            (section-refused) the text did not take it.
    """
    await services.limiter.hit(limits.DECIDE_PER_PERSON, "decide", str(actor.person_id))
    async with services.database.read() as tx:
        both = await merge_of(tx, actor, ref, merge_id)
        _require_living(both)
        await open_case(tx, actor, both.target.idea.ref, Action.EDIT_TEXT)
        await _require_pen(tx, both.target)
        document_id = both.target.idea.document_id
        head = (await documents.heads(tx, [document_id]))[document_id]
        owners = frozenset(await documents.owners(tx, document_id, head.epoch))
    text = (await exact_text(services, both.source.idea.document_id)).text
    root, nodes = _chosen(both, text, section, into)
    client = unused_client(owners)

    def make(document: Document) -> bytes:
        return append_update(document, root, nodes, client)

    change = ServerChange(make, both.target.person_id, head.epoch, head.access_version)
    try:
        await services.hub.apply_server_change(head.id, change)
    except (FrameRefused, DocumentUnreadable) as error:
        raise Conflict("section-refused") from error
    now = services.clock()
    async with services.database.write() as tx:
        # The text has it, whatever may have happened since.
        case = await acting_case(tx, actor, both.target.idea.ref, Action.READ_IDEA)
        await ideas.touch(tx, case.idea.id, now)
        fact = SectionTakenOver(merge_id, *both.refs, root)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])


def credit(source: Case, title: str) -> str:
    """The line above what was taken over; German, as the texts are."""
    return f"Aus „{title}“ ({source.idea.ref}):"


def _chosen(both: Asked, text: DossierText, section: str, into: str) -> tuple[str, list[Node]]:
    """The root to write into, and the blocks: where they come from, and the words."""
    root = into or section
    faults: dict[str, Any] = {}
    if section not in text.sections:
        faults["section"] = "unknown-choice"
    elif not nodes_to_plain(text.sections[section]).strip():
        faults["section"] = "nothing-there"
    if both.target.template.section(root) is None:
        faults.setdefault("into" if into else "section", "unknown-choice")
    if faults:
        raise Invalid(fields=faults)
    line = [{"type": "text", "text": credit(both.source, text.title), "marks": [{"type": "em"}]}]
    return root, [{"type": "paragraph", "content": line}, *text.sections[section]]


def _require_living(both: Asked) -> None:
    if both.row.state not in LIVING:
        raise Conflict("merge-over", current=both.row.state)


async def _require_pen(tx: Transaction, target: Case) -> None:
    found = await grants(tx, target.idea.document_id, [target.person_id])
    if not found[target.person_id].write:
        raise NotAllowed("not-allowed", action=Action.EDIT_TEXT.value, stage=target.idea.stage)
