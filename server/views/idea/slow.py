"""Part of the page of an idea: whether people outside the team contribute slowly for now."""

from dataclasses import dataclass

from server.actions.abuse.slow import is_free, slow_mode, waits
from server.views.idea.gathering import Context, View
from storage.abuse.slow import SlowMode


@dataclass(frozen=True, slots=True)
class SlowView:
    """Slow mode for one reader."""

    row: SlowMode
    is_free: bool
    wait_s: int


async def slow_part(view: View) -> Context:
    """Slow mode, and how long the reader himself still waits."""
    now = view.services.clock()
    mode = await slow_mode(view.tx, view.case, now)
    if mode is None:
        return {"slow": None}
    left = await waits(view.tx, view.case, mode, now)
    return {"slow": SlowView(mode, is_free(view.case), left)}
