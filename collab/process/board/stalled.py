"""Which ideas have come to a standstill: nothing has happened to them for too long.

How long is too long says the stage (``stalled_days``); where it says nothing, nothing is stalled.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from collab.process.stages import Stage


def quiet_since(stages: Iterable[Stage], now: datetime) -> dict[str, datetime]:
    """By stage: whatever was last active before that moment stands still now."""
    return {
        stage.id: now - timedelta(days=stage.stalled_days)
        for stage in stages
        if stage.stalled_days is not None
    }


def is_stalled(stage: Stage, active_at: datetime, now: datetime) -> bool:
    """Whether an idea in ``stage`` that was last active then stands still now (rule B13)."""
    since = quiet_since([stage], now).get(stage.id)
    return since is not None and active_at < since
