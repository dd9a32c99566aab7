"""Changes that come before the handshake that explains them.

A client that was offline may type at the very moment its socket opens. That update follows on
changes which the server learns only from the second sync step, so by itself it leaves a gap.
Refusing it would punish the honest; it waits, within bounds, until its session has answered our
first sync step, and is judged then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collab.sync.document import Admission
from collab.sync.messages import SyncStep2, Update
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.rooms.session import SessionId
from collab.sync.rooms.turns import Judged, Received, Sorted, update_of

PREMATURE = frozenset({RefusalReason.GAP, RefusalReason.DANGLING})

WAITING_FRAMES_MAX = 256
WAITING_BYTES_MAX = 1_048_576


class Early:
    """What each session of a room holds back. ``sort`` only looks; ``settle`` remembers."""

    def __init__(self) -> None:
        self._answered: set[SessionId] = set()
        self._waiting: dict[SessionId, tuple[Received, ...]] = {}

    def sort(self, judged: Iterable[Judged]) -> Sorted:
        """Take the refusals out that may be premature."""
        final: list[Judged] = []
        answered: set[SessionId] = set()
        waiting = dict(self._waiting)
        for writing, verdict in judged:
            if isinstance(writing, Received) and self._is_premature(writing, verdict, waiting):
                waiting[writing.session] = (*waiting.get(writing.session, ()), writing)
                continue
            final.append((writing, verdict))
            if (
                isinstance(writing, Received)
                and isinstance(writing.message, SyncStep2)
                and isinstance(verdict, Admission)
            ):
                answered.add(writing.session)
        again = tuple(held for session in sorted(answered) for held in waiting.pop(session, ()))
        return Sorted(tuple(final), again, frozenset(answered), waiting)

    def settle(self, result: Sorted) -> None:
        """The turn stands: keep what it found."""
        self._answered |= result.answered
        self._waiting = dict(result.waiting)

    def forget(self, session: SessionId) -> None:
        self._answered.discard(session)
        self._waiting.pop(session, None)

    def _is_premature(
        self,
        writing: Received,
        verdict: Admission | FrameRefused,
        waiting: Mapping[SessionId, tuple[Received, ...]],
    ) -> bool:
        if not isinstance(verdict, FrameRefused) or verdict.reason not in PREMATURE:
            return False
        if not isinstance(writing.message, Update) or writing.session in self._answered:
            return False
        held = waiting.get(writing.session, ())
        size = sum(len(update_of(each)) for each in (*held, writing))
        return len(held) < WAITING_FRAMES_MAX and size <= WAITING_BYTES_MAX
