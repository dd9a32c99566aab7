"""What follows from a turn's verdicts: rows for the log, claims, and an answer to each author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from collab.sync.document import Admission
from collab.sync.messages import Refused
from collab.sync.refusals import CATCH_UP_REASONS, FrameRefused, RefusalReason
from collab.sync.rooms.effects import Acknowledge, Effect, End, Send
from collab.sync.rooms.session import SessionId
from collab.sync.rooms.turns import Contribution, Judged, Received, ServerUpdate, Turn, Writing

STAYING = frozenset(
    {
        RefusalReason.READ_ONLY,
        RefusalReason.MUTED,
        RefusalReason.QUARANTINED,
        RefusalReason.LATE,
        RefusalReason.LATE_FULL,
    }
)
"""After these refusals the session goes on reading; after any other it begins anew."""

DOUBTFUL = CATCH_UP_REASONS | {RefusalReason.READ_ONLY, RefusalReason.MUTED}
"""Who may not write may well hold what others have written elsewhere, and send it back."""

ActorOf = Callable[[Writing], UUID | None]


def contributions(
    judged: Iterable[Judged], actor_of: ActorOf, merge: Callable[[Sequence[bytes]], bytes]
) -> tuple[Contribution, ...]:
    """One contribution per actor, so that the log says who wrote what."""
    by_actor: dict[UUID | None, list[Admission]] = {}
    for writing, admission in judged:
        if isinstance(admission, Admission) and admission.news:
            by_actor.setdefault(actor_of(writing), []).append(admission)
    return tuple(
        Contribution(
            actor,
            merge([admission.brought for admission in added]),
            tuple(each for admission in added for each in admission.inserted),
        )
        for actor, added in by_actor.items()
    )


def claims(judged: Iterable[Judged], actor_of: ActorOf) -> dict[int, UUID | None]:
    """The client ids that were used for the first time, and whose they are now."""
    return {
        client: actor_of(writing)
        for writing, admission in judged
        if isinstance(admission, Admission)
        for client in admission.new_clients
    }


def answers(judged: Iterable[Judged]) -> Iterable[Effect]:
    """One answer to each author for each of his frames; acknowledgements are counted.

    What is late is answered when it is kept.
    """
    durable: Counter[SessionId] = Counter()
    for writing, admission in judged:
        if isinstance(writing, ServerUpdate) or _is_late(admission):
            continue
        if isinstance(admission, Admission):
            durable[writing.session] += 1
            continue
        yield from refusal(writing.session, admission.reason)
    for session, frames in durable.items():
        yield Acknowledge(session, frames)


def refusal(session: SessionId, reason: RefusalReason) -> Sequence[Effect]:
    """Tell the author of a frame that it was refused, and end his session where it must be."""
    told = Send(session, Refused(reason))
    return [told] if reason in STAYING else [told, End(session, reason.value)]


def refused(judged: Iterable[Judged]) -> tuple[tuple[ServerUpdate, FrameRefused], ...]:
    """The server's own updates that were not taken."""
    return tuple(
        (writing, verdict)
        for writing, verdict in judged
        if isinstance(writing, ServerUpdate) and isinstance(verdict, FrameRefused)
    )


def late(judged: Iterable[Judged]) -> tuple[Received, ...]:
    """What came after the text was settled, from people who might write before."""
    return tuple(
        writing
        for writing, verdict in judged
        if isinstance(writing, Received) and _is_late(verdict)
    )


def is_doubtful(turn: Turn) -> bool:
    """Nothing came of it, or something was refused, and may once the log is read to its head."""
    reasons = {refusal.reason for _, refusal in turn.refused}
    reasons |= {
        effect.message.reason
        for effect in turn.effects
        if isinstance(effect, Send) and isinstance(effect.message, Refused)
    }
    is_empty = not (turn.contributions or turn.effects or turn.refused)
    return is_empty or bool(turn.late) or not DOUBTFUL.isdisjoint(reasons)


def _is_late(verdict: Admission | FrameRefused) -> bool:
    return isinstance(verdict, FrameRefused) and verdict.reason is RefusalReason.LATE
