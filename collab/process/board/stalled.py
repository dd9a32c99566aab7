"""Which ideas have come to a standstill: nothing has happened to them for too long.

What waits by decision, or is at its end, does not stand still; it has arrived.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from collab.process.stages import Stage, StageKind

QUIET_FOR = timedelta(days=30)
MOVING = frozenset({StageKind.WORKING, StageKind.CHECKING, StageKind.FROZEN, StageKind.RUNNING})


def may_stall(stage: Stage) -> bool:
    """Whether an idea in this stage is meant to go on."""
    return stage.kind in MOVING


def stages_that_stall(stages: Iterable[Stage]) -> tuple[str, ...]:
    """The ids of those stages in which an idea can come to a standstill."""
    return tuple(stage.id for stage in stages if may_stall(stage))


def quiet_since(now: datetime) -> datetime:
    """Whatever was last active before this moment stands still."""
    return now - QUIET_FOR


def is_stalled(stage: Stage, active_at: datetime, now: datetime) -> bool:
    """Whether an idea in ``stage`` that was last active then stands still now (rule B13)."""
    return may_stall(stage) and active_at < quiet_since(now)
