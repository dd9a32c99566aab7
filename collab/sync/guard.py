"""Judges updates before pycrdt sees them: who wrote them, what they contain, what they cost.

pycrdt crashes, panics or loops on some inputs and silently misplaces others, so nothing reaches
it that was not read here. The rules: new structs only under client ids that are the actor's,
without gaps; every reference known; only kinds that the schema allows where they lie; bounded
depth, number and search; no cut through a character. What is known already may be sent again.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.schema import SERVER_CLIENT, DocumentSchema
from collab.sync.yjs.cutting import brought
from collab.sync.yjs.index import Index
from collab.sync.yjs.integration import Integration
from collab.sync.yjs.limits import Limits as Limits
from collab.sync.yjs.order import dangling
from collab.sync.yjs.update import Block, Update

Owners = Mapping[int, Hashable]
"""Client id → the actor it belongs to."""

NOBODY = object()

ClockRange = tuple[int, int, int]
"""``(client, from, to)``, ``to`` not included."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What an update adds to the document.

    ``news``: it adds something (structs or deletes); without news it need be neither logged nor
    broadcast. ``new_clients``: ids nobody has used before, to be claimed for the actor in the
    same commit. ``inserted`` and ``deleted``: the clock ranges that are new. ``brought``: the
    update without what it repeats, to be stored and sent on. ``is_doubtful``: where its text lies
    depends on the order in which it came (undo in yjs makes such); copies that had another order
    may differ.
    """

    news: bool
    new_clients: frozenset[int]
    inserted: tuple[ClockRange, ...]
    deleted: tuple[ClockRange, ...]
    brought: bytes = b""
    is_doubtful: bool = False


SHORT = 64
"""Ranges up to here are passed by in no time, whatever lies in them."""

PASSING = 20
"""A block that pycrdt passes by costs as much as so many that it moves aside."""

NO_CLIENTS: frozenset[int] = frozenset()
NOTHING_NEW = Admission(False, NO_CLIENTS, (), ())


class Guard:
    """Judges for one document, whose index it keeps in step with what is admitted."""

    __slots__ = ("_limits", "_schema", "index")

    def __init__(self, schema: DocumentSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self.index = Index()

    def admit(
        self, update: Update, *, actor: Hashable, owners: Owners, keep: bool = True
    ) -> Admission:
        """Judge an update and, unless told otherwise, remember it as part of the document.

        Raises:
            FrameRefused: the update must not be applied; the guard is as it was before.
        """
        inserted, new_clients = self._insertions(update.blocks, actor, owners)
        integration = Integration(self.index, self._schema, self._limits)
        try:
            if inserted:
                integration.take(update.blocks)
            deleted = self._deletions(update.deletes, integration) if update.deletes else ()
            if deleted and not inserted:
                integration.take(update.blocks)
        except FrameRefused:
            integration.undo()
            raise
        if not inserted and not deleted:
            return NOTHING_NEW
        if keep:
            self._remember(deleted)
        else:
            integration.undo()
        # What is repeated was not judged, and Yjs takes of a clock what comes first: in a log
        # whose rows are put together by their authors that may be the repetition.
        repeats = _repeats(update.blocks, inserted)
        kept = brought(update.data, inserted) if repeats else update.data
        return Admission(True, new_clients, inserted, deleted, kept, integration.is_doubtful)

    def inserts(self, update: Update) -> bool:
        """Whether the update holds structs that are not known."""
        return any(block.end > self.index.clock(block.client) for block in update.blocks)

    def follow(self, update: Update) -> None:
        """Remember an update that is committed already; it is not judged again.

        Raises:
            FrameRefused: (gap, dangling) it does not fit behind what is known.
        """
        for block in update.blocks:
            if block.clock > self.index.clock(block.client):
                raise FrameRefused(RefusalReason.GAP)
        Integration(self.index, self._schema, self._limits, is_trusted=True).take(update.blocks)
        for client, _, end in update.deletes:
            if end > self.index.clock(client):
                raise dangling("delete of nothing known")
        self._remember(tuple(update.deletes))

    def splits_character(self, client: int, clock: int) -> bool:
        """Whether a cut before ``clock`` would halve a character."""
        return self.index.splits_character(client, clock)

    def _insertions(
        self, blocks: list[Block], actor: Hashable, owners: Owners
    ) -> tuple[tuple[ClockRange, ...], frozenset[int]]:
        """The new clock ranges, if the actor may write under their client ids."""
        inserted = []
        new_clients = NO_CLIENTS
        structs = 0
        for client, clock, end, content in blocks:
            known = self.index.clock(client)
            if clock > known:
                raise FrameRefused(RefusalReason.GAP, f"{client} is at {known}, not {clock}")
            if end <= known:
                continue
            owner = owners.get(client, NOBODY)
            if owner is NOBODY and known == 0:
                new_clients |= {client}
            elif owner != actor:
                raise FrameRefused(RefusalReason.FOREIGN_CLIENT, str(client))
            if client == SERVER_CLIENT:
                raise FrameRefused(RefusalReason.FOREIGN_CLIENT, "reserved for the server")
            inserted.append((client, known, end))
            structs += len(content)
        if structs > self._limits.structs_max or len(inserted) > self._limits.clients_max:
            raise FrameRefused(RefusalReason.TOO_MANY, "structs or client ids")
        return tuple(inserted), new_clients

    def _deletions(
        self, deletes: list[ClockRange], integration: Integration
    ) -> tuple[ClockRange, ...]:
        """The ranges that are not deleted yet; all must be known and cut no character."""
        index = self.index
        fresh: list[ClockRange] = []
        for client, start, end in deletes:
            if end - start > SHORT:
                integration.move(PASSING * index.blocks(client, start, end))
            if index.deletes.covers(client, start, end):
                continue
            if end > index.clock(client):
                raise dangling("delete of nothing known")
            if index.splits_character(client, start) or index.splits_character(client, end):
                raise FrameRefused(RefusalReason.SPLIT_CHARACTER)
            cuts = index.cuts_block(client, start) + index.cuts_block(client, end)
            if cuts:
                behind = index.blocks(client, start)
                if fresh and start < fresh[-1][2] and client == fresh[-1][0]:
                    behind += 2 * len(fresh)  # what this update cuts itself, out of order
                integration.move(cuts * behind)
            parts = index.deletes.missing(client, start, end)
            fresh += [(client, first, last) for first, last in parts]
            if len(fresh) > self._limits.deletes_max:
                raise FrameRefused(RefusalReason.TOO_MANY, "ranges of deletes")
        return tuple(fresh)

    def _remember(self, deleted: tuple[ClockRange, ...]) -> None:
        for client, start, end in deleted:
            self.index.deletes.add(client, start, end)
            self.index.cut(client, start, end)


def _repeats(blocks: list[Block], inserted: tuple[ClockRange, ...]) -> bool:
    """Whether some structs were known; ``inserted`` are the parts that were not."""
    return len(blocks) != len(inserted) or any(
        block.clock < start for block, (_, start, _) in zip(blocks, inserted, strict=True)
    )
