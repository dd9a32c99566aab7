"""Finds the place of a struct among those that were written beside it at the same time.

This is the conflict resolution of yjs (``Item.integrate``), step by step, on the runs of the
index: positions must come out as in every browser. The search is what makes well-formed updates
expensive, 24 kB of them can keep pycrdt busy for 20 seconds, so here it is counted and bounded.
"""

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.index import Index, Run


class Siblings:
    """Links runs into their places; counts the runs looked at, up to ``steps_max`` if given."""

    __slots__ = ("_index", "_steps", "_steps_max")

    def __init__(self, index: Index, steps_max: int | None) -> None:
        self._index = index
        self._steps_max = steps_max
        self._steps = 0

    def link(self, left: Run | None, right: Run | None, run: Run) -> None:
        """Put ``run`` into its place; ``left`` and ``right`` were its neighbours when made.

        Raises:
            FrameRefused: (too-many) the search would take too long.
        """
        following = run.place.first if left is None else left.next
        if following is not right:
            left = self._search(left, following, right, run)
        if left is None:
            run.next, run.place.first = run.place.first, run
        else:
            run.next, left.next = left.next, run

    def _search(
        self, left: Run | None, other: Run | None, right: Run | None, run: Run
    ) -> Run | None:
        """The run to stand behind; ``other`` is the first between the neighbours."""
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
        if self._steps_max is not None and self._steps > self._steps_max:
            raise FrameRefused(RefusalReason.TOO_MANY, "search among siblings")
