"""Takes back what one person did to a text, and leaves everything else where it is.

pycrdt can undo any set of insertions and deletions (``StackItem``); what it needs is the exact
set. We read it from the log: which ids the person's updates inserted, and which ids they were the
first to delete. Undoing runs in a scratch copy that forgets nothing, so deleted text of others
comes back as it was, at its place, under a client id of the server.

What is promised:

- No character the person inserted stays, except where somebody else moved it by writing it anew.
- No character of others that is there now goes away. A paragraph or list the person made stays,
  with its attributes, if others' text is in it.
- Text of others that the person was the first to delete comes back, with its paragraph if that
  was deleted along with it, unless somebody else has deleted that paragraph too.
- Marks and attributes the person set or removed are as they were before.

What cannot be: an editor that splits a paragraph deletes the second half and writes it anew, in
the name of who pressed Enter. Reverting him brings the first writing back in its old place; what
others changed inside the copy meanwhile is lost with the copy, except what they added to it.
"""

from collections.abc import Hashable, Iterator, Sequence
from types import MappingProxyType
from typing import Final

from pycrdt import Doc, IdSet, StackItem, TransactionEvent, UndoManager, XmlFragment

from collab.sync.guard import NOBODY, Guard, Owners
from collab.sync.schema import DocumentSchema
from collab.sync.yjs.content import STRING, TYPE
from collab.sync.yjs.index import Index, Place, Run
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import Id, Update, parse_update

NOTHING = b"\x00\x00"
NO_OWNERS: Final[Owners] = MappingProxyType({})

Entry = tuple[bytes, Hashable]
"""A row of the log: the update and its actor."""


def revert_update(
    entries: Sequence[Entry],
    actor: Hashable,
    *,
    schema: DocumentSchema,
    client: int,
    since: int = 0,
    owners: Owners = NO_OWNERS,
) -> bytes:
    """The update that takes back what ``actor`` did from ``entries[since]`` on.

    ``entries`` is the whole document in log order, beginning with its snapshot or seed (whose
    actor is nobody's). In such a beginning, which may stand for a log that was cut or rewritten,
    ``owners`` tell who inserted what; what was deleted before it is gone for ever. ``client`` is
    an id that nobody has used in this document. Returns the empty update ``00 00`` if there is
    nothing to take back. The caller gives the result to ``Document.admit_and_apply`` like any
    other update, in the name of who ordered it.
    """
    deeds = Deeds(schema, owners)
    for at, (data, writer) in enumerate(entries):
        deeds.follow(parse_update(data), writer=writer, actor=actor if at >= since else NOBODY)
    insertions, deletions = deeds.to_undo()
    if not insertions and not deletions:
        return NOTHING
    return _undo([data for data, _ in entries], schema.roots, client, insertions, deletions)


class Deeds:
    """What one person inserted and deleted, while the log passes by."""

    def __init__(self, schema: DocumentSchema, owners: Owners = NO_OWNERS) -> None:
        self._guard = Guard(schema, Limits())
        self._owners = owners
        self._inserted = IdRanges()
        self._erased = IdRanges()
        self._deleted = IdRanges()

    def follow(self, update: Update, *, writer: Hashable, actor: Hashable) -> None:
        """Take the next update of the log, by ``writer``; ``actor`` is whose deeds count."""
        index = self._guard.index
        known = {block.client: index.clock(block.client) for block in update.blocks}
        self._guard.follow(update)
        for client, _, end, _ in update.blocks:
            by = self._owners.get(client) if writer is None else writer
            if by is not None and by == actor:
                self._inserted.add(client, known[client], end)
        for client, start, end in update.deletes:
            if writer is not None and writer == actor:
                for first, last in self._deleted.missing(client, start, end):
                    self._erased.add(client, first, last)
            self._deleted.add(client, start, end)

    def claim(self, client: int, start: int, end: int) -> None:
        """Take ``[start, end)`` for the person's, whoever's update brought it."""
        self._inserted.add(client, start, end)

    def to_undo(self) -> tuple[IdRanges, IdRanges]:
        """The insertions to delete and the deletions to restore."""
        kept = self._kept()
        insertions = self._inserted.without(kept)
        return insertions, self._erased.without(insertions)

    def _kept(self) -> IdRanges:
        """The person's elements that hold, or will hold again, what others wrote."""
        index = self._guard.index
        gone = self._deleted.without(self._erased)
        owners = {
            place: (client, clock)
            for client, clocks in index.clients.items()
            for clock, place in clocks.types.items()
        }
        kept = IdRanges()
        for run in _runs(index):
            if run.kind in (STRING, TYPE) and self._stays(index, run, gone):
                self._keep_around(index, run.place, owners, kept)
        return kept

    def _stays(self, index: Index, run: Run, gone: IdRanges) -> bool:
        """Whether something of this run will be there, and is not the person's."""
        if run.kind == TYPE and self._is_text(index, run):
            return False
        return any(
            gone.missing(run.client, first, last)
            for first, last in self._inserted.missing(run.client, run.clock, run.end)
        )

    def _is_text(self, index: Index, run: Run) -> bool:
        """An empty text is nothing that anybody would miss."""
        return STRING in index.clients[run.client].types[run.clock].rule.kinds

    def _keep_around(
        self, index: Index, place: Place, owners: dict[Place, Id], kept: IdRanges
    ) -> None:
        while place in owners:
            client, clock = owners[place]
            if kept.covers(client, clock, clock + 1):
                return
            kept.add(client, clock, clock + 1)
            if self._inserted.covers(client, clock, clock + 1):
                _keep_attributes(place, kept)
            place = index.clients[client].run_at(clock).place


def _runs(index: Index) -> Iterator[Run]:
    for clocks in index.clients.values():
        yield from clocks.runs


def _keep_attributes(place: Place, kept: IdRanges) -> None:
    for attribute in (place.attributes or {}).values():
        value = attribute.first
        while value is not None:
            kept.add(value.client, value.clock, value.end)
            value = value.next


def _undo(
    log: Sequence[bytes],
    roots: Sequence[str],
    client: int,
    insertions: IdRanges,
    deletions: IdRanges,
) -> bytes:
    """Undo in a scratch copy; returns the update of just that."""
    doc: Doc[XmlFragment] = Doc(client_id=client, skip_gc=True)
    scopes = [doc.get(name, type=XmlFragment) for name in roots]
    with doc.transaction():
        for update in log:
            doc.apply_update(update)
    # StackItem takes pycrdt's inner Doc, unlike everything else in its interface.
    item: StackItem[None] = StackItem(
        doc._doc, IdSet.decode(deletions.encode()), IdSet.decode(insertions.encode())
    )
    manager = UndoManager(scopes=list(scopes), undo_stack=[item])
    updates: list[bytes] = []

    def note(event: TransactionEvent) -> None:
        updates.append(event.update)

    subscription = doc.observe(note)
    manager.undo()
    doc.unobserve(subscription)
    return updates[0] if updates else NOTHING
