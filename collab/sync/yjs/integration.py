"""Takes the structs of an update into the index, exactly as Yjs integrates them.

Where a struct lies follows from what it names: a parent, or a neighbour whose parent it shares.
Doing this here first means that we know what an update will do, and what it will cost, before
pycrdt runs. Only what is new is looked at; known structs may come again with any content.
"""

import math
from collections.abc import Sequence

from collab.sync.codec import malformed
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.schema import GONE, DocumentSchema, Rule, ValueRule, not_allowed
from collab.sync.yjs.content import DELETED, GC, STRING, TYPE, halves
from collab.sync.yjs.index import NOWHERE, Clocks, Index, Place, Run
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.order import dangling, in_order
from collab.sync.yjs.siblings import Siblings
from collab.sync.yjs.update import Block, Id, Struct


class Integration:
    """One update on its way into the index.

    With ``is_trusted`` the schema and the limits are not enforced: what is committed already is
    taken as it is. ``undo`` takes everything back.
    """

    __slots__ = (
        "_before",
        "_index",
        "_is_trusted",
        "_limits",
        "_places",
        "_schema",
        "_siblings",
        "_unchained",
    )

    def __init__(
        self, index: Index, schema: DocumentSchema, limits: Limits, *, is_trusted: bool = False
    ) -> None:
        self._index = index
        self._schema = schema
        self._limits = limits
        self._is_trusted = is_trusted
        self._before: dict[int, int] = {}
        self._places: list[Place] = []
        self._unchained: list[Place] = []
        self._siblings = Siblings(index, math.inf if is_trusted else limits.steps_max)

    def take(self, blocks: Sequence[Block]) -> None:
        """Take all structs in; each must begin at or before what is known of its client.

        Raises:
            FrameRefused: dangling, or what the schema and the limits say. Some structs may
                have been taken in by then; the caller calls ``undo``.
        """
        if not blocks:
            return
        clients = self._index.clients
        for block in blocks:
            clocks = clients.setdefault(block.client, Clocks())
            self._before[block.client] = clocks.clock
        for client, at, struct in in_order(blocks, self._index.lacking):
            clocks = clients[client]
            known = clocks.clock
            if at + struct.length <= known:
                continue
            if not self._extends(clocks, struct, at):
                self._insert(clocks, client, struct, at)
            if struct.kind == STRING:
                text = struct.content
                assert isinstance(text, str)
                if len(text) != struct.length:
                    cuts = (at + half for half in halves(text))
                    clocks.halves.update(cut for cut in cuts if cut > known)

    def undo(self) -> None:
        """Take everything back. (Splits of runs stay; they mean nothing.)"""
        before = self._before
        for place in set(self._places):
            previous = None
            run = place.first
            while run is not None:
                if run.clock < before.get(run.client, run.end):
                    previous = run
                elif previous is None:
                    place.first = run.next
                else:
                    previous.next = run.next
                run = run.next
        for place in self._unchained:
            place.unchained -= 1
        for client, clock in before.items():
            self._index.clients[client].forget_from(clock)
            if clock == 0:
                del self._index.clients[client]

    def _extends(self, clocks: Clocks, struct: Struct, at: int) -> bool:
        """The common case: somebody types on, or what is gone grows."""
        if at != clocks.clock or not clocks.runs:
            return False
        run = clocks.runs[-1]
        if run.kind != struct.kind or struct.kind not in (STRING, GC):
            return False
        if struct.kind == STRING:
            following = run.next
            if struct.origin != (run.client, at - 1) or struct.right != run.right:
                return False
            if run.place is NOWHERE:
                return struct.right is None and self._grow(clocks, run, struct)
            if (None if following is None else (following.client, following.clock)) != run.right:
                return False
        return self._grow(clocks, run, struct)

    def _grow(self, clocks: Clocks, run: Run, struct: Struct) -> bool:
        clocks.clock = run.end = run.end + struct.length
        if run.place is not NOWHERE:
            self._places.append(run.place)
        return True

    def _insert(self, clocks: Clocks, client: int, struct: Struct, at: int) -> None:
        known = clocks.clock
        kind, origin = struct.kind, struct.origin
        if kind == GC:
            clocks.add(Run(client, known, at + struct.length, GC, None, None))
            return
        place, left, right = self._locate(struct)
        if at < known:
            left, origin = self._continue(clocks, struct, at, place)
        run = Run(client, known, at + struct.length, kind, origin, struct.right)
        run.place = place
        self._judge(clocks, place, struct, run)
        if place is not NOWHERE:
            self._siblings.link(left, right, run)
            self._places.append(place)
        clocks.add(run)

    def _locate(self, struct: Struct) -> tuple[Place, Run | None, Run | None]:
        """The place of a struct and its neighbours when it was made."""
        left = right = None
        if struct.origin is not None:
            client, clock = struct.origin
            left = self._index.clients[client].ending_with(clock)
            self._refuse_split(client, clock + 1)
        if struct.right is not None:
            client, clock = struct.right
            right = self._index.clients[client].starting_with(clock)
            self._refuse_split(client, clock)
            if left is not None and left.place is not right.place:
                if not self._is_trusted:
                    raise dangling("neighbours in different places")
                # yrs: the first of the two that is not collected says where.
                if left.place is NOWHERE:
                    return right.place, None, right
                right = None
        found = left or right
        if found is not None:
            return found.place, left, right
        return self._parent(struct), None, None

    def _parent(self, struct: Struct) -> Place:
        parent = struct.parent
        place: Place | None
        if isinstance(parent, str):
            place = self._index.roots.get(parent) or self._root(parent)
        else:
            assert parent is not None
            place = self._index.type_at(parent)
        if place is None:
            if not self._is_trusted:
                raise dangling("parent is no type")
            return NOWHERE
        if struct.key is None:
            return place
        try:
            return place.attribute(struct.key)
        except FrameRefused:
            if self._is_trusted:
                return NOWHERE
            raise

    def _root(self, name: str) -> Place:
        rule: Rule | None = self._schema.rules.get(name)
        if rule is None:
            if not self._is_trusted:
                raise FrameRefused(RefusalReason.ROOT_NOT_ALLOWED, "unknown root")
            rule = GONE
        place = self._index.roots[name] = Place(rule, 0)
        return place

    def _continue(self, clocks: Clocks, struct: Struct, at: int, place: Place) -> tuple[Run, Id]:
        """The first part of ``struct`` is known: what is left goes on behind it."""
        last = clocks.runs[-1]
        if isinstance(struct.content, str) and clocks.clock - at in halves(struct.content):
            raise FrameRefused(RefusalReason.SPLIT_CHARACTER)
        if last.place is not place and not self._is_trusted:
            raise dangling("continues something else")
        return last, (last.client, clocks.clock - 1)

    def _judge(self, clocks: Clocks, place: Place, struct: Struct, run: Run) -> None:
        """Whether this may lie there; opens the inside of a type."""
        rule, kind = place.rule, struct.kind
        inside: Rule | None = None
        try:
            if kind not in rule.kinds:
                raise not_allowed(f"struct kind {kind} in {type(rule).__name__}")
            if kind not in (STRING, DELETED):
                inside = rule.child(struct.content)
            if isinstance(rule, ValueRule):
                self._judge_chain(place, struct, run)
            if kind == TYPE and place.depth >= self._limits.depth_max:
                raise FrameRefused(RefusalReason.TOO_DEEP, "nested elements")
        except FrameRefused:
            if not self._is_trusted:
                raise
            inside = GONE
        if kind == TYPE:
            is_nowhere = place is NOWHERE or inside is None
            opened = NOWHERE if is_nowhere else Place(inside or GONE, place.depth + 1)
            clocks.types[run.clock] = opened

    def _judge_chain(self, place: Place, struct: Struct, run: Run) -> None:
        """Values of an attribute follow each other; a client's first may stand alone."""
        if struct.right is not None:
            raise malformed("value with a right neighbour")
        if run.origin is None:
            place.unchained += 1
            self._unchained.append(place)
            if place.unchained > self._limits.unchained_max:
                raise FrameRefused(RefusalReason.TOO_MANY, "values beside each other")

    def _refuse_split(self, client: int, clock: int) -> None:
        if self._index.splits_character(client, clock) and not self._is_trusted:
            raise FrameRefused(RefusalReason.SPLIT_CHARACTER)
