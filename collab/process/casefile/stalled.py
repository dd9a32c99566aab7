"""Ideas without activity: each stage says after how many days one is stalled (AC-A4b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collab.process.stages import ProcessTemplate, Stage


@dataclass(frozen=True, slots=True)
class Patience:
    """How long ideas in one stage of one version of a process may rest."""

    process_id: str
    process_version: int
    stage: str
    days: int

    def ends(self, now: datetime) -> datetime:
        """Ideas that were active later than this are not stalled at ``now``."""
        return now - timedelta(days=self.days)


def patience(processes: Iterable[ProcessTemplate]) -> list[Patience]:
    """Every stage in which ideas can be stalled."""
    return [
        Patience(process.id, process.version, stage.id, stage.stalled_days)
        for process in processes
        for stage in process.stages
        if stage.stalled_days is not None
    ]


def stalled_for(stage: Stage, active_at: datetime, now: datetime) -> int | None:
    """For how many days an idea in the stage has rested, if that is longer than it should."""
    if stage.stalled_days is None or now - active_at < timedelta(days=stage.stalled_days):
        return None
    return (now - active_at).days
