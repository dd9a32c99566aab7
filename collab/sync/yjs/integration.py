"""Takes the structs of an update into the index, exactly as Yjs integrates them.

Where a struct lies follows from what it names: a parent, or a neighbour whose parent it shares.
Doing this here first means that we know what an update will do, and what it will cost, before
pycrdt runs. Only what is new is looked at; known structs may come again with any content.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

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
        "_index",
        "_is_trusted",
        "_journal",
        "_limits",
        "_moves_left",
        "_schema",
        "_siblings",
    )

    def __init__(
        self, index: Index, schema: DocumentSchema, limits: Limits, *, is_trusted: bool = False
    ) -> None:
        self._index = index
        self._schema = schema
        self._limits = limits
        self._is_trusted = is_trusted
        # How to take back each step, the last one last.
        self._journal: deque[Callable[[], object]] = deque(maxlen=0 if is_trusted else None)
        self._moves_left = math.inf if is_trusted else limits.moves_max
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
            if block.client not in clients:
                clients[block.client] = Clocks()
                self._journal.append(partial(clients.pop, block.client))
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
                    self._note_halves(clocks, [at + half for half in halves(text)], known)

    @property
    def is_doubtful(self) -> bool:
        """Something lies where it does only because of the order in which things came."""
        return self._siblings.is_doubtful

    def undo(self) -> None:
        """Take everything back; the work is that of ``take``, however big the document."""
        journal = self._journal
        while journal:
            journal.pop()()

    def move(self, blocks: int) -> None:
        """Charge for blocks that pycrdt will move aside or pass by.

        Raises:
            FrameRefused: (too-many) the update would keep pycrdt busy for too long.
        """
        self._moves_left -= blocks
        if self._moves_left < 0:
            raise FrameRefused(RefusalReason.TOO_MANY, "blocks moved aside")

    def _note_halves(self, clocks: Clocks, cuts: list[int], known: int) -> None:
        new = [cut for cut in cuts if cut > known]
        clocks.halves.update(new)
        self._journal.append(partial(clocks.halves.difference_update, new))

    def _extends(self, clocks: Clocks, struct: Struct, at: int) -> bool:
        """The common case: somebody types on, or what is gone grows."""
        if at != clocks.clock or not clocks.runs or struct.length > self._limits.run_max:
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
        self._journal.append(partial(clocks.shorten, run, run.end))
        clocks.clock = run.end = run.end + struct.length
        return True

    def _insert(self, clocks: Clocks, client: int, struct: Struct, at: int) -> None:
        known = clocks.clock
        kind, origin = struct.kind, struct.origin
        if struct.length > self._limits.run_max and not self._is_trusted:
            raise malformed("oversized run")
        if kind == GC:
            clocks.add(Run(client, known, at + struct.length, GC, None, None))
            self._journal.append(clocks.remove_last)
            return
        place, left, right = self._locate(struct)
        if at < known:
            left, origin = self._continue(clocks, struct, at, place)
        run = Run(client, known, at + struct.length, kind, origin, struct.right)
        run.place = place
        self._judge(clocks, place, struct, run)
        if place is not NOWHERE:
            left = self._siblings.link(left, right, run)
            self._journal.append(partial(place.unlink, left, run))
        clocks.add(run)
        self._journal.append(clocks.remove_last)

    def _locate(self, struct: Struct) -> tuple[Place, Run | None, Run | None]:
        """The place of a struct and its neighbours when it was made."""
        left = right = None
        if struct.origin is not None:
            client, clock = struct.origin
            left = self._ending_with(client, clock)
            self._refuse_split(client, clock + 1)
        if struct.right is not None:
            client, clock = struct.right
            right = self._starting_with(client, clock)
            self._refuse_split(client, clock)
            if left is not None and struct.origin is not None and left.end <= struct.origin[1]:
                # Right lay inside of left. Like Yjs we go on behind what is left of left now,
                # which another copy may have cut elsewhere; where all is collected none matters.
                self._siblings.is_doubtful |= left.place is not NOWHERE
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

    def _ending_with(self, client: int, clock: int) -> Run:
        """The run whose last clock is ``clock``; splits one if need be."""
        clocks = self._index.clients[client]
        run = clocks.run_at(clock)
        if run.end != clock + 1:
            self._split(clocks, run, clock + 1)
        return run

    def _starting_with(self, client: int, clock: int) -> Run:
        """The run whose first clock is ``clock``; splits one if need be."""
        clocks = self._index.clients[client]
        run = clocks.run_at(clock)
        return run if run.clock == clock else self._split(clocks, run, clock)

    def _split(self, clocks: Clocks, run: Run, clock: int) -> Run:
        if not self._is_trusted:
            self.move(self._index.blocks(run.client, clock))
        rest = clocks.split(run, clock)
        self._journal.append(partial(clocks.join, run, rest))
        return rest

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
            known = place.attributes
            if known is None or struct.key not in known:
                self._journal.append(partial(place.forget_attribute, struct.key))
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
            self._journal.append(partial(clocks.types.pop, run.clock))

    def _judge_chain(self, place: Place, struct: Struct, run: Run) -> None:
        """Values of an attribute follow each other; a client's first may stand alone."""
        if struct.right is not None:
            raise malformed("value with a right neighbour")
        if run.origin is None:
            place.chain(1)
            self._journal.append(partial(place.chain, -1))
            if place.unchained > self._limits.unchained_max:
                raise FrameRefused(RefusalReason.TOO_MANY, "values beside each other")

    def _refuse_split(self, client: int, clock: int) -> None:
        if self._index.splits_character(client, clock) and not self._is_trusted:
            raise FrameRefused(RefusalReason.SPLIT_CHARACTER)
