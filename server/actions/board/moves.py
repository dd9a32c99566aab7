"""One official act on many ideas: each is an act of its own, with its own reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.errors import Refusal
from collab.process.actors import Actor
from collab.process.board.prepared import check_many
from server.actions.access import known
from server.actions.stages import Decision, change_stage
from server.services import Services


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move: done, or refused with the data of the refusal."""

    ref: str
    to: str
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        return self.refusal is None


async def move_many(services: Services, actor: Actor, moves: Sequence[Decision]) -> list[Moved]:
    """Make these moves one after the other; what is refused does not hinder the others.

    Raises:
        Invalid: none, too many, or an idea twice; nothing was done.
    """
    known(actor)
    check_many([move.ref for move in moves])
    return [await _moved(services, actor, move) for move in moves]


async def _moved(services: Services, actor: Actor, move: Decision) -> Moved:
    try:
        await change_stage(
            services,
            actor,
            move.ref,
            to=move.to,
            expected_revision=move.expected_revision,
            seen=move.seen,
            reason=move.reason,
            reason_code=move.reason_code,
        )
    except Refusal as refusal:
        return Moved(move.ref, move.to, refusal)
    return Moved(move.ref, move.to)
