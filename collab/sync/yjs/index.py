"""Where everything in a document lies: the guard's own memory of it, without the text.

For each client id it keeps runs of structs in clock order, and for each place (the inside of a
root, element or text, or the values of one attribute) the same runs in document order. So it can
say what an update refers to, in which kind of place that lies and how deep, and how long the
integration of a struct will search. Text itself is not kept, only which clocks are the second
half of a character outside the basic plane (a surrogate pair counts two clocks).
"""

from bisect import bisect_right
from typing import Final

from collab.sync.schema import GONE, Rule
from collab.sync.yjs.content import DELETED, GC
from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import Id, Struct


class Place:
    """A sequence: the inside of a root or type, or the values of one attribute."""

    __slots__ = ("attributes", "depth", "first", "rule", "unchained")

    def __init__(self, rule: Rule, depth: int) -> None:
        self.rule = rule
        self.depth = depth
        self.first: Run | None = None
        self.attributes: dict[str, Place] | None = None
        self.unchained = 0

    def attribute(self, key: str) -> "Place":
        """The place of an attribute's values; raises ``FrameRefused`` if it may not be here."""
        if self is NOWHERE:
            return self
        if self.attributes is None:
            self.attributes = {}
        place = self.attributes.get(key)
        if place is None:
            place = self.attributes[key] = Place(self.rule.attribute(key), self.depth)
        return place

    def forget_attribute(self, key: str) -> None:
        """Take back that an attribute was opened."""
        if self.attributes is not None:
            self.attributes.pop(key, None)

    def chain(self, more: int) -> None:
        """Count values that begin without knowing of others."""
        self.unchained += more

    def unlink(self, left: "Run | None", run: "Run") -> None:
        """Take out a run that lies right behind ``left``, or first."""
        if left is None:
            self.first = run.next
        else:
            left.next = run.next


NOWHERE: Final = Place(GONE, 0)
"""The place of all that is collected, and of all that is put into it."""


class Run:
    """Clocks ``[clock, end)`` of one client that lie side by side in one place."""

    __slots__ = ("client", "clock", "cuts", "end", "kind", "next", "origin", "place", "right")

    def __init__(
        self, client: int, clock: int, end: int, kind: int, origin: Id | None, right: Id | None
    ) -> None:
        self.client = client
        self.clock = clock
        self.end = end
        self.kind = kind
        self.origin = origin
        self.right = right
        self.place: Place = NOWHERE
        self.next: Run | None = None
        self.cuts = 0


class Clocks:
    """What is known of one client id: its runs in clock order, up to ``clock``."""

    __slots__ = ("clock", "halves", "runs", "starts", "types")

    def __init__(self) -> None:
        self.clock = 0
        self.starts: list[int] = []
        self.runs: list[Run] = []
        self.types: dict[int, Place] = {}
        self.halves: set[int] = set()

    def run_at(self, clock: int) -> Run:
        """The run that holds ``clock``, which must be known."""
        starts = self.starts
        if clock >= starts[-1]:
            return self.runs[-1]
        return self.runs[bisect_right(starts, clock) - 1]

    def add(self, run: Run) -> None:
        """Append the next run."""
        self.starts.append(run.clock)
        self.runs.append(run)
        self.clock = run.end

    def split(self, run: Run, clock: int) -> Run:
        """Split ``run`` before ``clock``; returns the second part."""
        rest = Run(run.client, clock, run.end, run.kind, (run.client, clock - 1), run.right)
        rest.place, rest.next, rest.cuts = run.place, run.next, run.cuts // 2
        run.end, run.next, run.cuts = clock, rest, run.cuts - rest.cuts
        if run.place is NOWHERE:
            run.next = rest.next = None
        at = bisect_right(self.starts, clock)
        self.starts.insert(at, clock)
        self.runs.insert(at, rest)
        return rest

    def join(self, run: Run, rest: Run) -> None:
        """Take a split back."""
        run.end, run.cuts = rest.end, run.cuts + rest.cuts
        if run.place is not NOWHERE:
            run.next = rest.next
        at = bisect_right(self.starts, rest.clock) - 1
        del self.starts[at], self.runs[at]

    def shorten(self, run: Run, end: int) -> None:
        """Take back what the last run has grown by since it ended before ``end``."""
        self.clock = run.end = end

    def remove_last(self) -> None:
        """Take the last run back."""
        self.starts.pop()
        self.clock = self.runs.pop().clock


class Index:
    """All client ids, all roots and all deletes of one document."""

    __slots__ = ("clients", "deletes", "roots")

    def __init__(self) -> None:
        self.clients: dict[int, Clocks] = {}
        self.roots: dict[str, Place] = {}
        self.deletes = IdRanges()

    def clock(self, client: int) -> int:
        """How many clocks of this client id are known."""
        known = self.clients.get(client)
        return 0 if known is None else known.clock

    def lacking(self, struct: Struct) -> int | None:
        """The client whose clocks this struct still needs; ``None`` if it can be taken in."""
        clients = self.clients
        for ident in (struct.origin, struct.right, struct.parent):
            if ident is not None and not isinstance(ident, str):
                clocks = clients.get(ident[0])
                if clocks is None or ident[1] >= clocks.clock:
                    return ident[0]
        return None

    def type_at(self, ident: Id) -> Place | None:
        """The inside of the type with this id; nowhere if deleted, ``None`` if it is no type."""
        known = self.clients[ident[0]]
        place = known.types.get(ident[1])
        if place is None and known.run_at(ident[1]).kind in (GC, DELETED):
            return NOWHERE
        return place

    def splits_character(self, client: int, clock: int) -> bool:
        """Whether a cut before ``clock`` would halve a character."""
        known = self.clients.get(client)
        return known is not None and clock in known.halves

    def blocks(self, client: int, start: int, end: int | None = None) -> int:
        """About how many blocks pycrdt has in ``[start, end)``; without ``end`` all behind."""
        known = self.clients.get(client)
        if known is None:
            return 0
        last = len(known.starts) if end is None else bisect_right(known.starts, end)
        inside = max(0, last - bisect_right(known.starts, start))
        return inside + 2 * self.deletes.count(client, start, end)

    def cuts_block(self, client: int, clock: int) -> bool:
        """Whether pycrdt has to split a block to cut before ``clock``, as far as is known here."""
        known = self.clients[client]
        if clock >= known.clock or known.run_at(clock).clock == clock:
            return False
        return not self.deletes.has_edge(client, clock)

    def cut(self, client: int, start: int, end: int) -> None:
        """Note that ``[start, end)`` was deleted: pycrdt splits its blocks there."""
        known = self.clients[client]
        known.run_at(start).cuts += 1
        if end < known.clock:
            known.run_at(end).cuts += 1
