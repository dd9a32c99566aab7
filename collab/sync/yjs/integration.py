"""Takes the structs of an update into the index, exactly as Yjs integrates them.

Order across clients, parents inherited from origins and the search for a place among concurrent
siblings follow yjs ``integrateStructs`` and ``Item.integrate``. Doing it here first means that we
know what an update will do, and what it will cost, before pycrdt runs: 24 kB of well-formed
structs can otherwise keep it searching for 20 seconds.
"""

from collections.abc import Sequence

from collab.sync.codec import malformed
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.schema import GONE, DocumentSchema, Rule, ValueRule, not_allowed
from collab.sync.yjs.content import DELETED, GC, STRING, TYPE
from collab.sync.yjs.index import NOWHERE, Clocks, Index, Place, Run
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import Block, Id, Struct


def dangling(detail: str) -> FrameRefused:
    """The refusal for a reference to what is not known here (or not what it should be)."""
    return FrameRefused(RefusalReason.DANGLING, detail)


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
        "_steps",
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
        self._steps = 0

    def take(self, blocks: Sequence[Block]) -> None:
        """Take all structs in; each must begin at or before what is known of its client.

        Raises:
            FrameRefused: dangling, or what the schema and the limits say. Some structs may
                have been taken in by then; the caller calls ``undo``.
        """
        for block in blocks:
            clocks = self._index.clients.setdefault(block.client, Clocks())
            self._before[block.client] = clocks.clock
        if len(blocks) == 1:
            cursor = Cursor(blocks[0])
            while cursor.left:
                if self._lacking(cursor.struct) is not None:
                    raise dangling("origin, parent or delete of nothing known")
                self._advance(cursor)
        else:
            self._take_in_order(blocks)

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

    def _take_in_order(self, blocks: Sequence[Block]) -> None:
        """Follow dependencies from client to client, each struct once."""
        cursors = {block.client: Cursor(block) for block in blocks}
        if len(cursors) != len(blocks):
            raise malformed("a client occurs twice")
        for first in cursors.values():
            stack = [first]
            while stack:
                cursor = stack[-1]
                lacking = self._lacking(cursor.struct) if cursor.left else None
                if lacking is not None:
                    other = cursors.get(lacking)
                    if other is None or not other.left or other in stack:
                        raise dangling("origin, parent or delete of nothing known")
                    stack.append(other)
                elif cursor.left:
                    self._advance(cursor)
                    if len(stack) > 1:
                        stack.pop()
                else:
                    stack.pop()

    def _lacking(self, struct: Struct) -> int | None:
        """The client whose clocks this struct still needs; ``None`` if it can be taken."""
        clients = self._index.clients
        for ident in (struct.origin, struct.right, struct.parent):
            if ident is not None and not isinstance(ident, str):
                clocks = clients.get(ident[0])
                if clocks is None or ident[1] >= clocks.clock:
                    return ident[0]
        return None

    def _advance(self, cursor: "Cursor") -> None:
        struct, at = cursor.struct, cursor.at
        clocks = self._index.clients[cursor.client]
        end = cursor.step()
        if end <= clocks.clock:
            return
        if not self._extends(clocks, struct, at):
            self._insert(clocks, cursor.client, struct, at)
        if struct.kind == STRING:
            self._note_halves(clocks, struct, at)

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
            self._link(place, left, right, run)
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

    def _link(self, place: Place, left: Run | None, right: Run | None, run: Run) -> None:
        following = place.first if left is None else left.next
        if following is not right:
            left = self._search(left, following, right, run)
        if left is None:
            run.next, place.first = place.first, run
        else:
            run.next, left.next = left.next, run
        self._places.append(place)

    def _search(
        self, left: Run | None, other: Run | None, right: Run | None, run: Run
    ) -> Run | None:
        """Where concurrent siblings lie between the neighbours: the run to stand behind."""
        seen: set[Run] = set()
        conflicting: set[Run] = set()
        clients = self._index.clients
        while other is not None and other is not right:
            self._count(1 + other.cuts)
            seen.add(other)
            conflicting.add(other)
            origin = other.origin
            if origin == run.origin:
                if other.client < run.client:
                    left = other
                    conflicting.clear()
                elif other.right == run.right:
                    break
            else:
                before = None if origin is None else clients[origin[0]].run_at(origin[1])
                if before not in seen:
                    break
                if before not in conflicting:
                    left = other
                    conflicting.clear()
            other = other.next
        return left

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > self._limits.steps_max and not self._is_trusted:
            raise FrameRefused(RefusalReason.TOO_MANY, "search among siblings")

    def _refuse_split(self, client: int, clock: int) -> None:
        if self._index.splits_character(client, clock) and not self._is_trusted:
            raise FrameRefused(RefusalReason.SPLIT_CHARACTER)

    def _note_halves(self, clocks: Clocks, struct: Struct, at: int) -> None:
        text = struct.content
        assert isinstance(text, str)
        if len(text) != struct.length:
            clocks.halves.update(at + half for half in halves(text))


class Cursor:
    """A position in a block: the next struct and its clock."""

    __slots__ = ("_structs", "at", "client", "left", "struct")

    def __init__(self, block: Block) -> None:
        self.client = block.client
        self.at = block.clock
        self.left = len(block.structs)
        self._structs = block.structs
        self.struct = block.structs[0]

    def step(self) -> int:
        """Go to the next struct; returns its clock, the end of this one."""
        self.at += self.struct.length
        self.left -= 1
        if self.left:
            self.struct = self._structs[-self.left]
        return self.at


def halves(text: str) -> list[int]:
    """Offsets in UTF-16 units at which a cut would halve a character."""
    if text.isascii():
        return []
    found, offset = [], 0
    for character in text:
        offset += 1
        if character > "\uffff":
            found.append(offset)
            offset += 1
    return found
