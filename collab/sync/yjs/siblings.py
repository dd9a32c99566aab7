"""Finds the place of a struct among those that were written beside it at the same time.

This is the conflict resolution of yjs (``Item.integrate``), step by step, on the runs of the
index: positions must come out as in every browser. Neighbours need not lie in order: undoing in
yjs sends right origins that stand before the left one, so that is no reason to refuse. But the
search is what makes well-formed updates expensive: 24 kB of them can keep pycrdt busy for 20
seconds. So here it is counted and bounded.
"""

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.index import Index, Run


class Siblings:
    """Links runs into their places; counts the runs looked at, up to ``steps_max``."""

    __slots__ = ("_index", "_steps_left")

    def __init__(self, index: Index, steps_max: float) -> None:
        self._index = index
        self._steps_left = steps_max

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
