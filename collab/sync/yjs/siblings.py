"""Finds the place of a struct among those that were written beside it at the same time.

This is the conflict resolution of yjs (``Item.integrate``), step by step, on the runs of the
index: positions must come out as in every browser. Neighbours need not lie in order: undoing in
yjs sends right origins that stand before the left one, so that is no reason to refuse. But the
search is what makes well-formed updates expensive: 24 kB of them can keep pycrdt busy for 20
seconds. So here it is counted and bounded.
"""

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.index import Index, Run

LOOKED_AHEAD_MAX = 1_000


class Siblings:
    """Links runs into their places; counts the runs looked at, up to ``steps_max``.

    ``is_doubtful`` becomes true when a run names neighbours between which nobody can have written
    it: where it comes to lie then depends on what was there before, so two copies that took in
    the same updates in another order may read differently.
    """

    __slots__ = ("_index", "_steps_left", "is_doubtful")

    def __init__(self, index: Index, steps_max: float) -> None:
        self._index = index
        self._steps_left = steps_max
        self.is_doubtful = False

    def link(self, left: Run | None, right: Run | None, run: Run) -> Run | None:
        """Put ``run`` into its place; ``left`` and ``right`` were its neighbours when made.

        Returns the run that it lies behind now.

        Raises:
            FrameRefused: (too-many) the search would take too long.
        """
        following = run.place.first if left is None else left.next
        if following is not right:
            if not self.is_doubtful:
                self.is_doubtful = is_doubtful(left, following, right, run)
            left = self._search(left, following, right, run)
        if left is None:
            run.next, run.place.first = run.place.first, run
        else:
            run.next, left.next = left.next, run
        return left

    def _search(
        self, left: Run | None, other: Run | None, right: Run | None, run: Run
    ) -> Run | None:
        """The run to stand behind; ``other`` is the first between the neighbours."""
        seen: set[Run] = set()
        conflicting: set[Run] = set()
        clients = self._index.clients
        steps_left = self._steps_left
        while other is not None and other is not right:
            steps_left -= 1 + other.cuts
            if steps_left < 0:
                raise FrameRefused(RefusalReason.TOO_MANY, "search among siblings")
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
        self._steps_left = steps_left
        return left


def is_doubtful(left: Run | None, other: Run | None, right: Run | None, run: Run) -> bool:
    """Whether ``run`` cannot have been written between its neighbours.

    What lies between them now must have been unknown to its author then. But he knew his own
    earlier runs, and of the neighbours' authors all that they wrote before.
    """
    for _ in range(LOOKED_AHEAD_MAX):
        if other is right:
            return False
        if other is None:
            return True  # the right neighbour does not lie behind the left one
        client = other.client
        if (
            client == run.client
            or (left is not None and client == left.client and other.clock < left.end)
            or (right is not None and client == right.client and other.clock < right.clock)
        ):
            return True
        other = other.next
    return True
